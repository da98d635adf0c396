"""What the doctor sees of each part, well and ill, and what it advises."""

import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import web

from bot.conversations.storage.store import Store
from bot.doctor import Check, examine, report
from bot.playground.server import PlaygroundServer
from bot.playground.workspace import Workspace
from tests.doubles.authorizer import Authorizer, May

SCOPES = ("app_mentions:read", "chat:write")
READS = {"get", "list", "watch"}

Start = Callable[[web.Application], Awaitable[str]]


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Nothing there: no Slack, no cluster; the model that needs no model."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "KUBECONFIG": str(tmp_path / "absent"),
        "KAIA_MODEL": "builtin",
    }


@pytest.fixture
async def slack() -> AsyncIterator[PlaygroundServer]:
    server = PlaygroundServer(Workspace())
    await server.start()
    yield server
    await server.close()


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Serves an application on loopback and gives its address."""
    runners: list[web.AppRunner] = []

    async def start(application: web.Application) -> str:
        runner = web.AppRunner(application, access_log=None)
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    yield start
    for runner in runners:
        await runner.cleanup()


def tokens_of(server: PlaygroundServer) -> dict[str, str]:
    return {
        "SLACK_API_URL": server.api_url,
        "SLACK_BOT_TOKEN": server.bot_token,
        "SLACK_APP_TOKEN": server.app_token,
    }


async def found(environ: dict[str, str], *names: str) -> list[Check]:
    checks = await examine(environ, needed_scopes=SCOPES)
    return [check for check in checks if check.name in names]


class TestRunbooks:
    @pytest.fixture
    def folder(self, environ: dict[str, str], tmp_path: Path) -> Path:
        folder = tmp_path / "runbooks"
        folder.mkdir()
        (tmp_path / "kaia.yaml").write_text("runbooks: runbooks\n")
        environ["KAIA_CONFIG"] = str(tmp_path / "kaia.yaml")
        return folder

    async def test_where_none_are_configured_nothing_is_said(self, environ: dict[str, str]) -> None:
        assert await found(environ, "runbooks") == []

    async def test_those_that_can_be_used_are_counted(
        self, environ: dict[str, str], folder: Path
    ) -> None:
        (folder / "oom.md").write_text("---\ncauses: OOMKilled\n---\nRaise the limit.\n")

        assert await found(environ, "runbooks") == [
            Check("runbooks", "ok", "1 runbook can be used.")
        ]

    async def test_each_that_cannot_be_used_is_a_warning(
        self, environ: dict[str, str], folder: Path
    ) -> None:
        (folder / "odd.md").write_text("---\ncauses: [\n---\nx\n")

        count, broken = await found(environ, "runbooks")

        assert (count.state, count.sentence) == ("ok", "0 runbooks can be used.")
        assert broken.state == "warning"
        assert "odd.md" in broken.sentence


class TestSettings:
    async def test_wrong_ones_are_each_a_failed_check_and_nothing_else_is_asked(self) -> None:
        checks = await examine({"KAIA_MODLE": "x", "KAIA_NUM_CTX": "y"})

        assert [(check.name, check.state) for check in checks] == [("settings", "failed")] * 2

    async def test_likely_slips_are_warnings(self, environ: dict[str, str]) -> None:
        [check] = await found(environ | {"SLACK_BOTTOKEN": "x"}, "settings")

        assert check.state == "warning"
        assert "SLACK_BOT_TOKEN" in check.sentence


class TestSlack:
    NAMES = ("Slack", "Slack bot token", "Slack scopes", "Slack app token")

    async def test_with_both_tokens_right_all_is_well(
        self, environ: dict[str, str], slack: PlaygroundServer
    ) -> None:
        checks = await found(environ | tokens_of(slack), *self.NAMES)

        assert [check.state for check in checks] == ["ok", "ok", "ok"]
        assert "@kaia" in checks[0].sentence

    async def test_no_tokens_fail_with_the_place_where_they_are_made(
        self, environ: dict[str, str]
    ) -> None:
        checks = await found(environ, *self.NAMES)

        assert [check.state for check in checks] == ["failed", "failed"]
        assert all("https://api.slack.com/apps" in check.sentence for check in checks)

    async def test_scopes_that_are_not_granted_are_named(self, environ: dict[str, str]) -> None:
        manifest = {
            "oauth_config": {"scopes": {"bot": ["app_mentions:read"]}},
            "settings": {"socket_mode_enabled": True},
        }
        server = PlaygroundServer(Workspace(), manifest=manifest)
        await server.start()
        try:
            [check] = await found(environ | tokens_of(server), "Slack scopes")
        finally:
            await server.close()

        assert (check.state, check.sentence) == ("failed", "The bot lacks chat:write.")
        assert "manifest.yml" in check.advice

    @pytest.mark.parametrize(
        ("users", "scope", "states"),
        [
            ("U0ANN,S0ONCALL", "chat:write", ["warning"]),
            ("U0ANN,S0ONCALL", "usergroups:read", []),
            ("U0ANN", "chat:write", []),
        ],
    )
    async def test_user_groups_that_cannot_be_read_are_a_warning(
        self, environ: dict[str, str], users: str, scope: str, states: list[str]
    ) -> None:
        manifest = {
            "oauth_config": {"scopes": {"bot": [scope]}},
            "settings": {"socket_mode_enabled": True},
        }
        server = PlaygroundServer(Workspace(), manifest=manifest)
        await server.start()
        try:
            given = environ | tokens_of(server) | {"KAIA_ALLOWED_USERS": users}
            checks = await found(given, "Slack user groups")
        finally:
            await server.close()

        assert [check.state for check in checks] == states
        assert all("S0ONCALL" in check.sentence for check in checks)

    @pytest.mark.parametrize("refusal", ["token_revoked", "account_inactive", "invalid_auth"])
    async def test_a_bot_token_slack_refuses_is_told_with_slacks_word(
        self, environ: dict[str, str], slack: PlaygroundServer, refusal: str
    ) -> None:
        slack.workspace.tokens.bot.refusal = refusal
        checks = await found(environ | tokens_of(slack), *self.NAMES)

        assert [(check.name, check.state) for check in checks] == [
            ("Slack bot token", "failed"),
            ("Slack app token", "ok"),
        ]
        assert refusal in checks[0].sentence
        assert "SLACK_BOT_TOKEN" in checks[0].advice

    async def test_an_app_token_slack_refuses_is_told_too(
        self, environ: dict[str, str], slack: PlaygroundServer
    ) -> None:
        slack.workspace.tokens.app.refusal = "invalid_auth"
        [check] = await found(environ | tokens_of(slack), "Slack app token")

        assert check.state == "failed"
        assert "connections:write" in check.advice

    async def test_socket_mode_that_is_off_is_told_apart(
        self, environ: dict[str, str], slack: PlaygroundServer
    ) -> None:
        slack.workspace.faults.add("apps.connections.open", "error", code="socket_mode_not_enabled")
        [check] = await found(environ | tokens_of(slack), "Slack app token")

        assert (check.state, check.sentence[:18]) == ("failed", "Socket Mode is off")

    async def test_a_slack_that_cannot_be_reached_is_no_wrong_token(
        self, environ: dict[str, str], slack: PlaygroundServer
    ) -> None:
        given = tokens_of(slack)
        await slack.close()
        checks = await found(environ | given, *self.NAMES)

        assert [check.state for check in checks] == ["failed", "failed"]
        assert all("did not answer" in check.sentence for check in checks)
        assert all("HTTPS_PROXY" in check.advice for check in checks)

    @pytest.mark.parametrize("body", ["<html>", "[]", "{}", '{"ok": false, "error": "\\u001b[2J"}'])
    async def test_any_other_server_gets_a_sentence(
        self, environ: dict[str, str], start: Start, body: str
    ) -> None:
        async def answer(_: web.Request) -> web.Response:
            return web.Response(text=body)

        application = web.Application()
        application.router.add_post("/{path:.*}", answer)
        given = {
            "SLACK_API_URL": await start(application),
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_APP_TOKEN": "xapp-1",
        }
        checks = await found(environ | given, *self.NAMES)

        assert {check.state for check in checks} == {"failed"}
        assert "\x1b" not in "".join(check.sentence for check in checks)

    async def test_a_server_that_keeps_its_scopes_to_itself_is_a_warning(
        self, environ: dict[str, str], start: Start
    ) -> None:
        async def answer(_: web.Request) -> web.Response:
            return web.json_response({"ok": True, "user": "kaia", "team": "T"})

        application = web.Application()
        application.router.add_post("/{path:.*}", answer)
        given = {
            "SLACK_API_URL": await start(application),
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_APP_TOKEN": "xapp-1",
        }

        assert [check.state for check in await found(environ | given, *self.NAMES)] == [
            "ok",
            "warning",
            "ok",
        ]


class TestTheModel:
    async def test_the_built_in_wording_is_always_there(self, environ: dict[str, str]) -> None:
        [check] = await found(environ, "model")

        assert check.state == "ok"

    async def test_one_that_was_asked_for_and_is_not_there_fails(
        self, environ: dict[str, str]
    ) -> None:
        given = environ | {"KAIA_MODEL": "ollama:qwen3:8b", "OLLAMA_HOST": "127.0.0.1:9"}
        [check] = await found(given, "model")

        assert check.state == "failed"
        assert "127.0.0.1:9" in check.sentence

    @pytest.mark.parametrize(("capabilities", "state"), [(["tools"], "ok"), ([], "failed")])
    async def test_an_ollama_is_asked_for_tools_and_window(
        self, environ: dict[str, str], start: Start, capabilities: list[str], state: str
    ) -> None:
        async def show(_: web.Request) -> web.Response:
            return web.json_response(
                {"capabilities": capabilities, "model_info": {"qwen3.context_length": 40960}}
            )

        async def loaded(_: web.Request) -> web.Response:
            return web.json_response({"models": []})

        application = web.Application()
        application.router.add_post("/api/show", show)
        application.router.add_get("/api/ps", loaded)
        given = {"KAIA_MODEL": "ollama:qwen3:8b", "OLLAMA_HOST": await start(application)}
        [check] = await found(environ | given, "model")

        assert check.state == state
        assert "40960 tokens" in check.sentence


class TestTheStore:
    async def test_it_can_be_written_while_another_kaia_holds_it(
        self, environ: dict[str, str], tmp_path: Path
    ) -> None:
        url = f"sqlite:///{tmp_path}/held.db"
        holder = await Store.open(url, exclusive=True)
        try:
            [check] = await found(environ | {"KAIA_STORE": url}, "store")
        finally:
            await holder.close()

        assert check == Check("store", "ok", f"{tmp_path}/held.db can be written.")

    async def test_one_that_cannot_be_written_fails_with_what_to_do(
        self, environ: dict[str, str], tmp_path: Path
    ) -> None:
        (tmp_path / "file").write_text("", encoding="utf-8")
        url = f"sqlite:///{tmp_path}/file/below.db"
        [check] = await found(environ | {"KAIA_STORE": url}, "store")

        assert check.state == "failed"
        assert "KAIA_STORE" in check.advice

    async def test_without_a_folder_it_says_which_setting_gives_one(
        self, environ: dict[str, str]
    ) -> None:
        del environ["HOME"]
        [check] = await found(environ, "store")

        assert check.state == "failed"
        assert "KAIA_STORE" in check.sentence + check.advice


def reader(asked: dict[str, str]) -> bool:
    return asked["verb"] in READS and asked["resource"] != "secrets"


def admin(asked: dict[str, str]) -> bool:
    return bool(asked)


def only_in_shop(asked: dict[str, str]) -> bool:
    return reader(asked) and asked.get("namespace") == "shop"


def nobody(asked: dict[str, str]) -> bool:
    return not asked


def secrets_in_shop(asked: dict[str, str]) -> bool:
    return reader(asked) or (asked["verb"] == "get" and asked.get("namespace") == "shop")


class TestTheCluster:
    async def look(
        self, environ: dict[str, str], tmp_path: Path, may: May, minor: int = 34
    ) -> tuple[dict[str, Check], Authorizer]:
        authorizer = Authorizer(may, minor=minor)
        await authorizer.start()
        try:
            path = authorizer.write_kubeconfig(tmp_path / "kubeconfig")
            checks = await examine(environ | {"KUBECONFIG": str(path)})
        finally:
            await authorizer.close()
        return {check.name: check for check in checks}, authorizer

    async def test_without_one_it_says_so_and_what_to_set(self, environ: dict[str, str]) -> None:
        [check] = await found(environ, "cluster")

        assert check.state == "failed"
        assert "KUBECONFIG" in check.advice

    async def test_an_account_that_may_only_read_is_as_it_should_be(
        self, environ: dict[str, str], tmp_path: Path
    ) -> None:
        checks, authorizer = await self.look(environ, tmp_path, reader)

        for name in ("cluster", "reading", "secrets", "changing"):
            assert checks[name].state == "ok", name
        assert "reading more" not in checks
        assert not any("secrets" in path for path in authorizer.requests)

    @pytest.mark.parametrize("may_impersonate", [True, False])
    async def test_changes_that_are_on_need_the_right_to_act_as_who_may_make_them(
        self, environ: dict[str, str], tmp_path: Path, *, may_impersonate: bool
    ) -> None:
        config = tmp_path / "kaia.yaml"
        config.write_text("writes: {approvers: [U0123ABCD], nodes: {}}")

        def may(asked: dict[str, str]) -> bool:
            of_changes = (asked["verb"], asked["resource"]) == ("patch", "nodes")
            is_impersonation = asked["verb"] == "impersonate"
            return reader(asked) or of_changes or (may_impersonate and is_impersonation)

        switched_on = {"KAIA_WRITES": "approve", "KAIA_CONFIG": str(config)}
        checks, _ = await self.look(environ | switched_on, tmp_path, may)

        check = checks["approved changes"]
        assert check.state == ("ok" if may_impersonate else "failed")
        assert "docs/approvals.md" in check.advice or may_impersonate

    async def test_one_that_may_read_secrets_is_warned_of_loudly(
        self, environ: dict[str, str], tmp_path: Path
    ) -> None:
        checks, _ = await self.look(environ, tmp_path, admin)

        assert checks["secrets"].state == "warning"
        assert "CAN READ SECRETS" in checks["secrets"].sentence
        assert checks["changing"].state == "warning"
        assert "delete pods" in checks["changing"].sentence

    async def test_secrets_of_one_namespace_are_secrets_too(
        self, environ: dict[str, str], tmp_path: Path
    ) -> None:
        checks, _ = await self.look(environ, tmp_path, secrets_in_shop)

        assert "(get secrets)" in checks["secrets"].sentence

    async def test_rights_in_one_namespace_are_a_warning_that_names_it(
        self, environ: dict[str, str], tmp_path: Path
    ) -> None:
        checks, _ = await self.look(environ, tmp_path, only_in_shop)

        assert checks["reading"].state == "warning"
        assert "Only in the namespace shop" in checks["reading"].sentence
        assert "get pods/log" in checks["reading"].sentence
        assert "list nodes" in checks["reading more"].sentence

    async def test_an_account_without_rights_fails(
        self, environ: dict[str, str], tmp_path: Path
    ) -> None:
        checks, _ = await self.look(environ, tmp_path, nobody)

        assert checks["reading"].state == "failed"
        assert checks["reading"].advice
        assert checks["secrets"].state == "ok"

    async def test_a_kubectl_too_far_from_the_cluster_is_a_warning(
        self, environ: dict[str, str], tmp_path: Path
    ) -> None:
        checks, _ = await self.look(environ, tmp_path, reader, minor=9)

        assert checks["kubectl"].state == "warning"
        assert "v1.9.0" in checks["kubectl"].sentence


class TestTheReport:
    CHECKS = (
        Check("store", "ok", "It can be written."),
        Check("cluster", "failed", "It is \x1b[31mnot\nthere.", "Set KUBECONFIG."),
    )

    def test_lines_put_the_advice_below(self) -> None:
        assert report(self.CHECKS, as_json=False).splitlines() == [
            "ok       store: It can be written.",
            "failed   cluster: It is not there.",
            "         → Set KUBECONFIG.",
        ]

    def test_json_is_one_object_a_line(self) -> None:
        lines = report(self.CHECKS, as_json=True).splitlines()

        assert [json.loads(line)["state"] for line in lines] == ["ok", "failed"]
