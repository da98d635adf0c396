"""Each tier of rights: rendered rules, the API server's answers and the documents say the same."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cluster import processes
from tests.apiserver.server import ApiServer
from tests.chart.rendering import Renderer
from tests.rights.asking import allowed, api_of, every, unnamed
from tests.rights.rules import (
    BY_EVERYBODY,
    EVERYWHERE,
    READING,
    Right,
    account,
    given_to,
    group,
)
from tests.rights.tiers import (
    APPROVED,
    BOUND,
    CLUSTER,
    NAMESPACED,
    TIERS,
    UNBOUND,
    WRITES,
    Given,
    Tier,
    give,
    roles,
)

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]

PLACES = (EVERYWHERE, *BOUND, UNBOUND)
BANK, SHOP = BOUND
ASKED = (
    (CLUSTER, EVERYWHERE),
    (NAMESPACED, EVERYWHERE),
    (NAMESPACED, BANK),
    (NAMESPACED, UNBOUND),
    (WRITES, BANK),
)
"""Each takes thousands of questions. What may be done everywhere may be done in each namespace."""
_LINE = re.compile(r"^(\S+)\s+\[[^\]]*\]\s+\[([^\]]*)\]\s+\[([^\]]*)\]$")
ACTING = (
    "attach", "binding", "ephemeralcontainers", "eviction", "exec", "portforward", "proxy", "token",
)  # fmt: skip
"""Subresources by which one acts, whatever the verb."""


@pytest.fixture(scope="module")
def chart(helm: Path) -> Renderer:
    return Renderer(helm)


@pytest.fixture(scope="module")
def given(
    apiserver: ApiServer, chart: Renderer, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Given]:
    return {
        tier.name: give(apiserver, tier, roles(chart, tier), tmp_path_factory.mktemp(tier.name))
        for tier in TIERS
    }


@pytest.fixture(scope="module")
def served(apiserver: ApiServer) -> set[tuple[str, str]]:
    """Group and resource of all that the API server serves, subresources too."""
    client = apiserver.client
    versions = [("", "/api/v1")]
    versions += [
        (each["name"], f"/apis/{version['groupVersion']}")
        for each in client.get("/apis")["groups"]
        for version in each["versions"]
    ]
    found = {(name, r["name"]) for name, path in versions for r in client.get(path)["resources"]}
    # Access alone knows these: they are served by nobody.
    return found | {("", each) for each in ("users", "groups", "uids")}


@pytest.mark.parametrize(("tier", "place"), ASKED, ids=str)
async def test_the_account_may_do_what_the_rules_say_and_nothing_else(
    given: dict[str, Given], served: set[tuple[str, str]], tier: Tier, place: str
) -> None:
    found = given[tier.name]
    rules = given_to(account(*tier.account), found.objects, place)

    async with api_of(found.environ) as api:
        answered = await allowed(api, every(served), place)

    of_this_server = {right for right in rules if (right.group, right.resource) in served}
    assert answered == unnamed(of_this_server) | BY_EVERYBODY


@pytest.mark.parametrize("tier", TIERS, ids=lambda tier: tier.name)
@pytest.mark.parametrize("place", [*BOUND, UNBOUND])
async def test_can_i_lists_what_the_rules_say(
    apiserver: ApiServer, given: dict[str, Given], tier: Tier, place: str
) -> None:
    found = given[tier.name]

    said = await kubectl(apiserver, found, "auth", "can-i", "--list", f"--namespace={place}")

    rules = given_to(account(*tier.account), found.objects, place)
    assert {*listed(said)} == {(r.verb, dotted(r), r.name) for r in rules | BY_EVERYBODY}


def dotted(right: Right) -> str:
    resource, slash, subresource = right.resource.partition("/")
    return f"{resource}{f'.{right.group}' if right.group else ''}{slash}{subresource}"


def listed(said: str) -> Iterator[tuple[str, str, str]]:
    for line in said.splitlines()[1:]:
        if found := _LINE.match(line):
            resource, names, verbs = found.groups()
            for name in names.split() or [""]:
                yield from ((verb, resource, name) for verb in verbs.split())


@pytest.mark.parametrize("tier", TIERS, ids=lambda tier: tier.name)
def test_no_tier_holds_what_none_may_hold(given: dict[str, Given], tier: Tier) -> None:
    """Of the rendered rules alone, so that no server's table of resources can hide one."""
    own = account(*tier.account)
    rules = set().union(*(given_to(own, given[tier.name].objects, place) for place in PLACES))

    verbs = {right.verb for right in rules}
    assert verbs <= READING | ({"impersonate"} if tier is WRITES else set())
    assert not {right for right in rules if "*" in (right.verb, right.group, right.resource)}
    assert not {right for right in rules if right.resource.partition("/")[0] == "secrets"}
    assert not {right for right in rules if right.resource.partition("/")[2] in ACTING}
    assert {(r.resource, r.name) for r in rules if r.verb == "impersonate"} == (
        {("users", APPROVED), ("groups", APPROVED)} if tier is WRITES else set()
    )


class TestActingAsSomebodyElse:
    @pytest.mark.parametrize(
        ("resource", "name", "is_allowed"),
        [
            ("users", APPROVED, True),
            ("groups", APPROVED, True),
            ("users", "system:admin", False),
            ("users", "kubernetes-admin", False),
            ("groups", "system:masters", False),
            ("groups", "system:authenticated", False),
            ("uids", APPROVED, False),
            ("userextras/scopes", APPROVED, False),
            ("serviceaccounts", "default", False),
        ],
    )
    async def test_it_may_be_one_user_and_one_group(
        self, given: dict[str, Given], resource: str, name: str, *, is_allowed: bool
    ) -> None:
        # `userextras` stand in a group of their own.
        api_group = "authentication.k8s.io" if resource.startswith("userextras") else ""
        right = Right("impersonate", api_group, resource, name)
        for tier in TIERS:
            async with api_of(given[tier.name].environ) as api:
                answered = await allowed(api, [right], BOUND[0])
            assert bool(answered) == (is_allowed and tier is WRITES)

    @pytest.mark.parametrize("place", [SHOP, UNBOUND])
    async def test_the_group_may_do_what_its_rules_say_and_stops_at_the_edge(
        self,
        apiserver: ApiServer,
        given: dict[str, Given],
        served: set[tuple[str, str]],
        place: str,
    ) -> None:
        rules = given_to(group(APPROVED), given[WRITES.name].objects, place)
        subject = {"user": APPROVED, "groups": [APPROVED]}
        environ = {"KUBECONFIG": str(apiserver.kubeconfig), "HOME": str(apiserver.home)}

        async with api_of(environ) as api:
            answered = await allowed(api, every(served), place, subject)

        assert answered == rules
        assert bool(rules - NODES) == (place == SHOP)

    def test_in_a_namespace_with_one_change_it_may_make_no_other(
        self, given: dict[str, Given]
    ) -> None:
        whole, scaled = (
            given_to(group(APPROVED), given[WRITES.name].objects, place) for place in BOUND
        )

        assert Right("delete", "", "pods") in whole - scaled
        assert Right("patch", "apps", "deployments") in whole - scaled
        assert Right("patch", "apps", "deployments/scale") in whole & scaled


NODES = {Right("get", "", "nodes"), Right("patch", "", "nodes")}


async def kubectl(apiserver: ApiServer, given: Given, *words: str) -> str:
    finished = await processes.run(
        (str(apiserver.kubectl), *words),
        environ=given.environ,
        cwd=given.kubeconfig.parent,
        bounds=processes.Bounds(deadline_seconds=30),
    )
    assert finished.exit_code == 0, finished.stderr
    return finished.stdout.decode()
