"""In a replay the commands of the conversation say what they said, and only others are asked."""

from pathlib import Path

import pytest

from bot.cluster.access import ClusterAccess
from bot.recordings.incident import PastReceipt
from bot.redaction import Redactor
from bot.tools.policy import judge
from bot.tools.remembered import Remembered, RememberingKubectl
from tests.doubles.canaries import remembered as password

REDACTOR = Redactor()


def receipt(number: int, command: str, output: str, exit_code: int = 0) -> PastReceipt:
    return PastReceipt(number, command, exit_code, output, "", float(number))


WEB = receipt(1, "kubectl get pod web --namespace=shop", "NAME\nweb\n")
GONE = receipt(
    2, "kubectl get pod x --namespace=shop", 'Error from server (NotFound): pods "x" not found\n', 1
)
NONE = receipt(3, "kubectl get jobs --namespace=shop", "No resources found in shop namespace.\n")


@pytest.mark.parametrize(
    "asked", ["get pod web -n shop", "kubectl get pod web --namespace shop", "get -n=shop pod web"]
)
def test_the_same_command_in_any_spelling_is_answered(asked: str) -> None:
    said = Remembered([WEB]).answer(judge(asked).argv, REDACTOR)
    assert said is not None
    assert (said.stdout, said.stderr, said.exit_code) == ("NAME\nweb\n", "", 0)


@pytest.mark.parametrize("asked", ["get pod web -n office", "get pod web -n shop -o yaml"])
def test_another_command_is_not(asked: str) -> None:
    assert Remembered([WEB]).answer(judge(asked).argv, REDACTOR) is None


def test_what_failed_or_found_nothing_is_said_where_kubectl_says_it() -> None:
    known = Remembered([GONE, NONE])
    for each in (GONE, NONE):
        said = known.answer(judge(each.command).argv, REDACTOR)
        assert said is not None
        assert (said.stdout, said.stderr, said.exit_code) == ("", each.output, each.exit_code)


def test_of_one_that_was_run_twice_the_first_counts() -> None:
    later = receipt(9, WEB.command, "NAME\nweb-is-well\n")
    said = Remembered([later, WEB]).answer(judge(WEB.command).argv, REDACTOR)
    assert said is not None
    assert said.stdout == WEB.output


def test_what_kaia_would_not_run_answers_nothing() -> None:
    known = Remembered(
        [receipt(1, "kubectl delete pod web", "deleted"), receipt(2, "rm -rf /", "")]
    )
    assert len(known) == 0


def test_a_file_from_elsewhere_can_give_nothing_secret_away() -> None:
    secret = password("in a file")
    known = Remembered([receipt(1, WEB.command, f"\x1b[31mDB_PASSWORD={secret}\x1b[0m\n")])
    said = known.answer(judge(WEB.command).argv, REDACTOR)
    assert said is not None
    assert secret not in said.stdout
    assert "\x1b" not in said.stdout


async def test_what_is_remembered_needs_no_cluster(tmp_path: Path) -> None:
    kubectl = RememberingKubectl(
        ClusterAccess("kubeconfig", "c", "http://127.0.0.1:1", "shop", str(tmp_path / "none")),
        REDACTOR,
        environ={},
        program=Path("/bin/false"),
        remembered=Remembered([WEB]),
    )
    assert (await kubectl.run(judge("get pod web -n shop").argv)).stdout == WEB.output
    assert (await kubectl.run(judge("get pod cart -n shop").argv)).exit_code == 1
