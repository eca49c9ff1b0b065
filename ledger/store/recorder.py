"""The recorders behind eventsourcing's interfaces: appending, reading, tracking, and following the log as it grows."""

from collections import deque
from collections.abc import Sequence
from threading import Event
from typing import Any
from uuid import UUID

from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    Notification,
    ProcessRecorder,
    StoredEvent,
    Subscription,
    Tracking,
    TrackingRecorder,
)
from sqlalchemy import Connection, insert, select, update

from ledger.store import faults
from ledger.store.database import Database
from ledger.store.log import LAST_POSITION, append
from ledger.store.schema import facts, tracking

SECONDS_BETWEEN_LOOKS = 0.1
"""How long a commit of another process may go unseen by a subscription."""

EVENTS_IN_A_LOOK = 500

_EVENT = (facts.c.stream, facts.c.version, facts.c.tag, facts.c.state)


def track(connection: Connection, tracked: Tracking) -> None:
    """Note within a writer's transaction how far a process has read. Raises StoreConflict unless it is further."""
    name, read_to = tracking.c.application_name, tracking.c.notification_id
    before = connection.execute(select(read_to).where(name == tracked.application_name)).scalar()
    if before is None:
        connection.execute(insert(tracking).values((tracked.application_name, tracked.notification_id)))
    elif before < tracked.notification_id:
        further = update(tracking).where(name == tracked.application_name)
        connection.execute(further.values(notification_id=tracked.notification_id))
    else:
        raise faults.not_further(tracked.application_name, tracked.notification_id, before)


class LedgerRecorder:
    """What the recorders of one ledger share: its database, so that all can take part in one transaction."""

    def __init__(self, database: Database) -> None:
        self.database = database


class LedgerAggregateRecorder(LedgerRecorder, AggregateRecorder):
    """Events by stream. Names of streams are text."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Append all the events or none. Raises StoreConflict for a version that a stream already has."""
        self._insert(stored_events, **kwargs)
        return None

    def _insert(self, stored_events: Sequence[StoredEvent], **_: Any) -> list[int]:
        with self.database.appending() as turn:
            return append(turn, stored_events)

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The events of one stream, of versions after `gt` and up to `lte`."""
        version = facts.c.version
        query = select(*_EVENT).where(facts.c.stream == str(originator_id))
        query = query.order_by(version.desc() if desc else version).limit(limit)
        if gt is not None:
            query = query.where(version > gt)
        if lte is not None:
            query = query.where(version <= lte)
        with self.database.reading() as connection:
            return [StoredEvent(*row) for row in connection.execute(query)]


class LedgerApplicationRecorder(LedgerAggregateRecorder, ApplicationRecorder):
    """Events by position: the log as a whole."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Append all the events or none; their positions."""
        return self._insert(stored_events, **kwargs)

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """The events from one position to another, both within, of these tags or of all."""
        position = facts.c.position
        query = select(*_EVENT, position).order_by(position).limit(limit)
        if start is not None:
            query = query.where(position >= start if inclusive_of_start else position > start)
        if stop is not None:
            query = query.where(position <= stop)
        if topics:
            query = query.where(facts.c.tag.in_(topics))
        with self.database.reading() as connection:
            return [Notification(*row) for row in connection.execute(query)]

    def max_notification_id(self) -> int | None:
        """The last position; None for an empty log."""
        with self.database.reading() as connection:
            return connection.execute(LAST_POSITION).scalar()

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> "LedgerSubscription":
        """Every event after a position, those to come included."""
        return LedgerSubscription(self, gt, topics)


class LedgerTrackingRecorder(LedgerRecorder, TrackingRecorder):
    """How far each process has read in the log of another application."""

    def insert_tracking(self, tracking: Tracking) -> None:
        """Note that a process has read further. Raises StoreConflict unless it is further than before."""
        with self.database.writing() as connection:
            track(connection, tracking)

    def max_tracking_id(self, application_name: str) -> int | None:
        """How far it has read; None if it never has."""
        query = select(tracking.c.notification_id).where(tracking.c.application_name == application_name)
        with self.database.reading() as connection:
            return connection.execute(query).scalar()


class LedgerProcessRecorder(LedgerTrackingRecorder, LedgerApplicationRecorder, ProcessRecorder):
    """Events, and how far the process that wrote them had read, in one transaction."""

    def _insert(self, stored_events: Sequence[StoredEvent], *, tracking: Tracking | None = None, **_: Any) -> list[int]:
        with self.database.appending() as turn:
            positions = append(turn, stored_events)
            if tracking is not None:
                track(turn.connection, tracking)
            return positions


class LedgerSubscription(Subscription[LedgerApplicationRecorder]):
    """The log as it grows, read in the thread that asks for the next event.

    A commit in this process wakes it at once. SQLite tells nobody of the commits of other processes, so it also looks
    by itself; positions have no gaps and come in the order of commits, so a look misses nothing.
    """

    def __init__(self, recorder: LedgerApplicationRecorder, gt: int | None = None, topics: Sequence[str] = ()) -> None:
        super().__init__(recorder, gt, topics)
        self._read: deque[Notification] = deque()
        self._woken = Event()
        recorder.database.listen(self._woken)

    def stop(self) -> None:
        """End the iteration, also in a thread that waits in it."""
        super().stop()
        self._recorder.database.unlisten(self._woken)
        self._woken.set()

    def __next__(self) -> Notification:
        """The next event; waits for it if need be."""
        while not self._has_been_stopped:
            if self._read:
                notification = self._read.popleft()
                self._last_notification_id = notification.id
                return notification
            self._woken.clear()
            self._read.extend(
                self._recorder.select_notifications(
                    self._last_notification_id, EVENTS_IN_A_LOOK, topics=self._topics, inclusive_of_start=False
                )
            )
            if not self._read:
                self._woken.wait(SECONDS_BETWEEN_LOOKS)
        raise StopIteration
