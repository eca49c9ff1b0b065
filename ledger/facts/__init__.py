"""The catalogue of facts: a closed union, its stored form, its JSON Schema.

A fact is stored under a tag of our own with a version, `waiver_granted.v1`, in canonical bytes: the JSON of its fields
in the order of the model, absent fields left out, with the tag in the place of the event's name. The bytes stand by
themselves: they hold the fact's kind, its version, and both its clocks, so a hash over them covers all of these.
"""

from typing import Annotated, Any, get_args

from pydantic import TypeAdapter

from ledger.facts.acts import AccelerationAnnulled, ActTaken, ActWithdrawn, TriggerDecided
from ledger.facts.amendments import AmendmentSigned, ConditionSatisfied, ConditionWaived
from ledger.facts.base import FacilityFact, Source, Standing
from ledger.facts.corrections import Correction, FactReplaced, FactVoided, FirstHandFact
from ledger.facts.defaults import (
    CovenantTested,
    CureAccepted,
    CureNotified,
    CureTendered,
    DefaultDeclared,
    EventOccurred,
    NoticeGiven,
)
from ledger.facts.documents import DocumentFiled, FacilityDescribed, ReadingAdopted, RepresentationMade
from ledger.facts.facilities import BalanceStated, FacilityOpened, FacilityTerminated, TermsStated
from ledger.facts.money import (
    AvailabilityReported,
    ExcessNotified,
    FeeAgreed,
    FeeSettled,
    HigherRateForgone,
    LoanAdvanced,
    LoanConverted,
    PaymentMade,
    PaymentMissed,
)
from ledger.facts.offers import (
    NotesTendered,
    OfferAmended,
    OfferConsummated,
    OfferExtended,
    OfferLaunched,
    OfferTerminated,
    TendersAccepted,
    TenderWithdrawn,
)
from ledger.facts.rates import DefaultRateElected, DefaultRateEnded, IndexFixed
from ledger.facts.stored import builder
from ledger.facts.waivers import ForbearanceGranted, WaiverExtended, WaiverGranted, WaiverWithdrawn
from ledger.values import Field

Fact = FirstHandFact | FactVoided | FactReplaced
"""Any fact of the catalogue."""

FACTS: tuple[type[Fact], ...] = get_args(Fact)
"""The catalogue, in the order of the record format."""

BY_EVENT: dict[str, type[Fact]] = {fact.model_fields["event"].default: fact for fact in FACTS}
"""Each fact's model by the name that a record writes."""

BY_TAG: dict[str, type[Fact]] = {fact.tag: fact for fact in FACTS}
"""Each fact's model by its stored tag."""

_OPENING: dict[type[Fact], tuple[bytes, bytes]] = {
    fact: (f'{{"event":"{name}"'.encode(), f'{{"event":"{fact.tag}"'.encode()) for name, fact in BY_EVENT.items()
}
_REPLACEMENT = b'"by":'
_NOT_ITS_BYTES = "the stored bytes do not begin with {}"


def encode(fact: Fact) -> bytes:
    """The canonical bytes of a fact: the same fact gives the same bytes, on every machine and in every version."""
    text = written(fact)
    if fact.event == "FactReplaced":
        text = _swap(text, _OPENING[type(fact.by)], after=_REPLACEMENT)
    of_record, stored = _OPENING[type(fact)]
    return stored + text.removeprefix(of_record)


def written(fact: Fact) -> bytes:
    """A fact as a line of a record file in JSON Lines, without the end of the line."""
    return fact.__pydantic_serializer__.to_json(fact, exclude_none=True, by_alias=True)


def decode(tag: str, state: bytes) -> Fact:
    """The fact that `encode` wrote under `tag`.

    Raises KeyError for a tag that is not of this catalogue, ValueError for bytes that are not such a fact.
    """
    model = BY_TAG[tag]
    of_record, stored = _OPENING[model]
    text = _swap(state, (stored, of_record))
    if model is FactReplaced:
        replacement = state.partition(_REPLACEMENT + b'{"event":"')[2].partition(b'"')[0].decode()
        by_written, by_stored = _OPENING[BY_TAG[replacement]]
        text = _swap(text, (by_stored, by_written), after=_REPLACEMENT)
    return model.model_validate_json(text, by_alias=True, by_name=False)


def decode_own(tag: str, state: bytes) -> Fact:
    """What `decode` gives, of bytes that are known to be as they were encoded: only their types are looked at."""
    model = BY_TAG[tag]
    if model is FactReplaced:
        return decode(tag, state)
    try:
        fact: Fact = builder(model)(state)
    except ValueError:
        return decode(tag, state)
    return fact


def _swap(text: bytes, opening: tuple[bytes, bytes], after: bytes = b"") -> bytes:
    """Put the second opening of an object in the place of the first, at the start or right after a field's name."""
    old, new = opening
    if not after and text.startswith(old):
        return new + text[len(old) :]
    head, found, rest = text.partition(after + old)
    if not after or not found:
        raise ValueError(_NOT_ITS_BYTES.format(old.decode()))
    return head + after + new + rest


def content(fact: Fact) -> bytes:
    """What a fact says, whenever it became known: its canonical bytes without `known_at`."""
    return encode(fact if fact.known_at is None else fact.model_copy(update={"known_at": None}))


def known(said: bytes, fact: Fact, moment: str) -> bytes:
    """The canonical bytes of a fact that became known at a moment, from the `content` of that fact."""
    place = len(_OPENING[type(fact)][1])
    place += len(',"effective":"YYYY-MM-DD"') if fact.effective is not None else 0
    place += len(',"at":""') + len(fact.at) if fact.at is not None else 0
    return said[:place] + f',"known_at":"{moment}"'.encode() + said[place:]


def same_content(one: Fact, other: Fact) -> bool:
    """Whether two facts say the same, to the digit, whenever each became known."""
    return content(one) == content(other)


def as_record(fact: Fact) -> dict[str, Any]:
    """A fact as a record writes it: plain data, `event` first, dates and amounts as text, absent fields left out."""
    return fact.model_dump(mode="json", by_alias=True, exclude_none=True)


def json_schema() -> dict[str, Any]:
    """The JSON Schema of one fact as a record file writes it: there, unlike in Python, every fact names its event."""
    schema = TypeAdapter(Annotated[Fact, Field(discriminator="event")]).json_schema(by_alias=True, mode="validation")
    for name in schema["discriminator"]["mapping"]:
        schema["$defs"][name].setdefault("required", []).insert(0, "event")
    return schema


__all__ = [
    "BY_EVENT",
    "BY_TAG",
    "FACTS",
    "AccelerationAnnulled",
    "ActTaken",
    "ActWithdrawn",
    "AmendmentSigned",
    "AvailabilityReported",
    "BalanceStated",
    "ConditionSatisfied",
    "ConditionWaived",
    "Correction",
    "CovenantTested",
    "CureAccepted",
    "CureNotified",
    "CureTendered",
    "DefaultDeclared",
    "DefaultRateElected",
    "DefaultRateEnded",
    "DocumentFiled",
    "EventOccurred",
    "ExcessNotified",
    "FacilityDescribed",
    "FacilityFact",
    "FacilityOpened",
    "FacilityTerminated",
    "Fact",
    "FactReplaced",
    "FactVoided",
    "FeeAgreed",
    "FeeSettled",
    "FirstHandFact",
    "ForbearanceGranted",
    "HigherRateForgone",
    "IndexFixed",
    "LoanAdvanced",
    "LoanConverted",
    "NotesTendered",
    "NoticeGiven",
    "OfferAmended",
    "OfferConsummated",
    "OfferExtended",
    "OfferLaunched",
    "OfferTerminated",
    "PaymentMade",
    "PaymentMissed",
    "ReadingAdopted",
    "RepresentationMade",
    "Source",
    "Standing",
    "TenderWithdrawn",
    "TendersAccepted",
    "TermsStated",
    "TriggerDecided",
    "WaiverExtended",
    "WaiverGranted",
    "WaiverWithdrawn",
    "as_record",
    "content",
    "decode",
    "decode_own",
    "encode",
    "json_schema",
    "known",
    "same_content",
    "written",
]
