"""What holds of every command line there is, judged by lines that nobody wrote by hand."""

import re
import shlex

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cluster.credentials import HOLDS_CREDENTIALS, SECRETS
from bot.tools import rules
from bot.tools.flags import SWITCH, Flag, canonical, spell
from bot.tools.policy import judge
from bot.tools.verbs import READS, Operands, Verb

PRINTABLE = st.characters(min_codepoint=32, max_codepoint=126)
NEWEST = (1, 37)

# Written out again, so that a slip in the table shows: what kubectl-made damage would need.
NEVER = re.compile(
    r"--(raw|template|filename|kustomize|watch-only|output-watch-events|follow|server|kubeconfig"
    r"|context|cluster|user|token|username|password|as|as-group|as-uid|as-user-extra|proxy-url"
    r"|certificate-authority|client-certificate|client-key|insecure-skip-tls-verify(-backend)?"
    r"|tls-server-name|v|vmodule|cache-dir|profile|profile-output|kuberc|request-timeout"
    r"|disable-compression|timeout|all-pods|max-log-requests|dry-run|show-managed-fields)(=.*)?"
    r"|--watch(=true)?|--output=.*(template|-file).*|-|-[^-].*|--|--[^=]*=-.*"
)
EXPRESSIONS = ("--output=jsonpath=", "--output=jsonpath-as-json=", "--output=custom-columns=")

TYPES = [
    "pods",
    "deploy",
    "svc",
    "deployments.apps",
    "secrets",
    "secret.v1.",
    "SECRET",
    "sa",
    "all",
]
NAMES = ["web", "web-0", "system:node", "secrets", "../x", "db", "x.y"]
ODD = [
    *("-w", "-f", "-Aw", "--", "-", "--raw=/api", "--server=x", "--kuberc=/x", "kubectl", "delete"),
    *("-v=9", "--watch", "exec", "a,b", "pods,secrets", "pod/web", "secret/db", "-n", "--as", "%"),
    *("true", "false", "-o", "-ogo-template-file=/x", "--output=jsonpath-file=/x", "get", "--for"),
]


VALUES = {
    "namespace": ["shop", "kube-system", "a", "0"],
    "selector": ["app=web", "a in (b, c),!d", "x/y!=z"],
    "field-selector": ["status.phase!=Running", "involvedObject.fieldPath=spec.containers{a}"],
    "label-columns": ["app", "app.kubernetes.io/name,version"],
    "output": ["json", "yaml", "wide", "name", "jsonpath={.a[?(@.b > 'c')]}|;&", "jsonpath=x=y"],
    "sort-by": [".a.b", "{.c}", "cpu", "name", "= x"],
    "chunk-size": ["1", "99", "500"],
    "subresource": ["status", "log"],
    "container": ["app"],
    "since": ["1h30m", "0.5s"],
    "since-time": ["2026-01-31T15:04:05.5+01:00"],
    "tail": ["1", "500", "501", "99999999"],
    "limit-bytes": ["1", "1000000", "1000001"],
    "pod-running-timeout": ["5s"],
    "watch": ["false"],
    "for": ["pod/web-0", "deployment.apps/web"],
    "types": ["Warning", "Normal,Warning"],
    "revision": ["7"],
    "max-depth": ["2"],
    "api-version": ["v1", "apps/v1"],
    "api-group": ["", "apps"],
    "verbs": ["list,get"],
    "categories": ["all"],
}


def values(flag: Flag) -> st.SearchStrategy[str]:
    """Values that the flag may have; what other verbs' flags of that name may have, less."""
    known = ["true", "false"] if flag.value == SWITCH else VALUES[flag.name]
    return st.sampled_from([value for value in known if flag.allows(value)])


@st.composite
def options(draw: st.DrawFn, verb: Verb) -> list[list[str]]:
    """Some flags of the verb with values it may have, each spelt in one of kubectl's ways."""
    flags = draw(st.lists(st.sampled_from(verb.every_flag), unique_by=lambda f: f.name, max_size=5))
    return [draw(spelt(flag, draw(values(flag)))) for flag in flags]


def spelt(flag: Flag, value: str) -> st.SearchStrategy[list[str]]:
    ways = [[f"--{flag.name}={value}"]]
    if flag.is_switch:
        ways += [[f"--{flag.name}"]] if value == "true" else []
        ways += [[f"-{flag.short}={value}"]] if flag.short else []
    else:
        ways += [[f"--{flag.name}", value]]
        ways += [[f"-{flag.short}", value], [f"-{flag.short}={value}"]] if flag.short else []
        if flag.short and value[:1] not in ("", "="):
            ways += [[f"-{flag.short}{value}"]]
    # `-n=` is a flag whose value is "=" to kubectl and an empty one here: refused either way.
    return st.sampled_from([way for way in ways if way[0][2:] != "="])


def operands(verb: Verb) -> st.SearchStrategy[list[str]]:
    match verb.operands:
        case Operands.NOTHING:
            return st.just([])
        case Operands.OBJECTS:
            return st.sampled_from([["deploy/web"], ["sts", "web"], ["ds/a", "ds/b"]])
        case Operands.LOG:
            return st.sampled_from([["web"], ["deploy/web"], ["pod/web-0"]])
        case Operands.NAME:
            return st.sampled_from([[], ["web"]])
        case Operands.FIELD:
            return st.sampled_from([["pods"], ["deployment.spec.template"], ["secrets"]])
        case Operands.QUESTION:
            return st.sampled_from([["list", "pods"], ["get", "secrets/db"], ["*", "*"]])
        case Operands.TARGET | Operands.NODE | Operands.IMAGES:
            raise AssertionError(f"{verb.name} changes something")


@st.composite
def honest(draw: st.DrawFn) -> list[str]:
    """The words of a command that has nothing wrong with it, in any order kubectl takes."""
    verb = draw(st.sampled_from(READS))
    parts = draw(options(verb)) + [[word] for word in draw(operands(verb))]
    at_verb = list(verb.words)
    mixed = [parts[place] for place in draw(st.permutations(range(len(parts))))]
    return at_verb + [word for part in ordered(mixed, parts) for word in part]


def ordered(mixed: list[list[str]], parts: list[list[str]]) -> list[list[str]]:
    """Flags go anywhere, operands keep their order among themselves."""
    in_order = iter([part for part in parts if part[0][0] != "-"])
    return [part if part[0][0] == "-" else next(in_order) for part in mixed]


@st.composite
def tampered(draw: st.DrawFn) -> list[str]:
    """An honest command with words put in, taken out or exchanged."""
    words = draw(honest())
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(words)))
        length = draw(st.integers(0, 1))
        words[place : place + length] = [draw(st.sampled_from(ODD + TYPES + NAMES))]
    return words


@st.composite
def quoted(draw: st.DrawFn, word: str) -> str:
    """The word in one of the ways that mean the same to a shell."""
    ways = [shlex.quote(word)]
    if not re.search(r"`|\$\(", word):
        ways.append('"' + re.sub(r'(["\\])', r"\\\1", word) + '"')
    ways.append("".join("\\" + letter for letter in word) or "''")
    half = draw(st.integers(0, len(word)))
    ways.append(shlex.quote(word[:half]) + shlex.quote(word[half:]))
    return draw(st.sampled_from(ways))


def is_sound(argv: tuple[str, ...]) -> bool:
    """Everything in it is in the table, and nothing in it is known to do harm."""
    verb = next((verb for verb in READS if argv[1 : 1 + len(verb.words)] == verb.words), None)
    if argv[0] != "kubectl" or verb is None:
        return False
    rest = argv[1 + len(verb.words) :]
    flags = [word for word in rest if word.startswith("-")]
    names = {f"--{flag.name}" for flag in verb.every_flag}
    kinds = [word for word in rest if not word.startswith("-")] + [
        word.removeprefix("--for=") for word in flags if word.startswith("--for=")
    ]
    asks_only = verb.operands in (Operands.QUESTION, Operands.FIELD, Operands.NAME)
    return (
        all(flag.partition("=")[0] in names and not is_harmful(flag) for flag in flags)
        and not any("--kuberc" in word for word in argv)
        and (asks_only or not any(is_denied(kind) for kind in heads(verb, kinds)))
    )


def is_harmful(flag: str) -> bool:
    return NEVER.fullmatch(flag) is not None and not flag.startswith(EXPRESSIONS)


def heads(verb: Verb, words: list[str]) -> list[str]:
    slashed = [word for word in words if "/" in word]
    first = [] if verb.operands is Operands.LOG else words[:1]
    return [part for word in slashed or first for part in word.split("/")[0].split(",")]


def is_denied(kind: str) -> bool:
    return kind.split(".", maxsplit=1)[0].lower() in SECRETS | HOLDS_CREDENTIALS


@settings(max_examples=300, deadline=None)
@given(st.text())
def test_no_text_makes_judging_raise(text: str) -> None:
    assert judge(text).kind in ("read", "refused")


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from("""get podsn-A='"\\|;$(){}.,/#\n\t\0é"""), max_size=60))
def test_no_mixture_of_signs_makes_judging_raise(text: str) -> None:
    verdict = judge("kubectl get pods " + text, namespace="shop")
    assert verdict.kind == "refused" or is_sound(verdict.argv)


@settings(max_examples=300, deadline=None)
@given(honest())
def test_what_the_table_allows_is_permitted(words: list[str]) -> None:
    verdict = judge(shlex.join(words), version=NEWEST)
    too_long = len(shlex.join(words)) > rules.LONGEST
    assert verdict.kind == "read" or too_long or "A sorted table" in verdict.reason, verdict.reason


@settings(max_examples=100, deadline=None)
@given(st.data(), st.sampled_from([(verb, flag) for verb in READS for flag in verb.every_flag]))
def test_a_value_that_the_table_allows_reaches_kubectl(
    data: st.DataObject, case: tuple[Verb, Flag]
) -> None:
    verb, flag = case
    value = data.draw(st.from_regex(flag.value, fullmatch=True, alphabet=PRINTABLE))
    line = shlex.join([*verb.words, *data.draw(operands(verb)), f"--{flag.name}={value}"])
    verdict = judge(line, version=NEWEST)
    if value.startswith("-") or "--kuberc" in value or len(line) > rules.LONGEST:
        assert verdict.kind == "refused"
    elif verdict.kind == "refused":
        assert "holds credentials" in verdict.reason or "Secrets" in verdict.reason
    else:
        assert spell(flag, canonical(flag, value)) in verdict.argv


@settings(max_examples=500, deadline=None)
@given(tampered())
def test_a_permitted_command_holds_nothing_but_what_the_table_names(words: list[str]) -> None:
    verdict = judge(shlex.join(words), namespace="shop", version=NEWEST)
    assert verdict.kind == "refused" or is_sound(verdict.argv)


@settings(max_examples=300, deadline=None)
@given(tampered())
def test_judging_a_rebuilt_command_changes_nothing(words: list[str]) -> None:
    first = judge(shlex.join(words), namespace="shop", version=NEWEST)
    if first.kind == "read":
        again = judge(shlex.join(first.argv), namespace="shop", version=NEWEST)
        assert again == first


@settings(max_examples=300, deadline=None)
@given(st.data(), tampered())
def test_quotes_change_nothing(data: st.DataObject, words: list[str]) -> None:
    plain = judge(shlex.join(words), version=NEWEST)
    line = " ".join(data.draw(quoted(word)) for word in words)
    if len(line) <= rules.LONGEST:
        assert judge(line, version=NEWEST) == plain


@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from(READS))
def test_spelling_and_order_of_flags_change_nothing(data: st.DataObject, verb: Verb) -> None:
    named = [(f, data.draw(values(f))) for f in data.draw(st.permutations(verb.every_flag))[:4]]
    words = data.draw(operands(verb))

    def judged(shuffled: list[tuple[Flag, str]]) -> object:
        spelling = [word for flag, value in shuffled for word in data.draw(spelt(flag, value))]
        return judge(shlex.join([*verb.words, *words, *spelling]), version=NEWEST)

    assert judged(named) == judged(data.draw(st.permutations(named)))
