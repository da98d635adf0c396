"""How this process is, while it starts and while it runs: what its probes are told."""

from bot.app.engine import Engine
from bot.app.metrics import Metrics
from bot.errors import StoreAway
from bot.slack.front import SlackFront


class Health:
    """Knows nothing at first: the store may be away for minutes before there is anything else."""

    def __init__(self) -> None:
        self._front: SlackFront | None = None
        self._engine: Engine | None = None

    def knows(self, front: SlackFront, engine: Engine) -> None:
        self._front, self._engine = front, engine

    @property
    def is_alive(self) -> bool:
        """False where only a new process may help: never because Slack, store or model are down."""
        hears = self._front is None or self._front.is_alive
        works = self._engine is None or self._engine.inbox.is_well
        return hears and works

    @property
    def has_slack(self) -> bool:
        return self._front is not None and self._front.is_ready

    @property
    def has_store(self) -> bool:
        return self._engine is not None and self._engine.inbox.is_ready

    @property
    def has_engine(self) -> bool:
        return self._engine is not None and self._engine.is_ready

    async def metrics(self) -> bytes:
        """Raises StoreError."""
        if self._engine is None:
            raise StoreAway("Kaia is starting: its store is not open yet.")
        return await Metrics(self._engine.store, self._engine.inbox).exposition()
