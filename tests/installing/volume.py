"""A volume of the node's own disk for a claim, as nothing makes volumes on that node."""

from tests.apiserver.client import Manifest
from tests.node.node import Node
from tests.node.place import NODE

CLASS = "kaia-local"
_CLASSES = "/apis/storage.k8s.io/v1/storageclasses"
_VOLUMES = "/api/v1/persistentvolumes"


def make(node: Node, name: str) -> None:
    """Of the type `local`, where the kubelet gives the folder to the pod's fsGroup: `hostPath`
    would leave it to root.
    """
    folder = node.home / "volumes" / name
    folder.mkdir(parents=True)
    if not node.client.has(f"{_CLASSES}/{CLASS}"):
        node.client.post(_CLASSES, _class())
    node.client.post(_VOLUMES, _volume(name, str(folder)))


def remove(node: Node, name: str) -> None:
    node.client.delete(f"{_VOLUMES}/{name}")


def _class() -> Manifest:
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": CLASS},
        "provisioner": "kubernetes.io/no-provisioner",
        "volumeBindingMode": "WaitForFirstConsumer",
    }


def _volume(name: str, folder: str) -> Manifest:
    here = {"key": "kubernetes.io/hostname", "operator": "In", "values": [NODE]}
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": name},
        "spec": {
            "capacity": {"storage": "1Gi"},
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": CLASS,
            "persistentVolumeReclaimPolicy": "Retain",
            "local": {"path": folder},
            "nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [here]}]}},
        },
    }
