"""eventsourcing's infrastructure over a ledger, for an application with `PERSISTENCE_MODULE=ledger.store.factory`."""

from typing import cast

from eventsourcing.domain import TAggregateID
from eventsourcing.persistence import InfrastructureFactory, Mapper, NotSupportedError, Transcoder
from eventsourcing.utils import Environment, EnvType, resolve_topic, strtobool

from ledger.store.database import Database
from ledger.store.mapper import FactMapper
from ledger.store.recorder import (
    LedgerAggregateRecorder,
    LedgerApplicationRecorder,
    LedgerProcessRecorder,
    LedgerTrackingRecorder,
)


class LedgerFactory(InfrastructureFactory[LedgerTrackingRecorder]):
    """Recorders over the one database that `ASOF_DB` names; `CREATE_TABLE` (default yes) makes it a ledger if need be.

    Its mapper is the `FactMapper`, unless `MAPPER_TOPIC` names another. There are no snapshots: a ledger is read whole.
    """

    ASOF_DB = "ASOF_DB"
    CREATE_TABLE = "CREATE_TABLE"

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        url = self.env.get(self.ASOF_DB)
        if not url:
            msg = "Set ASOF_DB to the ledger's URL, such as sqlite:///asof.db."
            raise OSError(msg)
        self.database = Database(url, create=strtobool(self.env.get(self.CREATE_TABLE) or "yes"))

    def mapper(
        self, transcoder: Transcoder | None = None, mapper_class: type[Mapper[TAggregateID]] | None = None
    ) -> Mapper[TAggregateID]:
        """The mapper of facts, unless one is given or named."""
        if mapper_class is None and not self.env.get(self.MAPPER_TOPIC):
            mapper_class = cast("type[Mapper[TAggregateID]]", FactMapper)
        return super().mapper(transcoder, mapper_class)

    def aggregate_recorder(self, purpose: str = "events") -> LedgerAggregateRecorder:
        """A recorder by stream. Raises NotSupportedError for snapshots."""
        if purpose != "events":
            msg = f"A ledger keeps facts and derives the rest: there is no place in it for {purpose}."
            raise NotSupportedError(msg)
        return LedgerAggregateRecorder(self.database)

    def application_recorder(self) -> LedgerApplicationRecorder:
        """A recorder by stream and by position."""
        return LedgerApplicationRecorder(self.database)

    def tracking_recorder(
        self, tracking_recorder_class: type[LedgerTrackingRecorder] | None = None
    ) -> LedgerTrackingRecorder:
        """A recorder of how far processes have read, of the class given or named by `TRACKING_RECORDER_TOPIC`."""
        topic = self.env.get(self.TRACKING_RECORDER_TOPIC)
        recorder_class = tracking_recorder_class or (resolve_topic(topic) if topic else LedgerTrackingRecorder)
        assert issubclass(recorder_class, LedgerTrackingRecorder)
        return recorder_class(self.database)

    def process_recorder(self) -> LedgerProcessRecorder:
        """A recorder of events together with how far the process that wrote them had read."""
        return LedgerProcessRecorder(self.database)

    def close(self) -> None:
        """Close the database."""
        self.database.close()
