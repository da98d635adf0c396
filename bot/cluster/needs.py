"""What a check may ask for beyond what is always read; each is read once. Data only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ListOf:
    """All objects of a resource in a namespace. Of ConfigMaps only the names of their keys."""

    plural: str
    namespace: str = ""


@dataclass(frozen=True, slots=True)
class LabelsOf:
    """Names, labels and owners of all objects of a resource in a namespace, nothing else."""

    plural: str
    namespace: str = ""


@dataclass(frozen=True, slots=True)
class One:
    """One whole object."""

    plural: str
    namespace: str
    name: str


@dataclass(frozen=True, slots=True)
class PodsOn:
    """Every pod bound to a node, of all namespaces, whole."""

    node: str


@dataclass(frozen=True, slots=True)
class LogOf:
    """The last lines of a container's log."""

    namespace: str
    pod: str
    container: str
    previous: bool = False


Need = ListOf | LabelsOf | One | PodsOn | LogOf
