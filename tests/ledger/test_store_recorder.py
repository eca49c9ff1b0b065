"""The conformance tests that eventsourcing ships, on SQLite in a file and in memory and on PostgreSQL, and more."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import TestCase
from uuid import uuid4

import pytest
from eventsourcing.persistence import (
    EventStore,
    IntegrityError,
    JSONTranscoder,
    Mapper,
    NotSupportedError,
    StoredEvent,
    Tracking,
)
from eventsourcing.tests import persistence as conformance
from eventsourcing.utils import Environment, get_topic
from sqlalchemy import URL, inspect

from ledger.facts import Fact
from ledger.rejected import StoreUnusable
from ledger.store.database import Database
from ledger.store.factory import LedgerFactory
from ledger.store.log import append
from ledger.store.mapper import FactEvent, FactMapper
from ledger.store.recorder import (
    LedgerAggregateRecorder,
    LedgerApplicationRecorder,
    LedgerProcessRecorder,
    LedgerTrackingRecorder,
    track,
)
from tests.servers import schema
from tests.spec import fact


def wait_for_readers() -> None:
    """The conformance tests end without waiting for the threads in which they read."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join(timeout=10)


class InFile(TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.database = self.new_database()
        self.addCleanup(self.database.close)
        self.addCleanup(wait_for_readers)

    def new_database(self) -> Database:
        directory = TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        return Database(f"sqlite:///{directory.name}/ledger.db", create=True)

    def new_originator_id(self) -> str:
        return str(uuid4())


class InMemory(InFile):
    def new_database(self) -> Database:
        return Database("sqlite://")


class OnServer(InFile):
    @pytest.fixture(autouse=True)
    def _schema(self, postgresql: URL) -> Iterator[None]:
        with schema(postgresql) as self.url:
            yield

    def new_database(self) -> Database:
        return Database(self.url, create=True)


class TestByStreamInFile(InFile, conformance.AggregateRecorderTestCase):
    def create_recorder(self) -> LedgerAggregateRecorder:
        return LedgerAggregateRecorder(self.database)


class TestByStreamInMemory(InMemory, TestByStreamInFile):
    pass


class TestByStreamOnServer(OnServer, TestByStreamInFile):
    pass


class TestByPositionInFile(InFile, conformance.ApplicationRecorderTestCase[LedgerApplicationRecorder]):
    def create_recorder(self) -> LedgerApplicationRecorder:
        return LedgerApplicationRecorder(self.database)

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestByPositionInMemory(InMemory, TestByPositionInFile):
    pass


class TestByPositionOnServer(OnServer, TestByPositionInFile):
    pass


class TestTrackingInFile(InFile, conformance.TrackingRecorderTestCase):
    def create_recorder(self) -> LedgerTrackingRecorder:
        return LedgerTrackingRecorder(self.database)


class TestTrackingInMemory(InMemory, TestTrackingInFile):
    pass


class TestTrackingOnServer(OnServer, TestTrackingInFile):
    pass


class TestProcessInFile(InFile, conformance.ProcessRecorderTestCase):
    def create_recorder(self) -> LedgerProcessRecorder:
        return LedgerProcessRecorder(self.database)


class TestProcessInMemory(InMemory, TestProcessInFile):
    pass


class TestProcessOnServer(OnServer, TestProcessInFile):
    pass


class TestInterleavingInFile(InFile, conformance.NonInterleavingNotificationIDsBaseCase):
    def create_recorder(self) -> LedgerApplicationRecorder:
        return LedgerApplicationRecorder(self.database)


class TestInterleavingInMemory(InMemory, TestInterleavingInFile):
    pass


class TestInterleavingOnServer(OnServer, TestInterleavingInFile):
    pass


class OurTrackingRecorder(LedgerTrackingRecorder):
    pass


class TestFactory(conformance.InfrastructureFactoryTestCase[LedgerFactory]):
    def setUp(self) -> None:
        # These tests map events of their own, by their import paths, with ciphers and compressors.
        mapper = {LedgerFactory.MAPPER_TOPIC: get_topic(Mapper)}
        self.env = Environment(
            env={"PERSISTENCE_MODULE": "ledger.store.factory", LedgerFactory.ASOF_DB: "sqlite://"} | mapper
        )
        super().setUp()

    def expected_factory_class(self) -> type[LedgerFactory]:
        return LedgerFactory

    def expected_aggregate_recorder_class(self) -> type[LedgerAggregateRecorder]:
        return LedgerAggregateRecorder

    def expected_application_recorder_class(self) -> type[LedgerApplicationRecorder]:
        return LedgerApplicationRecorder

    def expected_tracking_recorder_class(self) -> type[LedgerTrackingRecorder]:
        return LedgerTrackingRecorder

    def tracking_recorder_subclass(self) -> type[LedgerTrackingRecorder]:
        return OurTrackingRecorder

    def expected_process_recorder_class(self) -> type[LedgerProcessRecorder]:
        return LedgerProcessRecorder


# --- beyond conformance ----------------------------------------------------------------------------------------------


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database(url, create=True)
    yield opened
    opened.close()


def an_event(stream: str = "s", version: int = 1, topic: str = "topic") -> StoredEvent:
    return StoredEvent(stream, version, topic, b"state")


SUIT: Fact = fact("[{event: ActTaken, effective: 2001-09-15, facility: cit, act: suit, by: trustee, seeks: remedies}]")


def test_events_are_not_recorded_if_their_tracking_is_refused(database: Database) -> None:
    recorder = LedgerProcessRecorder(database)
    recorder.insert_events([an_event(version=1)], tracking=Tracking("upstream", 7))
    with pytest.raises(IntegrityError) as refused:
        recorder.insert_events([an_event(version=2)], tracking=Tracking("upstream", 7))
    assert str(refused.value) == (
        "The log of upstream is tracked up to position 7 already, and 7 is no further. "
        "Go on after position 7. [tracking_not_further]"
    )
    assert recorder.max_notification_id() == 1


def test_a_tracking_is_not_recorded_if_its_events_are_refused(database: Database) -> None:
    recorder = LedgerProcessRecorder(database)
    recorder.insert_events([an_event(version=1)], tracking=Tracking("upstream", 7))
    with pytest.raises(IntegrityError):
        recorder.insert_events([an_event(version=1)], tracking=Tracking("upstream", 8))
    assert recorder.max_tracking_id("upstream") == 7


def test_events_a_tracking_and_a_table_of_the_caller_share_a_transaction(database: Database) -> None:
    recorder = LedgerProcessRecorder(database)

    def write_and_fail() -> None:
        with database.appending() as turn:
            append(turn, [an_event()])
            track(turn.connection, Tracking("upstream", 1))
            turn.connection.exec_driver_sql("CREATE TABLE read_model (answer TEXT)")
            raise LookupError

    with pytest.raises(LookupError):
        write_and_fail()
    assert recorder.max_notification_id() is None
    assert recorder.max_tracking_id("upstream") is None
    with database.reading() as connection:
        assert not inspect(connection).has_table("read_model")


def test_two_applications_share_no_transaction(database: Database, tmp_path: Path) -> None:
    one, other = database, Database(f"sqlite:///{tmp_path}/other.db", create=True)

    def write_to_both_and_fail_in_one() -> None:
        with one.appending() as turn:
            append(turn, [an_event()])
            LedgerApplicationRecorder(other).insert_events([an_event()])
            raise LookupError

    with pytest.raises(LookupError):
        write_to_both_and_fail_in_one()
    assert LedgerApplicationRecorder(one).max_notification_id() is None
    assert LedgerApplicationRecorder(other).max_notification_id() == 1
    other.close()


def test_an_aborted_append_leaves_no_gap(database: Database) -> None:
    recorder = LedgerApplicationRecorder(database)
    assert recorder.insert_events([an_event(version=1)]) == [1]
    with pytest.raises(IntegrityError) as refused:
        recorder.insert_events([an_event(version=2), an_event(version=1)])
    assert str(refused.value) == (
        f"{database.place} takes nothing of this: This version of the stream is already recorded. "
        "Read it again, and decide again. [store_refused]"
    )
    assert recorder.insert_events([an_event(version=2)]) == [2]


def test_a_reader_sees_the_log_at_one_moment(database: Database) -> None:
    recorder = LedgerApplicationRecorder(database)
    with database.reading() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM facts").scalar_one()
        recorder.insert_events([an_event()])
        assert connection.exec_driver_sql("SELECT count(*) FROM facts").scalar_one() == before


def test_a_subscription_sees_what_others_commit_to_the_same_file(database: Database, url: str) -> None:
    # another Database on the file has listeners of its own, as another process would
    stranger = Database(url)
    with (
        LedgerApplicationRecorder(database).subscribe() as subscription,
        ThreadPoolExecutor(max_workers=1) as executor,
    ):
        waiting = executor.submit(next, subscription)
        LedgerApplicationRecorder(stranger).insert_events([an_event(topic="from afar")])
        assert waiting.result(timeout=10).topic == "from afar"
    stranger.close()


def test_a_subscription_that_waits_can_be_stopped(database: Database) -> None:
    with (
        LedgerApplicationRecorder(database).subscribe() as subscription,
        ThreadPoolExecutor(max_workers=1) as executor,
    ):
        waiting: Any = executor.submit(list, subscription)
        subscription.stop()
        assert waiting.result(timeout=10) == []


def test_a_subscriber_behind_many_writers_of_whom_some_abort_misses_and_doubles_nothing(database: Database) -> None:
    recorder = LedgerApplicationRecorder(database)

    def write(writer: int) -> None:
        for version in range(1, 21):
            recorder.insert_events([an_event(f"w{writer}", version)])
            with pytest.raises(IntegrityError):
                recorder.insert_events([an_event(f"x{writer}", version), an_event(f"w{writer}", version)])

    with recorder.subscribe() as subscription, ThreadPoolExecutor(max_workers=4) as executor:
        writers = [executor.submit(write, writer) for writer in range(4)]
        seen = [next(subscription) for _ in range(80)]
        for each in writers:
            each.result()
    assert [notification.id for notification in seen] == list(range(1, 81))
    assert len({(each.originator_id, each.originator_version) for each in seen}) == 80


def test_an_event_store_of_facts_keeps_tags_and_canonical_bytes(database: Database, url: str) -> None:
    factory = LedgerFactory({LedgerFactory.ASOF_DB: url, "CREATE_TABLE": "no"})
    store: EventStore[str] = factory.event_store()
    assert isinstance(store.mapper, FactMapper)
    event = FactEvent(SUIT.subject, 1, SUIT)
    (recording,) = store.put([event])
    assert recording.notification.topic == "act_taken.v1"
    assert list(store.get(SUIT.subject)) == [event]
    factory.close()


def test_an_event_store_does_not_look_for_a_tag_that_it_does_not_know_among_python_names(database: Database) -> None:
    LedgerApplicationRecorder(database).insert_events([an_event("facility/cit", topic="decimal:Decimal")])
    store: EventStore[str] = EventStore(FactMapper(JSONTranscoder()), LedgerApplicationRecorder(database))
    with pytest.raises(StoreUnusable) as raised:
        list(store.get("facility/cit"))
    assert str(raised.value) == (
        "The fact at facility/cit, version 1, is stored as 'decimal:Decimal': the ledger was written by a newer "
        "version of Asof. Use that version, or a newer one. [fact_of_newer_version]"
    )


def test_a_cipher_or_a_compressor_is_refused() -> None:
    factory = LedgerFactory({LedgerFactory.ASOF_DB: "sqlite://", LedgerFactory.COMPRESSOR_TOPIC: "zlib"})
    with pytest.raises(NotSupportedError) as refused:
        factory.mapper()
    assert str(refused.value) == (
        "A ledger stores a fact's canonical bytes, which anyone can hash: set neither compressor nor cipher."
    )
    factory.close()


def test_there_are_no_snapshots() -> None:
    factory = LedgerFactory({LedgerFactory.ASOF_DB: "sqlite://"})
    with pytest.raises(NotSupportedError) as refused:
        factory.aggregate_recorder(purpose="snapshots")
    assert str(refused.value) == "A ledger keeps facts and derives the rest: there is no place in it for snapshots."
    factory.close()


def test_a_factory_needs_to_be_told_where_the_ledger_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(LedgerFactory.ASOF_DB, raising=False)
    with pytest.raises(OSError, match=r"^Set ASOF_DB to the ledger's URL, such as sqlite:///asof\.db\.$"):
        LedgerFactory({})
