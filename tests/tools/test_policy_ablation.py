"""Each rule and each entry of the table holds something back: without it a line slips through."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.cluster.credentials import SECRETS
from bot.tools import rules
from bot.tools.flags import Flag
from bot.tools.policy import Policy
from bot.tools.rules import LONGEST
from bot.tools.verbs import READS, Operands, Verb

SLIPS: dict[Callable[..., Any], str] = {
    rules.is_short: "get pods -o jsonpath=" + "x" * LONGEST,
    rules.is_plain: "get pods\n-A",
    rules.needs_no_shell: "get pods -o jsonpath={.items};id",
    rules.hides_no_kuberc: "get pods -o jsonpath=x--kuberc=/tmp/evil",
    rules.has_known_flags: "get pods --server=https://attacker.example",
    rules.has_no_clusters: "get pods -Atrue",
    rules.repeats_no_flag: "get pods -n shop -n kube-system",
    rules.has_values_that_are_no_flags: "get pods --sort-by -v=9",
    rules.has_flags_of_this_version: "explain pods --max-depth=2",
    rules.reads_no_secrets: "get secrets",
    rules.reads_no_credentials: "get oauthclients",
    rules.has_allowed_values: "get pods -o go-template-file=/proc/self/environ",
    rules.reads_types_of_its_verb: "describe serviceaccounts",
    rules.has_fitting_operands: "get pods/../nodes",
    rules.sorts_one_type: "get pods,svc --sort-by=.metadata.name",
}

OPERANDS = {
    Operands.NOTHING: "",
    Operands.OBJECTS: "deploy/web",
    Operands.LOG: "web",
    Operands.NAME: "web",
    Operands.FIELD: "pods",
    Operands.QUESTION: "list pods",
}

FLAGS = [(verb, flag) for verb in READS for flag in verb.every_flag]


def without(rule: Callable[..., Any]) -> Policy:
    policy = Policy()
    return Policy(
        text_rules=tuple(one for one in policy.text_rules if one is not rule),
        words_rules=tuple(one for one in policy.words_rules if one is not rule),
        request_rules=tuple(one for one in policy.request_rules if one is not rule),
    )


def with_flag(verb: Verb, flag: Flag) -> Policy:
    flags = tuple(flag if flag.name == one.name else one for one in verb.flags)
    return with_verb(replace(verb, flags=flags))


def with_verb(verb: Verb) -> Policy:
    return Policy(verbs=(verb, *(one for one in READS if one.words != verb.words)))


def named(case: Any) -> str:
    return str(getattr(case, "name", "") or getattr(case, "__name__", ""))


def test_every_rule_has_a_line_that_needs_it() -> None:
    assert set(SLIPS) == {*rules.TEXT, *rules.WORDS, *rules.REQUEST}


@pytest.mark.parametrize(("rule", "line"), SLIPS.items(), ids=named)
def test_a_line_slips_through_without_its_rule(rule: Callable[..., Any], line: str) -> None:
    assert Policy().judge(line).kind == "refused"
    assert without(rule).judge(line).kind == "read"


@pytest.mark.parametrize(
    "line",
    ["get secret/db", "get pods,secrets", "events --for=secret/db", "get secrets.v1. -o yaml"],
)
def test_only_one_rule_stands_before_secrets_as_such(line: str) -> None:
    assert without(rules.reads_no_secrets).judge(line).kind == "read"


@pytest.mark.parametrize(("verb", "flag"), FLAGS, ids=named)
def test_a_wrong_value_slips_through_a_looser_pattern(verb: Verb, flag: Flag) -> None:
    value = "" if flag.value == ".+" else "%"
    line = f"{verb.name} {OPERANDS[verb.operands]} --{flag.name}={value}"
    assert Policy().judge(line, version=(1, 37)).kind == "refused"
    if flag.name != "namespace":
        looser = with_flag(verb, replace(flag, value=".*", most=0))
        assert looser.judge(line, version=(1, 37)).kind == "read"


@pytest.mark.parametrize(("verb", "flag"), FLAGS, ids=named)
def test_a_flag_that_is_not_in_the_table_is_refused(verb: Verb, flag: Flag) -> None:
    flags = tuple(one for one in verb.flags if one.name != flag.name)
    line = f"{verb.name} {OPERANDS[verb.operands]} --{flag.name}=%"
    reason = with_verb(replace(verb, flags=flags)).judge(line, version=(1, 37)).reason
    assert ("is not a value" in reason) is (flag.name == "namespace")


@pytest.mark.parametrize(
    ("verb", "flag"), [(verb, flag) for verb, flag in FLAGS if flag.default], ids=named
)
def test_what_is_forced_is_missing_without_its_default(verb: Verb, flag: Flag) -> None:
    line = f"{verb.name} {OPERANDS[verb.operands]}"
    forced = f"--{flag.name}={flag.default}"
    assert forced in Policy().judge(line).argv
    assert forced not in with_flag(verb, replace(flag, default="")).judge(line).argv


@pytest.mark.parametrize(("verb", "flag"), [(v, f) for v, f in FLAGS if f.most], ids=named)
def test_a_large_number_slips_through_without_its_bound(verb: Verb, flag: Flag) -> None:
    line = f"{verb.name} {OPERANDS[verb.operands]} --{flag.name}=99999999"
    assert f"--{flag.name}={flag.most}" in Policy().judge(line).argv
    looser = with_flag(verb, replace(flag, most=0))
    assert f"--{flag.name}=99999999" in looser.judge(line).argv


@pytest.mark.parametrize("verb", READS, ids=named)
def test_a_verb_runs_only_because_it_is_in_the_table(verb: Verb) -> None:
    line = f"{verb.name} {OPERANDS[verb.operands]}"
    others = Policy(verbs=tuple(one for one in READS if one is not verb))
    assert Policy().judge(line).kind == "read"
    assert others.judge(line).kind == "refused"


def test_a_verb_that_changes_slips_through_once_it_is_in_the_table() -> None:
    delete = Verb(("delete",), Operands.OBJECTS)
    assert Policy().judge("delete pod web").kind == "refused"
    assert with_verb(delete).judge("delete pod web").argv == ("kubectl", "delete", "pod", "web")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("describe", "describe serviceaccounts"),
        ("logs", "logs configmap/web"),
        ("rollout status", "rollout status pods/web"),
        ("rollout history", "rollout history pods/web"),
    ],
)
def test_a_type_slips_through_without_its_entry(name: str, line: str) -> None:
    verb = next(verb for verb in READS if verb.name == name)
    bare = replace(verb, only_types=frozenset(), refused_types=frozenset())
    assert Policy().judge(line).kind == "refused"
    assert with_verb(bare).judge(line).kind == "read"


@pytest.mark.parametrize("kind", sorted(SECRETS))
def test_no_verb_that_reads_objects_reads_secrets(kind: str) -> None:
    reading = [verb.name for verb in READS if verb.operands in (Operands.OBJECTS, Operands.LOG)]
    verdicts = [Policy().judge(f"{name} {kind}/db") for name in reading]
    assert {verdict.kind for verdict in verdicts} == {"refused"}
    assert all("Secrets are never read" in verdict.reason for verdict in verdicts)
