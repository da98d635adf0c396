"""A namespace of a careless team: secrets wherever a person could have put one."""

import base64
import json
from dataclasses import dataclass
from typing import Any

from tests.apiserver import workloads
from tests.apiserver.client import Client, Manifest
from tests.apiserver.server import NODE, ApiServer
from tests.doubles import troubles
from tests.doubles.careless_texts import APPLIED, COMMIT, IMAGE, YARD, CarelessTexts

POD, PULLING = f"web-{workloads.TEMPLATE_HASH}-x2k4z", "pulling"
_HOOKS = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"


@dataclass
class CarelessTeam(CarelessTexts):
    """Makes its objects, and knows every secret it has put into them."""

    server: ApiServer

    @property
    def client(self) -> Client:
        return self.server.client

    def set_up(self) -> None:
        workloads.add_namespace(self.client, YARD)
        self._add_secrets()
        self._add_config_maps()
        self._add_workloads()
        self._add_pods()
        self._add_routes()
        self._add_cluster_wide()

    def _post(self, path: str, kind: str, name: str, **fields: Any) -> Manifest:
        """`path` is of the list, such as `/api/v1/secrets`, without the namespace."""
        api, _, plural = path.rpartition("/")
        notes = fields.pop("annotations", {})
        body = {
            "apiVersion": api.removeprefix("/apis/").removeprefix("/api/"),
            "kind": kind,
            "metadata": {"name": name, "annotations": notes},
            **fields,
        }
        return self.client.post(f"{api}/namespaces/{YARD}/{plural}", body)

    def _add_secrets(self) -> None:
        applied = {"kind": "Secret", "stringData": {"hint": self.word("applied secret")}}
        self._post(
            "/api/v1/secrets",
            "Secret",
            "db",
            stringData={"password": self.word("secret"), "note": self.key("secret of no name")},
            annotations={APPLIED: json.dumps(applied)},
        )
        release = base64.b64encode(self.release("helm secret").encode()).decode()
        self._post(
            "/api/v1/secrets", "Secret", "sh.helm.release.v1.shop.v1", data={"release": release}
        )

    def _add_config_maps(self) -> None:
        nested = f"server:\n  port: 8080\ndb:\n  host: db\n  password: {self.word('nested')}\n"
        folded = f"db:\n  password: >-\n    {self.word('folded')}\n  name: shop\n"
        data = {
            "password": self.word("config map key"),
            "settings.yaml": nested,
            "folded.yaml": folded,
            "windows.yaml": f"db:\r\n\tpassword:\t{self.word('windows')}\r\n",
            ".env": f"PORT=8080\nDB_PASSWORD='{self.word('env file')}'\nexport TOKEN="
            f"{self.key('env file token')}\n",
            "app.properties": f"spring.datasource.password={self.word('properties')}\n",
            "settings.ini": f"[db]\npassword = {self.word('ini')}\n",
            "tls.key": self.pem("key in a config map"),
            "docker.json": self.docker_config("docker config"),
            "note": self.key("config map note"),
            "url": self.dsn("dsn in a config map"),
            "commit": COMMIT,
        }
        self._post("/api/v1/configmaps", "ConfigMap", "settings", data=data)
        helm = {"release": self.release("helm config map")}
        self._post("/api/v1/configmaps", "ConfigMap", "sh.helm.release.v1.shop.v1", data=helm)
        encoded = base64.b64encode(f"password: {self.word('encoded')}\n".encode()).decode()
        self._post(
            "/api/v1/configmaps", "ConfigMap", "encoded", data={"settings.yaml.b64": encoded}
        )

    def _add_workloads(self) -> None:
        deployment = workloads.add_deployment(self.client, YARD, "web")
        path = f"/apis/apps/v1/namespaces/{YARD}/deployments/web"
        template = {"template": {"spec": self.pod_spec("web")}}
        notes = {"annotations": self.notes("web")}
        self.client.patch(path, {"metadata": notes, "spec": template})
        workloads.add_replicaset(self.client, YARD, deployment)
        job = {"spec": {**self.pod_spec("job"), "restartPolicy": "Never"}}
        self._post("/apis/batch/v1/jobs", "Job", "migrate", spec={"template": job})

    def _add_pods(self) -> None:
        status = workloads.crash_looping()
        [container] = status["containerStatuses"]
        container["lastState"]["terminated"]["message"] = (
            f"panic: cannot reach {self.dsn('termination message')}\n"
            f"config was password={self.word('termination message, named')}"
        )
        pod = self._add_pod(POD, status, labels={"app": "web"})
        for message in (
            f"Liveness probe failed: cannot reach {self.dsn('event')}",
            f"Error: password: {self.word('event, named')} was refused",
        ):
            workloads.add_event(self.client, pod, "Unhealthy", message, count=20)
        self._add_noisy_pods()
        self._add_logs()
        waiting = workloads.image_pull_backoff()
        state = waiting["containerStatuses"][0]["state"]["waiting"]
        where = f"https://ci:{self.word('pull')}@registry.example/v2/shop/app"
        state["message"] = f'failed to pull "{IMAGE}": GET {where}: 401 Unauthorized'
        pulling = self._add_pod(PULLING, waiting, labels={"app": PULLING})
        workloads.add_event(self.client, pulling, "Failed", state["message"], count=9)

    def _add_noisy_pods(self) -> None:
        """Well but for a long event, with a secret wherever a quotation of it may end."""
        for at in (124, 144, 164, 184, 192, 206, 252, 266):
            far = ("the pool is exhausted " * 20)[:at]
            name = f"noisy-{at}"
            pod = workloads.add_pod(self.client, YARD, name, workloads.healthy())
            message = f"Probe failed: {far} {self.dsn(f'{name}: event')} and {far}"
            workloads.add_event(self.client, pod, "Unhealthy", message, count=40)
            message = f"Hook failed: {far} /?x={self.key(f'{name}: key in an event')} and {far}"
            workloads.add_event(self.client, pod, "FailedPostStartHook", message, count=40)
            name = f"stuck-{at}"
            waiting = workloads.image_pull_backoff()
            state = waiting["containerStatuses"][0]["state"]["waiting"]
            state |= {
                "reason": "CreateContainerError",
                "message": f"{far} {self.key(f'{name}: waiting')} {far}",
            }
            workloads.add_pod(self.client, YARD, name, waiting)

    def _add_pod(self, name: str, status: dict[str, Any], labels: dict[str, str]) -> Manifest:
        path = f"/api/v1/namespaces/{YARD}/pods"
        meta = {"name": name, "labels": labels, "annotations": self.notes(name)}
        spec = {**self.pod_spec(name), "nodeName": NODE}
        body = {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": spec}
        self.client.post(path, body)
        return self.client.patch(f"{path}/{name}/status", {"status": status})

    def _add_logs(self) -> None:
        for previous in (False, True):
            text = "\n".join(self.log_lines("previous log" if previous else "log"))
            workloads.add_log(self.server, YARD, POD, text, previous=previous)

    def _add_routes(self) -> None:
        header = f"proxy_set_header Authorization 'Bearer {self.key('snippet')}';"
        backend = {"service": {"name": "web", "port": {"number": 80}}}
        path = {"path": f"/hooks/{self.key('path')}", "pathType": "Prefix", "backend": backend}
        self._post(
            "/apis/networking.k8s.io/v1/ingresses",
            "Ingress",
            "web",
            annotations={
                "nginx.ingress.kubernetes.io/configuration-snippet": header,
                "example.com/auth-secret-value": self.word("ingress note"),
            },
            spec={"rules": [{"host": "shop.example", "http": {"paths": [path]}}]},
        )
        self._post(
            "/api/v1/services",
            "Service",
            "web",
            annotations={"example.com/client-secret": self.word("service note")},
            spec={"selector": {"app": "web"}, "ports": [{"port": 80}]},
        )

    def _add_cluster_wide(self) -> None:
        notes = {"example.com/join-token": self.word("node note")}
        self.client.patch(f"/api/v1/nodes/{NODE}", {"metadata": {"annotations": notes}})
        rule = {
            "apiGroups": ["nowhere.example"],
            "apiVersions": ["v1"],
            "resources": ["nothings"],
            "operations": ["CREATE"],
        }
        hook = {
            "name": "guard.canary.example",
            "clientConfig": {"url": f"https://127.0.0.1/guard/{self.key('webhook')}"},
            "rules": [rule],
            "sideEffects": "None",
            "admissionReviewVersions": ["v1"],
        }
        name = {"metadata": {"name": "canary-guard"}}
        self.client.post(
            _HOOKS,
            {
                "apiVersion": "admissionregistration.k8s.io/v1",
                "kind": "ValidatingWebhookConfiguration",
                **name,
                "webhooks": [hook],
            },
        )

    def add_widget(self, root: str) -> None:
        """A custom resource, with a password in its spec and one in its condition."""
        state = {
            "type": "Ready",
            "status": "False",
            "reason": "NoPaper",
            "message": f"cannot reach {self.dsn('condition')}",
            "lastTransitionTime": workloads.moment(10),
        }
        body = {
            "apiVersion": f"{troubles.GROUP}/v1",
            "kind": "Widget",
            "metadata": {"name": "press"},
            "spec": {"password": self.word("spec of a custom resource")},
            "status": {"conditions": [state]},
        }
        self.client.post(f"{root}/namespaces/{YARD}/widgets", body)

    def leave(self) -> None:
        """Takes away what is not in its namespace."""
        self.client.delete(f"{_HOOKS}/canary-guard")
        gone = {"metadata": {"annotations": {"example.com/join-token": None}}}
        self.client.patch(f"/api/v1/nodes/{NODE}", gone)
