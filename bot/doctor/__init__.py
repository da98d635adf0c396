"""What is missing, in plain words: settings, Slack, model, cluster, store. It mends nothing."""

import asyncio
from collections.abc import Collection, Mapping

from bot.doctor.checks import Check
from bot.doctor.cluster_rights import check_cluster
from bot.doctor.model import check_model
from bot.doctor.report import report
from bot.doctor.runbooks import check_runbooks
from bot.doctor.slack_tokens import check_slack
from bot.doctor.store_file import check_store
from bot.errors import SettingsError
from bot.settings import load_settings

__all__ = ["Check", "examine", "report"]


async def examine(
    environ: Mapping[str, str], *, context: str | None = None, needed_scopes: Collection[str] = ()
) -> list[Check]:
    """Everything is asked at once; with wrong settings nothing else can be."""
    try:
        settings = load_settings(environ)
    except SettingsError as error:
        return [Check("settings", "failed", line) for line in str(error).splitlines()]
    async with asyncio.TaskGroup() as tasks:
        slack = tasks.create_task(check_slack(settings, needed_scopes), name="doctor.slack")
        model = tasks.create_task(check_model(settings), name="doctor.model")
        writes = settings.file.writes if settings.writes == "approve" else None
        cluster = tasks.create_task(
            check_cluster(environ, context, writes, settings.namespaces), name="doctor.cluster"
        )
        store = tasks.create_task(check_store(settings), name="doctor.store")
        runbooks = tasks.create_task(check_runbooks(settings), name="doctor.runbooks")
    remarks = [Check("settings", "warning", remark) for remark in settings.remarks]
    return [
        *(remarks or [Check("settings", "ok", "The settings can be read.")]),
        *slack.result(),
        model.result(),
        *cluster.result(),
        store.result(),
        *runbooks.result(),
    ]
