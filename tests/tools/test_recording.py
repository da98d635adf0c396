"""What the audit hears of each run of kubectl, and of what was asked for and not run."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from bot.audit import Audit
from bot.cluster.access import ClusterAccess
from bot.dialogue import Proposal, Step
from bot.errors import ClusterError
from bot.redaction import Redactor
from bot.settings import Writes, WritesIn
from bot.tools import policy
from bot.tools.changes import Changer, Drafter
from bot.tools.kubectl import KubectlTool
from bot.tools.ledger import Ledger
from bot.tools.runner import Kubectl
from tests.tools.conftest import MakeKubectl

NOW = 1_800_000_000.0
TOKEN = "ghp_" + "a1B2" * 9
GET = ("kubectl", "get", "pod/web-0", "--namespace=shop", "--output=json")
DELETE = ("kubectl", "delete", "pod/web-0", "--namespace=shop", "--wait=false")
PODS = "kubectl get pods -n shop"


class Book:
    """The real audit file, read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.audit = Audit(path)

    def lines(self) -> list[dict[str, Any]]:
        return [orjson.loads(line) for line in self.path.read_bytes().splitlines()]

    def told(self, *keys: str) -> list[tuple[Any, ...]]:
        return [tuple(line.get(key) for key in keys) for line in self.lines()]


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    book = Book(tmp_path / "audit.jsonl")
    yield book
    book.audit.close()


@pytest.fixture
async def proposal(make_kubectl: MakeKubectl) -> Proposal:
    argv = policy.judge("delete pod web-0 -n shop", changes=True).argv
    return await Drafter(make_kubectl(), Redactor(), lambda: NOW).draft(argv, "why", "U02")


def tool_of(kubectl: Kubectl, book: Book) -> KubectlTool:
    async def on_step(step: Step) -> None:
        del step

    ledger = Ledger(record=book.audit.record)
    return KubectlTool(kubectl, ledger, on_step=on_step, budget_chars=4_000)


def changer_of(kubectl: Kubectl, *, allows: bool = True) -> Changer:
    writes = Writes(namespaces={"shop": WritesIn()} if allows else {})
    return Changer(kubectl, Redactor(), writes, lambda: NOW)


async def test_a_read_leaves_one_line_of_words_and_nothing_printed(
    make_kubectl: MakeKubectl, book: Book
) -> None:
    kubectl = make_kubectl(script=f"echo web-0 token={TOKEN}", record=book.audit.record)
    await tool_of(kubectl, book).run({"command": PODS})

    [line] = book.lines()
    assert line["argv"] == ["kubectl", "get", "pods", "--namespace=shop"]
    assert (line["tool"], line["verdict"], line["rule"]) == ("kubectl", "read", None)
    assert (line["exit"], line["redactions"]) == (0, 1)
    assert line["bytes"] > 40
    assert line["seconds"] >= 0
    assert "web-0" not in book.path.read_text()


async def test_a_read_that_answers_from_before_leaves_none(
    make_kubectl: MakeKubectl, book: Book
) -> None:
    tool = tool_of(make_kubectl(script="echo web-0", record=book.audit.record), book)
    for _ in range(2):
        await tool.run({"command": PODS})

    assert len(book.lines()) == 1


async def test_a_read_cut_short_has_a_line_without_an_exit(
    make_kubectl: MakeKubectl, book: Book, tmp_path: Path
) -> None:
    kubectl = make_kubectl(script=f"touch {tmp_path}/begun; sleep 60", record=book.audit.record)
    running = asyncio.create_task(kubectl.run(GET))
    await begun(tmp_path / "begun")
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert book.told("argv", "verdict", "exit") == [([*GET], "read", None)]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("kubectl delete pod 'web 0' -n shop", ["kubectl", "delete", "pod", "web 0", "-n", "shop"]),
        ("kubectl get pods -l 'app", ["kubectl get pods -l 'app"]),
        (f"kubectl get pods --token={TOKEN}", ["kubectl", "get", "pods", "--token=[redacted"]),
    ],
    ids=["words", "quotes", "secret"],
)
async def test_a_refused_command_is_written_in_the_words_it_was_asked_in(
    make_kubectl: MakeKubectl, book: Book, asked: str, words: list[str]
) -> None:
    kubectl = make_kubectl(script="exit 0", record=book.audit.record)
    await tool_of(kubectl, book).run({"command": asked})

    [line] = book.lines()
    assert [word.partition(":")[0] for word in line["argv"]] == words
    assert (line["verdict"], line["exit"]) == ("refused", None)
    assert line["rule"]
    assert TOKEN not in book.path.read_text()


async def test_the_second_read_that_names_hidden_values_has_its_own_line(
    make_kubectl: MakeKubectl, book: Book
) -> None:
    asked = "kubectl get pods -n shop -o jsonpath='{.items[*].spec.containers[*].env[*].value}'"
    kubectl = make_kubectl(script="echo value", record=book.audit.record)
    await tool_of(kubectl, book).run({"command": asked})

    named, bare = book.told("argv", "exit")
    assert any("jsonpath" in word for word in bare[0])
    assert not any("jsonpath" in word for word in named[0])
    assert (named[1], bare[1]) == (0, 0)


async def test_what_a_draft_a_check_and_a_look_read_stands_there(
    make_kubectl: MakeKubectl, book: Book
) -> None:
    kubectl = make_kubectl(record=book.audit.record)
    draft = Drafter(kubectl, Redactor(), lambda: NOW)
    argv = policy.judge("delete pod web-0 -n shop", changes=True).argv
    proposal = await draft.draft(argv, "why", "U02")
    assert await changer_of(kubectl).check(proposal) == ""
    await changer_of(kubectl).look(proposal)

    assert book.told("argv", "verdict", "exit") == [([*GET], "read", 0)] * 3


async def test_a_dry_run_and_a_change_name_the_rule_and_a_change_has_two_lines(
    make_kubectl: MakeKubectl, book: Book, proposal: Proposal
) -> None:
    changer = changer_of(make_kubectl(script="echo done", record=book.audit.record))
    await changer.rehearse(proposal, 1)
    await changer.carry_out(proposal, 2)

    assert book.told("argv", "verdict", "rule", "phase", "exit") == [
        ([*DELETE, "--dry-run=server"], "dry-run", "delete pod", None, 0),
        ([*DELETE], "write", "delete pod", "begins", None),
        ([*DELETE], "write", "delete pod", "ends", 0),
    ]


async def test_a_change_that_is_cut_short_stood_there_before_it_began(
    make_kubectl: MakeKubectl, book: Book, proposal: Proposal, tmp_path: Path
) -> None:
    script = f"touch {tmp_path}/begun; sleep 60"
    changer = changer_of(make_kubectl(script=script, record=book.audit.record))
    running = asyncio.create_task(changer.carry_out(proposal, 2))
    await begun(tmp_path / "begun")
    assert book.told("verdict", "phase") == [("write", "begins")]
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert book.told("verdict", "phase", "exit")[1:] == [("write", "ends", None)]


async def test_what_is_not_allowed_any_more_is_a_refused_command(
    make_kubectl: MakeKubectl, book: Book, proposal: Proposal
) -> None:
    kubectl = make_kubectl(script="exit 0", record=book.audit.record)
    await changer_of(kubectl, allows=False).carry_out(proposal, 2)

    assert book.told("argv", "verdict", "rule", "exit") == [([*DELETE], "refused", "writes", None)]


async def test_what_never_reached_a_cluster_is_no_run(
    make_kubectl: MakeKubectl, book: Book, proposal: Proposal
) -> None:
    nowhere = ClusterAccess(kind="none", reason="No cluster answered.")
    kubectl = make_kubectl(access=nowhere, record=book.audit.record)
    with pytest.raises(ClusterError):
        await changer_of(kubectl).carry_out(proposal, 2)

    assert book.lines() == []


async def begun(mark: Path) -> None:
    async with asyncio.timeout(10):
        while not mark.exists():  # noqa: ASYNC110, ASYNC240 - a file tells nobody
            await asyncio.sleep(0.01)
