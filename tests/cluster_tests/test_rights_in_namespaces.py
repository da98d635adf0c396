"""Kaia kept to two namespaces by KAIA_NAMESPACES, with the Roles that the chart gives there."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.cluster.access import ClusterAccess, find_access
from bot.cluster.api import ClusterApi, opened_api
from bot.cluster.findings import Ref
from bot.cluster.report import Report
from bot.cluster.telling import told
from bot.cluster.watches.targets import Target
from bot.cluster.watches.watcher import Watcher
from bot.dialogue import Step, ToolResult
from bot.errors import ClusterError
from bot.redaction import Redactor
from bot.tools.looking import Focus, Look, Looker
from bot.tools.runner import Kubectl
from bot.tools.toolbox import Toolbox
from tests.apiserver import workloads
from tests.apiserver.server import ApiServer
from tests.chart.rendering import Renderer
from tests.doubles import troubles
from tests.rights.tiers import BOUND, NAMESPACED, UNBOUND, Given, give, roles

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(120)]

BANK, SHOP = BOUND


@pytest.fixture(scope="module")
def given(helm: Path, apiserver: ApiServer, tmp_path_factory: pytest.TempPathFactory) -> Given:
    """A pod that fails in one of the namespaces, one that is well, and one that nobody may see."""
    folder = tmp_path_factory.mktemp("narrow")
    found = give(apiserver, NAMESPACED, roles(Renderer(helm), NAMESPACED), folder)
    troubles.add_crashing(apiserver, BANK, "narrow-ledger")
    workloads.add_pod(apiserver.client, SHOP, "narrow-cart", workloads.healthy())
    troubles.add_crashing(apiserver, UNBOUND, "narrow-hidden")
    return found


@asynccontextmanager
async def access_and_api(given: Given) -> AsyncIterator[tuple[ClusterAccess, ClusterApi]]:
    access = await find_access(given.environ, namespaces=BOUND)
    assert access.kind == "kubeconfig", access.reason
    async with opened_api(access, given.environ) as api:
        yield access, api


async def look(given: Given, question: str, earlier: Focus | None = None) -> Look:
    async with access_and_api(given) as (_, api):
        looker = Looker(api, Redactor().redact)
        return await looker.look(question, namespace="", earlier=earlier or Focus())


def report_of(found: Look) -> Report:
    assert found.report is not None
    return found.report


def refused(apiserver: ApiServer, since: int) -> list[str]:
    """What the account asked for and was forbidden since then."""
    with apiserver.audit_log.open("rb") as log:
        log.seek(since)
        events = [json.loads(line) for line in log]
    return [
        event["requestURI"]
        for event in events
        if event["stage"] == "ResponseComplete"
        and event["user"]["username"] == NAMESPACED.user
        and event["responseStatus"]["code"] == 403
    ]


class TestTheFirstLook:
    async def test_everything_is_these_namespaces(self, given: Given) -> None:
        found = await look(given, "what is wrong in the whole cluster?")

        assert report_of(found).namespaces == BOUND
        assert not report_of(found).is_partial
        assert {each.about.name for each in report_of(found).faults} == {"narrow-ledger"}

    async def test_what_may_not_be_read_is_no_wall_of_lines(self, given: Given) -> None:
        lines = told(report_of(await look(given, "what is wrong?"))).splitlines()

        gaps = [line for line in lines if line.startswith("Not read")]
        assert len(gaps) == 1
        assert "nodes" in gaps[0]
        assert not any("apiGroups" in line for line in lines)

    async def test_nothing_is_asked_for_that_is_known_to_be_refused(
        self, apiserver: ApiServer, given: Given
    ) -> None:
        with troubles.served_widgets(apiserver.client):
            begin = apiserver.audit_log.stat().st_size
            found = await look(given, "what is wrong?")

        assert refused(apiserver, begin) == []
        assert any(troubles.GROUP in each.what for each in report_of(found).not_read)

    async def test_a_name_is_found_in_whichever_of_them_it_is(self, given: Given) -> None:
        found = await look(given, "why does narrow-ledger crash?")

        assert found.objects == (Ref("Pod", BANK, "narrow-ledger"),)
        assert report_of(found).namespaces == (BANK,)
        assert found.unknown == ()

    async def test_of_one_that_is_well_it_says_so_for_sure(self, given: Given) -> None:
        found = await look(given, f"is everything ok in namespace {SHOP}?")

        assert report_of(found).is_healthy
        assert report_of(found).saw_the_core

    @pytest.mark.parametrize("place", [UNBOUND, "rights-nowhere"])
    async def test_a_namespace_outside_of_them_is_said_to_be_outside(
        self, apiserver: ApiServer, given: Given, place: str
    ) -> None:
        begin = apiserver.audit_log.stat().st_size
        found = await look(given, f"what is wrong in namespace {place}?")

        assert found.report is None
        [missing] = found.missing
        assert missing.name == place
        assert missing.where == f"among the namespaces Kaia looks into ({BANK}, {SHOP})"
        assert refused(apiserver, begin) == []

    async def test_a_place_that_is_none_of_them_is_said_to_be_none(self, given: Given) -> None:
        found = await look(given, f"why does narrow-ledger crash in {UNBOUND}?")

        assert [(each.kind, each.name) for each in found.unknown] == [("namespace", UNBOUND)]

    async def test_what_was_spoken_of_before_may_be_outside_by_now(self, given: Given) -> None:
        earlier = Focus((UNBOUND,), (Ref("Pod", UNBOUND, "narrow-hidden"),))
        found = await look(given, "and its logs?", earlier)

        assert UNBOUND not in report_of(found).namespaces
        assert found.objects == ()


class TestTheKubectlTool:
    @pytest.mark.parametrize(
        "command",
        [
            "kubectl get pods -A",
            "kubectl events --all-namespaces",
            f"kubectl get pods -n {UNBOUND}",
            f"kubectl logs narrow-hidden -n {UNBOUND}",
            f"kubectl describe namespace {UNBOUND}",
        ],
    )
    async def test_what_reaches_beyond_is_refused_with_the_namespaces_there_are(
        self, apiserver: ApiServer, given: Given, command: str
    ) -> None:
        begin = apiserver.audit_log.stat().st_size
        result = await run(given, command)

        assert result.is_error
        assert "not run" in result.text
        assert f"{BANK}, {SHOP}" in result.text
        assert refused(apiserver, begin) == []

    @pytest.mark.parametrize(
        ("command", "shown"),
        [
            (f"kubectl get pods -n {SHOP}", "narrow-cart"),
            ("kubectl get pods", "narrow-ledger"),
            (f"kubectl get namespace {SHOP}", SHOP),
        ],
    )
    async def test_what_stays_inside_runs_and_the_first_is_meant_where_none_is_named(
        self, given: Given, command: str, shown: str
    ) -> None:
        result = await run(given, command)

        assert not result.is_error, result.text
        assert shown in result.text

    async def test_a_name_that_is_not_there_gets_a_hint_from_the_others(self, given: Given) -> None:
        result = await run(given, f"kubectl get pod narrow-ledger -n {SHOP}")

        assert f"{BANK}/narrow-ledger" in result.text


async def run(given: Given, command: str) -> ToolResult:
    async def on_step(_step: Step) -> None:
        pass

    async with access_and_api(given) as (access, api):
        kubectl = Kubectl(access, Redactor(), environ=given.environ)
        toolbox = Toolbox(kubectl, api, budget_chars=8_000)
        tools = toolbox.for_turn(first_receipt=1, namespace=None, on_step=on_step)
        tool = next(each for each in tools.tools if each.name == "kubectl")
        return await tool.run({"command": command})


class TestWatches:
    async def test_one_outside_is_refused_in_words(self, given: Given) -> None:
        async with access_and_api(given) as (_, api):
            with pytest.raises(ClusterError, match=f"{UNBOUND} is outside of the namespaces"):
                await Watcher(api).look(Target("pod", UNBOUND, "narrow-hidden"))

    async def test_the_same_name_in_the_other_namespace_is_offered(self, given: Given) -> None:
        async with access_and_api(given) as (_, api):
            likely = await Watcher(api).likely(Target("pod", SHOP, "narrow-ledger"))

        assert likely == (Target("pod", BANK, "narrow-ledger"),)


class TestTriageInATerminal:
    async def test_all_are_these_namespaces(self, given: Given) -> None:
        code, out, _ = await triage(given, "-A", "--json")

        report = json.loads(out)
        assert code == 1
        assert report["scope"]["namespaces"] == [*BOUND]
        assert [each["name"] for each in report["findings"]] == ["narrow-ledger"]

    async def test_the_accounts_own_namespace_is_not_meant_where_it_is_outside(
        self, given: Given
    ) -> None:
        code, out, _ = await triage(given, "--json")

        assert (code, json.loads(out)["scope"]["namespaces"]) == (1, [BANK])

    async def test_one_outside_is_said_to_be_outside(self, given: Given) -> None:
        code, out, err = await triage(given, "-n", UNBOUND)

        assert (code, out) == (2, "")
        assert f"{UNBOUND} is outside of the namespaces that Kaia looks into: {BANK}" in err


async def triage(given: Given, *options: str) -> tuple[int, str, str]:
    environ = given.environ | {"KAIA_NAMESPACES": ",".join(BOUND)}

    def ended() -> subprocess.CompletedProcess[str]:
        argv = [sys.executable, "-m", "bot", "triage", *options]
        return subprocess.run(
            argv, env=environ, capture_output=True, text=True, check=False, timeout=60
        )

    done = await asyncio.to_thread(ended)
    return done.returncode, done.stdout, done.stderr
