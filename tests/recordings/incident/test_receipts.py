"""What commands of a conversation said: as a file from elsewhere, as objects, as logs."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.errors import RecordingError
from bot.recordings.container_logs import Source
from bot.recordings.incident import PastReceipt, receipts_of
from bot.recordings.incident.outputs import (
    logs_in,
    namespaces_in,
    objects_in,
    stamped,
    words_in,
)
from bot.recordings.incident.receipts import Part, written_receipts

AT = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
GET = PastReceipt(1, "kubectl get pods --namespace=shop", 0, "NAME\nweb\n", "", AT.timestamp())


def ran(command: str, output: str = "", exit_code: int | None = 0) -> PastReceipt:
    return PastReceipt(2, command, exit_code, output, "", AT.timestamp())


def put(folder: Path, found: Any) -> Path:
    (folder / "receipts.json").write_text(found if isinstance(found, str) else json.dumps(found))
    return folder


class TestTheFile:
    def test_is_read_as_it_was_written_without_those_that_answer_nothing(
        self, tmp_path: Path
    ) -> None:
        after = PastReceipt(3, "kubectl get pods", 0, "", "", 5.0, answers=False)
        put(tmp_path, written_receipts([GET, after], [Part("pods", "as seen then")]))
        assert receipts_of(tmp_path) == (GET,)

    def test_a_recording_without_one_has_none(self, tmp_path: Path) -> None:
        assert receipts_of(tmp_path) == ()

    @pytest.mark.parametrize(
        ("found", "said"),
        [
            ("{", "no JSON"),
            ("[]", "must hold a JSON object"),
            ({"format": 2, "receipts": []}, "another format"),
            ({"format": True, "receipts": []}, "another format"),
            ({"format": 1, "receipts": {}}, "needs a list"),
            ({"format": 1, "receipts": [{}] * 501}, "at most 500"),
            ({"format": 1, "receipts": ["kubectl get pods"]}, "a receipt that is none"),
            ({"format": 1, "receipts": [{"command": ""}]}, "a receipt that is none"),
            ({"format": 1, "receipts": [{"command": ["kubectl"]}]}, "a receipt that is none"),
            ({"format": 1, "receipts": [{"command": "x", "output": 7}]}, "a receipt that is none"),
            ({"format": 1, "receipts": [{"command": "x", "exit_code": "0"}]}, "that is none"),
            ({"format": 1, "receipts": [{"command": "x", "output": "y" * 300_001}]}, "is none"),
            ({"format": 1, "receipts": [{"command": "x", "answers": "no"}]}, "that is none"),
        ],
    )
    def test_a_hostile_one_is_refused_with_a_sentence(
        self, tmp_path: Path, found: Any, said: str
    ) -> None:
        with pytest.raises(RecordingError, match=said):
            receipts_of(put(tmp_path, found))

    def test_a_link_is_not_followed(self, tmp_path: Path) -> None:
        (tmp_path / "receipts.json").symlink_to("/etc/hostname")
        with pytest.raises(RecordingError, match="symbolic link"):
            receipts_of(tmp_path)


class TestObjects:
    POD: dict[str, Any] = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}}  # noqa: RUF012

    @pytest.mark.parametrize("form", ["yaml", "json"])
    def test_are_read_from_whole_outputs_one_or_many(self, form: str) -> None:
        many = {"apiVersion": "v1", "kind": "List", "items": [self.POD, self.POD]}
        for found, count in ((self.POD, 1), (many, 2)):
            shown = ran(f"kubectl get pods --output={form}", json.dumps(found))
            assert [*objects_in([shown])] == [self.POD] * count

    @pytest.mark.parametrize(
        "receipt",
        [
            ran("kubectl get pods --output=json", '{"kind": "Pod", "metada'),
            ran("kubectl get pods --output=yaml", "a: [1"),
            ran("kubectl get pods --output=yaml", "just words"),
            ran("kubectl get pods --output=yaml", "!!python/object/apply:os.getcwd []"),
            ran("kubectl get pods --output=wide", json.dumps(POD)),
            ran("kubectl get pods --output=json", json.dumps(POD), exit_code=1),
            ran("kubectl describe pod web --output=json", json.dumps(POD)),
            ran("kubectl get pods --output=json", '{"kind": "Pod", "metadata": {"name": "x"}}'),
            ran("kubectl 'get", json.dumps(POD)),
        ],
    )
    def test_are_not_read_from_anything_else(self, receipt: PastReceipt) -> None:
        assert [*objects_in([receipt])] == []


class TestLogs:
    POD: dict[str, Any] = {"spec": {"containers": [{"name": "app"}, {"name": "proxy"}]}}  # noqa: RUF012

    def read(self, command: str, output: str = "one\ntwo\n") -> dict[Source, str]:
        return logs_in([ran(command, output)], lambda *_: self.POD)

    def test_have_times_that_end_when_the_command_ran(self) -> None:
        found = self.read("kubectl logs web --namespace=shop --container=proxy --previous")
        assert found == {
            Source("shop", "web", "proxy", is_previous=True): (
                "2026-11-27T09:59:59.998000000Z one\n2026-11-27T09:59:59.999000000Z two\n"
            )
        }

    def test_keep_the_times_they_were_shown_with(self) -> None:
        line = "2026-11-27T09:00:00.5Z one\n"
        assert self.read("kubectl logs pod/web --namespace=shop --timestamps", line) == {
            Source("shop", "web", "app", is_previous=False): line
        }

    def test_are_of_the_first_container_where_none_is_named(self) -> None:
        said = 'Defaulted container "app" out of: app, proxy\none\n'
        [(source, text)] = self.read("kubectl logs web --namespace=shop", said).items()
        assert source.container == "app"
        assert text.endswith(" one\n")
        assert text.count("\n") == 1

    @pytest.mark.parametrize(
        "command",
        [
            "kubectl logs --namespace=shop --selector=app=web",
            "kubectl logs deployment/web --namespace=shop",
            "kubectl logs web --namespace=shop --all-containers",
            "kubectl logs web --namespace=shop --prefix",
            "kubectl get pods --namespace=shop",
        ],
    )
    def test_of_several_containers_are_none(self, command: str) -> None:
        assert self.read(command) == {}

    def test_without_a_line_are_none(self) -> None:
        assert self.read("kubectl logs web --namespace=shop", "") == {}
        assert stamped((), AT) == ""


def test_commands_say_which_namespaces_and_types_they_are_about() -> None:
    receipts = [GET, ran("kubectl describe node/worker-1")]
    assert namespaces_in(receipts) == {"shop"}
    assert {"pods", "node", "worker-1"} <= words_in(receipts)
