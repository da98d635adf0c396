"""What an account in a pod may do, as the API server itself tells and as it acts."""

import re
from typing import Any

from tests.installing.installed import Installed

# Python's own words, as a program with the pod's token and no kubectl would ask.
_ASKING = """\
import pathlib, ssl, sys, urllib.error, urllib.request
own = pathlib.Path("/var/run/secrets/kubernetes.io/serviceaccount")
tls = ssl.create_default_context(cafile=own / "ca.crt")
headers = {"Authorization": "Bearer " + (own / "token").read_text()}
request = urllib.request.Request("https://10.96.0.1" + sys.argv[1], headers=headers)
opener = urllib.request.build_opener(
    urllib.request.HTTPSHandler(context=tls), urllib.request.ProxyHandler({})
)
try:
    print(opener.open(request, timeout=10).status)
except urllib.error.HTTPError as refused:
    print(refused.code)
"""
_BY_EVERYBODY = {
    "selfsubjectaccessreviews.authorization.k8s.io",
    "selfsubjectreviews.authentication.k8s.io",
    "selfsubjectrulesreviews.authorization.k8s.io",
}
"""Asking what one may do is open to all who are known."""

Rights = dict[str, frozenset[str]]
"""Verbs by resource, as `resource.group`."""


async def asked_by_http(release: Installed, path: str) -> int:
    """The status with which the API server answers the pod's own token."""
    done = await release.in_pod("python", "-c", _ASKING, path)
    assert done.code == 0, done.errors
    return int(done.output)


async def listed(release: Installed, namespace: str) -> Rights:
    """`auth can-i --list` by the pod's own account; what all may do is left out."""
    done = await release.in_pod("kubectl", "auth", "can-i", "--list", "--namespace", namespace)
    assert done.code == 0, done.errors
    rights = {}
    for line in done.output.splitlines()[1:]:
        resource, verbs = line.partition(" ")[0], re.findall(r"\[([^\]]*)\]$", line.strip())
        if resource and not line.startswith(" ") and resource not in _BY_EVERYBODY:
            rights[resource] = frozenset(verbs[0].split())
    return rights


def given(rules: list[dict[str, Any]]) -> Rights:
    """What the rules of a role say, in the same words."""
    found: dict[str, set[str]] = {}
    for rule in rules:
        for group in rule["apiGroups"]:
            for resource in rule["resources"]:
                found.setdefault(_full(resource, group), set()).update(rule["verbs"])
    return {resource: frozenset(verbs) for resource, verbs in found.items()}


def _full(resource: str, group: str) -> str:
    """As kubectl writes it: `deployments.apps/status`."""
    name, slash, part = resource.partition("/")
    return f"{name}.{group}{slash}{part}" if group else resource
