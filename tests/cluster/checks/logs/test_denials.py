"""What RBAC denied, and the rule that is missing."""

from bot.cluster.checks.logs.denials import check, denials_in
from bot.cluster.findings import Ref, is_confirmed
from tests.doubles.network_objects import deployment, event, pod, scene

LIST = (
    'pods is forbidden: User "system:serviceaccount:shop:reader" cannot list resource "pods" in '
    'API group "" in the namespace "shop"'
)
WATCH = LIST.replace("list", "watch")
NODES = (
    'nodes "n1" is forbidden: User "system:serviceaccount:shop:reader" cannot get resource "nodes" '
    'in API group "" at the cluster scope'
)
POD = pod("view-5d9c-a", {"app": "view"}, owner="view", spec={"serviceAccountName": "reader"})
OWNER = deployment("view", {"app": "view"}, serviceAccountName="reader")
VIEW = Ref("Deployment", "shop", "view")


def test_a_denial_in_the_log_names_the_account_and_the_missing_rule() -> None:
    [finding] = check(scene(POD, OWNER, log=f"E0102 03:04:05.6 1 r.go:1] {LIST}\n{WATCH}"))
    assert (finding.reason, finding.severity, finding.about) == ("RbacDenied", "critical", VIEW)
    assert "ServiceAccount `reader` of namespace `shop`" in finding.cause
    assert "may not list or watch `pods` in namespace `shop`" in finding.cause
    assert 'apiGroups [""], resources ["pods"], verbs ["list", "watch"]' in finding.cause
    assert finding.next[0] == "kubectl get rolebindings -n shop -o wide"
    assert is_confirmed(finding)


def test_a_denial_for_the_whole_cluster_looks_at_cluster_role_bindings() -> None:
    [finding] = check(scene(POD, OWNER, log=NODES))
    assert "get `nodes` in the whole cluster" in finding.cause
    assert finding.next[0] == "kubectl get clusterrolebindings -o wide"


def test_a_denial_in_an_event_is_about_the_workload_that_runs_as_the_account() -> None:
    [finding] = check(scene(OWNER, event(LIST, reason="SyncFailed", kind="Thing", name="t")))
    assert (finding.about, finding.severity) == (VIEW, "warning")


def test_an_old_event_and_one_about_a_quota_are_no_denial() -> None:
    quota = 'pods "x" is forbidden: exceeded quota: small'
    objects = (OWNER, event(LIST, minutes_ago=90), event(quota, reason="FailedCreate"))
    assert list(check(scene(*objects))) == []


def test_denials_are_read_from_json_and_escaped_lines() -> None:
    escaped = LIST.replace('"', '\\"')
    assert len(denials_in([f'{{"level":"error","msg":"{escaped}"}}'])) == 1
    assert len(denials_in([f'level=error msg="{escaped}"'])) == 1


def test_a_healthy_workload_has_no_denial() -> None:
    assert list(check(scene(OWNER))) == []
    assert list(check(scene(POD, OWNER, log="listed 3 pods"))) == []
