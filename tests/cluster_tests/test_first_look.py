"""The first look on a real API server: what is found where, with which rights, and what never."""

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from bot.cluster.access import find_access
from bot.cluster.api import opened_api
from bot.cluster.findings import Finding, Ref
from bot.cluster.report import Report, to_json
from bot.redaction import Redactor
from bot.tools.looking import Focus, Look, Looker
from bot.tools.telling import for_model, for_receipt
from tests.apiserver import workloads
from tests.apiserver.server import NODE, ApiServer
from tests.doubles import troubles
from tests.doubles.troubles import CANARY

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(120)]

SHOP, BANK, WELL = "look-shop", "look-bank", "look-well"
CHECKOUT = Ref("Deployment", SHOP, "look-checkout")


@pytest.fixture(scope="module", autouse=True)
def scene(apiserver: ApiServer) -> None:
    client = apiserver.client
    for name in (SHOP, BANK, WELL):
        workloads.add_namespace(client, name)
    workloads.add_secret(client, SHOP, "db", CANARY)
    troubles.add_config_map(client, SHOP, "settings", url=CANARY)
    deployment = workloads.add_deployment(client, SHOP, CHECKOUT.name)
    replicas = workloads.add_replicaset(client, SHOP, deployment)
    pod = f"{CHECKOUT.name}-{workloads.TEMPLATE_HASH}-x2k4z"
    labels = {"app": CHECKOUT.name, "pod-template-hash": workloads.TEMPLATE_HASH}
    crash = workloads.crash_looping()
    workloads.add_pod(client, SHOP, pod, crash, labels=labels, owner=replicas)
    for previous in (False, True):
        workloads.add_log(apiserver, SHOP, pod, "ERROR it broke\n", previous=previous)
    workloads.add_pod(client, SHOP, "look-61", workloads.healthy())
    troubles.add_crashing(apiserver, SHOP, "look-611")
    troubles.add_crashing(apiserver, BANK, "look-ledger")
    workloads.add_pod(client, WELL, "look-cart", workloads.healthy())


@pytest.fixture(scope="module")
def widgets(apiserver: ApiServer) -> Iterator[None]:
    with troubles.served_widgets(apiserver.client) as root:
        troubles.add_widget(apiserver.client, root, SHOP, "press", is_ready=False)
        troubles.add_widget(apiserver.client, root, SHOP, "good-one", is_ready=True)
        yield


async def look(
    kubeconfig: Path, question: str, *, namespace: str = "", earlier: Focus | None = None
) -> Look:
    environ = {"KUBECONFIG": str(kubeconfig), "HOME": str(kubeconfig.parent)}
    access = await find_access(environ, asks=False)
    async with opened_api(access, environ) as api:
        looker = Looker(api, Redactor().redact)
        return await looker.look(question, namespace=namespace, earlier=earlier or Focus())


async def look_without_gaps(kubeconfig: Path, question: str) -> Look:
    """The API server learns of new rights a moment later."""
    async with asyncio.timeout(20):
        while True:
            found = await look(kubeconfig, question)
            if not gaps(found):
                return found


def report_of(found: Look) -> Report:
    assert found.report is not None
    return found.report


def faults(found: Look) -> set[str]:
    return {each.about.name for each in report_of(found).faults}


def gaps(found: Look) -> dict[str, str]:
    return {each.what: each.missing_rule for each in report_of(found).not_read}


@pytest.fixture(scope="module")
def account(
    apiserver: ApiServer, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], tuple[tuple[str, str], Path]]:
    """Makes accounts of the namespace `look-shop`, which may read nothing yet."""

    def make(name: str) -> tuple[tuple[str, str], Path]:
        troubles.add_account(apiserver.client, SHOP, name)
        path = tmp_path_factory.mktemp(name) / "kubeconfig"
        return (SHOP, name), troubles.kubeconfig_of(apiserver, (SHOP, name), path)

    return make


MakeAccount = Callable[[str], tuple[tuple[str, str], Path]]


class TestWhereItLooks:
    async def test_a_name_is_found_in_whatever_namespace_it_is(self, apiserver: ApiServer) -> None:
        found = await look(
            apiserver.limited_kubeconfig, "what is wrong with look-ledger?", namespace=SHOP
        )

        assert found.objects == (Ref("Pod", BANK, "look-ledger"),)
        assert report_of(found).namespaces == (BANK,)
        assert faults(found) == {"look-ledger"}
        assert "0/1 ready" in found.states[found.objects[0]]

    async def test_a_workload_stands_for_its_pods(self, apiserver: ApiServer) -> None:
        found = await look(apiserver.limited_kubeconfig, "why is look-checkout down?")

        assert found.objects == (CHECKOUT,)
        assert CHECKOUT.name in faults(found)

    async def test_the_channels_namespace_is_meant_where_none_is_named(
        self, apiserver: ApiServer
    ) -> None:
        found = await look(apiserver.limited_kubeconfig, "what is wrong?", namespace=WELL)

        assert report_of(found).namespaces == (WELL,)
        assert report_of(found).is_healthy

    async def test_a_namespace_that_does_not_exist_is_not_looked_into(
        self, apiserver: ApiServer
    ) -> None:
        found = await look(
            apiserver.limited_kubeconfig, "what is wrong in namespace look-shpo?", namespace=WELL
        )

        assert found.report is None
        [missing] = found.missing
        assert (missing.kind, missing.name) == ("namespace", "look-shpo")
        assert SHOP in missing.likely

    async def test_the_whole_cluster_is_looked_at_where_it_is_asked_for(
        self, apiserver: ApiServer
    ) -> None:
        found = await look(
            apiserver.limited_kubeconfig, "is the whole cluster healthy?", namespace=WELL
        )

        assert report_of(found).is_whole_cluster
        assert {"look-checkout", "look-611", "look-ledger"} <= faults(found)

    async def test_a_follow_up_is_about_what_was_spoken_of(self, apiserver: ApiServer) -> None:
        first = await look(
            apiserver.limited_kubeconfig, "what is wrong with look-ledger?", namespace=SHOP
        )
        kept = Focus.from_json(json.loads(json.dumps(first.focus.to_json())))

        then = await look(
            apiserver.limited_kubeconfig, "and its logs?", namespace=SHOP, earlier=kept
        )

        assert then.objects == (Ref("Pod", BANK, "look-ledger"),)
        assert report_of(then).namespaces == (BANK,)
        assert then.asked.intent.value == "logs"

    @pytest.mark.parametrize(("name", "is_well"), [("look-61", True), ("look-611", False)])
    async def test_near_identical_names_are_kept_apart(
        self, apiserver: ApiServer, name: str, is_well: bool
    ) -> None:
        found = await look(apiserver.limited_kubeconfig, f"what is wrong with pod {name}?")

        assert found.objects == (Ref("Pod", SHOP, name),)
        assert (not report_of(found).about(SHOP, name)) == is_well

    async def test_a_pod_that_does_not_exist_is_missing_with_near_names(
        self, apiserver: ApiServer
    ) -> None:
        found = await look(apiserver.limited_kubeconfig, "what is wrong with pod look-ledgr?")

        [missing] = found.missing
        assert (missing.kind, missing.where) == ("pod", "in any namespace")
        assert missing.likely[0] == f"{BANK}/look-ledger"

    @pytest.mark.parametrize("kind", ["configmap", "replicaset"])
    async def test_a_kind_that_is_not_looked_at_is_not_said_to_be_missing(
        self, apiserver: ApiServer, kind: str
    ) -> None:
        found = await look(apiserver.limited_kubeconfig, f"is {kind} settings ok in {SHOP}?")

        assert found.missing == ()


class TestRights:
    async def test_the_rules_that_are_missing_are_named_and_mend_it(
        self, apiserver: ApiServer, account: MakeAccount
    ) -> None:
        who, kubeconfig = account("partial")
        hidden = ("services", "events", "pods/log", "nodes")
        rules = troubles.readable(apiserver.client, but=hidden)
        troubles.allow(apiserver.client, who, "partial", rules)
        question = f"what is wrong in namespace {SHOP}?"

        before = await look(kubeconfig, question)
        missing = {what: rule for what, rule in gaps(before).items() if rule}
        for number, rule in enumerate(missing.values()):
            troubles.allow(apiserver.client, who, f"partial-{number}", troubles.rules_in(rule))

        assert {*missing} == {
            f"services in {SHOP}", f"events in {SHOP}", f"pods/log in {SHOP}", "nodes",
        }  # fmt: skip
        assert not report_of(before).saw_the_core
        assert report_of(before).could_look
        after = await look_without_gaps(kubeconfig, question)
        assert report_of(after).saw_the_core
        assert {"look-checkout", "look-611"} <= faults(after)

    async def test_without_any_right_nothing_is_said_to_be_healthy(
        self, account: MakeAccount
    ) -> None:
        _, kubeconfig = account("blind")

        found = await look(kubeconfig, "what is wrong?")

        assert not report_of(found).could_look
        assert not report_of(found).is_healthy
        assert f"pods in {SHOP}" in gaps(found)

    async def test_rights_in_one_namespace_are_enough_for_a_look_at_it(
        self, apiserver: ApiServer, account: MakeAccount
    ) -> None:
        who, kubeconfig = account("inside")
        rules = troubles.readable(apiserver.client, is_namespaced=True)
        troubles.allow(apiserver.client, who, "inside", rules, inside=SHOP)

        found = await look(kubeconfig, "what is wrong?")
        named = await look(kubeconfig, "what is wrong with pod look-ledger?")

        assert report_of(found).namespaces == (SHOP,)
        assert {"look-checkout", "look-611"} <= faults(found)
        assert {"namespaces", "nodes"} <= {*gaps(found)}
        assert "widgets" not in "".join(gaps(found))
        assert [each.where for each in named.missing] == [f"in namespace {SHOP}"]


QUESTIONS = (
    f"what is wrong in namespace {SHOP}?",
    "what is wrong with look-ledger?",
    "is the whole cluster healthy?",
    "is secret db fine?",
    f"is configmap settings in {SHOP} ok?",
)


class TestWhatIsNeverSeen:
    async def test_no_secret_is_ever_requested_and_no_value_of_a_config_map_is_kept(
        self, apiserver: ApiServer
    ) -> None:
        add_user_of_settings(apiserver)
        before = apiserver.audit_log.stat().st_size

        looks = [await look(apiserver.limited_kubeconfig, each) for each in QUESTIONS]

        requests = apiserver.requests(since=before)
        ours = [each for each in requests if each["user"]["username"].endswith(":kaia:kaia")]
        assert any("/configmaps" in each["requestURI"] for each in ours)
        assert not [each["requestURI"] for each in ours if "secrets" in each["requestURI"]]
        assert {each["verb"] for each in ours} <= {"get", "list"}
        for found in looks:
            assert CANARY not in whole(found)

    @pytest.mark.usefixtures("widgets")
    async def test_a_custom_resource_is_told_by_its_conditions_and_its_spec_is_not(
        self, apiserver: ApiServer, account: MakeAccount
    ) -> None:
        who, kubeconfig = account("widgets")
        troubles.allow(apiserver.client, who, "widgets", troubles.readable(apiserver.client))
        question = f"what is wrong in namespace {SHOP}?"

        before = await look(kubeconfig, question)
        rule = gaps(before)[f"widgets of {troubles.GROUP} in {SHOP}"]
        troubles.allow(apiserver.client, who, "widgets-too", troubles.rules_in(rule))
        found = await look_without_gaps(kubeconfig, question)

        [widget] = [each for each in report_of(found).findings if each.about.kind == "Widget"]
        assert (widget.about.name, widget.reason) == ("press", "NoPaper")
        assert "the press has run out of paper" in widget.cause
        assert CANARY not in told(found)
        assert "good-one" not in told(found)


def add_user_of_settings(apiserver: ApiServer) -> None:
    """A pod that wants a key which its ConfigMap does not have."""
    message = f"couldn't find key nope in ConfigMap {SHOP}/settings"
    waiting = {"waiting": {"reason": "CreateContainerConfigError", "message": message}}
    container = {
        "name": "app", "image": workloads.IMAGE, "imageID": "", "ready": False, "started": False,
        "restartCount": 0, "state": waiting, "lastState": {},
    }  # fmt: skip
    wanted = {"configMapKeyRef": {"name": "settings", "key": "nope"}}
    env = [{"name": "URL", "valueFrom": wanted}, {"name": "PASSWORD", "value": CANARY}]
    path = f"/api/v1/namespaces/{SHOP}/pods"
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "look-asker", "annotations": {"note": CANARY}},
        "spec": {
            "nodeName": NODE,
            "containers": [{"name": "app", "image": workloads.IMAGE, "env": env}],
        },
    }
    apiserver.client.post(path, pod)
    status = {"phase": "Pending", "containerStatuses": [container]}
    apiserver.client.patch(f"{path}/look-asker/status", {"status": status})


def told(found: Look) -> str:
    """Everything that anybody is told of a look."""
    report = json.dumps(to_json(report_of(found)))
    return "\n".join((for_model(found, 200_000), for_receipt(found), report))


def whole(found: Look) -> str:
    """What is told, and of what is held in memory the ConfigMaps."""
    kept = [] if found.scene is None else [*found.scene.lists.get("configmaps", ())]
    answers = {} if found.scene is None else found.scene.answers
    kept += [each for need, answer in answers.items() if "configmaps" in repr(need)
             for each in answer]  # fmt: skip
    findings: tuple[Finding, ...] = report_of(found).findings
    return told(found) + repr(kept) + repr([asdict(each) for each in findings])
