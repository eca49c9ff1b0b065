"""What was asked, found by its fingerprint: that is a digest of what was asked, so whoever has the ledger can try."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import count
from typing import get_args

from desk.options import known_prefix
from desk.reports.asking import Asking
from ledger.book import Book
from ledger.facts import Standing
from projections.committee import Asked

MOST_TRIED = 20_000_000
"""How much is tried: some twenty seconds."""

Progress = Callable[[str, int, int], None]


def tried(
    book: Book, fingerprint: str, asking: Asking, said: Collection[str], today: dt.date, progress: Progress
) -> Asked | None:
    """What has this fingerprint (64 hexadecimal digits) among what may have been asked of a ledger.

    What is `said` of the question in `asking` is not tried otherwise, nor are the facilities and the other answer
    beside it. Days are tried from the first that a fact is about to a year after the last or after `today`, the latest
    knowledge before earlier.
    """
    question = asking.question
    days = [question.on] if "on" in said else _days(book, today)
    standings: Sequence[Standing] = (question.standing,) if "standing" in said else get_args(Standing)
    stood = (question.as_stood,) if "as_stood" in said else (False, True)
    last = known_prefix(question.db, question.known).position if "known" in said else book.end()[0]
    most = 1 if "known" in said else MOST_TRIED // (len(days) * len(standings) * len(stood)) + 1
    roots = book.roots(range(max(0, last + 1 - most), last + 1))
    since_known = known_prefix(question.db, asking.since_known).position if asking.since_known is not None else None
    patterns = (
        Asked(
            as_of=days[0],
            position=position,
            root=roots[position].hex(),
            standing=standing,
            as_stood=as_stood,
            facilities=tuple(dict.fromkeys(asking.facilities)) or None,
            since=asking.since,
            since_known=since_known,
        )
        for position in sorted(roots, reverse=True)
        for standing in standings
        for as_stood in stood
    )
    return _first(fingerprint, patterns, days, progress)


def _first(fingerprint: str, patterns: Iterable[Asked], days: Sequence[dt.date], progress: Progress) -> Asked | None:
    wanted, written = bytes.fromhex(fingerprint), [day.isoformat().encode() for day in days]
    for pattern, done in zip(patterns, count(0, len(days)), strict=False):
        progress("Trying what may have been asked", done, MOST_TRIED)
        before, _, after = pattern.written.encode().partition(written[0])
        for day, text in zip(days, written, strict=True):
            if sha256(before + text + after).digest() == wanted:
                return pattern.model_copy(update={"as_of": day})
    return None


def _days(book: Book, today: dt.date) -> list[dt.date]:
    """Every day that a question may be about."""
    about = [today, *_effective(book)]
    first, last = min(about), min(max(about), dt.date.max - dt.timedelta(days=366)) + dt.timedelta(days=366)
    return [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]


def _effective(book: Book) -> Iterator[dt.date]:
    for record in book.read():
        if record.fact.effective_on is not None:
            yield record.fact.effective_on
