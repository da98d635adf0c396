"""An admission webhook that holds real changes of labelled namespaces until it is told to let go.

Trials (`--dry-run=server`) pass at once, so that it is the change itself that takes its time.
"""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.apiserver.certificates import Authority
from tests.apiserver.client import Client

_PATH = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
_NAME = "holds-changes"
_SECONDS = 30
_LABEL = "kubernetes.io/metadata.name"


@dataclass
class Gatekeeper:
    holds: bool = False
    held: list[dict[str, Any]] = field(default_factory=list)
    """Requests that came while it held, and their objects."""
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _open: asyncio.Event = field(default_factory=asyncio.Event)

    def let_go(self) -> None:
        self.holds = False
        self._open.set()

    async def review(self, request: web.Request) -> web.Response:
        asked = (await request.json())["request"]
        if self.holds and not asked.get("dryRun"):
            self.held.append(asked)
            self.arrived.set()
            await self._open.wait()
        response = {"uid": asked["uid"], "allowed": True}
        return web.json_response(
            {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": response}
        )


@asynccontextmanager
async def gatekeeper(client: Client, namespace: str, folder: Path) -> AsyncIterator[Gatekeeper]:
    """Holds nothing before it is told to."""
    keeper, authority = Gatekeeper(), Authority(folder)
    identity = authority.issue("gatekeeper", addresses=("127.0.0.1",))
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(identity.certificate, identity.key)
    app = web.Application()
    app.router.add_post("/", keeper.review)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
    try:
        url = f"https://127.0.0.1:{runner.addresses[0][1]}/"
        await asyncio.to_thread(client.post, _PATH, _webhook(url, authority, namespace))
        yield keeper
    finally:
        keeper.let_go()
        await asyncio.to_thread(client.delete, f"{_PATH}/{_NAME}")
        await runner.cleanup()


def _webhook(url: str, authority: Authority, namespace: str) -> dict[str, Any]:
    bundle = base64.b64encode(authority.certificate.read_bytes()).decode()
    rule = {
        "apiGroups": ["apps"],
        "apiVersions": ["v1"],
        "resources": ["deployments", "deployments/scale"],
        "operations": ["UPDATE"],
    }
    hook = {
        "name": "gatekeeper.kaia.test",
        "clientConfig": {"url": url, "caBundle": bundle},
        "rules": [rule],
        "namespaceSelector": {"matchLabels": {_LABEL: namespace}},
        "sideEffects": "None",
        "admissionReviewVersions": ["v1"],
        "timeoutSeconds": _SECONDS,
        "failurePolicy": "Fail",
    }
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": _NAME},
        "webhooks": [hook],
    }
