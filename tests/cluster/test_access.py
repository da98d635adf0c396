"""Which cluster is found, and what is said where there is none."""

import os
import sys
import time
from pathlib import Path

import pytest
import yaml

from bot.cluster.access import ClusterAccess, find_access
from bot.cluster.frame import find_program
from bot.errors import ClusterError
from tests.doubles.kube_api import KubeApi


def environ(tmp_path: Path, **more: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path), **more}


def program(tmp_path: Path, script: str) -> Path:
    path = tmp_path / "kubectl"
    path.write_text("#!/bin/sh\n" + script, encoding="utf-8")
    path.chmod(0o700)
    return path


class TestOutsideACluster:
    async def test_the_current_context_of_kubeconfig_is_found(
        self, kube_api: KubeApi, tmp_path: Path
    ) -> None:
        kubeconfig = kube_api.write_kubeconfig(tmp_path / "config")

        access = await find_access(environ(tmp_path, KUBECONFIG=str(kubeconfig)))

        assert access == ClusterAccess(
            kind="kubeconfig",
            context="shop-cluster",
            server=kube_api.url,
            namespace="shop",
            kubeconfig=str(kubeconfig),
        )
        assert {(seen.method, seen.path) for seen in kube_api.seen} <= {("GET", "/version")}

    async def test_the_file_in_the_home_folder_is_the_default(
        self, kube_api: KubeApi, tmp_path: Path
    ) -> None:
        (tmp_path / ".kube").mkdir()
        kube_api.write_kubeconfig(tmp_path / ".kube" / "config")

        assert (await find_access(environ(tmp_path))).kind == "kubeconfig"

    async def test_of_several_files_the_first_that_says_something_holds(
        self, kube_api: KubeApi, tmp_path: Path
    ) -> None:
        first = kube_api.write_kubeconfig(tmp_path / "first", context="one")
        second = kube_api.write_kubeconfig(tmp_path / "second", context="two")
        listed = os.pathsep.join([str(tmp_path / "absent"), str(first), str(second)])

        current = await find_access(environ(tmp_path, KUBECONFIG=listed))
        chosen = await find_access(environ(tmp_path, KUBECONFIG=listed), context="two")

        assert (current.kind, current.context) == ("kubeconfig", "one")
        assert (chosen.kind, chosen.context) == ("kubeconfig", "two")

    async def test_an_unknown_context_names_the_nearest(
        self, kube_api: KubeApi, tmp_path: Path
    ) -> None:
        kubeconfig = kube_api.write_kubeconfig(tmp_path / "config")

        access = await find_access(environ(tmp_path, KUBECONFIG=str(kubeconfig)), context="shop")

        assert access.kind == "none"
        assert 'no context "shop". Did you mean "shop-cluster"?' in access.reason

    @pytest.mark.parametrize(
        ("held", "said"),
        [
            (None, "KUBECONFIG names"),
            ("contexts: [", "not valid YAML"),
            ("contexts: []", "no current context"),
            ("just words", "no current context"),
        ],
    )
    async def test_a_kubeconfig_that_is_no_use_is_explained(
        self, tmp_path: Path, held: str | None, said: str
    ) -> None:
        kubeconfig = tmp_path / "config"
        if held is not None:
            kubeconfig.write_text(held, encoding="utf-8")

        access = await find_access(environ(tmp_path, KUBECONFIG=str(kubeconfig)))

        assert access.kind == "none"
        assert said in access.reason

    async def test_without_any_kubeconfig_it_says_what_to_set(self, tmp_path: Path) -> None:
        access = await find_access(environ(tmp_path))

        assert "there is no ~/.kube/config. Set KUBECONFIG" in access.reason

    async def test_a_server_that_is_down_is_named(self, kube_api: KubeApi, tmp_path: Path) -> None:
        kubeconfig = kube_api.write_kubeconfig(tmp_path / "config")
        kubeconfig.write_text(kubeconfig.read_text().replace(kube_api.url, "https://127.0.0.1:9"))

        access = await find_access(environ(tmp_path, KUBECONFIG=str(kubeconfig)))

        assert access.kind == "none"
        assert "https://127.0.0.1:9" in access.reason
        assert "refused the connection" in access.reason

    async def test_credentials_that_are_refused_are_another_thing(
        self, kube_api: KubeApi, tmp_path: Path
    ) -> None:
        kube_api.token = "the-right-one"
        kubeconfig = kube_api.write_kubeconfig(tmp_path / "config", user={"token": "wrong-one"})

        access = await find_access(environ(tmp_path, KUBECONFIG=str(kubeconfig)))

        assert "unauthorized" in access.reason
        assert "wrong-one" not in access.reason

    async def test_a_server_that_never_answers_is_given_up(
        self, kube_api: KubeApi, tmp_path: Path
    ) -> None:
        kubeconfig = kube_api.write_kubeconfig(tmp_path / "config")
        script = program(tmp_path, "exec sleep 600")
        begun = time.monotonic()

        access = await find_access(
            environ(tmp_path, KUBECONFIG=str(kubeconfig)), timeout_seconds=0.3, program=script
        )

        assert "did not answer within 0.3 s" in access.reason
        assert time.monotonic() - begun < 5

    async def test_a_credential_plugin_is_run_for_the_check(
        self, kube_api: KubeApi, tmp_path: Path
    ) -> None:
        kube_api.token = "from-the-plugin"
        plugin = tmp_path / "plugin"
        plugin.write_text(
            f"#!{sys.executable}\nprint('''"
            '{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",'
            ' "status": {"token": "from-the-plugin"}}'
            "''')\n",
            encoding="utf-8",
        )
        plugin.chmod(0o700)
        spec = {
            "apiVersion": "client.authentication.k8s.io/v1",
            "command": str(plugin),
            "interactiveMode": "Never",
        }
        kubeconfig = kube_api.write_kubeconfig(tmp_path / "config", user={"exec": spec})

        access = await find_access(environ(tmp_path, KUBECONFIG=str(kubeconfig)))

        assert access.kind == "kubeconfig"

    async def test_a_relative_path_is_made_absolute(
        self, kube_api: KubeApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        kube_api.write_kubeconfig(tmp_path / "config")
        monkeypatch.chdir(tmp_path)

        access = await find_access(environ(tmp_path, KUBECONFIG="config"))

        assert access.kubeconfig == str(tmp_path / "config")

    async def test_a_context_without_a_namespace_means_default(
        self, kube_api: KubeApi, tmp_path: Path
    ) -> None:
        kubeconfig = kube_api.write_kubeconfig(tmp_path / "config")
        held = yaml.safe_load(kubeconfig.read_text())
        del held["contexts"][0]["context"]["namespace"]
        kubeconfig.write_text(yaml.safe_dump(held))

        access = await find_access(environ(tmp_path, KUBECONFIG=str(kubeconfig)))

        assert access.namespace == "default"


class TestInACluster:
    @pytest.fixture
    def service_account(self, tmp_path: Path) -> Path:
        folder = tmp_path / "serviceaccount"
        folder.mkdir()
        (folder / "token").write_text("t")
        (folder / "namespace").write_text("kaia\n")
        return folder

    async def test_the_service_account_is_used_and_its_namespace_is_the_default(
        self, tmp_path: Path, service_account: Path
    ) -> None:
        access = await find_access(
            environ(tmp_path, KUBERNETES_SERVICE_HOST="10.96.0.1", KUBERNETES_SERVICE_PORT="443"),
            service_account=service_account,
            program=program(tmp_path, "exit 0"),
        )

        assert access == ClusterAccess(
            kind="in-cluster", server="https://10.96.0.1:443", namespace="kaia"
        )

    async def test_no_context_is_named_and_no_kubeconfig_is_read(
        self, tmp_path: Path, service_account: Path
    ) -> None:
        script = f'echo "$* $KUBECONFIG $SLACK_BOT_TOKEN" > {tmp_path / "seen"}'

        await find_access(
            environ(
                tmp_path,
                KUBERNETES_SERVICE_HOST="10.96.0.1",
                KUBECONFIG="/somewhere",
                SLACK_BOT_TOKEN="xoxb-1",
            ),
            service_account=service_account,
            program=program(tmp_path, script),
        )

        assert (tmp_path / "seen").read_text().split() == ["version", "--output=json", "/dev/null"]

    async def test_without_a_token_it_is_no_cluster(self, tmp_path: Path) -> None:
        access = await find_access(
            environ(tmp_path, KUBERNETES_SERVICE_HOST="10.96.0.1"), service_account=tmp_path
        )

        assert access.kind == "none"

    async def test_a_context_that_is_asked_for_goes_before_the_service_account(
        self, kube_api: KubeApi, tmp_path: Path, service_account: Path
    ) -> None:
        kubeconfig = kube_api.write_kubeconfig(tmp_path / "config")

        access = await find_access(
            environ(tmp_path, KUBERNETES_SERVICE_HOST="10.96.0.1", KUBECONFIG=str(kubeconfig)),
            context="shop-cluster",
            service_account=service_account,
        )

        assert access.kind == "kubeconfig"


def test_without_kubectl_it_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="There is no kubectl"):
        find_program({"PATH": str(tmp_path)}, beside=tmp_path)


def test_a_kubectl_beside_the_python_comes_before_one_on_path(tmp_path: Path) -> None:
    for folder in ("beside", "path"):
        program = tmp_path / folder / "kubectl"
        program.parent.mkdir()
        program.touch(mode=0o755)

    found = find_program({"PATH": str(tmp_path / "path")}, beside=tmp_path / "beside")

    assert found == tmp_path / "beside" / "kubectl"


async def test_a_kubectl_for_another_machine_is_explained(
    kube_api: KubeApi, tmp_path: Path
) -> None:
    kubeconfig = kube_api.write_kubeconfig(tmp_path / "config")
    broken = tmp_path / "kubectl"
    broken.write_bytes(b"\x7fELF nonsense")
    broken.chmod(0o700)

    access = await find_access(environ(tmp_path, KUBECONFIG=str(kubeconfig)), program=broken)

    assert "cannot be started" in access.reason
