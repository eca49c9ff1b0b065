"""Records about rates, in a line each, and what is asked of them."""

from tests.projections.asking import Question, facility


def line(terms: str, more: str = "") -> str:
    return f"""
- {{event: FacilityOpened, facility: line, effective: 2001-01-01, name: Line, borrowers: [mill],
   rate: {{{terms}}}{more}}}
"""


def fixed(day: str, level: str, index: str = "prime") -> str:
    return f'- {{event: IndexFixed, index: {index}, effective: {day}, rate: "{level}"}}\n'


def fact(event: str, day: str, rest: str = "") -> str:
    return f"- {{event: {event}, facility: line, effective: {day}{', ' if rest else ''}{rest}}}\n"


def lent(loan: str, day: str, rest: str) -> str:
    return fact("LoanAdvanced", day, f'loan: {loan}, amount: "100.00", {rest}')


def parts(seen_rate: str = "line") -> Question[list[tuple[str, str | None, str | None, list[int]]]]:
    """The parts of a rate: what, over which index, how much, and the positions behind it."""
    return lambda seen: [
        (
            each.part,
            each.index,
            None if each.rate is None else format(each.rate, "f"),
            [r.position for r in each.because],
        )
        for each in facility(seen_rate)(seen).rate.parts
    ]


def default_rate(name: str = "line") -> Question[tuple[str | None, bool, tuple[str, ...]]]:
    """The rate under the default formula, whether a ground for it holds, and which grounds hold."""

    def asked(seen: object) -> tuple[str | None, bool, tuple[str, ...]]:
        answer = facility(name)(seen).rate  # type: ignore[arg-type]
        under_default = None if answer.if_default_rate is None else format(answer.if_default_rate, "f")
        return under_default, answer.default_rate_available, answer.grounds

    return asked


def loans(name: str = "line") -> Question[dict[str, tuple[str | None, str | None]]]:
    """The option and the rate of each loan."""
    return lambda seen: {
        each.loan: (each.option, None if each.charged is None else format(each.charged, "f"))
        for each in facility(name)(seen).rates
    }


def loan_rate(loan: str, name: str = "line") -> Question[str | None]:
    """The rate of one loan."""
    return lambda seen: loans(name)(seen)[loan][1]


PRIME = 'options: {prime: {index: prime, margin: "0.01"}}'
BREACH = fact("CovenantTested", "2001-06-30", "covenant: leverage, test_date: 2001-06-30, met: false")
CLAUSE = ", clauses: [{clause: tests, kind: covenant, heals: automatically}]"
TWO = 'options: {prime: {index: prime, margin: "0.01"}, libor: {index: libor, margin: "0.03", fixed_for_period: true}}'
LEVELS = fixed("2001-01-01", "0.05") + fixed("2001-01-01", "0.02", "libor")
