"""How this process is, while it starts and while it runs: what its probes are told."""

from bot.app.engine import Engine
from bot.app.metrics import Checks, Metrics
from bot.slack.front import SlackFront
from bot.telemetry.meters import Meters


class Health:
    """Knows nothing at first: the store may be away for minutes before there is anything else."""

    def __init__(self, meters: Meters) -> None:
        self._meters = meters
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

    @property
    def parts(self) -> Checks:
        """What has to be well before this is ready."""
        return {
            "slack": lambda: self.has_slack,
            "store": lambda: self.has_store,
            "engine": lambda: self.has_engine,
        }

    async def metrics(self) -> bytes:
        engine = self._engine
        asked = (engine.store, engine.inbox) if engine is not None else None
        return await Metrics(self._meters, self.parts, asked).exposition()
