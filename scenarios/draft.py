"""A prefix of a ledger, and the facts assumed behind it so far: what a what-if is written on. Nothing is recorded."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Self

from ledger.decisions import Register
from ledger.facts import Fact, FactReplaced, FactVoided, FirstHandFact
from ledger.records import Prefix, Recorded
from ledger.rejected import Rejected
from ledger.values import moment_text


class Draft:
    """The facts of a prefix, then those assumed, at the positions after its last; each passed the Book's rules."""

    def __init__(self, prefix: Prefix, records: list[Recorded], register: Register) -> None:
        self._prefix = prefix
        self._records = records
        self.register = register
        """Which names, keys and positions stand so far."""

    @classmethod
    def of(cls, prefix: Prefix) -> Self:
        """A draft in which nothing is assumed yet."""
        return cls(prefix, list(prefix.records), Register.of(prefix.records))

    def copy(self) -> "Draft":
        """A draft to assume other things in; this one stays as it is."""
        register = self.register
        own = replace(
            register,
            holders=dict(register.holders),
            keys=dict(register.keys),
            names=dict(register.names),
            shared=register.shared.copy(),
            voided=dict(register.voided),
            voidings=set(register.voidings),
        )
        return Draft(self._prefix, list(self._records), own)

    @property
    def prefix(self) -> Prefix:
        """The prefix as if the assumed facts had been recorded next. The root stays that of the ledger's own prefix."""
        return Prefix(tuple(self._records), self._prefix.root)

    @property
    def facts(self) -> Iterable[tuple[int, FirstHandFact]]:
        """The facts that stand, each with its position; a replacement at that of its correction."""
        for record in self._records:
            if record.position not in self.register.voided and not isinstance(record.fact, FactVoided):
                yield record.position, self.fact_at(record.position)

    def fact_at(self, position: int) -> FirstHandFact:
        """The fact at a position, which is no voiding."""
        fact = self._records[position - 1].fact
        assert not isinstance(fact, FactVoided)
        return fact.by if isinstance(fact, FactReplaced) else fact

    def assume(self, fact: Fact) -> None:
        """Assume a fact. One that is there already, under the same key, adds nothing.

        Raises Rejected: by the rules of `ledger.decisions`, or `known_at_assumed`.
        """
        if fact.known_at is not None:
            raise Rejected(
                "known_at_assumed",
                f"{fact.event} says that it became known at {moment_text(fact.known_at)}.",
                forbidden_by="What is assumed is known to nobody.",
                remedy="Leave `known_at` out.",
            )
        if self.register.decide(fact) == "record":
            position = len(self._records) + 1
            known_at = self._prefix.known_at or dt.datetime.min.replace(tzinfo=dt.UTC)
            self.register.after(position, fact)
            self._records.append(Recorded(position, known_at, known_at, fact, leaf_hash=b""))
