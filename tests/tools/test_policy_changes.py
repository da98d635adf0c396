"""Which changes may be proposed, and that nothing else ever is."""

import re
import shlex
from collections.abc import Callable
from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.settings import Change
from bot.tools import change_rules
from bot.tools.flags import Flag
from bot.tools.policy import Policy, judge
from bot.tools.verbs import READS, Operands, Verb
from bot.tools.writes import WRITES
from tests.tools.kubectl import lines

_NAME = r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?"
_IN = r"--namespace=[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_ROLLED = rf"(deployment|statefulset|daemonset)/{_NAME}"
_IMAGE = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?=[A-Za-z0-9][A-Za-z0-9._:/@-]*"

# Written out again, so that a slip in the table shows: words joined by single blanks.
SHAPES = {
    "rollout restart": rf"rollout restart {_ROLLED} {_IN}",
    "rollout undo": rf"rollout undo {_ROLLED} {_IN}( --to-revision=[1-9][0-9]*)?",
    "rollout pause": rf"rollout pause deployment/{_NAME} {_IN}",
    "rollout resume": rf"rollout resume deployment/{_NAME} {_IN}",
    "scale": rf"scale (deployment|statefulset|replicaset)/{_NAME} {_IN}"
    r" --replicas=[0-9]{1,3}( --current-replicas=[0-9]{1,3})?",
    "delete pod": rf"delete pod/{_NAME} {_IN} --wait=false",
    "set image": rf"set image {_ROLLED}( {_IMAGE})+ {_IN}",
    "cordon": rf"cordon node/{_NAME}",
    "uncordon": rf"uncordon node/{_NAME}",
}

SLIPS: dict[Callable[..., Any], str] = {
    change_rules.changes_a_type_of_its_verb: "delete namespace shop -n shop",
    change_rules.has_what_it_needs: "scale deploy/web -n shop",
    change_rules.names_a_namespace: "delete pod web-0",
    change_rules.leaves_the_namespace_to_what_has_one: "cordon node-1 -n shop",
}

OPERANDS = {Operands.NODE: "node-1", Operands.IMAGES: "deploy/web app=shop/web:1"}

FLAGS = [(verb, flag) for verb in WRITES for flag in verb.flags]

WORDS = [
    *("kubectl", "rollout", "restart", "undo", "pause", "resume", "scale", "delete", "cordon"),
    *("uncordon", "set", "image", "pod", "pods", "deploy/web", "sts/db", "ds", "rs/web-1", "node"),
    *("web-0", "pod/web-0", "deployment.apps/web", "deployment.x/web", "node-1", "app=shop/web:1"),
    *("*=x", "app=", "a=b=c", "-n", "shop", "-n=shop", "--namespace=shop", "--replicas=3", "5"),
    *("--replicas", "--current-replicas=2", "--to-revision=3", "--wait=false", "--wait", "--all"),
    *("--force", "--grace-period=0", "-l", "app=web", "--dry-run=none", "-f", "x.yaml", "--", "-"),
    *("--as=root", "--server=x", "--raw=/api", "--kuberc=/x", "-A", "secret/db", "ns", "-v=9", ""),
]


def named(case: Any) -> str:
    return str(getattr(case, "name", "") or getattr(case, "__name__", ""))


def with_verb(verb: Verb) -> Policy:
    others = tuple(one for one in WRITES if one.words != verb.words)
    return Policy(changing_verbs=(verb, *others))


def is_sound(argv: tuple[str, ...], change: str) -> bool:
    has_plain_words = not any(re.search(r"\s", word) for word in argv)
    return has_plain_words and re.fullmatch(f"kubectl {SHAPES[change]}", " ".join(argv)) is not None


def test_the_table_and_the_settings_name_the_same_changes() -> None:
    assert [verb.change for verb in WRITES] == list(dict.fromkeys(v.change for v in WRITES))
    assert {verb.change for verb in WRITES} == set(get_args(Change)) == set(SHAPES)
    assert not any(verb.change for verb in READS)


@pytest.mark.parametrize(("line", "change", "argv"), lines.changes())
def test_a_change_is_rebuilt_in_one_form(line: str, change: str, argv: tuple[str, ...]) -> None:
    verdict = judge(line, changes=True)
    assert (verdict.kind, verdict.change, verdict.rule) == ("write", change, "")
    assert verdict.argv == argv
    assert is_sound(argv, change)


@pytest.mark.parametrize(("line", "change", "argv"), lines.changes())
def test_judging_a_rebuilt_change_changes_nothing(
    line: str, change: str, argv: tuple[str, ...]
) -> None:
    verdict = judge(line, changes=True)
    assert judge(shlex.join(argv), changes=True) == verdict
    assert judge(shlex.join(argv), changes=True, namespace="elsewhere") == verdict
    assert verdict.change == change


@pytest.mark.parametrize("line", lines.refused_changes())
def test_a_change_that_would_do_more_is_refused_with_a_reason(line: str) -> None:
    verdict = judge(line, changes=True)
    assert (verdict.kind, verdict.argv, verdict.change) == ("refused", (), "")
    assert verdict.rule
    assert verdict.reason.endswith(".")
    assert len(verdict.reason) < 400


@pytest.mark.parametrize("line", lines.permitted())
def test_reading_is_the_same_where_changes_are_on(line: str) -> None:
    assert judge(line, changes=True) == judge(line)


@pytest.mark.parametrize("line", [line for line, _, _ in lines.changes()])
def test_without_changes_there_is_no_such_verb(line: str) -> None:
    verdict = judge(line)
    assert (verdict.kind, verdict.rule) == ("refused", "is_in_the_table")
    assert "Kaia only reads it" in verdict.reason


def test_a_change_gets_the_namespace_that_is_meant() -> None:
    argv = judge("delete pod web-0", namespace="shop", changes=True).argv
    assert argv == ("kubectl", "delete", "pod/web-0", "--namespace=shop", "--wait=false")
    assert judge("cordon node-1", namespace="shop", changes=True).argv[2:] == ("node/node-1",)


@pytest.mark.parametrize(
    ("line", "rule", "advice"),
    [
        ("delete pod a b -n shop", "has_fitting_operands", "exactly one object"),
        ("delete pod --all -n shop", "has_known_flags", "more than one object"),
        ("delete pod a --force -n shop", "has_known_flags", "in order"),
        ("scale deploy/a -n shop", "has_what_it_needs", "`--replicas`: a number from 0 to 500"),
        ("scale deploy/a --replicas=900 -n shop", "has_allowed_values", "0 to 500"),
        ("scale ds/a --replicas=9 -n shop", "changes_a_type_of_its_verb", "deployment, replicaset"),
        ("delete pod a", "names_a_namespace", "with `-n`"),
        ("cordon a -n shop", "leaves_the_namespace_to_what_has_one", "Leave `-n` out"),
        ("apply -f x", "is_in_the_table", "What can be proposed: rollout restart"),
        ("scale deploy/a --replicas=2 -n shop --dry-run", "has_known_flags", "tries each change"),
        ("delete pod 'a -n shop", "ends_its_quotes", "Close it"),
        ("delete pod a -n shop; id", "needs_no_shell", "by itself"),
        ("set image deploy/a *=x -n shop", "has_fitting_operands", "for each container by its"),
        ("get secrets", "reads_no_secrets", "never read"),
    ],
)
def test_a_refusal_names_its_rule_and_what_to_do(line: str, rule: str, advice: str) -> None:
    verdict = judge(line, changes=True)
    assert verdict.rule == rule
    assert advice in verdict.reason


def test_every_rule_has_a_line_that_needs_it() -> None:
    assert set(SLIPS) == {*change_rules.CHANGE}


@pytest.mark.parametrize(("rule", "line"), SLIPS.items(), ids=named)
def test_a_change_slips_through_without_its_rule(rule: Callable[..., Any], line: str) -> None:
    kept = tuple(one for one in change_rules.CHANGE if one is not rule)
    assert judge(line, changes=True).rule == rule.__name__
    assert Policy(change_rules=kept).judge(line, changes=True).kind == "write"


@pytest.mark.parametrize("verb", WRITES, ids=named)
def test_a_change_is_proposed_only_because_it_is_in_the_table(verb: Verb) -> None:
    line = f"{verb.name} {OPERANDS.get(verb.operands) or first_target(verb)}"
    line += " -n shop" if verb.is_namespaced else ""
    line += "".join(f" --{flag.name}=1" for flag in verb.flags if flag.is_required)
    others = Policy(changing_verbs=tuple(one for one in WRITES if one is not verb))
    assert judge(line, changes=True).kind == "write"
    assert others.judge(line, changes=True).kind == "refused"


def first_target(verb: Verb) -> str:
    return f"{min(verb.only_types)}/web"


@pytest.mark.parametrize(("verb", "flag"), FLAGS, ids=named)
def test_a_wrong_value_slips_through_a_looser_pattern(verb: Verb, flag: Flag) -> None:
    line = f"{verb.name} {first_target(verb)} -n shop --{flag.name}=%"
    line += (
        ""
        if flag.is_required
        else "".join(f" --{one.name}=1" for one in verb.flags if one.is_required)
    )
    looser = tuple(replace(one, value=".*") if one is flag else one for one in verb.flags)
    assert judge(line, changes=True).rule == "has_allowed_values"
    assert with_verb(replace(verb, flags=looser)).judge(line, changes=True).kind == "write"


def test_a_deletion_would_wait_without_its_default() -> None:
    [delete] = [verb for verb in WRITES if verb.change == "delete pod"]
    bare = replace(delete, flags=tuple(replace(flag, default="") for flag in delete.flags))
    argv = with_verb(bare).judge("delete pod a -n shop", changes=True).argv
    assert "--wait=false" not in argv
    assert "--wait=false" in judge("delete pod a -n shop", changes=True).argv


@settings(max_examples=1_500, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=9), st.sampled_from(["", "shop"]))
def test_whatever_the_words_a_change_is_one_of_the_nine_shapes(
    words: list[str], namespace: str
) -> None:
    verdict = judge(shlex.join(words), namespace=namespace, changes=True)
    assert verdict.kind != "write" or is_sound(verdict.argv, verdict.change)


@settings(max_examples=1_500, deadline=None)
@given(st.data(), st.sampled_from(lines.changes()))
def test_a_tampered_change_is_one_of_the_nine_shapes_or_refused(
    data: st.DataObject, case: tuple[str, str, tuple[str, ...]]
) -> None:
    words = list(case[2])
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(words)))
        taken = data.draw(st.integers(0, 1))
        words[place : place + taken] = [data.draw(st.sampled_from(WORDS))]
    verdict = judge(shlex.join(words), changes=True)
    assert verdict.kind != "write" or is_sound(verdict.argv, verdict.change)


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=80))
def test_no_text_makes_a_change_of_another_shape(text: str) -> None:
    for line in (text, f"delete pod {text} -n shop", f"set image deploy/web app={text} -n shop"):
        verdict = judge(line, changes=True)
        assert verdict.kind != "write" or is_sound(verdict.argv, verdict.change)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="abz09.-_:/@ABZ", min_size=1, max_size=40))
def test_an_image_that_is_let_through_is_one_word_of_few_signs(text: str) -> None:
    verdict = judge(f"set image deploy/web app={text} -n shop", changes=True)
    if verdict.kind == "write":
        assert f"app={text}" in verdict.argv
        assert not text.startswith(("/", ":", "@", ".", "-"))
        assert not text.endswith(("/", ":", "@"))
        assert "//" not in text
