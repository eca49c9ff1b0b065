"""Figures: exact while they are worked out, rounded once, and None where the record does not say."""

from collections.abc import Iterable
from decimal import (
    ROUND_DOWN,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    Overflow,
    localcontext,
)
from fractions import Fraction

EXACT = Context(prec=150, traps=[DivisionByZero, Inexact, InvalidOperation, Overflow])
"""Arithmetic in which nothing is ever rounded: a figure that would have to be is an error of this program."""

ROUNDING = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "half_down": ROUND_HALF_DOWN,
    "up": ROUND_UP,
    "down": ROUND_DOWN,
}
"""The roundings that terms may name."""

_WHOLE_UNITS = frozenset(
    ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF")
)
_THOUSANDTHS = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))
"""The currencies of ISO 4217 whose minor unit is not a hundredth."""


def minor_digits(currency: str | None) -> int:
    """How many digits the currency's minor unit has; two where no currency is stated."""
    return 0 if currency in _WHOLE_UNITS else 3 if currency in _THOUSANDTHS else 2


def rounded(exact: Fraction, digits: int, rounding: str = ROUND_HALF_UP) -> Decimal:
    """An exact figure as a decimal of so many places, rounded once.

    The digits that are carried leave every figure that is not exactly half-way well clear of half-way.
    """
    with localcontext(Context(prec=150)):
        figure = Decimal(exact.numerator) / exact.denominator
        return figure.quantize(Decimal(1).scaleb(-digits), rounding=rounding) + 0  # nothing has no sign


def total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """A sum, or None where one of its parts is not stated."""
    result = Decimal(0)
    for amount in amounts:
        if amount is None:
            return None
        result += amount
    return result


def stripped(figure: Decimal | None) -> Decimal | None:
    """A figure without the trailing zeros that working it out leaves."""
    if figure is None:
        return None
    plain = figure.normalize()
    exponent = plain.as_tuple().exponent
    return plain.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else plain
