"""Which resources Kaia reads, and where the API serves them; it reads none."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Resource:
    plural: str
    kind: str
    group: str
    """Empty for the core group."""
    version: str
    is_namespaced: bool = True

    def path(self, namespace: str = "", name: str = "") -> str:
        """Where the API serves the list, or one object of it."""
        root = f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"
        place = f"/namespaces/{namespace}" if namespace and self.is_namespaced else ""
        return f"{root}{place}/{self.plural}" + (f"/{name}" if name else "")


_NETWORK = "networking.k8s.io"
_ALL = (
    Resource("namespaces", "Namespace", "", "v1", is_namespaced=False),
    Resource("nodes", "Node", "", "v1", is_namespaced=False),
    Resource("pods", "Pod", "", "v1"),
    Resource("services", "Service", "", "v1"),
    Resource("events", "Event", "", "v1"),
    Resource("configmaps", "ConfigMap", "", "v1"),
    Resource("serviceaccounts", "ServiceAccount", "", "v1"),
    Resource("persistentvolumeclaims", "PersistentVolumeClaim", "", "v1"),
    Resource("persistentvolumes", "PersistentVolume", "", "v1", is_namespaced=False),
    Resource("resourcequotas", "ResourceQuota", "", "v1"),
    Resource("limitranges", "LimitRange", "", "v1"),
    Resource("deployments", "Deployment", "apps", "v1"),
    Resource("replicasets", "ReplicaSet", "apps", "v1"),
    Resource("statefulsets", "StatefulSet", "apps", "v1"),
    Resource("daemonsets", "DaemonSet", "apps", "v1"),
    Resource("jobs", "Job", "batch", "v1"),
    Resource("cronjobs", "CronJob", "batch", "v1"),
    Resource("horizontalpodautoscalers", "HorizontalPodAutoscaler", "autoscaling", "v2"),
    Resource("poddisruptionbudgets", "PodDisruptionBudget", "policy", "v1"),
    Resource("endpointslices", "EndpointSlice", "discovery.k8s.io", "v1"),
    Resource("ingresses", "Ingress", _NETWORK, "v1"),
    Resource("ingressclasses", "IngressClass", _NETWORK, "v1", is_namespaced=False),
    Resource("networkpolicies", "NetworkPolicy", _NETWORK, "v1"),
    Resource("storageclasses", "StorageClass", "storage.k8s.io", "v1", is_namespaced=False),
    Resource("priorityclasses", "PriorityClass", "scheduling.k8s.io", "v1", is_namespaced=False),
    Resource(
        "validatingwebhookconfigurations",
        "ValidatingWebhookConfiguration",
        "admissionregistration.k8s.io",
        "v1",
        is_namespaced=False,
    ),
    Resource(
        "mutatingwebhookconfigurations",
        "MutatingWebhookConfiguration",
        "admissionregistration.k8s.io",
        "v1",
        is_namespaced=False,
    ),
    Resource("apiservices", "APIService", "apiregistration.k8s.io", "v1", is_namespaced=False),
)

RESOURCES = {each.plural: each for each in _ALL}
"""Plural -> resource. Secrets are not among them, and never will be."""
PLURALS = {each.kind: each.plural for each in _ALL}
"""Kind -> plural."""

WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")
"""What pods belong to, as people name it."""
