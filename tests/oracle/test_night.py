"""What a night of the oracle tells of a case: no more facts than it takes, as a record that can be read again."""

from ledger.facts import EventOccurred
from ledger.reading import read_text
from tests.oracle.night import as_lines, shortened
from tests.spec import Log, given

RECORD = given("""
    - {event: FacilityOpened, effective: 2001-01-29, facility: a, name: A, borrowers: [x]}
    - {event: PaymentMissed, effective: 2001-02-01, facility: a, of: interest, due: 2001-02-01}
    - {event: FacilityOpened, effective: 2001-01-30, facility: b, name: B, borrowers: [x]}
    - {event: EventOccurred, effective: 2001-02-05, facility: b, kind: judgment}
    - {event: CovenantTested, effective: 2001-02-06, facility: b, covenant: wc, test_date: 2001-01-31, met: true}
    """).log


def tells_of_an_event(log: Log) -> bool:
    return any(isinstance(record.fact, EventOccurred) for record in log)


def test_a_case_keeps_the_facts_that_it_takes_and_those_without_which_they_are_refused() -> None:
    short = shortened(RECORD, tells_of_an_event)
    assert [record.fact.event for record in short] == ["FacilityOpened", "EventOccurred"]
    assert [record.position for record in short] == [1, 2]


def test_a_case_is_printed_as_lines_that_are_read_as_the_same_facts() -> None:
    read = [located.fact for located in read_text(as_lines(RECORD))]
    assert read == [record.fact.model_copy(update={"known_at": None}) for record in RECORD]
