"""Papers: that one was filed, how a passage of it is read, and what it says in passing."""

from typing import Annotated, ClassVar, Literal

from pydantic import StringConstraints

from ledger.facts.base import FacilityFact, Fact
from ledger.facts.terms import RateTerms
from ledger.values import Date, Slug, Text, Texts

SHA256_PATTERN = r"^[0-9a-f]{64}$"


class DocumentFiled(Fact):
    """A paper came into the file. What it says are facts of their own that cite it."""

    tag: ClassVar[str] = "document_filed.v1"
    event: Literal["DocumentFiled"] = "DocumentFiled"
    document: Slug
    title: Text
    dated: Date | None = None
    """The date that the paper bears."""
    executed: Date | None = None
    """The date on which it was signed; absent is not stated, also for a paper "dated as of"."""
    status: Literal["executed", "form"] | None = None
    """`form`: an unsigned pattern of a paper still to be signed."""
    part_of: Slug | None = None
    parties: Texts = ()
    sha256: Annotated[str, StringConstraints(pattern=SHA256_PATTERN)] | None = None
    clauses: Texts | None = None
    """The paragraphs that the paper has, where the record lists them."""
    points_to: Texts | None = None
    """The paragraphs of its own to which it points; one that it lacks becomes a finding."""

    @property
    def subject(self) -> str:
        """The document's stream."""
        return f"document/{self.document}"


class ReadingAdopted(Fact):
    """Where a passage can be read in several ways: the way in which this record reads it, and the reason."""

    tag: ClassVar[str] = "reading_adopted.v1"
    event: Literal["ReadingAdopted"] = "ReadingAdopted"
    document: Slug
    clause: Text
    reads_as: Text
    by: Text | None = None
    reason: Text

    @property
    def subject(self) -> str:
        """The document's stream."""
        return f"document/{self.document}"


class FacilityDescribed(FacilityFact):
    """What a paper says of a debt in passing; it changes no terms, and differences become findings."""

    tag: ClassVar[str] = "facility_described.v1"
    event: Literal["FacilityDescribed"] = "FacilityDescribed"
    name: Text | None = None
    matures: Date | None = None
    rate: RateTerms | None = None


class RepresentationMade(FacilityFact):
    """A paper's own statement about defaults; the derivation checks it on its date."""

    tag: ClassVar[str] = "representation_made.v1"
    event: Literal["RepresentationMade"] = "RepresentationMade"
    representation: Literal["no_event_of_default", "no_default", "text"]
