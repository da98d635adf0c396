"""`kaia triage`: the first look alone, for a terminal or a script; it asks no model."""

import os
from collections.abc import Mapping, Sequence

import orjson
import typer

from bot.cluster.access import find_access
from bot.cluster.api import opened_api
from bot.cluster.bounds import outside
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
    namespaces: Sequence[str],
    everywhere: bool,
    as_json: bool,
    environ: Mapping[str, str] = os.environ,
) -> int:
    """Raises ClusterError where nothing could be looked at."""
    access = await find_access(environ, context=context, namespaces=settings.namespaces, asks=False)
    if access.kind == "none":
        raise ClusterError(access.reason)
    redactor = Redactor(settings.file.redaction_patterns)
    async with opened_api(access, environ) as api:
        reader = Reader(api)
        wanted = None if everywhere else tuple(dict.fromkeys(namespaces)) or (access.namespace,)
        if wanted is not None:
            _check_bounds(access.namespaces, wanted)
            await _check_namespaces(reader, wanted)
        scene = await reader.scene(Scope(wanted))
        report = await examine(api, redactor.redact, scene)
    typer.echo(_as_json(report) if as_json else clean(told(report)))
    return _exit_code(report)


def misread(namespaces: Sequence[str], words: Sequence[str], *, everywhere: bool) -> str:
    """Why these options are not taken, as a sentence; empty where they are."""
    if words:
        meant = " ".join(f"-n {each}" for each in words)
        return f"A namespace stands behind -n: `kaia triage {meant}`."
    if not all(each.strip() for each in namespaces):
        return "The namespace behind -n is empty. Leave -n out for the context's own namespace."
    if namespaces and everywhere:
        return "Give either --namespace or --all-namespaces, not both."
    return ""


def _exit_code(report: Report) -> int:
    if report.is_healthy:
        return _HEALTHY
    return _FINDINGS if report.could_look and report.faults else _BLIND


def _check_bounds(bounds: Sequence[str], names: Sequence[str]) -> None:
    if bounds and (beyond := [each for each in names if each not in bounds]):
        raise ClusterError(outside(beyond, bounds))


async def _check_namespaces(reader: Reader, names: Sequence[str]) -> None:
    """An empty list and a namespace that is not there look alike to the API."""
    known = await reader.namespaces()
    for name in names if known is not None else ():
        _check_namespace(name, known or ())


def _check_namespace(name: str, known: Sequence[str]) -> None:
    if name not in known:
        hint = spoken_hint(did_you_mean(name, known))
        raise ClusterError(
            f"There is no namespace {name}.{hint} `kubectl get namespaces` lists them."
        )


def _as_json(report: Report) -> str:
    return orjson.dumps(to_json(report), option=orjson.OPT_INDENT_2).decode()
