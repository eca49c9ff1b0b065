"""The Book: all or nothing, gapless positions, both clocks, and every prefix as it was known."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.book import FACTS_AT_A_TIME, Book
from ledger.facts import Fact, FactReplaced, IndexFixed, as_record, decode, encode
from ledger.records import Recorded
from ledger.rejected import Rejected, StoreUnusable
from ledger.seal.tree import leaf_hash, root
from tests.spec import fact, facts
from tests.strangers import asks, octets, tampers, with_another

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)
DAY = dt.timedelta(days=1)

OPENED = fact("[{event: FacilityOpened, effective: 1999-02-01, facility: cit, name: CIT revolver, borrowers: [LPC]}]")
SUIT = fact("[{event: ActTaken, effective: 2001-09-15, facility: cit, act: suit, by: trustee, seeks: remedies}]")
STRANGER = fact("[{event: BalanceStated, effective: 2001-09-15, facility: nobody, principal: '1.00'}]")
KEYED = fact("[{event: IndexFixed, effective: 2001-09-17, key: prime-1, index: prime, rate: '0.06'}]")


@pytest.fixture
def book(url: str) -> Iterator[Book]:
    with Book.open(url, create=True) as opened:
        yield opened


def recorded(book: Book, *facts: Fact, now: dt.datetime = NOW, migrate: bool = False) -> tuple[Recorded, ...]:
    """The records that these facts become."""
    receipt = book.record(facts, now=now, migrate=migrate)
    return tuple(book.read(after=receipt.position - receipt.recorded))


def fixings(count: int, index: str = "prime") -> list[Fact]:
    """As many facts, one a day, that nothing forbids."""
    start = dt.date(2001, 1, 1)
    return [
        IndexFixed.model_validate({"effective": start + day * DAY, "index": index, "rate": "0.06"})
        for day in range(count)
    ]


def known(moment: str, index: str = "prime") -> Fact:
    """A fact from another ledger, with the moment at which that came to know it."""
    return fact(f"[{{event: IndexFixed, effective: 2001-01-01, known_at: {moment}, index: {index}, rate: '0.06'}}]")


def refusal(book: Book, *of: Fact, now: dt.datetime = NOW, migrate: bool = False) -> Rejected:
    """The refusal of these facts, which leaves the ledger as it was."""
    before = book.prefix()
    with pytest.raises(Rejected) as refused:
        book.record(of, now=now, migrate=migrate)
    assert book.prefix() == before
    return refused.value


# --- what is recorded ------------------------------------------------------------------------------------------------


def test_facts_are_recorded_in_order_with_both_clocks_in_their_bytes(book: Book) -> None:
    first, second = recorded(book, OPENED, SUIT)
    assert (first.position, first.recorded_at, first.known_at) == (1, NOW, NOW)
    assert (second.position, second.recorded_at, second.known_at) == (2, NOW + MICROSECOND, NOW + MICROSECOND)
    assert second.fact == SUIT.model_copy(update={"known_at": NOW + MICROSECOND})
    assert second.leaf_hash == leaf_hash(encode(second.fact))
    assert b'"effective":"2001-09-15","known_at":"2026-11-22T09:00:00.000001Z"' in encode(second.fact)


def test_the_receipt_names_the_prefix_that_is_read_back(book: Book) -> None:
    receipt = book.record([OPENED, SUIT], now=NOW)
    prefix = book.prefix()
    assert (receipt.recorded, receipt.repeated, receipt.refused) == (2, 0, 0)
    assert (prefix.position, prefix.root) == (receipt.position, receipt.root) == book.end()
    assert prefix.root == root(record.leaf_hash for record in prefix.records)


def test_an_empty_ledger_has_the_root_of_nothing(book: Book) -> None:
    receipt = book.record([], now=NOW)
    assert (receipt.recorded, receipt.position, receipt.root) == (0, 0, sha256().digest())
    assert (book.prefix().position, book.prefix().known_at, book.prefix().root) == (0, None, sha256().digest())


def test_what_is_stored_are_the_tag_the_canonical_bytes_and_the_columns_of_a_fact(book: Book, url: str) -> None:
    (record,) = recorded(book, KEYED)
    columns = "position, stream, version, tag, key, effective, known_at, recorded_at, state, leaf_hash"
    ((*row, state, hashed),) = asks(url, f"SELECT {columns} FROM facts")
    microseconds = int(NOW.timestamp()) * 1_000_000
    assert row == [1, KEYED.subject, 1, "index_fixed.v1", "prime-1", "2001-09-17", microseconds, microseconds]
    assert decode("index_fixed.v1", state) == record.fact
    assert hashed == leaf_hash(state) == record.leaf_hash


def test_a_ledger_in_memory_is_a_ledger() -> None:
    with Book.open("sqlite://") as book:
        book.record([OPENED], now=NOW)
        assert book.prefix().position == 1


def test_many_facts_are_recorded_together_and_progress_is_told(book: Book) -> None:
    told: list[int] = []
    receipt = book.record(iter(fixings(2 * FACTS_AT_A_TIME + 1)), now=NOW, progress=told.append)
    assert told == [FACTS_AT_A_TIME, 2 * FACTS_AT_A_TIME, 2 * FACTS_AT_A_TIME + 1]
    assert [record.position for record in book.prefix().records] == list(range(1, receipt.position + 1))


def test_versions_of_streams_count_the_facts_about_a_subject(book: Book) -> None:
    book.record([OPENED, SUIT, KEYED], now=NOW)
    assert book.stream_versions() == {"facility/cit": 2, KEYED.subject: 1}


# --- all or nothing --------------------------------------------------------------------------------------------------


def test_where_one_fact_is_refused_none_is_recorded(book: Book) -> None:
    refused = refusal(book, OPENED, SUIT, STRANGER, KEYED)
    assert refused.code == "facility_unknown"
    assert refused.index == 2


def test_a_refusal_keeps_the_index_of_its_fact_when_it_is_given_a_place(book: Book) -> None:
    assert refusal(book, OPENED, STRANGER).at("file.yaml:7").index == 1


def test_what_was_refused_is_not_remembered(book: Book) -> None:
    refusal(book, OPENED, STRANGER)
    assert refusal(book, SUIT).code == "facility_unknown"
    assert book.record([OPENED, SUIT], now=NOW).position == 2


def test_a_crash_in_the_middle_leaves_nothing(book: Book) -> None:
    def cut_off() -> Iterable[Fact]:
        yield from fixings(FACTS_AT_A_TIME + 1)  # the first thousand are with the database by then
        raise KeyboardInterrupt

    book.record([OPENED], now=NOW)
    with pytest.raises(KeyboardInterrupt):
        book.record(cut_off(), now=NOW)
    assert book.prefix().position == 1
    assert book.record([SUIT], now=NOW).position == 2
    assert book.verify() == []


def test_a_dry_run_decides_all_and_leaves_everything_as_it_was(book: Book) -> None:
    book.record([OPENED], now=NOW)
    receipt = book.record([SUIT, KEYED], now=NOW, dry_run=True)
    assert (book.prefix().position, book.stream_versions()) == (1, {OPENED.subject: 1})
    assert receipt == book.record([SUIT, KEYED], now=NOW)


def test_a_dry_run_leaves_a_file_byte_for_byte(tmp_path: Path) -> None:
    def files() -> dict[str, bytes]:
        return {each.name: each.read_bytes() for each in tmp_path.iterdir() if each.suffix != ".db-shm"}

    with Book.open(f"sqlite:///{tmp_path}/ledger.db", create=True) as book:
        book.record([OPENED], now=NOW)
        before = files()
        book.record([SUIT, KEYED], now=NOW, dry_run=True)
        assert files() == before


def test_a_dry_run_refuses_what_would_be_refused(book: Book) -> None:
    with pytest.raises(Rejected, match="facility_unknown"):
        book.record([SUIT], now=NOW, dry_run=True)


def test_a_ledger_that_is_read_only_takes_a_dry_run_and_no_record(book: Book, url: str) -> None:
    book.record([OPENED], now=NOW)
    with Book.open(f"{url}{'&' if '?' in url else '?'}mode=ro") as reader:
        assert reader.record([SUIT], now=NOW, dry_run=True).position == 2
        with pytest.raises(StoreUnusable, match="store_read_only"):
            reader.record([SUIT], now=NOW)
        assert reader.prefix() == book.prefix()


# --- once ------------------------------------------------------------------------------------------------------------


def test_the_same_key_and_content_twice_is_one_fact(book: Book) -> None:
    first = book.record([KEYED], now=NOW)
    again = book.record([KEYED, KEYED], now=NOW + DAY)
    assert (again.recorded, again.repeated) == (0, 2)
    assert (again.position, again.root) == (first.position, first.root)


def test_a_voided_fact_frees_its_key(book: Book) -> None:
    book.record([KEYED], now=NOW)
    book.void("prime-1", "another bank's rate", now=NOW)
    assert book.record([KEYED], now=NOW).position == 3


def test_a_fact_is_replaced_by_its_position(book: Book) -> None:
    book.record([OPENED, KEYED], now=NOW)
    right = IndexFixed.model_validate({"effective": "2001-09-17", "index": "prime", "rate": "0.065"})
    book.replace(2, "misread", right, now=NOW)
    record = book.prefix().records[-1]
    assert isinstance(record.fact, FactReplaced)
    assert (record.fact.position, record.fact.reason, record.fact.by) == (2, "misread", right)


def test_a_correction_of_nothing_is_refused(book: Book) -> None:
    with pytest.raises(Rejected, match="nothing_to_correct"):
        book.void(1, "there is nothing", now=NOW)


# --- the clocks ------------------------------------------------------------------------------------------------------


def test_a_clock_that_stands_or_goes_back_still_gives_later_moments(book: Book) -> None:
    moments = [
        recorded(book, each, now=now)[0].recorded_at
        for each, now in zip(fixings(4), [NOW, NOW, NOW - 365 * DAY, NOW + DAY], strict=True)
    ]
    assert moments == [NOW, NOW + MICROSECOND, NOW + 2 * MICROSECOND, NOW + DAY]


def test_the_clock_is_kept_in_utc(book: Book) -> None:
    (record,) = recorded(book, OPENED, now=NOW.astimezone(dt.timezone(dt.timedelta(hours=-5))))
    assert record.recorded_at.tzinfo is dt.UTC
    assert record.recorded_at == NOW


def test_a_clock_without_a_zone_is_a_mistake_of_the_caller(book: Book) -> None:
    with pytest.raises(ValueError, match="an instant with its zone"):
        book.record([OPENED], now=NOW.replace(tzinfo=None))


def test_a_migration_records_by_the_moment_of_knowledge_undated_facts_last(book: Book) -> None:
    late, undated, early = known("2003-01-01T00:00:00Z"), KEYED, known("2001-08-14T12:00:00Z", "libor-3m")
    records = recorded(book, late, undated, early, migrate=True)
    assert [record.known_at.year for record in records] == [2001, 2003, 2026]
    assert [record.recorded_at for record in records] == [NOW, NOW + MICROSECOND, NOW + 2 * MICROSECOND]
    assert records[-1].known_at == records[-1].recorded_at


def test_facts_known_at_one_moment_stay_in_the_order_given(book: Book) -> None:
    names = ["b", "a", "c"]
    records = recorded(book, *(known("2003-01-01T00:00:00Z", name) for name in names), migrate=True)
    assert [record.fact.subject for record in records] == [
        known("2003-01-01T00:00:00Z", name).subject for name in names
    ]


def test_a_migration_may_go_on_where_the_last_one_ended(book: Book) -> None:
    book.record([known("2003-01-01T00:00:00Z")], now=NOW, migrate=True)
    assert book.record([known("2003-01-01T00:00:00Z", "libor-3m")], now=NOW, migrate=True).position == 2


def test_a_migration_that_is_repeated_changes_nothing(book: Book) -> None:
    history = facts("""
      - {event: IndexFixed, effective: 2001-01-02, known_at: 2001-01-02T12:00:00Z, key: a, index: prime, rate: "0.09"}
      - {event: IndexFixed, effective: 2001-01-04, known_at: 2001-01-04T12:00:00Z, key: b, index: prime, rate: "0.08"}
    """)
    book.record(history, now=NOW, migrate=True)
    assert book.record(history, now=NOW, migrate=True).repeated == 2


def test_a_fact_known_before_the_last_one_is_refused(book: Book) -> None:
    book.record([known("2003-01-01T00:00:00Z")], now=NOW, migrate=True)
    refused = refusal(book, KEYED, known("2002-12-31T23:59:59.999999Z"), migrate=True)
    assert str(refused) == (
        "IndexFixed says that it became known at 2002-12-31T23:59:59.999999Z, before the ledger's last fact did, at "
        "2003-01-01T00:00:00Z. IndexFixed at position 1, effective 2001-01-01 forbids it. Correct `known_at`, leave it "
        "out, or migrate all of the history into a new ledger together. [known_at_goes_back]"
    )
    assert refused.index == 1, "as given, although a migration sorts"


def test_a_fact_known_in_the_future_is_refused(book: Book) -> None:
    assert book.record([known("2026-11-22T09:00:00Z")], now=NOW, migrate=True).position == 1
    assert str(refusal(book, known("2026-11-22T09:00:00.000001Z"), migrate=True)) == (
        "IndexFixed says that it became known at 2026-11-22T09:00:00.000001Z. That is in the future: it is "
        "2026-11-22T09:00:00Z. Correct `known_at`, or leave it out. [known_at_in_future]"
    )


def test_a_moment_of_knowledge_without_a_migration_is_refused(book: Book) -> None:
    assert str(refusal(book, known("2001-08-14T12:00:00Z"))) == (
        "IndexFixed says that it became known at 2001-08-14T12:00:00Z. Outside a migration, a fact becomes known when "
        "it is recorded. Leave `known_at` out, or record with --migrate. [known_at_without_migration]"
    )


# --- reading ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def history(book: Book) -> Book:
    """Facts known at noon of January 1, at the last moment of January 2, at the first of January 4, and today."""
    moments = ["2003-01-01T12:00:00Z", "2003-01-02T23:59:59.999999Z", "2003-01-04T00:00:00Z"]
    book.record([*map(known, moments), KEYED], now=NOW, migrate=True)
    return book


@pytest.mark.parametrize(
    ("moment", "position"),
    [
        (None, 4),
        (0, 0),
        (3, 3),
        (dt.date(2002, 12, 31), 0),
        (dt.date(2003, 1, 1), 1),
        (dt.date(2003, 1, 2), 2),
        (dt.date(2003, 1, 3), 2),
        (dt.date(2003, 1, 4), 3),
        (dt.date.max, 4),
        (dt.datetime(2003, 1, 1, 11, 59, 59, 999999, tzinfo=dt.UTC), 0),
        (dt.datetime(2003, 1, 1, 12, tzinfo=dt.UTC), 1),
        (dt.datetime(2003, 1, 1, 7, tzinfo=dt.timezone(dt.timedelta(hours=-5))), 1),
    ],
)
def test_what_was_known_is_a_prefix(history: Book, moment: int | dt.datetime | dt.date | None, position: int) -> None:
    prefix = history.prefix(moment)
    assert prefix.records == history.prefix().records[:position]
    assert prefix.root == root(record.leaf_hash for record in prefix.records)


def test_a_position_beyond_the_log_is_refused(history: Book) -> None:
    with pytest.raises(Rejected) as refused:
        history.prefix(5)
    assert str(refused.value) == (
        "The log was asked for as known at position 5. It ends at position 4. "
        "Ask for a position of the log, or for a moment. [no_such_position]"
    )


def test_a_position_below_the_log_is_refused(history: Book) -> None:
    with pytest.raises(Rejected) as refused:
        history.prefix(-1)
    assert str(refused.value) == (
        "The log was asked for as known at position -1. Positions are counted from 1. "
        "Ask for a position of the log, or for a moment. [no_such_position]"
    )


def test_a_moment_without_a_zone_is_refused(history: Book) -> None:
    with pytest.raises(Rejected) as refused:
        history.prefix(dt.datetime(2003, 1, 1, 12))  # noqa: DTZ001  (which is what is tested)
    assert str(refused.value) == (
        "The log was asked for as known at 2003-01-01T12:00:00, an instant without a zone. "
        "Write its zone, such as 2003-01-01T12:00:00Z for UTC. [moment_without_zone]"
    )


def test_later_knowledge_never_changes_an_earlier_prefix(history: Book) -> None:
    before = history.prefix(3)
    history.void(2, "wrong", now=NOW)
    assert history.prefix(3) == before


@settings(deadline=None)  # each example opens two ledgers
@given(st.lists(st.booleans(), max_size=12))
def test_whatever_is_refused_in_between_the_log_is_that_of_what_was_accepted(accepted: list[bool]) -> None:
    with Book.open("sqlite://") as book, Book.open("sqlite://") as undisturbed:
        for number, (good, each) in enumerate(zip(accepted, fixings(len(accepted)), strict=True)):
            now = NOW + number * DAY
            if good:
                book.record([each], now=now)
                undisturbed.record([each], now=now)
            else:
                refusal(book, each, STRANGER, now=now)
        assert book.prefix() == undisturbed.prefix()
        assert book.verify() == []


# --- several writers -------------------------------------------------------------------------------------------------


def test_a_stream_that_moved_since_it_was_read_is_refused(book: Book, url: str) -> None:
    book.record([OPENED], now=NOW)
    seen = book.stream_versions()
    with Book.open(url) as other:
        other.record([SUIT], now=NOW)
    with pytest.raises(Rejected) as refused:
        book.record([KEYED], now=NOW, expected=seen)
    assert str(refused.value) == (
        "The stream facility/cit was expected at version 1, and is at version 2. ActTaken at position 2, effective "
        "2001-09-15 forbids it. Read it again, and decide again. [stream_moved]"
    )
    assert book.record([KEYED], now=NOW, expected=book.stream_versions()).position == 3


def test_a_stream_that_never_was_is_at_version_0(book: Book) -> None:
    with pytest.raises(Rejected) as refused:
        book.record([OPENED], now=NOW, expected={"facility/cit": 1})
    assert str(refused.value) == (
        "The stream facility/cit was expected at version 1, and is at version 0. "
        "Read it again, and decide again. [stream_moved]"
    )
    assert book.record([OPENED], now=NOW, expected={"facility/cit": 0}).position == 1


def test_two_books_that_write_in_turn_see_one_another(book: Book, url: str) -> None:
    with Book.open(url) as other:
        book.record([OPENED], now=NOW)
        other.record([SUIT], now=NOW)
        assert refusal(book, SUIT).code == "name_taken"
        assert book.record([KEYED], now=NOW).position == 3
        assert other.record([KEYED], now=NOW).repeated == 1
        assert other.prefix() == book.prefix()


def record_one_by_one(url: str, index: str, count: int) -> None:
    with Book.open(url) as book:
        for each in fixings(count, index):
            book.record([each], now=NOW)


def test_writers_at_once_get_gapless_positions_and_lose_nothing(book: Book, url: str) -> None:
    writers, each = 3, 15
    with ThreadPoolExecutor(writers) as executor:
        for done in [executor.submit(record_one_by_one, url, f"index-{writer}", each) for writer in range(writers)]:
            done.result()
    records = book.prefix().records
    assert [record.position for record in records] == list(range(1, writers * each + 1))
    assert sorted(book.stream_versions().values()) == [each] * writers
    assert [record.recorded_at for record in records] == [NOW + n * MICROSECOND for n in range(writers * each)]
    assert book.verify() == []


def test_threads_may_share_a_book(book: Book) -> None:
    def record(index: str) -> None:
        for each in fixings(10, index):
            book.record([each], now=NOW)

    with ThreadPoolExecutor(4) as executor:
        for done in [executor.submit(record, f"index-{thread}") for thread in range(4)]:
            done.result()
    assert book.prefix().position == 40
    assert book.verify() == []


# --- what is wrong with a log ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("DELETE FROM facts WHERE position = 2", ["Position 3 follows position 1."]),
        (
            "DELETE FROM facts WHERE position = 1",
            ["Position 2 follows position 0.", "The fact at position 3 has version 2, where 1 belongs."],
        ),
        (
            "UPDATE facts SET effective = '2001-09-16' WHERE position = 3",
            ["The fact at position 3 has effective '2001-09-16', where '2001-09-15' belongs."],
        ),
        (
            "UPDATE facts SET recorded_at = recorded_at - 10 WHERE position = 3",
            [
                "The fact at position 3 was recorded no later than the one before it.",
                "The fact at position 3 became known before the one before it, or after it was recorded.",
            ],
        ),
        (
            "UPDATE head SET position = 2",
            ["The head is that of another log of 2 facts, and not of the 3 that there are."],
        ),
        (
            "DELETE FROM facts WHERE position = 3",
            ["The head is that of another log of 3 facts, and not of the 2 that there are."],
        ),
        (
            "UPDATE facts SET tag = 'act_taken.v9' WHERE position = 3",
            [
                "The fact at position 3 is stored as 'act_taken.v9': the ledger was written by a newer version of "
                "Asof. Use that version, or a newer one. [fact_of_newer_version]"
            ],
        ),
    ],
)
def test_verifying_tells_what_was_tampered_with(book: Book, url: str, change: str, found: list[str]) -> None:
    book.record([OPENED, KEYED, SUIT], now=NOW)
    assert book.verify() == []
    tampers(url, change)
    assert book.verify() == found


def test_verifying_tells_of_bytes_that_were_rewritten(book: Book, url: str) -> None:
    before = book.record([KEYED], now=NOW)
    tampers(url, f"UPDATE facts SET state = {with_another(url, '0.06', '0.07')}")
    (found,) = book.verify()
    assert re.fullmatch("The fact at position 1 has leaf_hash [0-9a-f]{64}, where [0-9a-f]{64} belongs[.]", found)
    with pytest.raises(StoreUnusable) as raised:
        book.prefix()
    assert str(raised.value) == (
        "What is stored at position 1 is no fact as Asof writes it: the hash beside it is that of other bytes. "
        "Keep it as it is, and go on from a copy made before. [fact_damaged]"
    )
    assert book.end() != (before.position, before.root), "the root is that of what is there"


def test_nothing_is_wrong_with_what_was_known_before_computers_count_time(book: Book) -> None:
    book.record([known("1969-07-20T20:17:40Z")], now=NOW, migrate=True)
    assert book.prefix(dt.date(1969, 7, 20)).position == 1
    assert book.verify() == []


def test_bytes_that_keep_to_the_types_of_a_fact_and_break_a_rule_are_read_and_verifying_tells(
    book: Book, url: str
) -> None:
    book.record([KEYED], now=NOW)
    ((state,),) = asks(url, "SELECT state FROM facts")
    broken = bytes(state).replace(b'"index":"prime"', b'"index":"Prime"')
    tampers(url, f"UPDATE facts SET state = {octets(url, broken)}, leaf_hash = {octets(url, leaf_hash(broken))}")
    (record,) = book.prefix().records
    assert as_record(record.fact)["index"] == "Prime"
    (found,) = book.verify()
    assert found.startswith(
        "What is stored at position 1 is no fact as Asof writes it: 1 validation error for IndexFixed"
    )


def test_what_stands_before_a_damaged_fact_is_read(book: Book, url: str) -> None:
    book.record([OPENED, KEYED, SUIT], now=NOW)
    tampers(url, "UPDATE facts SET recorded_at = NULL WHERE position = 3")
    reading = book.read()
    assert [next(reading).fact for _ in range(2)] == [record.fact for record in book.prefix(2).records]
    with pytest.raises(StoreUnusable, match="position 3 is no fact as Asof writes it: it was not recorded through the"):
        next(reading)


def test_a_log_with_a_gap_is_neither_read_nor_written(book: Book, url: str) -> None:
    book.record([OPENED, KEYED, SUIT], now=NOW)
    tampers(url, "DELETE FROM facts WHERE position = 2")
    sentence = (
        "There is no fact at position 2, and there are later ones. "
        "Keep it as it is, and go on from a copy made before. [position_missing]"
    )
    with pytest.raises(StoreUnusable) as raised:
        book.prefix()
    assert str(raised.value) == sentence
    with Book.open(url) as other, pytest.raises(StoreUnusable) as raised:
        other.record([KEYED], now=NOW)
    assert str(raised.value) == sentence


def test_a_fact_of_a_newer_version_stops_the_reading_of_a_ledger(book: Book, url: str) -> None:
    book.record([OPENED], now=NOW)
    tampers(url, "UPDATE facts SET tag = 'facility_opened.v2'")
    with pytest.raises(StoreUnusable) as raised:
        book.prefix()
    assert str(raised.value) == (
        "The fact at position 1 is stored as 'facility_opened.v2': the ledger was written by a newer version of Asof. "
        "Use that version, or a newer one. [fact_of_newer_version]"
    )


def test_bytes_that_are_no_fact_stop_the_reading_of_a_ledger(book: Book, url: str) -> None:
    book.record([OPENED], now=NOW)
    tampers(url, f"UPDATE facts SET state = {octets(url, b'{}')}, leaf_hash = {octets(url, leaf_hash(b'{}'))}")
    with pytest.raises(StoreUnusable) as raised:
        book.prefix()
    assert str(raised.value) == (
        "What is stored at position 1 is no fact as Asof writes it: the stored bytes do not begin with "
        '{"event":"facility_opened.v1". Keep it as it is, and go on from a copy made before. [fact_damaged]'
    )


def test_an_event_that_came_past_the_book_stops_the_reading_of_a_ledger(book: Book, url: str) -> None:
    book.record([OPENED], now=NOW)
    tampers(url, "UPDATE facts SET recorded_at = NULL")
    with pytest.raises(StoreUnusable) as raised:
        book.prefix()
    assert str(raised.value) == (
        "What is stored at position 1 is no fact as Asof writes it: it was not recorded through the Book. "
        "Keep it as it is, and go on from a copy made before. [fact_damaged]"
    )
