"""Store, inbox and turns around one cluster and one model; front ends are plugged into it."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import structlog

from bot.agents.context import BYTES_PER_TOKEN
from bot.agents.models import built_in
from bot.agents.team import Assistant
from bot.agents.wrapped import Model
from bot.app import changes, reach
from bot.app.measuring import counted
from bot.app.naming import name_of, spoken_model
from bot.app.stores import opened, opened_patiently
from bot.audit import Audit, Record, unrecorded
from bot.cluster.access import ClusterAccess, find_access
from bot.cluster.api import ClusterApi
from bot.cluster.watches.watcher import Watcher
from bot.conversations.inbox.pace import Pace
from bot.conversations.inbox.queue import Inbox
from bot.conversations.records import Ending, Turn, kind_of
from bot.conversations.storage.store import Store
from bot.conversations.turns.approvals import Approvals
from bot.conversations.turns.caps import Caps
from bot.conversations.turns.closing.exports import Exports
from bot.conversations.turns.pictures import Pictures
from bot.conversations.turns.turn import Turns
from bot.conversations.turns.watching import Watching
from bot.conversations.watches.keeper import Keeper
from bot.dialogue import AudienceFor, Input
from bot.redaction import Redactor
from bot.settings import Settings
from bot.telemetry.seams import UNMEASURED, Telemetry
from bot.tools.changes import Changer
from bot.tools.remembered import Remembered, RememberingKubectl
from bot.tools.runbooks import Runbooks
from bot.tools.runner import Kubectl
from bot.tools.toolbox import Toolbox

_LOOK_AGAIN_SECONDS = 15.0

_log = structlog.get_logger()


class Engine:
    def __init__(
        self,
        settings: Settings,
        store: Store,
        redactor: Redactor,
        kubectl: Kubectl,
        api: ClusterApi,
        model: Model,
        record: Record = unrecorded,
        telemetry: Telemetry = UNMEASURED,
    ) -> None:
        self._settings = settings
        self.store = store
        self.record = record
        self.telemetry = telemetry
        self._redactor = redactor
        self._kubectl = kubectl
        self.api = api
        self._model = replace(model, telemetry=telemetry)
        self._turns: Turns | None = None
        self._audience_for: AudienceFor | None = None
        self._approvals = Approvals(store, self._changer(), settings.file.writes, record=record)
        self.inbox = Inbox(
            store,
            self._run_turn,
            redactor,
            note=self._note,
            objection=self._approvals.objection,
            pace=Pace(
                parallel_turns=settings.parallel_turns,
                drain_seconds=settings.grace_seconds,
                retention_days=settings.retention_days,
            ),
            telemetry=telemetry,
        )

    def _changer(self) -> Changer | None:
        """None where changes are off: then there is nothing in this process that could run one."""
        if self._settings.writes == "off":
            return None
        return Changer(self._kubectl, self._redactor, self._settings.file.writes)

    async def _note(self, said: Input, markdown: str) -> None:
        if self._audience_for is not None:
            await self._audience_for(said).note(markdown)

    def cluster(self) -> str:
        """The name that stands in every answer."""
        return self._settings.cluster_name or name_of(self._kubectl.access)

    @property
    def model_label(self) -> str:
        return self._model.label

    @property
    def is_ready(self) -> bool:
        """The store is open, and turns are run."""
        return self._turns is not None

    async def run(self, audience_for: AudienceFor, *, watches: bool = True) -> None:
        """Runs turns and shows them to whoever follows, until it is cancelled; then drains.
        `watches`: something can be said here that nobody has just asked.
        """
        self._audience_for = audience_for
        watcher = Watcher(self.api)
        keeper = Keeper(self.store, watcher, self.inbox.receive)
        watching = Watching(self.store, watcher) if watches else None
        self._turns = self._turns_for(audience_for, watching, keeper.wake)
        keeping = asyncio.create_task(keeper.run(), name="watches") if watches else None
        try:
            await self.inbox.run()
        finally:
            if keeping is not None:
                keeping.cancel()
                await asyncio.wait({keeping})
            await watcher.close()

    def _turns_for(
        self, audience_for: AudienceFor, watching: Watching | None, on_watches: Callable[[], None]
    ) -> Turns:
        namespace_for = self._settings.file.channel_namespaces.get
        # Where nobody is told of a watch, nothing of a conversation is kept either.
        exports = Exports(self.store, self.api, self._redactor, namespace_for) if watching else None
        return Turns(
            self.store,
            audience_for=audience_for,
            assistant=self._assistant(self._model),
            fallback=self._fallback(),
            toolbox=Toolbox(
                self._kubectl,
                self.api,
                budget_chars=int(self._settings.num_ctx // 4 * BYTES_PER_TOKEN),
                runbooks=Runbooks(self._settings.file.runbooks),
                writes=self._settings.file.writes if self._settings.writes == "approve" else None,
                record=self.record,
            ),
            approvals=self._approvals,
            watching=watching,
            pictures=Pictures(self.api, namespace_for),
            exports=exports,
            on_watches=on_watches,
            caps=Caps(self._settings.turns_per_hour, self._settings.daily_tokens),
            redactor=self._redactor,
            cluster=self.cluster,
            about=self.about,
            situation=self._situation,
            namespace_for=namespace_for,
        )

    async def aclose(self) -> None:
        """Begins nothing more, and gives what runs its time to end. Bounded."""
        await self.inbox.aclose()

    async def keep_looking_for_a_cluster(
        self,
        environ: Mapping[str, str],
        context: str | None,
        *,
        seconds: float = _LOOK_AGAIN_SECONDS,
    ) -> None:
        """A cluster that did not answer at start may do so later."""
        access = self._kubectl.access
        while access.kind == "none":
            await asyncio.sleep(seconds)
            access = await find_access(
                environ, context=context, namespaces=self._settings.namespaces
            )
            self._kubectl.access = self.api.access = access
            _log.info("cluster.looked_for", found=access.kind, server=access.server)

    async def _run_turn(self, turn: Turn) -> Ending:
        assert self._turns is not None  # noqa: S101 - the inbox runs only inside `run`
        kind = "word" if turn.kind == "word" else kind_of(turn.said)
        with self.telemetry.doing("turn", kind, turn.said.id) as running:
            running.notes(attempt=turn.attempt)
            ending = await self._turns.run(turn)
            running.ends(ending.status)
            return ending

    def _assistant(self, model: Model) -> Assistant:
        return Assistant(model, deadline_seconds=self._settings.turn_timeout_seconds)

    def _fallback(self) -> Assistant | None:
        if self._model.label == "builtin":
            return None
        return self._assistant(replace(built_in(self._settings), telemetry=self.telemetry))

    def about(self) -> str:
        """What Kaia can see here, for people."""
        access = self._kubectl.access
        if access.kind == "none":
            return f"I cannot see a cluster right now. {access.reason}"
        return (
            f"I read the cluster {self.cluster()} with `kubectl`: read-only, and never a Secret."
            f"{reach.for_people(access)}{changes.for_people(self._settings)}"
            f" My answers are worded by {spoken_model(self._model.label)}."
        )

    def _situation(self, said: Input) -> str:
        access = self._kubectl.access
        namespace = self._settings.file.channel_namespaces.get(said.thread.channel)
        return (
            f"Cluster: {self.cluster()}.\n"
            f"Commands that name no namespace look in: {namespace or access.namespace}.\n"
            f"It is {datetime.now(UTC):%Y-%m-%d %H:%M} UTC.{reach.for_the_model(access)}"
            f"{changes.for_the_model(self._settings)}"
        )


@asynccontextmanager
async def opened_engine(
    settings: Settings,
    *,
    store_url: str,
    model: Model,
    access: ClusterAccess,
    environ: Mapping[str, str],
    is_patient: bool = False,
    telemetry: Telemetry = UNMEASURED,
    remembered: Remembered | None = None,
) -> AsyncIterator[Engine]:
    """Holds the store for as long as it is open. Raises StoreError, SettingsError.
    `is_patient` waits for a store; commands whose outputs are `remembered` are not run.
    """
    # AutoGen's own spans hold whole messages; it reads this as each team is built.
    os.environ["AUTOGEN_DISABLE_RUNTIME_TRACING"] = "true"
    redactor = Redactor(settings.file.redaction_patterns)
    audit = Audit(settings.audit_file, redactor)
    record = counted(audit.record, telemetry)
    store = await (opened_patiently if is_patient else opened)(store_url)
    seams = {"environ": environ, "record": record, "telemetry": telemetry}
    kubectl = RememberingKubectl(access, redactor, remembered=remembered, **seams)
    api = ClusterApi(access, environ)
    try:
        yield Engine(settings, store, redactor, kubectl, api, model, record, telemetry)
    finally:
        await api.close()
        await store.close()
        await model.close()
        audit.close()
