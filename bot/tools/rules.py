"""The rules a command must keep, each by itself so that a test can leave it out."""

import re
from collections.abc import Callable, Sequence

from bot.cluster.credentials import HOLDS_CREDENTIALS, SECRETS
from bot.tools import advice, kinds
from bot.tools.advice import quote
from bot.tools.commandline import Refused, Request
from bot.tools.flags import Version
from bot.tools.operands import needed, types_read

LONGEST = 2_000
"""Characters. The longest honest command, with a jsonpath, has a few hundred."""

TextRule = Callable[[str], None]
WordsRule = Callable[[Sequence[str]], None]
RequestRule = Callable[[Request, Version], None]

_QUOTED = re.compile(r"""\\.|'[^']*'|"(?:\\.|[^"\\])*\"""")
_SHELL = re.compile(r"[;&|<>`]|\$[({]|(?<!\S)#")
_SUBSTITUTION = re.compile(r"`|\$\(")

_INSTEAD_OF_SHELL = {
    "|": "Instead of a pipe, choose with -l, --field-selector, -o jsonpath=… or "
    "-o custom-columns=….",
    ">": "Output comes back by itself. A comparison inside jsonpath needs quotes around it.",
    "<": "Nothing is read from files. A comparison inside jsonpath needs quotes around it.",
    "#": "Leave comments out.",
    "`": "Write the value itself.",
    "$": "Write the value itself.",
}


def is_short(text: str) -> None:
    if len(text) > LONGEST:
        raise Refused(
            f"The command has {len(text)} characters, and at most {LONGEST} are taken. "
            "Ask for less at a time."
        )


def is_plain(text: str) -> None:
    # U+0130 and its like: kubectl folds case by other rules than Python, so none is let in.
    if strange := re.search(r"[^ -~]", text):
        raise Refused(
            f"The command holds the character U+{ord(strange[0]):04X}. "
            "Use one line of plain ASCII letters, digits and signs."
        )


def needs_no_shell(text: str) -> None:
    """Quoted signs are harmless, as no shell sees them; bare ones would mean something else."""
    found = _SHELL.search(_QUOTED.sub("x", text)) or _substitution(text)
    if found:
        sign = "backtick" if found[0] == "`" else f"`{found[0]}`"
        instead = _INSTEAD_OF_SHELL.get(found[0][0], "Give each command by itself.")
        raise Refused(f"One kubectl command at a time, without a shell: no {sign}. {instead}")


def _substitution(text: str) -> re.Match[str] | None:
    quoted = (part[0] for part in _QUOTED.finditer(text) if part[0].startswith('"'))
    return next(filter(None, map(_SUBSTITUTION.search, quoted)), None)


def hides_no_kuberc(words: Sequence[str]) -> None:
    """kubectl takes `--kuberc` out of any argument that contains it, before it reads flags."""
    if any("--kuberc" in word for word in words):
        raise Refused("`--kuberc` would change what kubectl does. Leave it out.")


def has_known_flags(request: Request, _: Version) -> None:
    for option in request.options:
        if option.flag is None:
            raise Refused(advice.on_flag(option.written, request.verb))


def has_flags_of_this_version(request: Request, version: Version) -> None:
    for option in request.options:
        if option.flag and version < option.flag.since:
            since = ".".join(map(str, option.flag.since))
            raise Refused(f"`--{option.name}` needs kubectl {since}. Leave it out.")


def has_no_clusters(request: Request, _: Version) -> None:
    for option in request.options:
        if option.is_clustered:
            raise Refused(
                f"Letters are joined behind `{option.written}`. Write each short flag by itself, "
                "as in `-A -l app=web`."
            )


def repeats_no_flag(request: Request, _: Version) -> None:
    seen = set()
    for option in request.options:
        if option.name in seen:
            raise Refused(f"`--{option.name}` is there twice. Give it once; commas join lists.")
        seen.add(option.name)


def has_values_that_are_no_flags(request: Request, _: Version) -> None:
    for option in request.options:
        if option.flag and option.value.startswith("-"):
            raise Refused(
                f"The value of `{option.written}` begins with a dash. Give {option.flag.hint}."
            )


def has_allowed_values(request: Request, _: Version) -> None:
    for option in request.options:
        if option.flag and not option.flag.allows(option.value):
            more = advice.on_output(option.value) if option.name == "output" else ""
            raise Refused(
                f"{quote(option.value)} is not a value Kaia passes to `{option.written}`. "
                f"Give {option.flag.hint}.{more}"
            )


def reads_no_secrets(request: Request, _: Version) -> None:
    if any(kinds.base(kind) in SECRETS for kind in types_read(request)):
        raise Refused(
            "Secrets are never read. A pod's env, envFrom and volumes name those it uses "
            "(`kubectl get pod NAME -o yaml`); `kubectl describe pod NAME` says if one is missing."
        )


def reads_no_credentials(request: Request, _: Version) -> None:
    for kind in types_read(request):
        if kinds.base(kind) in HOLDS_CREDENTIALS:
            raise Refused(f"Objects of type {quote(kind)} hold credentials and are never read.")


def reads_types_of_its_verb(request: Request, _: Version) -> None:
    verb = request.verb
    for kind in types_read(request):
        if kinds.base(kind) in verb.refused_types:
            raise Refused(
                f"`kubectl {verb.name}` would read Secrets for {quote(kind)}. "
                f"Use `kubectl get serviceaccounts -o yaml`."
            )
        if verb.only_types and kinds.base(kind) not in verb.only_types:
            known = ", ".join(sorted(name for name in verb.only_types if name.endswith("s")))
            raise Refused(f"`kubectl {verb.name}` works on {known}, not on {quote(kind)}.")


def has_fitting_operands(request: Request, _: Version) -> None:
    if needs := needed(request):
        raise Refused(f"`kubectl {request.verb.name}` takes {needs}.")


def sorts_one_type(request: Request, _: Version) -> None:
    """kubectl fails at a sorted table of several types ("couldn't find any field with path")."""
    is_sorted_table = request.value("sort-by") and request.value("output") in ("", "wide")
    types = set(types_read(request))
    if is_sorted_table and (len(types) > 1 or "all" in types):
        raise Refused(
            "A sorted table works with one type at a time. For several, add `-o name` or "
            "`-o custom-columns=…`."
        )


TEXT: tuple[TextRule, ...] = (is_short, is_plain, needs_no_shell)
WORDS: tuple[WordsRule, ...] = (hides_no_kuberc,)
REQUEST: tuple[RequestRule, ...] = (
    has_known_flags,
    has_no_clusters,
    repeats_no_flag,
    has_values_that_are_no_flags,
    has_flags_of_this_version,
    reads_no_secrets,
    reads_no_credentials,
    has_allowed_values,
    reads_types_of_its_verb,
    has_fitting_operands,
    sorts_one_type,
)
