"""A clock that is set forward by a year, and back: knowledge only grows, and each prefix stays what it was."""

import datetime as dt
from itertools import pairwise

import pytest

from ledger.book import Book
from ledger.facts import Fact
from ledger.rejected import Rejected
from tests.safety.account import NOW, YEAR
from tests.spec import fact

MICROSECOND = dt.timedelta(microseconds=1)
SECOND = dt.timedelta(seconds=1)
CLOCKS = [NOW, NOW - YEAR, NOW + SECOND, NOW + YEAR, NOW + 2 * SECOND, NOW - YEAR, NOW + YEAR + SECOND]
TAKEN = [NOW, NOW + 2 * MICROSECOND, NOW + SECOND, NOW + YEAR]
TAKEN += [NOW + YEAR + 2 * MICROSECOND, NOW + YEAR + 4 * MICROSECOND, NOW + YEAR + SECOND]
"""What is taken for the time of the first of two facts, that are recorded at each of these clocks."""


def fixing(known_at: dt.datetime | None = None) -> Fact:
    read = fact("[{event: IndexFixed, effective: 2001-09-17, index: prime, rate: '0.06'}]")
    return read.model_copy(update={"known_at": known_at})


def test_whatever_the_clock_shows_each_fact_is_known_after_the_one_before_it_and_prefixes_stay(url: str) -> None:
    Book.open(url, create=True).close()
    known = {}
    for clock in CLOCKS:
        with Book.open(url) as book:  # as after a machine was started anew, with another clock
            book.record([fixing(), fixing()], now=clock)
            prefix = book.prefix()
            known[prefix.known_at] = prefix.root
    with Book.open(url) as book:
        records = book.prefix().records
        assert [record.recorded_at for record in records[::2]] == TAKEN
        assert all(one.recorded_at < next_one.recorded_at for one, next_one in pairwise(records))
        assert all(record.known_at == record.recorded_at for record in records)
        assert {moment: book.prefix(moment).root for moment in known} == known
        assert book.verify() == []


def test_a_clock_that_was_a_year_ahead_leaves_a_migration_no_room_before_it(url: str) -> None:
    with Book.open(url, create=True) as book:
        book.record([fixing()], now=NOW + YEAR)
        with pytest.raises(Rejected, match="known_at_goes_back"):
            book.record([fixing(NOW - SECOND)], now=NOW, migrate=True)
        with pytest.raises(Rejected, match="known_at_in_future"):
            book.record([fixing(NOW + YEAR)], now=NOW, migrate=True)
        assert book.record([fixing(NOW + YEAR)], now=NOW + YEAR, migrate=True).position == 2
        assert book.verify() == []
