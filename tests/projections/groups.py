"""Records of one group of facilities for Hypothesis: three debts that cross to one another, and what befalls them."""

from collections.abc import Iterable

from hypothesis import strategies as st

from ledger.decisions import Register
from ledger.facts import Fact
from ledger.rejected import Rejected
from tests.spec import facts

FACILITIES = ("a", "b", "c")
DAYS = tuple(f"2001-{month:02d}-{day:02d}" for month in (3, 4, 5, 6) for day in (2, 10, 20))

days = st.sampled_from(DAYS)
facilities = st.sampled_from(FACILITIES)
heals = st.sampled_from(("automatically", "on_notice", "on_waiver", "not_stated"))
grace = st.sampled_from(("", ", grace: {days: 9}", ", grace: {business_days: 4, calendar: us}"))


@st.composite
def openings(draw: st.DrawFn) -> list[str]:
    """Each debt with a payment clause of its own, a covenant clause, and cross clauses to the next."""
    opened = []
    for name, other in zip(FACILITIES, (*FACILITIES[1:], FACILITIES[0]), strict=True):
        kind = draw(st.sampled_from(("cross_payment", "cross_default", "cross_acceleration")))
        accelerates = draw(st.sampled_from(("true", "false", "false", "false")))
        opened.append(
            f"- {{event: FacilityOpened, facility: {name}, effective: 2001-01-01, name: {name}, borrowers: [mill],"
            f' principal: "1000.00", rate: {{fixed: "0.06", default: {{uplift: "0.02"}}}}, day_count: actual/360,'
            f" clauses: [{{clause: own, kind: payment, heals: {draw(heals)}{draw(grace)}, accelerates: {accelerates}}},"
            f" {{clause: tests, kind: covenant, heals: {draw(heals)}{draw(grace)}}},"
            f" {{clause: cross, kind: {kind}, of: [{other}], heals: {draw(heals)}}},"
            f" {{clause: events, kind: event, heals: {draw(heals)}}}]}}"
        )
    return opened


ENDS = (
    "{until: 2001-05-15}",
    "{through: 2001-06-10}",
    "{business_days: 15}",
    "{act: [acceleration, enforcement], by: [holder]}",
    "{act: enforcement, of: [b]}",
    "{with_waiver: w1}",
    "{with_waiver: w2}",
    "{uncovered_event_of_default: true}",
    "{notice: {days: 3}}",
    "{failed_condition: proof, by: 2001-05-01, extends: {condition: fee, met_by: 2001-04-15, through: 2001-06-05}}",
)
CONDITIONS = (
    "",
    "",
    ", conditions: [{condition: fee}]",
    ", conditions: [{condition: m, amendment: m1}]",
    ", conditions: [{condition: q, question: no_event_of_default_after_giving_effect}]",
)
AIMS = ("enforcement", "acceleration", "acceleration, accelerates: true")
CHANGES = (
    "{change: delete_covenant, from: DAY, covenant: leverage}",
    "{change: delete_clause, from: DAY, clause: cross}",
    "{change: clause, from: DAY, clause: {clause: more, kind: covenant}}",
)
SCOPES = (
    "{payments: [interest, principal]}",
    "{payments: interest, of: [a]}",
    "{covenant: leverage}",
    "{acts: [acceleration]}",
)


@st.composite
def befalls(draw: st.DrawFn, number: int) -> str:
    """One thing that befalls the group; `number` makes its names unlike those of the others."""
    day, name = draw(days), draw(facilities)
    known = draw(st.sampled_from(("w1", "w2", "w3")))
    match draw(st.integers(0, 15)):
        case 0 | 1:
            kind = draw(st.sampled_from(("interest", "principal")))
            return (
                f'{{event: PaymentMissed, facility: {name}, effective: {day}, of: {kind}, due: {day}, amount: "10.00"}}'
            )
        case 2:
            amount = draw(st.sampled_from(("10.00", "4.00", "25.00")))
            return f'{{event: PaymentMade, facility: {name}, effective: {day}, of: interest, amount: "{amount}"}}'
        case 3:
            met = draw(st.sampled_from(("true", "false", "false")))
            tested = f"{{event: CovenantTested, facility: {name}, effective: {day}, covenant: leverage"
            return f"{tested}, test_date: {day}, met: {met}}}"
        case 4 | 5 | 6:
            ends = ", ".join(draw(st.lists(st.sampled_from(ENDS), max_size=3, unique=True)))
            covers = ", ".join(draw(st.lists(st.sampled_from(SCOPES), min_size=1, max_size=2, unique=True)))
            reaches = draw(st.sampled_from(("[default, event_of_default]", "[event_of_default]", "[default]")))
            conditions = draw(st.sampled_from(CONDITIONS))
            supersedes = draw(st.sampled_from(("", "", ", supersedes: [w1]")))
            event, kind = draw(st.sampled_from((("WaiverGranted", "waiver"), ("ForbearanceGranted", "forbearance"))))
            return (
                f"{{event: {event}, facility: {name}, {kind}: w{number % 4}, effective: {day}, reaches: {reaches},"
                f" covers: [{covers}], ends: [{ends}]{conditions}{supersedes}}}"
            )
        case 7:
            seeks = draw(st.sampled_from(AIMS))
            by = draw(st.sampled_from(("holder", "trustee")))
            return (
                f"{{event: ActTaken, facility: {name}, act: act{number}, effective: {day}, by: {by}, seeks: {seeks}}}"
            )
        case 8:
            return f"{{event: WaiverExtended, waiver: {known}, effective: {day}, until: {draw(days)}}}"
        case 9:
            condition = draw(st.sampled_from(("fee", "proof")))
            return f"{{event: ConditionSatisfied, waiver: {known}, condition: {condition}, effective: {day}}}"
        case 10:
            question = draw(st.sampled_from(("no_event_of_default", "no_default")))
            change = draw(st.sampled_from(CHANGES)).replace("DAY", draw(days))
            twin = draw(st.sampled_from(("", f", {{condition: twin, amendment: m{(number + 1) % 3}}}")))
            return (
                f"{{event: AmendmentSigned, facility: {name}, amendment: m{number % 3}, effective: {day}, dated: {day},"
                f" changes: [{change}],"
                f" conditions: [{{condition: q, question: {question}_after_giving_effect}}{twin}]}}"
            )
        case 11:
            of = draw(st.sampled_from(("w1", "w2", "own")))
            return f"{{event: NoticeGiven, facility: {name}, effective: {day}, of: {of}}}"
        case 12:
            clause = draw(st.sampled_from(("own", "cross")))
            return f"{{event: CureNotified, facility: {name}, effective: {day}, clause: {clause}}}"
        case 13:
            about = draw(st.sampled_from((f"facility: {name}", "party: mill")))
            return f"{{event: EventOccurred, {about}, effective: {day}, kind: judgment}}"
        case 14:
            of = draw(st.sampled_from(("clause: own", f"act: act{draw(st.integers(0, number))}")))
            conditions = draw(st.sampled_from(CONDITIONS))
            return f"{{event: AccelerationAnnulled, facility: {name}, {of}, effective: {day}{conditions}}}"
        case _:
            ground = draw(st.sampled_from(("paid", "terminated")))
            return f"{{event: FacilityTerminated, facility: {name}, effective: {day}, ground: {ground}}}"


@st.composite
def records(draw: st.DrawFn, most: int = 14) -> tuple[Fact, ...]:
    """The facts of a record, in an order in which a ledger takes them all; first the openings, then one failure."""
    failed = "- {event: PaymentMissed, facility: a, effective: 2001-03-10, of: interest, due: 2001-03-10}"
    opened = [*draw(openings()), failed]
    fallen = [f"- {draw(befalls(number))}" for number in range(draw(st.integers(2, most)))]
    return accepted(facts("\n".join((*opened, *fallen))))


def accepted(written: Iterable[Fact]) -> tuple[Fact, ...]:
    """Those of some facts that a ledger takes, one after another."""
    register, taken = Register(), []
    for fact in written:
        try:
            register.decide(fact)
        except Rejected:
            continue
        taken.append(fact)
        register.after(len(taken), fact)
    return tuple(taken)
