"""Whole records of a few facilities, drawn at random: terms, failures, acts, waivers, amendments, corrections.

Everything happens within a few weeks, so that the days can be gone through one by one and much meets on each of them.
The facts are recorded in any order in which they are accepted, openings first, so that positions and dates differ.
"""

from collections.abc import Callable, Iterable
from typing import Any

from hypothesis import strategies as st

from ledger.decisions import Register
from ledger.facts import (
    ActTaken,
    DocumentFiled,
    FacilityOpened,
    Fact,
    FactReplaced,
    FactVoided,
    FirstHandFact,
    ForbearanceGranted,
    Source,
    WaiverGranted,
)
from ledger.records import Recorded
from ledger.rejected import Rejected
from tests.oracle import failures, papers
from tests.oracle.writer import FIRST_DAY, LAST_DAY, Writer
from tests.spec import Log, recorded

WAYS: tuple[Callable[[Writer], None], ...] = (
    *[failures.miss] * 3,
    *[failures.breach, failures.happen, failures.declare],
    *[failures.accept_cure, failures.notify_cure, failures.notify],
    *[failures.act, failures.act, failures.annul],
    *[failures.state_terms, failures.state_balance, failures.close],
    *[papers.grant] * 5,
    *[papers.extend, papers.withdraw],
    *[papers.amend] * 3,
)
"""What may be written next; what stands here more often is written more often."""
DOCUMENTS = ("agreement", "amendment", "letter")


@st.composite
def logs(draw: st.DrawFn) -> Log:
    """A log of 2 to 4 facilities, with corrections at its end."""
    writer = Writer(draw)
    for way in [failures.miss, *draw(st.lists(st.sampled_from(WAYS), min_size=3, max_size=14))]:
        way(writer)
    facts = [of_any_standing(writer, fact) for fact in draw(st.permutations(writer.facts))]
    log = in_an_order_that_is_accepted([*writer.openings, *facts])
    corrections = [correction(writer, log) for _ in range(writer.number(0, 2))]
    return in_an_order_that_is_accepted([*(each.fact for each in log), *corrections])


@st.composite
def logs_on_paper(draw: st.DrawFn) -> Log:
    """A log whose facts stand in papers: executed on a day, on one not stated, or forms that nobody signed."""
    log, days = draw(logs()), st.dates(FIRST_DAY, LAST_DAY)
    sources = st.sampled_from([None, *(Source(document=name) for name in ("not-filed", *DOCUMENTS))])
    written = [each.fact.model_copy(update={"known_at": None, "source": draw(sources)}) for each in log]
    filed = [
        DocumentFiled(
            effective=FIRST_DAY,
            document=name,
            title=name,
            executed=draw(st.none() | days),
            status=draw(st.sampled_from((None, "form"))),
        )
        for name in DOCUMENTS
    ]
    return in_an_order_that_is_accepted([*written, *filed])


def of_any_standing(writer: Writer, fact: FirstHandFact) -> FirstHandFact:
    """A fact, now and then inferred or recited instead of stated."""
    return fact.model_copy(update={"standing": writer.one_of("inferred", "recited")}) if writer.one_in(15) else fact


def correction(writer: Writer, log: Log) -> Fact:
    """A fact of a log voided, or replaced by one that says something else."""
    wrong = writer.one_of(*log)
    if writer.one_in(2) or isinstance(wrong.fact, FactVoided | FactReplaced):
        return FactVoided(position=wrong.position, reason="never so")
    right = wrong.fact.model_copy(update={**corrected(writer, wrong.fact), "known_at": None})
    return FactReplaced(position=wrong.position, by=right, reason="not so")


def corrected(writer: Writer, fact: FirstHandFact) -> dict[str, Any]:
    """What a fact should have said; most often another date."""
    match fact:
        case FacilityOpened():
            return {"clauses": fact.clauses[1:]}
        case WaiverGranted() | ForbearanceGranted():
            return {"ends": fact.ends[:-1]}
        case ActTaken():
            return {"accelerates": not fact.accelerates}
        case _:
            return {"effective": writer.day(fact.effective, within=3)}


def in_an_order_that_is_accepted(facts: Iterable[Fact]) -> Log:
    """A log of these facts in their order, but that a fact which is refused is tried again after the others."""
    records, register, waiting = list[Recorded](), Register(), list(facts)
    while waiting:
        refused = [fact for fact in waiting if not accept(fact, register, records)]
        if len(refused) == len(waiting):
            break
        waiting = refused
    return tuple(records)


def accept(fact: Fact, register: Register, records: list[Recorded]) -> bool:
    """Put a fact at the end of a log; not one that is refused. Whether it was put there."""
    try:
        register.decide(fact)
    except Rejected:
        return False
    records.append(recorded(len(records) + 1, fact))
    register.after(len(records), fact)
    return True
