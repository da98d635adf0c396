"""Where each thing of a recording stands, and what its names may be; pure, it opens nothing."""

from dataclasses import dataclass
from pathlib import PurePosixPath

FORMAT = 1
MANIFEST = "recording.json"
ACCESS = "access.json"
OBJECTS, TABLES, LOGS, SERVERS = "objects", "tables", "logs", "servers"
VERSION, DISCOVERY, OPENAPI = "version.json", "discovery.json", "openapi"
CORE = "core"
CLUSTER = "_cluster"
"""In a namespace's place, where a kind belongs to none."""


@dataclass(frozen=True, slots=True, order=True)
class Kind:
    """A type of resource in one version."""

    group: str
    """Empty for the core group."""
    version: str
    plural: str
    kind: str
    is_namespaced: bool = True

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def name(self) -> str:
        """As kubectl takes it: `pods`, `deployments.apps`."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def folder(self) -> PurePosixPath:
        """Under `objects` and under `tables`."""
        return PurePosixPath(self.group or CORE, self.version, self.plural)

    def path(self, namespace: str = "") -> str:
        """Where the API serves the list."""
        root = f"/apis/{self.api_version}" if self.group else f"/api/{self.version}"
        place = f"/namespaces/{namespace}" if namespace and self.is_namespaced else ""
        return f"{root}{place}/{self.plural}"


def file_of(top: str, kind: Kind, namespace: str) -> PurePosixPath:
    """Of its objects or its table, in one namespace or in none."""
    return PurePosixPath(top) / kind.folder / f"{namespace or CLUSTER}.json"


def log_file(namespace: str, pod: str, container: str, *, previous: bool) -> PurePosixPath:
    end = ".previous.log" if previous else ".log"
    return PurePosixPath(LOGS, namespace, pod, f"{container}{end}")


def openapi_file(path: str) -> PurePosixPath:
    """`v3` is the index, `v3/apis/apps/v1` one of its documents."""
    return PurePosixPath(OPENAPI, f"{path}.json")
