"""`kaia triage`: the first look alone, for a terminal or a script; it asks no model."""

import os
from collections.abc import Mapping

import orjson
import typer

from bot.cluster.access import find_access
from bot.cluster.api import opened_api
from bot.cluster.likeness import did_you_mean, spoken_hint
from bot.cluster.reading import Reader, Scope
from bot.cluster.report import Report, to_json
from bot.cluster.telling import told
from bot.cluster.triage import examine
from bot.errors import ClusterError
from bot.plaintext import clean
from bot.redaction import Redactor
from bot.settings import Settings

_HEALTHY, _FINDINGS, _BLIND = 0, 1, 2


async def run_triage(
    settings: Settings,
    context: str | None,
    *,
    namespace: str | None,
    everywhere: bool,
    as_json: bool,
    environ: Mapping[str, str] = os.environ,
) -> int:
    """Raises ClusterError where nothing could be looked at."""
    access = await find_access(environ, context=context, asks=False)
    if access.kind == "none":
        raise ClusterError(access.reason)
    redactor = Redactor(settings.file.redaction_patterns)
    async with opened_api(access, environ) as api:
        reader = Reader(api)
        wanted = None if everywhere else (namespace or access.namespace,)
        if wanted is not None:
            await _check_namespace(reader, wanted[0])
        scene = await reader.scene(Scope(wanted))
        report = await examine(api, redactor.redact, scene)
    typer.echo(_as_json(report) if as_json else clean(told(report)))
    if not report.could_look:
        return _BLIND
    return _HEALTHY if report.is_healthy else _FINDINGS


async def _check_namespace(reader: Reader, name: str) -> None:
    """An empty list and a namespace that is not there look alike to the API."""
    known = await reader.namespaces()
    if known is not None and name not in known:
        hint = spoken_hint(did_you_mean(name, known))
        raise ClusterError(
            f"There is no namespace {name}.{hint} `kubectl get namespaces` lists them."
        )


def _as_json(report: Report) -> str:
    return orjson.dumps(to_json(report), option=orjson.OPT_INDENT_2).decode()
