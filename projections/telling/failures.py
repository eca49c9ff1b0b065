"""What failed, and which clause made a Default, and an Event of Default, of it."""

from collections.abc import Iterable, Iterator

from ledger.facts import NoticeGiven
from projections import phrases, words
from projections.answer import Step
from projections.defaults import notice_given
from projections.history import Entry
from projections.reasons import carriers, made_by, made_due
from projections.states import Day, Default
from projections.telling import Telling, group


class FailuresTold(Telling):
    """Tells of failures and Defaults."""

    def _failed(self, day: Day, arisen: Iterable[Default]) -> Iterator[Step]:
        fresh = [each for each in arisen if (each.root.cause, each.root.begins) not in self._failures]
        alike = group(fresh, lambda each: (each.root.positions, each.root.cause.debt, each.root.cause.on))
        for same in alike:
            self._failures |= {(each.root.cause, each.root.begins) for each in same}
            causes, root = dict.fromkeys(each.root.cause for each in same), same[0].root
            yield self._step(day, "failed", phrases.failed(causes, root), root.positions, same, on=root.begins)

    def _became(self, day: Day, arisen: Iterable[Default]) -> Iterator[Step]:
        for same in group(arisen, lambda each: (each.clause.position, each.key.clause, each.event_of_default)):
            first = same[0]
            causes = phrases.causes(each.root.cause for each in same)
            grace = phrases.grace(first, self.on.timeline.terms)
            sentence = (
                f"{phrases.capital(phrases.clause(first))} made {causes} {'Defaults' if len(same) > 1 else 'a Default'}"
            )
            again = " again" if all(str(each.key) in self._defaults for each in same) else ""
            sentence += f"{again} on {day.day}"
            if first.event_of_default:
                several = "Events of Default" if len(same) > 1 else "an Event of Default"
                sentence += f", and at once {several}: {grace}{self._notified(first)}"
            else:
                several = "Events of Default" if len(same) > 1 else "an Event of Default"
                once = len({each.matures for each in same}) == 1 and first.matures is not None
                when = f"on {first.matures} unless cured by then" if once else "only after a notice"
                sentence += f", to be {several} {when}: {grace}"
            sentence += "".join(f"; {each}" for each in self._through(same))
            until = first.matures if not first.event_of_default else None
            positions = self._made_by(same)
            yield self._step(day, "default", sentence, positions, same, clause=first.key.clause, until=until)

    def _through(self, several: Iterable[Default]) -> list[str]:
        """Through which other debts a cross clause made Defaults, and which of them is above its threshold."""
        timeline, found = self.on.timeline, list[str]()
        for each in several:
            for other in carriers(timeline, each):
                found.append(f"{other.key.facility} has the Event of Default under its clause {other.key.clause}")
            for debt, due in made_due(timeline, each):
                found.append(f"{debt} had been made due by its clause {words.listed(dict.fromkeys(due.bys))}")
            found += [f"{debt} is above the threshold of {least}" for debt, least in sorted(each.above)]
        return list(dict.fromkeys(found))

    def _notice(self, default: Default) -> Entry[NoticeGiven] | None:
        """The notice by which a Default matures, where its clause asks for one."""
        if default.clause.value.notice is None:
            return None
        return notice_given(default.key, default.arose, self.on.view.as_of, self.on.timeline.world)

    def _notified(self, default: Default) -> str:
        notice = self._notice(default)
        return "" if notice is None else f"; notice was received on {notice.fact.received or notice.effective}"

    def _rescheduled(self, day: Day, known: Iterable[tuple[Default, Default]]) -> Iterator[Step]:
        """Defaults in grace that by a notice, or by amended terms, are to mature on a day not told before."""
        pairs = list(known)
        moved = [now for before, now in pairs if not now.event_of_default and now.matures not in (None, before.matures)]
        for same in group(moved, lambda each: (each.clause.position, each.key.clause, each.matures)):
            first, causes = same[0], phrases.causes(each.root.cause for each in same)
            which, are = ("Defaults", "are to be Events") if len(same) > 1 else ("Default", "is to be an Event")
            sentence = (
                f"Under {phrases.clause(first)} the {which} for {causes} {are} of Default on {first.matures} "
                f"unless cured by then{self._notified(first)}"
            )
            notices = (self._notice(each) for each in same)
            positions = [*self._made_by(same), *(notice.position for notice in notices if notice is not None)]
            yield self._step(day, "rescheduled", sentence, positions, same, clause=first.key.clause)

    def _matured(self, day: Day, matured: Iterable[Default]) -> Iterator[Step]:
        for same in group(matured, lambda each: (each.clause.position, each.key.clause)):
            first, causes = same[0], phrases.causes(each.root.cause for each in same)
            several = "became Events of Default" if len(same) > 1 else "became an Event of Default"
            which = "Defaults" if len(same) > 1 else "Default"
            sentence = (
                f"Under {phrases.clause(first)} the {which} for {causes} {several} on {day.day}, not cured by then"
                f"{self._notified(first)}"
            )
            positions = [*self._made_by(same), *(p for each in same for p in each.root.positions)]
            yield self._step(day, "event_of_default", sentence, positions, same, clause=first.key.clause)

    def _made_by(self, several: Iterable[Default]) -> list[int]:
        timeline, as_of = self.on.timeline, self.on.view.as_of
        return [position for each in several for position in made_by(timeline, each, as_of)]
