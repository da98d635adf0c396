"""Pure: what a cluster and a model are called, for people."""

from bot.cluster.access import ClusterAccess


def name_of(access: ClusterAccess) -> str:
    """What a cluster is called where nobody has named it."""
    return access.context or ("in-cluster" if access.kind == "in-cluster" else "none")


def spoken_model(label: str) -> str:
    return "fixed rules, without a model" if label == "builtin" else f"`{label}`"
