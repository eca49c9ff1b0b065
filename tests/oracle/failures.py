"""Ways to write what goes wrong: payments missed, covenants breached, events, acts; and what cures it."""

import datetime as dt
from decimal import Decimal
from typing import Any

from ledger.facts import (
    AccelerationAnnulled,
    ActTaken,
    ActWithdrawn,
    BalanceStated,
    CovenantTested,
    CureAccepted,
    CureNotified,
    DefaultDeclared,
    EventOccurred,
    FacilityTerminated,
    NoticeGiven,
    PaymentMade,
    PaymentMissed,
    TermsStated,
)
from tests.oracle.papers import answer, conditions
from tests.oracle.writer import (
    ACTORS,
    AIMS,
    AMENDMENTS,
    AMOUNTS,
    CLAUSES,
    EVENT_KINDS,
    GRANTS,
    ONE_DAY,
    PARTIES,
    PAYMENT_KINDS,
    Writer,
    covenants,
)

PART, LARGE_PART = Decimal(100), Decimal(300_000)
"""What an act makes due of a debt; the large part is above every threshold."""


def miss(writer: Writer) -> None:
    """A payment missed, at maturity now and then, perhaps told of twice, and perhaps made later."""
    opening = writer.one_of(*writer.openings)
    at_maturity = opening.matures is not None and writer.one_in(2)
    kinds = ("principal",) if at_maturity else writer.some_of(PAYMENT_KINDS)
    due = opening.matures if at_maturity else writer.day()
    effective = writer.day(due, within=3)
    for _ in range(writer.one_of(1, 1, 1, 2)):
        missed = writer.write(
            PaymentMissed,
            effective=effective,
            facility=opening.facility,
            of=kinds,
            due=due,
            amount=Decimal(100) if len(kinds) == 1 and not writer.one_in(6) else None,
            by=writer.one_of(None, None, *PARTIES),
        )
    for _ in range(writer.number(0, 2)):
        pay(writer, missed)


def pay(writer: Writer, missed: PaymentMissed) -> None:
    writer.write(
        PaymentMade,
        effective=writer.day(missed.effective, within=12),
        at=writer.hour(),
        facility=missed.facility,
        amount=Decimal(writer.one_of(40, 60, 100, 100)),
        of=writer.one_of(*missed.of),
        due=missed.due,
    )


def breach(writer: Writer) -> None:
    facility, test_date = writer.facility(), writer.day()
    covenant = writer.one_of(*covenants(facility))
    _test(writer, facility, covenant, test_date, met=False)
    if writer.one_in(2):
        _test(writer, facility, covenant, test_date + writer.number(-1, 8) * ONE_DAY, met=True)


def _test(writer: Writer, facility: str, covenant: str, test_date: dt.date, *, met: bool) -> None:
    writer.write(
        CovenantTested,
        effective=writer.day(test_date, within=4),
        at=writer.hour(),
        facility=facility,
        covenant=covenant,
        test_date=test_date,
        met=met,
    )


def happen(writer: Writer) -> None:
    about: dict[str, Any] = writer.one_of({"facility": writer.facility()}, {"party": writer.one_of(*PARTIES)})
    writer.write(EventOccurred, effective=writer.day(), kind=writer.one_of(*EVENT_KINDS), **about)


def declare(writer: Writer) -> None:
    writer.write(
        DefaultDeclared,
        effective=writer.day(),
        facility=writer.facility(),
        default=writer.name("d"),
        clause=writer.one_of(None, "dec"),
        cause="as declared",
    )


def act(writer: Writer) -> None:
    facility, name, effective = writer.facility(), writer.name("act"), writer.day()
    writer.write(
        ActTaken,
        effective=effective,
        at=writer.hour(),
        facility=facility,
        act=name,
        by=writer.one_of(*ACTORS),
        seeks=writer.some_of(AIMS),
        in_respect_of=writer.one_of(None, "maturity"),
        accelerates=writer.one_in(2),
        amount=writer.one_of(None, None, None, PART, PART, LARGE_PART),
    )
    if writer.one_in(3):
        writer.write(ActWithdrawn, effective=writer.day(effective, within=10), act=name)
    if writer.one_in(3):
        _annul(writer, effective=writer.day(effective, within=10), facility=facility, act=name)
    if writer.one_in(3):
        for _ in range(writer.number(1, 2)):
            paid = {"effective": writer.day(effective, within=10), "at": writer.hour(), "due": effective}
            writer.write(PaymentMade, facility=facility, amount=writer.one_of(PART / 2, PART), of="principal", **paid)


def annul(writer: Writer) -> None:
    """What a clause made due, if one did, is taken back."""
    _annul(writer, effective=writer.day(), facility=writer.facility(), clause=writer.one_of(*CLAUSES))


def _annul(writer: Writer, **of: Any) -> None:
    """An acceleration annulled, now and then on conditions."""
    name = writer.name("annulment") if writer.one_in(3) else None
    waits_for = () if name is None else tuple(conditions(writer, AMENDMENTS, questions=True))
    writer.write(AccelerationAnnulled, at=writer.hour(), annulment=name, conditions=waits_for or None, **of)
    for condition in waits_for:
        answer(writer, condition.condition, annulment=str(name))


# --- cures and notices ---


def accept_cure(writer: Writer) -> None:
    facility = writer.facility()
    writer.write(CureAccepted, effective=writer.day(), facility=facility, default=writer.default(facility))


def notify_cure(writer: Writer) -> None:
    writer.write(CureNotified, effective=writer.day(), facility=writer.facility(), clause=writer.one_of(*CLAUSES))


def notify(writer: Writer) -> None:
    facility, effective = writer.facility(), writer.day()
    of = {writer.one_of(*CLAUSES), writer.one_of(*CLAUSES, *GRANTS, writer.default(facility))}
    writer.write(
        NoticeGiven,
        effective=effective,
        at=writer.hour(),
        facility=facility,
        of=tuple(of),
        from_=writer.one_of("lender", "holder", None),
        received=writer.one_of(None, writer.day(effective, within=3)),
    )


# --- terms and balances ---


def state_terms(writer: Writer) -> None:
    facility = writer.facility()
    clauses = writer.clauses(facility, least=1, most=1)
    writer.write(TermsStated, effective=writer.day(), facility=facility, clauses=clauses)


def state_balance(writer: Writer) -> None:
    principal = writer.one_of(*AMOUNTS)
    writer.write(BalanceStated, effective=writer.day(), facility=writer.facility(), principal=principal)


def close(writer: Writer) -> None:
    ground = writer.one_of("terminated", "not_renewed", "paid", "exchanged")
    writer.write(FacilityTerminated, effective=writer.day(), facility=writer.facility(), ground=ground)
