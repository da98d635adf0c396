"""What a kubectl command asks, freed of how it is spelled; pure, and it judges nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.tools.commandline import Refused, Request, parse
from bot.tools.kinds import CLUSTER_SCOPED
from bot.tools.operands import types_asked_about
from bot.tools.verbs import READS, Operands

EVERYWHERE = "*"
"""The namespace of a question about all of them."""

_SHORT = {
    "po": "pod", "deploy": "deployment", "sts": "statefulset", "ds": "daemonset",
    "rs": "replicaset", "rc": "replicationcontroller", "svc": "service", "no": "node",
    "ns": "namespace", "pv": "persistentvolume", "pvc": "persistentvolumeclaim", "cm": "configmap",
    "sa": "serviceaccount", "sc": "storageclass", "ing": "ingress", "netpol": "networkpolicy",
    "hpa": "horizontalpodautoscaler", "pdb": "poddisruptionbudget", "cj": "cronjob", "ev": "event",
    "ep": "endpoints", "quota": "resourcequota", "limits": "limitrange", "cs": "componentstatus",
    "crd": "customresourcedefinition", "crds": "customresourcedefinition", "csr":
    "certificatesigningrequest", "pc": "priorityclass",
}  # fmt: skip
_WITHOUT_PLURAL = frozenset({"endpoints", "all", "ingress"})
_OWN_GROUPS = frozenset({
    "apps", "batch", "autoscaling", "policy", "networking.k8s.io", "storage.k8s.io",
    "discovery.k8s.io", "events.k8s.io", "rbac.authorization.k8s.io", "scheduling.k8s.io",
    "apiextensions.k8s.io", "apiregistration.k8s.io", "admissionregistration.k8s.io",
})  # fmt: skip
"""Kubernetes' own: their types mean the same with and without the group."""


_MISSING = re.compile(r'\(NotFound\): ([a-z0-9-]+)[\w.-]* "([^"]+)" not found')


@dataclass(frozen=True, slots=True)
class Question:
    """A command, its types in one spelling and its options by long name."""

    verb: str
    kinds: frozenset[str]
    """Singular, such as `pod`."""
    names: frozenset[str]
    """`pod/web-0`; where nothing is named, the whole list is asked for."""
    namespace: str
    """Empty for what belongs to none."""
    options: frozenset[tuple[str, str]]
    """All but the namespace."""

    def value(self, name: str) -> str:
        return dict(self.options).get(name, "")

    @property
    def output(self) -> str:
        return self.value("output")


def read_question(argv: Sequence[str], namespace: str = "default") -> Question | None:
    """`namespace`: meant where the command names none. None for what the policy would refuse."""
    try:
        request = parse(list(argv[1:]), READS)
    except Refused:
        return None
    names = frozenset(_names(request))
    kinds = frozenset(_kinds(request, names))
    options = frozenset(
        (option.name, option.value)
        for option in request.options
        if option.name not in ("namespace", "all-namespaces", "for")
    )
    place = _place(request, namespace)
    return Question(request.verb.name, kinds, names, place, options)


def looked_for(argv: Sequence[str], stderr: str) -> tuple[str, str, str]:
    """Type in the plural, namespace and name of what was not found; empty what was not named."""
    question = read_question(argv, "")
    if question is None:
        return "", "", ""
    namespace = "" if question.namespace == EVERYWHERE else question.namespace
    missing = _MISSING.search(stderr)
    if missing and missing[1] != "namespaces":
        return missing[1], namespace, missing[2]
    if not question.names:
        return plural(min(question.kinds, default="")), namespace, ""
    kind, _, name = min(question.names).partition("/")
    return plural(kind), namespace, name


def _place(request: Request, namespace: str) -> str:
    types = types_asked_about(request)
    says_nothing = bool(types) and all(kind in CLUSTER_SCOPED or kind == "" for kind in types)
    if not request.verb.is_namespaced or says_nothing:
        return ""
    if request.is_on("all-namespaces"):
        return EVERYWHERE
    return request.value("namespace") or namespace


def _kinds(request: Request, names: frozenset[str]) -> list[str]:
    match request.verb.name:
        case "events":
            return ["event"]
        case _ if names:
            return [name.partition("/")[0] for name in names]
        case "logs":
            return ["pod"]
        case "top pods" | "top nodes" as verb:
            return [singular(verb.split()[1])]
        case _:
            return [singular(kind) for kind in types_asked_about(request) if kind]


def _names(request: Request) -> list[str]:
    """What is named, each as TYPE/NAME."""
    if about := request.value("for"):
        return [_path(about)]
    match request.verb.operands:
        case Operands.OBJECTS:
            return _object_names(request.operands)
        case Operands.LOG:
            return [_path(word if "/" in word else f"pod/{word}") for word in request.operands]
        case Operands.NAME:
            kind = singular(request.verb.words[-1])
            return [f"{kind}/{name}" for name in request.operands]
        case Operands.FIELD | Operands.QUESTION:
            return [_field(request.operands)] if request.operands else []
        case Operands.NOTHING | Operands.TARGET | Operands.NODE | Operands.IMAGES:
            return []  # a change asks nothing


def _object_names(operands: Sequence[str]) -> list[str]:
    if any("/" in word for word in operands):
        return [_path(word) for word in operands]
    kinds = [singular(kind) for kind in operands[0].split(",")] if operands else []
    return [f"{kind}/{name}" for kind in kinds for name in operands[1:]]


def _path(word: str) -> str:
    kind, _, name = word.partition("/")
    return f"{singular(kind)}/{name}"


def _field(operands: Sequence[str]) -> str:
    """`pods.spec` asks the same as `pod.spec`; of a question of rights the verb comes first."""
    *verb, about = operands
    head, dot, rest = about.partition(".")
    return " ".join([*verb, f"{singular(head)}{dot}{rest}"])


def singular(kind: str) -> str:
    """One spelling of a type: `po`, `pods` and `pods.v1.` are `pod`; foreign groups stay."""
    name, _, group = kind.lower().partition(".")
    group = ".".join(part for part in group.split(".") if not _is_version(part))
    name = _SHORT.get(name, name)
    if name not in _WITHOUT_PLURAL:
        name = _without_plural(name)
    return f"{name}.{group}" if group and group not in _OWN_GROUPS else name


def _is_version(part: str) -> bool:
    return part == "" or (part[0] == "v" and part[1:2].isdigit())


def _without_plural(name: str) -> str:
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    if name.endswith(("sses", "xes", "ches", "uses")):
        return name[:-2]
    return name[:-1] if name.endswith("s") and not name.endswith("ss") else name


def plural(kind: str) -> str:
    """`pods` of `pod`, as kubectl names the type; the group stays."""
    name, dot, group = kind.partition(".")
    if not name or name in _WITHOUT_PLURAL - {"ingress"}:
        return kind
    if name.endswith("y"):
        name = f"{name[:-1]}ies"
    else:
        name += "es" if name.endswith(("s", "x", "ch")) else "s"
    return f"{name}{dot}{group}"
