"""The API as JSON over HTTPS, for setting a scene up; never what is being tested."""

import json
import ssl
import urllib.error
import urllib.request
from typing import Any

from tests.apiserver.certificates import Authority, Identity

Manifest = dict[str, Any]


class ApiRefused(Exception):
    """The API server answered with an error."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Client:
    def __init__(self, url: str, authority: Authority, identity: Identity) -> None:
        self._url = url
        tls = ssl.create_default_context(cafile=authority.certificate)
        tls.load_cert_chain(identity.certificate, identity.key)
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=tls), urllib.request.ProxyHandler({})
        )

    def get(self, path: str) -> Manifest:
        return self._send("GET", path)

    def has(self, path: str) -> bool:
        try:
            self.get(path)
        except ApiRefused as refused:
            if refused.status == 404:
                return False
            raise
        return True

    def post(self, path: str, body: Manifest) -> Manifest:
        return self._send("POST", path, body)

    def patch(self, path: str, body: Manifest) -> Manifest:
        return self._send("PATCH", path, body, "application/merge-patch+json")

    def delete(self, path: str) -> Manifest:
        return self._send("DELETE", path, {"gracePeriodSeconds": 0})

    def is_ready(self) -> bool:
        try:
            with self._opener.open(f"{self._url}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def _send(
        self, method: str, path: str, body: Manifest | None = None, kind: str = "application/json"
    ) -> Manifest:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 - our own server's address
            self._url + path, data=data, method=method, headers={"Content-Type": kind}
        )
        try:
            with self._opener.open(request, timeout=20) as answer:
                found: Manifest = json.load(answer)
                return found
        except urllib.error.HTTPError as refusal:
            sentence = f"{method} {path}: {refusal.read().decode()}"
            raise ApiRefused(refusal.code, sentence) from None
