"""The report on a date: one answer a facility, the offers, the findings. Put together here, derived elsewhere."""

from collections.abc import Collection
from dataclasses import dataclass

from projections.answer import FacilityAnswer, Obligations, RateAnswer, Report
from projections.money_on import MoneyOn
from projections.offers_on import offers_on
from projections.reasons import behind_grant, lifted
from projections.status_on import StatusOn
from projections.view import View


def report(view: View, facilities: Collection[str] | None = None) -> Report:
    """The whole answer on the view's date, of all facilities or of those named (KeyError for one not in the record)."""
    wanted = list(view.timelines) if facilities is None else list(facilities)
    return Report(
        as_of=view.as_of,
        known=view.known,
        standing=view.derivation.standing,
        as_stood=view.derivation.as_stood_on is not None,
        facilities=tuple(FacilityOn(view, view.timelines[name], name).answer() for name in wanted),
        offers=tuple(offers_on(view)),
        findings=tuple(f for f in view.findings if facilities is None or f.facility in (None, *wanted)),
    )


@dataclass(frozen=True)
class FacilityOn(StatusOn, MoneyOn):
    """One facility on the view's date."""

    def answer(self) -> FacilityAnswer:
        """The whole answer."""
        view, opening = self.view, self.timeline.world.openings[self.name]
        defaults = tuple(self.default(default) for default in self.defaults)
        rate, obligations = self.rate(), self.obligations()
        rests_on = self._rests_on(rate, obligations)
        return FacilityAnswer(
            facility=self.name,
            name=opening.fact.name,
            currency=opening.fact.currency,
            legal=self.day.legal[self.name],
            payment=self.payment,
            since=self.timeline.since(self.name, view.as_of),
            until=view.timelines_ahead[self.name].until(self.name, view.as_of) if self.is_open else None,
            inferred=any(reason.standing != "stated" for reason in view.because(rests_on)),
            deemed=view.deemed(rests_on),
            defaults=defaults,
            waivers=tuple(self.waiver(state) for state in self.grants),
            amendments=tuple(self.amendments()),
            rate=rate,
            rates=tuple(self.loan_rates()),
            line=self.line(),
            obligations=obligations,
            not_stated=self._not_stated(rate, obligations) if self.is_open else (),
            because=view.because(rests_on),
        )

    def _rests_on(self, rate: RateAnswer, obligations: Obligations) -> set[int]:
        """The facts that the answer rests on: status, rate, obligations, waivers in force, amendments in effect."""
        positions = {self.timeline.world.openings[self.name].position}
        for default in self.defaults:
            positions |= set(self.rests_on(default))
        for state in self.grants:
            if state.state == "in_force":
                positions |= {*behind_grant(self.timeline, state, self.view.as_of)}
        for amendment in self.amendments():
            if amendment.in_effect is not None:
                positions |= {reason.position for reason in amendment.because}
        if self.name in self.day.accelerations:
            positions |= set(self.day.accelerations[self.name].positions)
        else:
            positions |= {*lifted(self.timeline, self.name, self.view.as_of)}
        terminated = self.timeline.world.terminations.get(self.name)
        if terminated is not None and terminated.effective <= self.view.as_of:
            positions.add(terminated.position)
        positions |= {reason.position for part in rate.parts for reason in part.because}
        return positions | {reason.position for reason in obligations.because}

    def _not_stated(self, rate: RateAnswer, obligations: Obligations) -> tuple[str, ...]:
        """The names of what the record does not say, and of what cannot be worked out without it."""
        values = {
            "currency": self.timeline.world.openings[self.name].fact.currency,
            "payment": self.payment,
            "rate": rate.charged,
            "day_count": self.pricing.terms.day_count.on(self.view.as_of),
            **{name: getattr(obligations, name) for name in _OWED},
        }
        return tuple(name for name, value in values.items() if value is None)


_OWED = (
    "principal",
    "accrued_interest",
    "interest_unpaid",
    "fees",
    "total",
    "contingent_default_interest",
    "interest_per_1000",
)
