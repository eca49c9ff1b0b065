"""Facts in the order in which they became known, however many there are."""

import datetime as dt
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import chain, islice

from ledger.facts import Fact, decode_own, encode

FACTS_IN_MEMORY = 10_000
"""As many are sorted in memory; more are sorted on disk, in a temporary file that goes with its connection."""

_LAST = dt.datetime.max.replace(tzinfo=dt.UTC)


def by_knowledge(facts: Iterable[Fact], in_memory: int = FACTS_IN_MEMORY) -> Iterator[tuple[int, Fact]]:
    """The facts with their index in the order given, sorted by when they became known, undated ones last."""
    given = enumerate(facts)
    first = list(islice(given, in_memory))
    if len(first) < in_memory:
        yield from sorted(first, key=lambda each: each[1].known_at or _LAST)
        return
    with closing(sqlite3.connect("")) as disk:
        disk.execute("CREATE TABLE given (known_at TEXT, place INTEGER, tag TEXT, state BLOB)")
        rows = ((_text(fact), place, fact.tag, encode(fact)) for place, fact in chain(first, given))
        disk.executemany("INSERT INTO given VALUES (?, ?, ?, ?)", rows)
        first.clear()
        for place, tag, state in disk.execute("SELECT place, tag, state FROM given ORDER BY known_at, place"):
            yield place, decode_own(tag, state)


def _text(fact: Fact) -> str:
    """The moment as text of one length, which sorts as moments do."""
    return (fact.known_at or _LAST).astimezone(dt.UTC).isoformat(timespec="microseconds")
