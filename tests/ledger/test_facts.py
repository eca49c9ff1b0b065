"""The catalogue: what each fact has, how it is stored, and that what is stored comes back."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ledger.facts import (
    BY_EVENT,
    BY_TAG,
    FACTS,
    ExcessNotified,
    Fact,
    FactReplaced,
    LoanAdvanced,
    PaymentMissed,
    WaiverExtended,
    as_record,
    decode,
    encode,
    json_schema,
    same_content,
)
from ledger.reading import read, read_text
from tests.ledger.any_fact import any_fact

DATA = Path(__file__).parent / "data"
EVERY_FACT = [located.fact for located in read([DATA / "every_fact.yaml"])]
STORED = (DATA / "stored_facts.jsonl").read_bytes().splitlines()
PINNED = list(zip(EVERY_FACT, STORED, strict=True))
SCHEMA = json_schema()

COMMON = "at? known_at? key? source? standing? note?"
GRANT = "facility reaches covers ends revival? conditions? supersedes?"
CHANGEABLE = "minimum_tender? withdraw_until? accrued_from? accrued? cash_fee? warrant_shares_per_1000? conditions?"
FIELDS = {
    "DocumentFiled": "document title dated? executed? status? part_of? parties? clauses? points_to? sha256?",
    "ReadingAdopted": "document clause reads_as by? reason",
    "FacilityDescribed": "facility name? matures? rate?",
    "RepresentationMade": "facility representation",
    "FacilityOpened": "facility name kind? borrowers lenders? holders? trustee? guarantors? currency? agreement_date? "
    "matures? term_ends? commitment? principal? interest_paid_to? rate? day_count? schedule? clauses? covenants? "
    "application? rounding? interest_on_overdue? proceeds? recurring_fees? on_call?",
    "BalanceStated": "facility principal? interest_paid_to? accrued_interest?",
    "TermsStated": "facility clauses? covenants? rate? schedule? day_count? matures? term_ends? commitment? "
    "recurring_fees? on_call?",
    "FacilityTerminated": "facility ground",
    "LoanAdvanced": "facility loan amount option? period_ends?",
    "LoanConverted": "facility loan option period_ends?",
    "PaymentMade": "facility amount of? due? loan?",
    "PaymentMissed": "facility of due amount? by?",
    "FeeAgreed": "facility fee kind amount earned due? joint_with? instalments?",
    "FeeSettled": "fee how amount?",
    "AvailabilityReported": "facility available",
    "ExcessNotified": "facility",
    "HigherRateForgone": "facility until?",
    "IndexFixed": "index rate",
    "DefaultRateElected": "facility from? determination?",
    "DefaultRateEnded": "facility",
    "CovenantTested": "facility covenant test_date met measured? required?",
    "EventOccurred": "facility? party? kind",
    "DefaultDeclared": "facility default clause? cause",
    "CureTendered": "facility default",
    "CureAccepted": "facility default",
    "CureNotified": "facility clause",
    "NoticeGiven": "facility of from? to? means? received?",
    "ActTaken": "facility act by party? seeks in_respect_of? accelerates? amount?",
    "ActWithdrawn": "act",
    "AccelerationAnnulled": "facility act? by? clause? annulment? conditions?",
    "TriggerDecided": "waiver act ends",
    "WaiverGranted": f"{GRANT} waiver",
    "ForbearanceGranted": f"{GRANT} forbearance",
    "WaiverExtended": "waiver until? through?",
    "WaiverWithdrawn": "waiver",
    "AmendmentSigned": "facility amendment dated changes conditions?",
    "ConditionSatisfied": "amendment? waiver? offer? annulment? condition",
    "ConditionWaived": "amendment? waiver? offer? annulment? condition",
    "OfferLaunched": f"offer old new through? until? {CHANGEABLE}",
    "OfferAmended": f"offer new? through? until? {CHANGEABLE}",
    "OfferExtended": "offer through? until?",
    "NotesTendered": "offer amount holder?",
    "TenderWithdrawn": "offer amount holder?",
    "TendersAccepted": "offer",
    "OfferConsummated": "offer",
    "OfferTerminated": "offer",
    "FactVoided": "position? reason",
    "FactReplaced": "position? reason by",
}
"""What every fact has of its own besides the common fields; `?` marks what may be absent."""


def test_the_catalogue_is_that_of_the_record_format() -> None:
    assert list(BY_EVENT) == list(FIELDS)


@pytest.mark.parametrize("event", FIELDS)
def test_a_fact_has_the_fields_of_the_record_format(event: str) -> None:
    corrections = ("FactVoided", "FactReplaced")
    written = f"event effective{'?' if event in corrections else ''} {COMMON} {FIELDS[event]}"
    fields = BY_EVENT[event].model_fields.items()
    given = {(field.alias or name) + ("" if field.is_required() or name == "event" else "?") for name, field in fields}
    assert given == set(written.split())


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_says_what_it_is(fact: type[Fact]) -> None:
    assert fact.__doc__ not in (None, *(base.__doc__ for base in fact.__mro__[1:]))


@pytest.mark.parametrize("fact", FACTS)
def test_a_tag_is_the_events_own_name_with_a_version(fact: type[Fact]) -> None:
    words = re.sub("(?<!^)(?=[A-Z])", "_", fact.model_fields["event"].default).lower()
    assert fact.tag == f"{words}.v1"
    assert fact.model_fields["event"].default == fact.__name__


def test_a_fact_never_changes() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        EVERY_FACT[0].effective = dt.date(2002, 1, 1)  # type: ignore[misc]


# --- stored bytes ----------------------------------------------------------------------------------------------------


def test_a_stored_line_is_pinned_for_every_tag() -> None:
    assert [tag_of(line) for line in STORED] == list(BY_TAG)


@pytest.mark.parametrize(("fact", "line"), PINNED, ids=list(BY_TAG))
def test_the_bytes_of_a_fact_are_the_pinned_ones(fact: Fact, line: bytes) -> None:
    assert encode(fact) == line


@pytest.mark.parametrize(("fact", "line"), PINNED, ids=list(BY_TAG))
def test_the_pinned_bytes_are_the_fact(fact: Fact, line: bytes) -> None:
    assert decode(fact.tag, line) == fact


def test_a_replacement_holds_the_tag_of_its_fact_too() -> None:
    extension = WaiverExtended(effective=dt.date(2001, 10, 31), waiver="w", until=dt.date(2001, 12, 1))
    replaced = FactReplaced(position=3, reason="misread", by=extension)
    assert encode(replaced) == (
        b'{"event":"fact_replaced.v1","standing":"stated","position":3,"reason":"misread",'
        b'"by":{"event":"waiver_extended.v1","effective":"2001-10-31","standing":"stated","waiver":"w","until":"2001-12-01"}}'
    )
    assert decode("fact_replaced.v1", encode(replaced)) == replaced


@pytest.mark.parametrize("fact", FACTS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_a_fact_holds_comes_back_from_its_bytes_and_from_its_record(
    fact: type[Fact], data: st.DataObject
) -> None:
    held = data.draw(any_fact(fact))
    assert decode(held.tag, encode(held)) == held
    assert encode(decode(held.tag, encode(held))) == encode(held)
    (read_back,) = read_text(json.dumps(as_record(held)), "record.jsonl")
    assert read_back.fact == held


def test_no_tag_but_the_catalogues_is_decoded() -> None:
    with pytest.raises(KeyError, match=re.escape("payment_missed.v2")):
        decode("payment_missed.v2", STORED[0])


def test_bytes_of_another_fact_are_refused() -> None:
    with pytest.raises(ValueError, match="the stored bytes do not begin with"):
        decode("payment_missed.v1", STORED[0])


# --- content ---------------------------------------------------------------------------------------------------------

MISSED = PaymentMissed(
    effective=dt.date(2001, 2, 1),
    key="k",
    facility="cit",
    of=("interest",),
    due=dt.date(2001, 2, 1),
    amount=Decimal("5.00"),
)


def test_when_a_fact_became_known_is_no_part_of_its_content() -> None:
    known = MISSED.model_copy(update={"known_at": dt.datetime(2001, 8, 14, 12, tzinfo=dt.UTC)})
    assert same_content(MISSED, known)
    assert known != MISSED


@pytest.mark.parametrize(
    "changed",
    [{"amount": None}, {"standing": "inferred"}, {"effective": dt.date(2001, 2, 2)}, {"note": "late"}, {"key": "l"}],
)
def test_everything_else_is_part_of_it(changed: dict[str, Any]) -> None:
    assert not same_content(MISSED, MISSED.model_copy(update=changed))


def test_facts_of_two_kinds_never_have_the_same_content() -> None:
    assert not same_content(
        ExcessNotified(effective=dt.date(2001, 2, 1), facility="cit"),
        LoanAdvanced(effective=dt.date(2001, 2, 1), facility="cit", loan="l", amount=Decimal(1)),
    )


def test_an_item_by_itself_is_the_same_content_as_a_list_of_it() -> None:
    alone, listed = read_text(
        "- {event: PaymentMissed, effective: 2001-02-01, facility: cit, of: interest, due: 2001-02-01}\n"
        "- {event: PaymentMissed, effective: 2001-02-01, facility: cit, of: [interest], due: 2001-02-01}\n"
    )
    assert same_content(alone.fact, listed.fact)


# --- records and their schema ----------------------------------------------------------------------------------------


def test_a_record_begins_with_the_event_and_leaves_out_what_is_absent() -> None:
    assert json.dumps(as_record(MISSED)) == (
        '{"event": "PaymentMissed", "effective": "2001-02-01", "key": "k", "standing": "stated", "facility": "cit", '
        '"of": ["interest"], "due": "2001-02-01", "amount": "5.00"}'
    )


def test_a_record_is_written_under_the_names_of_the_record_format() -> None:
    (elected,) = read_text("- {event: DefaultRateElected, effective: 2003-01-10, facility: cit, from: 2003-01-03}")
    assert as_record(elected.fact)["from"] == "2003-01-03"


def test_the_schema_knows_every_fact_by_its_event() -> None:
    assert SCHEMA["discriminator"]["mapping"] == {event: f"#/$defs/{event}" for event in FIELDS}


@pytest.mark.parametrize("fact", EVERY_FACT, ids=list(BY_EVENT))
def test_the_schema_of_a_fact_has_the_fields_of_its_record_and_demands_its_event(fact: Fact) -> None:
    of_fact = SCHEMA["$defs"][fact.event]
    assert set(of_fact["required"]) <= as_record(fact).keys() <= set(of_fact["properties"])
    assert "event" in of_fact["required"]
    assert of_fact["properties"]["event"]["const"] == fact.event


def test_every_reference_in_the_schema_leads_somewhere() -> None:
    assert {f"#/$defs/{name}" for name in SCHEMA["$defs"]} >= set(references(SCHEMA))


def tag_of(line: bytes) -> str:
    return str(json.loads(line)["event"])


def references(schema: object) -> Iterator[str]:
    """Every `$ref` within a JSON Schema."""
    if isinstance(schema, dict):
        for name, value in schema.items():
            yield from [value] if name == "$ref" else references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from references(value)
