"""The rights that docs/approved-changes.yaml gives for changes, given as they stand there."""

from pathlib import Path
from typing import Any

import yaml

from tests.apiserver.client import Client

_DOCUMENT = Path(__file__).parents[2] / "docs" / "approved-changes.yaml"
_RBAC = "/apis/rbac.authorization.k8s.io/v1"


def give_rights(client: Client, namespace: str) -> None:
    """With the namespace of a test in place of the document's. What all namespaces share is made
    once.
    """
    for each in _documented(namespace):
        place = each["metadata"].get("namespace")
        path = f"{_RBAC}/namespaces/{place}" if place else _RBAC
        kind = f"{path}/{each['kind'].lower()}s"
        if not client.has(f"{kind}/{each['metadata']['name']}"):
            client.post(kind, each)


def _documented(namespace: str) -> list[dict[str, Any]]:
    text = _DOCUMENT.read_text(encoding="utf-8")
    return list(yaml.safe_load_all(text.replace("namespace: shop", f"namespace: {namespace}")))
