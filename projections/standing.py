"""How a status stands on a date, in a sentence; and how a sentence cites the documents and clauses behind it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import assert_never

from ledger.facts import CovenantTested
from projections import phrases, words
from projections.answer import Happening, Step
from projections.reasons import lifted
from projections.report import FacilityOn
from projections.states import Default, DefaultStateName, Legal

_FAILURE = {
    "PaymentMissed": "A missed payment",
    "CovenantTested": "A breach of a covenant",
    "EventOccurred": "An event",
    "DefaultDeclared": "A declared default",
}


def not_counted(on: FacilityOn) -> Iterator[Step]:
    """The failures of the facility that are only recited or inferred, below what the question counts."""
    for entry in on.view.history.shown:
        fact = entry.fact
        failure = fact.event in _FAILURE and not (isinstance(fact, CovenantTested) and fact.met)
        if failure and getattr(fact, "facility", None) == on.name and entry.effective <= on.view.as_of:
            sentence = f"{_FAILURE[fact.event]} of {entry.effective} is only {fact.standing}, and does not count"
            yield cited(on, Happening(on=entry.effective, what="not_counted"), sentence, [entry.position])
    for test, deletion in on.breaches_deleted:
        sentence = (
            f"The covenant {test.fact.covenant} was not met on its test date {test.fact.test_date}, which is no "
            f"Default: it is deleted from {deletion.from_} on"
        )
        yield cited(on, Happening(on=test.effective, what="not_counted"), sentence, [test.position, deletion.position])


def standing(on: FacilityOn) -> Step:
    """How it stands on the date: the last sentence."""
    legal, since = on.day.legal[on.name], on.timeline.since(on.name, on.view.as_of)
    opening, acceleration = on.timeline.world.openings[on.name], on.day.accelerations.get(on.name)
    positions = [opening.position]
    if legal == "accelerated" and acceleration is not None:
        positions = [*acceleration.positions]
    elif legal == "closed":
        positions = [on.timeline.world.terminations[on.name].position]
    elif on.defaults:
        telling = [default for default in on.defaults if default.state != "cured"] or on.defaults
        positions = [position for default in telling for position in on.rests_on(default)]
    elif legal == "no_default":
        positions += [position for each in on.breaches_deleted for position in (each[0].position, each[1].position)]
        positions += lifted(on.timeline, on.name, on.view.as_of)
    stands, _, why = _stands(on, legal).partition(": ")
    said = [f"On {on.view.as_of} {on.name} {stands}", *([f"since {since}"] if since else [])]
    sentence = ", ".join(said) + (f": {why}" if why else "")
    return cited(on, Happening(on=on.view.as_of, what="standing"), sentence, positions)


def _stands(on: FacilityOn, legal: Legal) -> str:
    counting = [default for default in on.defaults if default.counts]
    others = [each for each in counting if _AMOUNTS_TO[each.state] not in (legal, None)]
    besides = f", besides {_all(others)}" if others else ""
    match legal:
        case "not_open":
            return f"is not open yet: it opens on {on.timeline.world.openings[on.name].effective}"
        case "closed":
            return "is closed"
        case "no_default" if not on.defaults:
            return "has no Default"
        case "no_default" if all(default.state == "cured" for default in on.defaults):
            return "has no Default: every one was cured"
        case "no_default":
            return "has no Default that counts: what is not cured is waived for good"
        case "waived":
            waived = [d for d in counting if d.state == "waived"]
            return f"has {_number(waived, 'Default')}, which {'is' if len(waived) == 1 else 'are'} waived"
        case "default":
            return f"has {_number([d for d in counting if d.state == 'grace'], 'Default')} still in grace{besides}"
        case "forborne":
            forborne = [d for d in counting if d.state == "forborne"]
            return f"has {_number(forborne, 'Event of Default')} in respect of which the creditor forbears{besides}"
        case "event_of_default":
            continuing = [d for d in counting if d.state == "continuing"]
            return f"has {_number(continuing, 'Event of Default')} that nothing covers{besides}"
        case "accelerated":
            due = on.day.accelerations[on.name]
            return "has been declared due" if due.kind == "act" else f"is due by its clause {due.by}"
        case _:
            assert_never(legal)


_AMOUNTS_TO: Mapping[DefaultStateName, Legal | None] = {
    "grace": "default",
    "continuing": "event_of_default",
    "waived": "waived",
    "forborne": "forborne",
    "cured": None,
}
_SUCH: Mapping[DefaultStateName, str] = {
    "grace": "in grace",
    "continuing": "continuing",
    "waived": "waived",
    "forborne": "forborne",
}


def _all(defaults: Sequence[Default]) -> str:
    """How many Defaults of each state there are: 2 Defaults that are waived and a Default that is in grace."""
    states = [state for state in _SUCH if any(each.state == state for each in defaults)]
    each_state = ([each for each in defaults if each.state == state] for state in states)
    are = ((each, "is" if len(each) == 1 else "are") for each in each_state)
    return words.listed(f"{_number(each, 'Default')} that {is_} {_SUCH[each[0].state]}" for each, is_ in are)


def _number(defaults: Sequence[Default], one: str) -> str:
    """How many of them there are: a Default, 2 Events of Default."""
    if len(defaults) == 1:
        return f"{'an' if one[0] == 'E' else 'a'} {one}"
    return f"{len(defaults)} {phrases.many(one)}"


def cited(on: FacilityOn, happening: Happening, sentence: str, positions: Iterable[int]) -> Step:
    """A sentence that ends with the documents and clauses behind it, and says what is not stated or only deemed."""
    because = on.view.because(positions)
    places = dict.fromkeys(", ".join(filter(None, (each.document, each.clause))) for each in because if each.document)
    standings = dict.fromkeys(each.standing for each in because if each.standing != "stated")
    deemed = on.view.deemed(reason.position for reason in because)
    marks = [*standings, *(["deemed"] if deemed else [])]
    sources = "; ".join([*(places or ["no document named"]), *([" and ".join(marks)] if marks else [])])
    marked = happening.model_copy(update={"inferred": bool(standings), "deemed": deemed})
    return Step(sentence=f"{sentence} ({sources}).", because=because, happening=marked)
