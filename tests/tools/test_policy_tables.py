"""Which commands are permitted and which refused, line by line."""

import time

import pytest

from bot.tools.policy import Verdict, judge
from bot.tools.rules import LONGEST
from tests.tools.kubectl import lines


@pytest.mark.parametrize("line", lines.permitted())
def test_a_command_that_an_investigation_needs_is_permitted(line: str) -> None:
    verdict = judge(line)
    assert (verdict.kind, verdict.argv[:1]) == ("read", ("kubectl",)), verdict.reason


@pytest.mark.parametrize("line", lines.refused())
def test_a_command_that_would_do_harm_is_refused_with_a_reason(line: str) -> None:
    verdict = judge(line, namespace="shop")
    assert (verdict.kind, verdict.argv) == ("refused", ())
    assert verdict.reason.endswith(".")
    assert len(verdict.reason) < 400


@pytest.mark.parametrize(("line", "argv"), lines.rebuilt())
def test_a_command_reaches_kubectl_in_one_form(line: str, argv: tuple[str, ...]) -> None:
    assert judge(line).argv == argv


def test_the_tables_are_not_empty() -> None:
    assert len(lines.permitted()) > 100
    assert len(lines.refused()) > 250


@pytest.mark.parametrize(
    ("line", "last"),
    [
        ("get pods", "--namespace=shop"),
        ("get pods,pv", "--namespace=shop"),
        ("get pods -A=false", "--all-namespaces=false"),
        ("get nodes.longhorn.io", "--namespace=shop"),
        ("top pods", "--namespace=shop"),
        ("events", "--namespace=shop"),
        ("rollout history deploy/web", "--namespace=shop"),
        ("auth can-i list pods", "--namespace=shop"),
        ("auth can-i --list", "--list"),
        ("get pods -n kube-system", "--namespace=kube-system"),
    ],
)
def test_a_namespaced_command_names_its_namespace(line: str, last: str) -> None:
    argv = judge(line, namespace="shop").argv
    assert argv[-1] == last
    assert len([word for word in argv if word.startswith("--namespace=")]) == 1


@pytest.mark.parametrize(
    "line",
    [
        "get pods -A",
        "describe pods --all-namespaces",
        "get nodes",
        "get node/worker-1",
        "get pv,sc",
        "describe ns shop",
        "top nodes",
        "explain pods",
        "api-resources",
        "version",
        "cluster-info",
        "auth whoami",
        "auth can-i list nodes",
    ],
)
def test_a_namespace_is_left_out_where_it_means_nothing(line: str) -> None:
    argv = judge(line, namespace="shop").argv
    assert argv
    assert not any(word.startswith("--namespace") for word in argv)


@pytest.mark.parametrize("namespace", ["--kuberc=/tmp/evil", "a b", "SHOP", "shop/x", "-n"])
def test_a_default_namespace_that_is_none_is_refused(namespace: str) -> None:
    assert judge("get pods", namespace=namespace).kind == "refused"


@pytest.mark.parametrize(
    ("line", "flag"),
    [
        ("explain pods --max-depth=2", "--max-depth=2"),
        ("explain pods --max-depth=2", "--recursive"),
        ("explain pods -R --max-depth 2", "--recursive"),
    ],
)
def test_a_flag_of_a_newer_kubectl_waits_for_it(line: str, flag: str) -> None:
    assert judge(line, version=(1, 36)).kind == "refused"
    argv = judge(line, version=(1, 37)).argv
    assert argv.count(flag) == 1


def test_swap_is_shown_from_1_34_on() -> None:
    assert judge("top nodes --show-swap", version=(1, 33)).kind == "refused"
    assert judge("top nodes --show-swap", version=(1, 34)).argv[-1] == "--show-swap"


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ("kubectl get pods | grep web", "-l, --field-selector"),
        ("kubectl get secrets", "kubectl describe pod"),
        ("kubectl exec web -- env", "kubectl logs"),
        ("kubectl get pods -w", "again"),
        ("kubectl logs -f web", "again"),
        ("kubectl get pods -o go-template={{.}}", "jsonpath=…"),
        ("kubectl get pods --sort_by=.x", "`--sort-by`"),
        ("kubectl get pods,svc --sort-by=.x", "one type at a time"),
        ("kubectl describe sa", "kubectl get serviceaccounts"),
        ("kubectl delete pod web", "let a person do it"),
        ("kubectl -A get pods", "kubectl get pods -A"),
        ("kubectl get pods -Ao wide", "by itself"),
        ("kubectl logs web --tail=-1", "1 to 500"),
        ("kubectl frobnicate", "It runs get, describe, logs"),
        ("kubectl top", "top pods"),
        ("", "It runs get"),
        ("kubectl get pods $(id)", "Write the value itself"),
        ("kubectl get pods\nkubectl get svc", "U+000A"),
        ("kubectl get pods\0", "U+0000"),
        ("kubectl get pods -o 'jsonpath=" + "x" * LONGEST + "'", str(LONGEST)),
    ],
)
def test_a_refusal_says_what_to_ask_instead(line: str, advice: str) -> None:
    assert advice in judge(line).reason


def test_blanks_and_line_ends_around_a_command_do_not_matter() -> None:
    assert judge(" \n kubectl get pods\r\n") == judge("get pods")


def test_nothing_is_a_change_unless_changes_are_asked_about() -> None:
    changes = [line for line, _, _ in lines.changes()] + lines.refused_changes()
    kinds = {judge(line).kind for line in lines.permitted() + lines.refused() + changes}
    assert kinds == {"read", "refused"}


def test_a_verdict_says_that_the_command_only_reads() -> None:
    verdict = judge("auth can-i list pods")
    argv = ("kubectl", "auth", "can-i", "list", "pods")
    assert verdict == Verdict("read", "`kubectl auth can-i` only reads.", argv)


def test_judging_is_quick() -> None:
    asked = lines.permitted()
    begin = time.process_time()
    for line in asked:
        judge(line)
    assert (time.process_time() - begin) / len(asked) < 0.002


@pytest.mark.parametrize(
    "line",
    [
        "x" * LONGEST,
        "get pods " + "-z " * 600,
        "'" + "\\" * 1_900,
        '"' + "a`" * 950,
        "--" + "n" * 1_900,
    ],
)
def test_judging_the_worst_lines_is_bounded(line: str) -> None:
    begin = time.process_time()
    assert judge(line[:LONGEST]).kind == "refused"
    assert time.process_time() - begin < 0.05


def test_quoted_signs_reach_kubectl_as_they_are() -> None:
    line = 'kubectl get pods -l "app in (a, b)" -o jsonpath=\'{.items[?(@.a > 1)]}|{"x"}\''
    assert judge(line).argv[3:] == (
        "--selector=app in (a, b)",
        '--output=jsonpath={.items[?(@.a > 1)]}|{"x"}',
    )
