"""Kubernetes' own schemas, as they are on board of a package; the internet is not asked."""

from collections.abc import Iterable, Iterator

import kubernetes_validate  # type: ignore[import-untyped]

from tests.chart.rendering import OLDEST, Object

CUSTOM_KINDS = {"ServiceMonitor", "PrometheusRule"}
"""Of the Prometheus Operator; Kubernetes has no schema of them."""


def newest() -> str:
    """The newest minor version there are schemas of."""
    version: str = kubernetes_validate.latest_version()
    return ".".join(version.split(".")[:2])


def complaints(objects: Iterable[Object], minor: str = OLDEST) -> Iterator[str]:
    """What does not fit, unknown fields included, each as `kind/name: path: why`."""
    for each in objects:
        if each["kind"] not in CUSTOM_KINDS:
            yield from _complaints_about(each, minor)


def _complaints_about(each: Object, minor: str) -> Iterator[str]:
    called = f"{each['kind']}/{each['metadata']['name']}"
    try:
        checked = kubernetes_validate.validate(each, f"{minor}.0", strict=True)
        # For a version it does not have, the package takes an older one and says nothing.
        assert checked == minor, f"there are no schemas of {minor}"
    except kubernetes_validate.ValidationError as error:
        yield f"{called}: {'.'.join(map(str, error.path))}: {error.message}"
    except kubernetes_validate.SchemaNotFoundError as missing:
        yield f"{called}: {missing.message}"
