"""What a result says it looked at."""

import pytest

from bot.tools import policy
from bot.tools.scope import say_scope

PODS = "NAME    READY   STATUS    RESTARTS   AGE\nweb-0   1/1     Running   0          5d\n"
TWO_TABLES = (
    "NAME        READY   STATUS    RESTARTS   AGE\npod/web-0   1/1     Running   0          5d\n\n"
    "NAME          TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE\n"
    "service/web   ClusterIP   10.0.0.1     <none>        80/TCP    5d\n"
)
NODES = "NAME   CPU(cores)   CPU(%)   MEMORY(bytes)   MEMORY(%)\nn1     1m    1%    2Mi    3%\n"
YAML = "apiVersion: v1\nitems:\n- apiVersion: v1\n  kind: Pod\n- apiVersion: v1\nkind: List\n"
JSON = '{\n    "items": [\n        {\n            "kind": "Pod"\n        }\n    ]\n}\n'
BEFORE_RESTART = "the run before the last restart"


@pytest.mark.parametrize(
    ("command", "stdout", "scope"),
    [
        ("get pods", PODS, "ns=shop, 1 pod"),
        ("get po -n bank", "", "ns=bank, 0 pods"),
        ("get pods -A", PODS + "web-1   1/1     Running   0   5d\n", "all namespaces, 2 pods"),
        ("get deploy checkout", "", "ns=shop, deployment/checkout"),
        ("get deploy/checkout svc/web", "", "ns=shop, deployment/checkout, service/web"),
        ("get pod a b c d e", "", "ns=shop, pod/a, pod/b, pod/c and 2 more"),
        ("get nodes", PODS, "cluster-wide, 1 node"),
        ("top nodes", NODES, "cluster-wide, 1 node"),
        ("get all", TWO_TABLES, "ns=shop, 2 objects"),
        ("get svc,po", TWO_TABLES, "ns=shop, 2 objects"),
        ("get pods -o yaml", YAML, "ns=shop, 2 pods"),
        ("get pods -o json", JSON, "ns=shop, 1 pod"),
        ("get pods -o name", "pod/a\npod/b\n", "ns=shop, 2 pods"),
        ("get pods -o jsonpath='{.items}'", "[]", "ns=shop, pods"),
        ("get pods -l app=web", PODS, "ns=shop, 1 pod, only app=web"),
        (
            "get pods --field-selector status.phase=Failed",
            "",
            "ns=shop, 0 pods, only status.phase=Failed",
        ),
        ("get networkpolicies", PODS, "ns=shop, 1 networkpolicy"),
        ("get ingresses", "", "ns=shop, 0 ingresses"),
        ("describe pods", "Name:  a\n\n\nName:  b\n", "ns=shop, 2 pods"),
        ("logs web-0", "x\n", "ns=shop, log of pod/web-0"),
        (
            "logs deploy/web -c app -p --since 5m",
            "x\n",
            f"ns=shop, log of deployment/web, container app, {BEFORE_RESTART}, since 5m",
        ),
        (
            "logs -l app=web --all-containers",
            "x\n",
            "ns=shop, log of pods, all containers, only app=web",
        ),
        ("events", "LAST SEEN   TYPE\n3m   Normal\n", "ns=shop, 1 event"),
        ("events --for pod/x --types=Warning", "", "ns=shop, 0 events about pod/x, only Warning"),
        ("rollout status deploy/web", "done\n", "ns=shop, deployment/web"),
        ("explain pods.spec", "", "cluster-wide, schema of pod.spec"),
        ("api-resources", "NAME   KIND\npods   Pod\n", "cluster-wide, 1 resource type"),
        ("auth can-i get pods", "yes\n", "ns=shop, Kaia's own rights"),
        ("version", "", "cluster-wide"),
    ],
)
def test_it_names_the_place_and_counts_what_was_there(
    command: str, stdout: str, scope: str
) -> None:
    assert say_scope(policy.judge(command, namespace="shop").argv, stdout) == scope


def test_what_is_no_command_has_no_scope() -> None:
    assert say_scope(("kubectl", "delete", "pod"), "") == ""
