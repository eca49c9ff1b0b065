"""What may be recorded next: whether a fact is new, is here already, or cannot be a fact of this ledger.

Refused is only what cannot be a fact: one about a facility that is not open, a name or a key used twice, a fact about
something that the log does not know, a correction of nothing. A fact that sits badly with others is recorded, and the
derivation says so in a finding. The rules run when a fact is recorded and never again on replay.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import lru_cache
from hashlib import sha256
from typing import Literal, NamedTuple, Self

from ledger.facts import Correction, Fact, FactReplaced, FactVoided, FirstHandFact, content
from ledger.facts.names import NAMING, Claims, Name, NameKind, claims_of, issue_of, issued
from ledger.records import Recorded
from ledger.rejected import Because, Rejected

Decision = Literal["record", "repeat"]
"""`record`: the fact is new. `repeat`: it stands in the log under its key, and recording it changes nothing."""


class Holder(NamedTuple):
    """A fact that stands in the log and has names or a key; with a key, `digest` is the SHA-256 of what it says.

    That is enough to tell a repeat, and all that is kept of a fact with a key.
    """

    position: int
    event: str
    effective: dt.date
    takes: Name | None
    adds: tuple[Name, ...]
    key: str | None
    digest: bytes | None

    @property
    def because(self) -> Because:
        """The fact, as a refusal names it."""
        return Because(self.position, self.event, self.effective.isoformat())


@dataclass(slots=True)
class Register:
    """What decisions need to know of a log: who has which name and key, and which positions were voided.

    Deciding and folding take the same time whatever the length of the log; only a refusal looks through the names.
    """

    position: int = 0
    """The last of the log; 0 of an empty one."""
    holders: dict[int, Holder] = field(default_factory=dict)
    """The facts that have names or keys, by position; a replacement has the position of its correction."""
    keys: dict[str, Holder] = field(default_factory=dict)
    names: dict[Name, Holder] = field(default_factory=dict)
    """The names that one fact has at a time."""
    shared: Counter[Name] = field(default_factory=Counter)
    """The names that several facts may have, as a loan's, with the number of those that stand."""
    voided: dict[int, Because] = field(default_factory=dict)
    """The positions that no longer stand, each with the correction that voided it."""
    voidings: set[int] = field(default_factory=set)
    issues: dict[int, tuple[str, str]] = field(default_factory=dict)
    """The offers, each with the notes that it would issue, by the positions of the facts that say so."""
    unnamed: list[int] = field(default_factory=list)
    """The positions of holders that have a key and no name."""
    freed: Holder | None = None
    """A fact looked past as if it had been voided already, while what is to replace it is decided."""

    @classmethod
    def of(cls, records: Iterable[Recorded]) -> Self:
        """The register of a log."""
        register = cls()
        for record in records:
            register.after(record.position, record.fact)
        return register

    def decide(self, fact: Fact) -> Decision:
        """Whether the fact is to be recorded or is there already; changes nothing.

        Raises Rejected with the code of the first rule that is broken. A correction: `known_at_in_replacement`,
        `nothing_to_correct`, `voids_a_voiding`, `already_voided`. Any other fact, and what is to replace one:
        `key_taken`, `facility_unknown`, `before_opening`, `name_taken`, `unknown_name`.
        """
        match fact.event:
            case "FactVoided":
                target_stands(self, fact)
            case "FactReplaced":
                known_with_its_correction(fact)
                target = target_stands(self, fact)
                corrected = replace(self, freed=self.holders.get(target))
                replacement_is_new(corrected, fact)
                corrected._try_rules(fact.by)
            case _:
                if self.repeated(fact) is not None:
                    return "repeat"
                self._try_rules(fact)
        return "record"

    def after(self, position: int, fact: Fact, said: bytes | None = None) -> None:
        """Fold in the fact that was recorded at this position; never refuses. `said` is its content, if at hand."""
        self.position = position
        match fact.event:
            case "FactVoided":
                self._void(fact, position)
                self.voidings.add(position)
            case "FactReplaced":
                self._void(fact, position)
                self._hold(fact.by, position)
            case _:
                self._hold(fact, position, said)

    def recall(self, position: int, fact: Fact) -> None:
        """Hold a fact again that was folded in, or passed over, and then forgotten."""
        if position not in self.voided and position not in self.holders and not isinstance(fact, FactVoided):
            self._hold(fact.by if isinstance(fact, FactReplaced) else fact, position)

    def forget(self) -> None:
        """Let go of the facts that have a key and no name: whoever decides about such a key has to recall it."""
        while self.unnamed:
            holder = self.holders.pop(self.unnamed.pop(), None)
            if holder is not None and holder.key is not None and self.keys.get(holder.key) is holder:
                del self.keys[holder.key]

    def named(self, name: Name) -> Holder | None:
        """The one fact that has a name."""
        found = self.names.get(name)
        return None if found is self.freed else found

    def knows(self, name: Name) -> bool:
        """Whether any fact has a name, alone or with others."""
        freed = self.freed.adds.count(name) if self.freed is not None else 0
        return self.named(name) is not None or self.shared[name] > freed

    def keyed(self, key: str | None) -> Holder | None:
        """The fact that has a key."""
        found = self.keys.get(key) if key is not None else None
        return None if found is self.freed else found

    def repeated(self, fact: FirstHandFact) -> Holder | None:
        """The fact that has the key of this one and says the same."""
        if fact.key is None:
            return None
        found = self.keyed(fact.key)
        return found if found is not None and found.digest == sha256(content(fact)).digest() else None

    def facility(self, name: str) -> Holder | None:
        """The fact that opened a facility."""
        found = self.names.get(_facility(name))
        return None if found is self.freed else found

    def target(self, correction: Correction) -> int | None:
        """The position that a correction names, itself or by a key; None where nothing has the key."""
        if correction.key is None:
            return correction.position
        holder = self.keyed(correction.key)
        return holder.position if holder is not None else None

    def _try_rules(self, fact: FirstHandFact) -> None:
        claims = claims_of(fact)
        is_plain = fact.key is None and claims.takes is None and not claims.needs
        for rule in _RULES_OF_THE_PLAIN if is_plain else RULES:
            rule(self, fact, claims)

    def _hold(self, fact: FirstHandFact, position: int, said: bytes | None = None) -> None:
        takes, adds = self._brings(fact, position) if fact.event in NAMING else (None, ())
        if takes is None and not adds and fact.key is None:
            return
        digest = sha256(said or content(fact)).digest() if fact.key is not None else None
        holder = Holder(position, fact.event, fact.effective, takes, adds, fact.key, digest)
        self.holders[position] = holder
        if takes is not None:
            self.names[takes] = holder
        if adds:
            self.shared.update(adds)
        elif takes is None:
            self.unnamed.append(position)
        if fact.key is not None:
            self.keys[fact.key] = holder

    def _brings(self, fact: FirstHandFact, position: int) -> tuple[Name | None, tuple[Name, ...]]:
        """The name that a fact takes, and those that it adds to."""
        claims = claims_of(fact)
        if (issue := issue_of(fact)) is not None:
            self.issues[position] = issue
        notes = issued(fact, self.issues.values())
        # a consummation opens the new notes, unless they have been opened already
        return claims.takes if notes is None or notes in self.names else notes, claims.adds

    def _void(self, correction: Correction, position: int) -> None:
        target = self.target(correction)
        if target is None:
            return
        self.voided[target] = Because(position, correction.event, None)
        self.issues.pop(target, None)
        holder = self.holders.pop(target, None)
        if holder is None:
            return
        self.shared.subtract(holder.adds)
        # a log may be older than a rule: what a newer fact has taken stays with it
        if holder.takes is not None and self.names.get(holder.takes) is holder:
            del self.names[holder.takes]
        if holder.key is not None and self.keys.get(holder.key) is holder:
            del self.keys[holder.key]


@lru_cache(maxsize=1024)
def _facility(name: str) -> Name:
    """The name of a facility, made once for the many facts about it."""
    return Name("facility", name)


# --- the rules -------------------------------------------------------------------------------------------------------


def key_is_free(register: Register, fact: FirstHandFact, _: Claims) -> None:
    """One key is one fact."""
    if fact.key is not None and (holder := register.keyed(fact.key)) is not None:
        raise Rejected(
            "key_taken",
            f"{fact.event} asks for the key {holder.key} with other content.",
            forbidden_by=holder.because,
            remedy=f"Give it another key, or replace the fact at position {holder.position}.",
        )


def facility_is_open(register: Register, fact: FirstHandFact, claims: Claims) -> None:
    """The facility that a fact is about was opened earlier in the log."""
    if claims.about is not None and register.facility(claims.about) is None:
        facility = _facility(claims.about)
        raise Rejected(
            "facility_unknown",
            f"{fact.event} is about the {facility}.",
            forbidden_by="No facility of that name has been opened.",
            remedy=f"Record its FacilityOpened first{_or_nearest(register, facility)}.",
        )


def opening_is_past(register: Register, fact: FirstHandFact, claims: Claims) -> None:
    """The facility that a fact is about was open by its date; what is said in passing of a debt may look back."""
    if claims.about is None or fact.event == "FacilityDescribed":
        return
    opening = register.facility(claims.about)
    if opening is not None and fact.effective < opening.effective:
        raise Rejected(
            "before_opening",
            f"{fact.event} is effective {fact.effective}, before the facility {claims.about} was open.",
            forbidden_by=opening.because,
            remedy=f"Correct the date, or replace the opening at position {opening.position} by an earlier one.",
        )


def name_is_free(register: Register, fact: FirstHandFact, claims: Claims) -> None:
    """A name is given once; notes that an exchange issued may still be opened by the paper that describes them."""
    if claims.takes is None:
        return
    holder = register.named(claims.takes)
    if holder is not None and holder.event != "OfferConsummated":
        raise Rejected(
            "name_taken",
            f"{fact.event} asks for the name {claims.takes.name}.",
            forbidden_by=holder.because,
            remedy=f"Give it another name, or correct the fact at position {holder.position}.",
        )


def names_are_known(register: Register, fact: FirstHandFact, claims: Claims) -> None:
    """What a fact is about was named earlier in the log."""
    for name in claims.needs:
        if not register.knows(name):
            raise Rejected(
                "unknown_name",
                f"{fact.event} is about the {name}.",
                forbidden_by="Nothing that stands in the log has that name.",
                remedy=f"Record {_GIVEN_BY[name.kind]} first{_or_nearest(register, name)}.",
            )


Rule = Callable[[Register, FirstHandFact, Claims], None]

RULES: tuple[Rule, ...] = (key_is_free, facility_is_open, opening_is_past, name_is_free, names_are_known)
"""In the order in which they are tried."""

_RULES_OF_THE_PLAIN: tuple[Rule, ...] = (facility_is_open, opening_is_past)
"""Those of them that a fact can break that has no key, takes no name and needs none: most facts."""

_GIVEN_BY: dict[NameKind, str] = {
    "facility": "its FacilityOpened",
    "document": "its DocumentFiled",
    "waiver": "its WaiverGranted or ForbearanceGranted",
    "amendment": "its AmendmentSigned",
    "offer": "its OfferLaunched",
    "act": "its ActTaken",
    "fee": "its FeeAgreed",
    "default": "its DefaultDeclared",
    "loan": "its LoanAdvanced",
    "condition": "it with the waiver, amendment, offer or annulment that it belongs to",
    "annulment": "its AccelerationAnnulled",
}


def _or_nearest(register: Register, name: Name) -> str:
    """The end of a remedy: the known names that look most like one that is not known."""
    alike = (each for each in (*register.names, *register.shared) if (each.kind, each.of) == (name.kind, name.of))
    known = sorted(each.name for each in alike if register.knows(each))
    # comparing with more of them would keep the refusal waiting for seconds
    nearest = get_close_matches(name.name, known) if len(known) <= 10_000 else []
    return f", or write {' or '.join(nearest)}" if nearest else ""


# --- the rules of corrections ----------------------------------------------------------------------------------------


def known_with_its_correction(fact: FactReplaced) -> None:
    """A replacement becomes known when its correction does."""
    if fact.by.known_at is not None:
        raise Rejected(
            "known_at_in_replacement",
            f"FactReplaced gives {fact.by.event} a `known_at` of its own.",
            remedy="Leave it out of `by`: what replaces a fact becomes known with the correction.",
        )


def replacement_is_new(register: Register, fact: FactReplaced) -> None:
    """Recording the same fact twice under one key records it once, as a replacement too."""
    if (standing := register.repeated(fact.by)) is not None:
        raise Rejected(
            "key_taken",
            f"FactReplaced brings the fact with the key {standing.key}, which is recorded already.",
            forbidden_by=standing.because,
            remedy="Void the wrong fact instead: what should stand in its place does.",
        )


def target_stands(register: Register, fact: Correction) -> int:
    """The position that a correction names has a fact, and one that was not voided; it is returned."""
    position = register.target(fact)
    if position is None:
        raise Rejected(
            "nothing_to_correct",
            f"{fact.event} is about the fact with the key {fact.key}.",
            forbidden_by="No fact that stands in the log has that key.",
            remedy="Look the key up in the log, or name the fact by its position.",
        )
    asked = f"{fact.event} is about the fact at position {position}."
    if position > register.position:
        raise Rejected(
            "nothing_to_correct",
            asked,
            forbidden_by=f"The log ends at position {register.position}.",
            remedy="Look the position up in the log.",
        )
    if position in register.voidings:
        raise Rejected(
            "voids_a_voiding",
            asked,
            forbidden_by=Because(position, "FactVoided", None),
            remedy="Record the fact that was voided again.",
        )
    if (voiding := register.voided.get(position)) is not None:
        raise Rejected(
            "already_voided",
            asked,
            forbidden_by=voiding,
            remedy=f"Correct the replacement, position {voiding.position}, instead."
            if voiding.event == "FactReplaced"
            else "Record the fact again, if it was right after all.",
        )
    return position
