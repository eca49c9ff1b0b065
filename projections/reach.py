"""What reaches what: the debts whose failures make Defaults elsewhere, and the debts whose acts end waivers."""

from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import Field

from ledger.facts.terms import CrossClause
from ledger.facts.waivers import ActEnd, WithWaiverEnd
from projections.answer import Answer, Because
from projections.report import FacilityOn
from projections.states import GrantState

LinkKind = Literal["cross_payment", "cross_default", "cross_acceleration", "rescission", "with_waiver", "covers"]


class Link(Answer):
    """One thing that reaches another.

    A cross clause leads from a debt to the facility whose clause looks at it, a rescission from a debt whose creditors
    may act to the waiver that their act ends, `with_waiver` from a waiver to one that ends with it, and `covers` from a
    waiver to its facility.
    """

    kind: LinkKind
    from_: str = Field(alias="from")
    to: str
    by: str
    """The clause, or what kind of act by whom."""
    because: Because


def links(facilities: Iterable[FacilityOn]) -> tuple[Link, ...]:
    """What reaches these facilities on their date: by the clauses of that day, and by the waivers not yet ended."""
    return tuple(link for on in facilities if on.is_open for link in (*_by_clause(on), *_by_waiver(on)))


def _by_clause(on: FacilityOn) -> Iterator[Link]:
    for said in on.pricing.terms.clauses_on(on.view.as_of):
        clause = said.value
        if isinstance(clause, CrossClause):
            because = on.view.because([said.position])
            for debt in sorted(on.timeline.world.named_by(clause, on.name) - {on.name}):
                yield Link(kind=clause.kind, from_=debt, to=on.name, by=clause.clause, because=because)


def _by_waiver(on: FacilityOn) -> Iterator[Link]:
    for state in on.grants:
        if state.state in ("in_force", "pending"):
            because = on.view.because(state.granted.positions)
            yield from _ends(on, state, because)
            yield Link(
                kind="covers", from_=state.granted.name, to=on.name, by=state.state.replace("_", " "), because=because
            )


def _ends(on: FacilityOn, state: GrantState, because: Because) -> Iterator[Link]:
    waiver = state.granted.name
    for end in state.granted.fact.ends:
        if isinstance(end, ActEnd):
            by = f"{_either(end.act)} by {_either(end.by or ('any creditor',))}"
            in_respect_of = f", in respect of {end.in_respect_of}" if end.in_respect_of else ""
            for debt in sorted(end.of if end.of is not None else set(on.timeline.world.openings) - {on.name}):
                yield Link(kind="rescission", from_=debt, to=waiver, by=by + in_respect_of, because=because)
        elif isinstance(end, WithWaiverEnd):
            yield Link(kind="with_waiver", from_=end.with_waiver, to=waiver, by="its end", because=because)


def _either(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last
