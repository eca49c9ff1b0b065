"""A prefix of the log with assumed facts behind it. The ledger never sees them."""

import datetime as dt
from collections.abc import Iterable

from ledger.decisions import Register
from ledger.facts import Fact
from ledger.records import Prefix, Recorded
from ledger.rejected import Rejected


def assume(prefix: Prefix, facts: Iterable[Fact]) -> Prefix:
    """The prefix with these facts as if they had been recorded next, at the positions after its last.

    They pass the rules that recorded facts pass: Rejected, with the `index` of the fact, where one does not. A fact that
    the prefix has already, under the same key, adds nothing. The root stays that of the ledger's own prefix.
    """
    register = Register.of(prefix.records)
    records = list(prefix.records)
    known_at = prefix.known_at or dt.datetime.min.replace(tzinfo=dt.UTC)
    for index, fact in enumerate(facts):
        try:
            decided = register.decide(fact)
        except Rejected as refusal:
            refusal.index = index
            raise
        if decided == "record":
            position = len(records) + 1
            register.after(position, fact)
            records.append(Recorded(position, known_at, known_at, fact, leaf_hash=b""))
    return Prefix(tuple(records), prefix.root)
