"""The kubectl commands that only read: the table behind the policy. What is not here is not run."""

from dataclasses import dataclass
from enum import Enum, auto

from bot.tools import flags, kinds
from bot.tools.flags import Flag


class Operands(Enum):
    """What a verb takes besides flags."""

    NOTHING = auto()
    OBJECTS = auto()
    """`TYPE[,TYPE] [NAME…]` or `TYPE/NAME…`"""
    LOG = auto()
    """`POD` or `TYPE/NAME`; or nothing, with a selector"""
    NAME = auto()
    """nothing or one name"""
    FIELD = auto()
    """`TYPE[.field…]`"""
    QUESTION = auto()
    """`VERB TYPE[/NAME]` or `VERB /path`; or nothing, with `--list`"""
    TARGET = auto()
    """`TYPE/NAME` or `TYPE NAME`, exactly one, as are the next two"""
    NODE = auto()
    """`NAME` or `node/NAME`"""
    IMAGES = auto()
    """a target, then `CONTAINER=IMAGE…`"""


@dataclass(frozen=True, slots=True)
class Verb:
    """A kubectl command and everything it may be given."""

    words: tuple[str, ...]
    operands: Operands
    flags: tuple[Flag, ...] = ()
    aliases: tuple[str, ...] = ()
    """Other spellings of the last word."""
    is_namespaced: bool = False
    """Takes the default namespace where the command names none."""
    only_types: frozenset[str] = frozenset()
    """The types it works on, or nothing where any will do."""
    refused_types: frozenset[str] = frozenset()
    """Types it may not read though other verbs may."""
    change: str = ""
    """What it changes, as `bot.settings.Change` calls it; empty for what only reads."""

    @property
    def name(self) -> str:
        return " ".join(self.words)

    @property
    def every_flag(self) -> tuple[Flag, ...]:
        return (flags.NAMESPACE, *self.flags)

    @property
    def chosen_flags(self) -> tuple[Flag, ...]:
        """Those that leave a choice."""
        return tuple(flag for flag in self.every_flag if flag.value != flag.default)


_GET = Verb(
    ("get",),
    Operands.OBJECTS,
    (
        flags.ALL_NAMESPACES,
        flags.SELECTOR,
        flags.FIELD_SELECTOR,
        flags.LABEL_COLUMNS,
        flags.output(
            "wide", "yaml", "json", "name", "jsonpath=", "jsonpath-as-json=", "custom-columns="
        ),
        flags.SORT_BY_FIELD,
        flags.SUBRESOURCE,
        Flag("show-labels"),
        Flag("show-kind"),
        flags.NO_HEADERS,
        Flag("ignore-not-found"),
        flags.CHUNK_SIZE,
    ),
    is_namespaced=True,
)
_DESCRIBE = Verb(
    ("describe",),
    Operands.OBJECTS,
    (flags.ALL_NAMESPACES, flags.SELECTOR, flags.SHOW_EVENTS, flags.CHUNK_SIZE),
    is_namespaced=True,
    # Up to 1.34 at least, describing one reads the Secrets of its namespace.
    refused_types=kinds.SERVICE_ACCOUNTS,
)
_LOGS = Verb(
    ("logs",),
    Operands.LOG,
    (
        flags.SELECTOR,
        flags.CONTAINER,
        Flag("previous", "p"),
        Flag("all-containers"),
        flags.SINCE,
        flags.SINCE_TIME,
        Flag("timestamps"),
        Flag("prefix"),
        flags.TAIL,
        flags.LIMIT_BYTES,
        flags.POD_RUNNING_TIMEOUT,
    ),
    is_namespaced=True,
    only_types=kinds.WITH_LOGS,
)
_TOP_PODS = Verb(
    ("top", "pods"),
    Operands.NAME,
    (
        flags.ALL_NAMESPACES,
        flags.SELECTOR,
        flags.FIELD_SELECTOR,
        Flag("containers"),
        flags.SORT_BY_LOAD,
        Flag("sum"),
        flags.NO_HEADERS,
        flags.SHOW_SWAP,
    ),
    aliases=("pod", "po"),
    is_namespaced=True,
)
_TOP_NODES = Verb(
    ("top", "nodes"),
    Operands.NAME,
    (
        flags.SELECTOR,
        flags.SORT_BY_LOAD,
        Flag("show-capacity"),
        flags.NO_HEADERS,
        flags.SHOW_SWAP,
    ),
    aliases=("node", "no"),
)
_EVENTS = Verb(
    ("events",),
    Operands.NOTHING,
    (
        flags.ALL_NAMESPACES,
        flags.FOR,
        flags.TYPES,
        flags.output("json", "yaml", "name"),
        flags.NO_HEADERS,
        flags.CHUNK_SIZE,
    ),
    is_namespaced=True,
)
_ROLLOUT_STATUS = Verb(
    ("rollout", "status"),
    Operands.OBJECTS,
    (flags.REVISION, flags.NO_WATCH),
    is_namespaced=True,
    only_types=kinds.WITH_ROLLOUTS,
)
_ROLLOUT_HISTORY = Verb(
    ("rollout", "history"),
    Operands.OBJECTS,
    (flags.SELECTOR, flags.REVISION),
    is_namespaced=True,
    only_types=kinds.WITH_ROLLOUTS,
)
_EXPLAIN = Verb(("explain",), Operands.FIELD, (flags.API_VERSION, flags.RECURSIVE, flags.MAX_DEPTH))
_API_RESOURCES = Verb(
    ("api-resources",),
    Operands.NOTHING,
    (
        flags.API_GROUP,
        flags.NAMESPACED,
        flags.VERBS,
        flags.CATEGORIES,
        flags.output("wide", "name"),
        flags.NO_HEADERS,
        flags.choice("sort-by", "name", "kind"),
    ),
)
_API_VERSIONS = Verb(("api-versions",), Operands.NOTHING)
_VERSION = Verb(("version",), Operands.NOTHING, (Flag("client"), flags.output("yaml", "json")))
_CLUSTER_INFO = Verb(("cluster-info",), Operands.NOTHING)
_CAN_I = Verb(
    ("auth", "can-i"),
    Operands.QUESTION,
    (
        flags.ALL_NAMESPACES,
        Flag("list"),
        Flag("quiet", "q"),
        flags.NO_HEADERS,
        flags.ASKED_SUBRESOURCE,
    ),
    is_namespaced=True,
)
_WHOAMI = Verb(("auth", "whoami"), Operands.NOTHING, (flags.output("yaml", "json"),))

READS = (
    _GET,
    _DESCRIBE,
    _LOGS,
    _EVENTS,
    _TOP_PODS,
    _TOP_NODES,
    _ROLLOUT_STATUS,
    _ROLLOUT_HISTORY,
    _EXPLAIN,
    _API_RESOURCES,
    _API_VERSIONS,
    _VERSION,
    _CLUSTER_INFO,
    _CAN_I,
    _WHOAMI,
)
