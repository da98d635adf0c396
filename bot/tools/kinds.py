"""What the policy knows of resource types: which are never read, and which verbs take which."""

import re

_NO_API_VERSION = r"(?!v[0-9]+((alpha|beta)[0-9]+)?(?![a-z0-9.-]))"
"""`v1/secrets` looks like type and name, and is a path of the API."""
TYPE = _NO_API_VERSION + r"[a-z][a-z0-9-]{0,62}(\.[a-z0-9][a-z0-9.-]{0,252})?"
NAME = r"[a-z0-9]([a-z0-9.:-]{0,251}[a-z0-9])?"

SERVICE_ACCOUNTS = frozenset({"serviceaccount", "serviceaccounts", "sa"})

_PODS = frozenset({"pod", "pods", "po"})

WITH_ROLLOUTS = frozenset(
    {
        *("deployment", "deployments", "deploy"),
        *("statefulset", "statefulsets", "sts"),
        *("daemonset", "daemonsets", "ds"),
    }
)

WITH_LOGS = (
    _PODS
    | WITH_ROLLOUTS
    | {
        *("replicaset", "replicasets", "rs"),
        *("replicationcontroller", "replicationcontrollers", "rc"),
        *("job", "jobs", "service", "services", "svc"),
    }
)

CLUSTER_SCOPED = frozenset(
    {
        *("node", "nodes", "no", "namespace", "namespaces", "ns"),
        *("persistentvolume", "persistentvolumes", "pv"),
        *("storageclass", "storageclasses", "sc", "ingressclass", "ingressclasses"),
        *("clusterrole", "clusterroles", "clusterrolebinding", "clusterrolebindings"),
        *("customresourcedefinition", "customresourcedefinitions", "crd", "crds"),
        *("priorityclass", "priorityclasses", "pc", "apiservice", "apiservices"),
        *("certificatesigningrequest", "certificatesigningrequests", "csr"),
        *("mutatingwebhookconfiguration", "mutatingwebhookconfigurations"),
        *("validatingwebhookconfiguration", "validatingwebhookconfigurations"),
        *("componentstatus", "componentstatuses", "cs", "volumeattachment", "volumeattachments"),
    }
)
"""For these a namespace says nothing. An unknown type gets one: kubectl passes over it."""


def base(kind: str) -> str:
    """The type without group and version, folded for comparison only: `secrets.v1.` → `secrets`."""
    return kind.partition(".")[0].lower()


def is_type(word: str) -> bool:
    return re.fullmatch(TYPE, word) is not None


def is_name(word: str) -> bool:
    return re.fullmatch(NAME, word) is not None
