"""The log: the facts in the order in which they became known."""

from rich.table import Table
from rich.text import Text

from desk.answers import Log, Register, Verified
from desk.tables.parts import headed
from ledger.facts import Correction, Fact


def log_tables(log: Log) -> Table:
    """A fact a line; the moments to the minute, in UTC."""
    table = headed("", "known (UTC)", "effective", "fact", "about", "source", keep=("", "known (UTC)", "effective"))
    table.columns[0].justify = "right"
    for record in log.prefix.records:
        fact = record.fact
        source = fact.source
        places = (source.document, source.clause) if source is not None else ()
        standing = f" · {fact.standing}" if fact.standing != "stated" else ""
        table.add_row(
            str(record.position),
            f"{record.known_at:%Y-%m-%d %H:%M}",
            str(fact.effective_on or ""),
            fact.event,
            _about(fact),
            ", ".join(place for place in places if place is not None) + standing,
        )
    return table


def _about(fact: Fact) -> str:
    if isinstance(fact, Correction):
        return fact.key if fact.key is not None else f"position {fact.position}"
    return fact.subject.partition("/")[2]


def register_tables(register: Register) -> Table:
    """An answer a line."""
    columns = ("issued (UTC)", "fingerprint", "as of", "position", "standing", "of")
    table = headed(*columns, keep=columns[:5])
    table.columns[3].justify = "right"
    for answer, plain in zip(register.answers, register.as_json(), strict=True):
        asked = plain["asked"]
        table.add_row(
            f"{answer.issued_at:%Y-%m-%d %H:%M}",
            answer.fingerprint[:16],
            str(asked.get("as_of", "")),
            str(asked.get("position", "")),
            f"{asked.get('standing', '')}{', as stood' if asked.get('as_stood') else ''}",
            ", ".join(asked.get("facilities", ())) or "all",
        )
    return table


def verified_tables(verified: Verified) -> Text:
    """What is wrong with a log, or that nothing is."""
    if verified.differences:
        return Text("\n".join(verified.differences))
    root = verified.root.hex() if verified.root is not None else ""
    return Text(f"Nothing differs. The ledger is at position {verified.position}, root {root}.")
