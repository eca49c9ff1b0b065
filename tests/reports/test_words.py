from decimal import Decimal

import pytest

from projections import words


@pytest.mark.parametrize(
    ("figure", "currency", "written"),
    [
        ("1234567", None, "1,234,567.00"),
        ("1234567.5", "USD", "USD 1,234,567.50"),
        ("1234567.00", "JPY", "JPY 1,234,567"),
        ("1234567.50", "JPY", "JPY 1,234,567.5"),
        ("1234.5", "KWD", "KWD 1,234.500"),
        ("0.125", "EUR", "EUR 0.125"),
        ("-80000", "EUR", "EUR -80,000.00"),
        ("123456789012345678901234567890.12", "USD", "USD 123,456,789,012,345,678,901,234,567,890.12"),
    ],
)
def test_an_amount_has_the_form_of_its_currency(figure: str, currency: str | None, written: str) -> None:
    assert words.amount(Decimal(figure), currency) == written


@pytest.mark.parametrize(
    ("says", "read"),
    [
        ("expired on 2003-01-03.", "expired on 3 Jan 2003."),
        ("due 2000-02-01, 2000-05-01 and 2001-09-12: paid?", "due 1 Feb 2000, 1 May 2000 and 12 Sep 2001: paid?"),
        ("cit/notes/notes-14/interest/2000-02-01 arose", "cit/notes/notes-14/interest/2000-02-01 arose"),
        ("the act suit-2001-09-15", "the act suit-2001-09-15"),
        ("waiver cit-2001-07", "waiver cit-2001-07"),
        ("account 2003-13-45 of the lender", "account 2003-13-45 of the lender"),
    ],
)
def test_dates_in_a_sentence_are_read_as_words_and_those_in_names_stay(says: str, read: str) -> None:
    assert words.prose(says) == read
