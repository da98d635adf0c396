"""The kubelet and kube-proxy: what makes the place a node."""

import json
from pathlib import Path
from typing import Any

from tests.apiserver import processes
from tests.apiserver.certificates import Authority
from tests.apiserver.client import Client
from tests.node import control_plane, network, runtime
from tests.node.place import NODE, Place
from tests.node.programs import Programs

_USER = f"system:node:{NODE}"
_PROXY = "system:kube-proxy"


def start(place: Place, programs: Programs, authority: Authority, *, outlives_us: bool) -> None:
    own = control_plane.kubeconfig(place, authority, _USER, group="system:nodes")
    config = place.home / "kubelet.json"
    config.write_text(json.dumps(_kubelet(place, authority)))
    argv = [
        str(programs.kubelet),
        f"--config={config}",
        f"--kubeconfig={own}",
        f"--root-dir={place.home / 'kubelet'}",
        f"--cert-dir={place.home / 'pki' / 'kubelet'}",
        f"--hostname-override={NODE}",
        f"--node-ip={place.address}",
    ]
    processes.start(
        place.home,
        "kubelet",
        network.within(place, argv),
        outlives_us=outlives_us,
        environ=programs.tools.environ,
    )


def start_proxy(
    place: Place, programs: Programs, authority: Authority, client: Client, *, outlives_us: bool
) -> None:
    client.post("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", _proxy_binding())
    config = place.home / "kube-proxy.json"
    config.write_text(json.dumps(_proxy(control_plane.kubeconfig(place, authority, _PROXY))))
    argv = [str(programs.kube_proxy), f"--config={config}"]
    processes.start(
        place.home,
        "kube-proxy",
        network.within(place, argv),
        outlives_us=outlives_us,
        environ=programs.tools.environ,
    )


def _kubelet(place: Place, authority: Authority) -> dict[str, Any]:
    pki = authority.certificate.parent
    # A pod has no name server here, and an address of one keeps the kubelet from warning of it.
    resolver = place.home / "resolv.conf"
    resolver.touch()
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "address": place.address,
        "healthzBindAddress": "127.0.0.1",
        "readOnlyPort": 0,
        "authentication": {
            "anonymous": {"enabled": False},
            "webhook": {"enabled": True},
            "x509": {"clientCAFile": str(authority.certificate)},
        },
        "authorization": {"mode": "Webhook"},
        "tlsCertFile": str(pki / f"{_USER.replace(':', '-')}.crt"),
        "tlsPrivateKeyFile": str(pki / f"{_USER.replace(':', '-')}.key"),
        "containerRuntimeEndpoint": f"unix://{place.socket}",
        "resolvConf": str(resolver),
        "clusterDomain": "cluster.local",
        "clusterDNS": ["10.96.0.10"],
        **_folders(place),
        **_limits(place),
    }


def _folders(place: Place) -> dict[str, Any]:
    return {
        "podLogsDir": str(place.home / "pods"),
        "volumePluginDir": str(place.home / "volume-plugins"),
    }


def _limits(place: Place) -> dict[str, Any]:
    return {
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": f"/{place.name}",
        "failCgroupV1": False,
        "failSwapOn": False,
        "makeIPTablesUtilChains": False,
        "localStorageCapacityIsolation": False,
        "evictionHard": {"memory.available": "100Mi", "nodefs.available": "1%"},
        "imageGCHighThresholdPercent": 100,
        "imageGCLowThresholdPercent": 99,
        "nodeStatusUpdateFrequency": "5s",
    }


def _proxy(own: Path) -> dict[str, Any]:
    return {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "bindAddress": "127.0.0.1",
        "healthzBindAddress": "127.0.0.1:10256",
        "metricsBindAddress": "127.0.0.1:10249",
        "clientConnection": {"kubeconfig": str(own)},
        "mode": "nftables",
        "clusterCIDR": runtime.PODS,
        "hostnameOverride": NODE,
        "conntrack": {
            "maxPerCore": 0,
            "min": 0,
            "tcpEstablishedTimeout": "0s",
            "tcpCloseWaitTimeout": "0s",
        },
    }


def _proxy_binding() -> dict[str, Any]:
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole"}
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": "kube-proxy"},
        "roleRef": role | {"name": "system:node-proxier"},
        "subjects": [{"apiGroup": role["apiGroup"], "kind": "User", "name": _PROXY}],
    }
