"""The programs of Kubernetes that a node needs; those of Linux itself are in `packages`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.apiserver import programs as of_the_server
from tests.apiserver.programs import test_home
from tests.node import machine, packages
from tests.node.packages import Tools

_NAMES = (
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kubelet",
    "kube-proxy",
    "kubectl",
)


@dataclass(frozen=True, slots=True)
class Programs:
    etcd: Path
    apiserver: Path
    controller_manager: Path
    scheduler: Path
    kubelet: Path
    kube_proxy: Path
    kubectl: Path
    tools: Tools


def get(environ: Mapping[str, str]) -> Programs:
    """Builds and unpacks what is missing. Raises NodeImpossible or ProgramsMissing."""
    machine.check(test_home(environ))
    return _collect(environ, packages.get(environ), builds=True)


def find(environ: Mapping[str, str]) -> Programs:
    """What is here already. Raises NodeImpossible or ProgramsMissing."""
    machine.check(test_home(environ))
    etcd = of_the_server.find(environ).etcd
    tools = packages.find(environ)
    return _collect(environ, tools, builds=False, etcd=etcd)


def _collect(
    environ: Mapping[str, str], tools: Tools, *, builds: bool, etcd: Path | None = None
) -> Programs:
    # Whoever has set KUBEBUILDER_ASSETS has no kubelet there: a node is of one version throughout.
    built = of_the_server.kubernetes(environ, _NAMES, builds=builds)
    apiserver, controller_manager, scheduler, kubelet, kube_proxy, kubectl = built
    return Programs(
        etcd=etcd or of_the_server.get(environ).etcd,
        apiserver=apiserver,
        controller_manager=controller_manager,
        scheduler=scheduler,
        kubelet=kubelet,
        kube_proxy=kube_proxy,
        kubectl=kubectl,
        tools=tools,
    )
