"""The one thing the tests need of a node: container logs, over TLS, to the API server alone."""

import argparse
import asyncio
import datetime
import ssl
from collections.abc import Mapping
from pathlib import Path

from aiohttp import web

_LOGS = web.AppKey("logs", Path)


def log_file(logs: Path, namespace: str, pod: str, container: str, *, previous: bool) -> Path:
    return logs / namespace / pod / f"{container}{'.previous' if previous else ''}.log"


def write_log(file: Path, text: str, *, last: datetime.datetime) -> None:
    """Writes lines a second apart, the last one at `last`, each after its time as a node does."""
    lines = text.splitlines()
    file.parent.mkdir(parents=True, exist_ok=True)
    begin = last - datetime.timedelta(seconds=max(len(lines) - 1, 0))
    stamped = (
        f"{_rfc3339(begin + datetime.timedelta(seconds=n))} {line}\n"
        for n, line in enumerate(lines)
    )
    file.write_text("".join(stamped))


def select(stamped: str, query: Mapping[str, str], now: datetime.datetime) -> bytes:
    """What a kubelet sends of a log for these query parameters."""
    lines = [line.partition(" ") for line in stamped.splitlines()]
    if since := _since(query, now):
        lines = [line for line in lines if line[0] >= since]
    if "tailLines" in query:
        count = int(query["tailLines"])
        lines = lines[-count:] if count else []
    keeps_time = query.get("timestamps") == "true"
    sent = "".join(f"{''.join(line) if keeps_time else line[2]}\n" for line in lines).encode()
    return sent[: int(query["limitBytes"])] if "limitBytes" in query else sent


def _since(query: Mapping[str, str], now: datetime.datetime) -> str:
    if "sinceSeconds" in query:
        return _rfc3339(now - datetime.timedelta(seconds=int(query["sinceSeconds"])))
    return query.get("sinceTime", "")


def _rfc3339(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


async def _container_logs(request: web.Request) -> web.Response:
    namespace, pod, container = (request.match_info[n] for n in ("namespace", "pod", "container"))
    previous = request.query.get("previous") == "true"
    file = log_file(request.app[_LOGS], namespace, pod, container, previous=previous)
    if file.exists():
        now = datetime.datetime.now(datetime.UTC)
        return web.Response(body=select(file.read_text(), request.query, now))
    if previous:
        missing = f'previous terminated container "{container}" in pod "{pod}" not found'
    else:
        missing = f'container "{container}" in pod "{pod}" is waiting to start'
    return web.Response(status=400, text=missing)


def application(logs: Path) -> web.Application:
    app = web.Application()
    app[_LOGS] = logs
    app.router.add_get("/containerLogs/{namespace}/{pod}/{container}", _container_logs)
    return app


def _tls(folder: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "kubelet.crt", folder / "kubelet.key")
    context.load_verify_locations(folder / "ca.crt")
    context.verify_mode = ssl.CERT_REQUIRED
    return context


async def serve(home: Path) -> None:
    """Serves until cancelled; the port it got stands in `kubelet.port`."""
    runner = web.AppRunner(application(home / "logs"), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=_tls(home / "pki"))
    await site.start()
    port = runner.addresses[0][1]
    part = home / "kubelet.port.part"
    part.write_text(str(port))
    part.rename(home / "kubelet.port")
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    asyncio.run(serve(parser.parse_args().home))
