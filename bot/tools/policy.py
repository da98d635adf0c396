"""Which kubectl commands may run, as pure judgement: parse, allow-list, rebuild. It runs nothing.

A permitted command is never passed on as it was written. It is read by the table in `verbs`,
kept only where every word of it is known there, and written anew with long flag names.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.tools import rules
from bot.tools.commandline import Option, Refused, Request, parse, split
from bot.tools.flags import NAMESPACE, Version, canonical, spell
from bot.tools.kinds import CLUSTER_SCOPED
from bot.tools.operands import types_asked_about
from bot.tools.verbs import READS, Verb


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a command may run, why, and as what."""

    kind: Literal["read", "write", "refused"]
    reason: str
    """Whole sentences; of a refusal also what may be asked instead."""
    argv: tuple[str, ...] = ()
    """The rebuilt command, beginning with `kubectl`; empty where refused."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The table and the rules. Other than the defaults exist only for tests."""

    verbs: tuple[Verb, ...] = READS
    text_rules: tuple[rules.TextRule, ...] = rules.TEXT
    words_rules: tuple[rules.WordsRule, ...] = rules.WORDS
    request_rules: tuple[rules.RequestRule, ...] = rules.REQUEST

    def judge(self, command: str, *, namespace: str = "", version: Version = (1, 34)) -> Verdict:
        """Never raises, whatever the text."""
        try:
            request = self._read(command.strip(" \t\r\n"))
            for rule in self.request_rules:
                rule(request, version)
        except Refused as refused:
            return Verdict("refused", str(refused))
        if namespace and not NAMESPACE.allows(namespace):
            return Verdict("refused", "The default namespace is not a valid name.")
        name = request.verb.name
        return Verdict("read", f"`kubectl {name}` only reads.", rebuild(request, namespace))

    def _read(self, text: str) -> Request:
        for text_rule in self.text_rules:
            text_rule(text)
        words = split(text)
        for words_rule in self.words_rules:
            words_rule(words)
        return parse(words, self.verbs)


_POLICY = Policy()


def judge(command: str, *, namespace: str = "", version: Version = (1, 34)) -> Verdict:
    """Judges one command line. `namespace` is named where it names none; `version` is kubectl's."""
    return _POLICY.judge(command, namespace=namespace, version=version)


def rebuild(request: Request, namespace: str) -> tuple[str, ...]:
    """The command in its one form: verb, operands, then long flags in the order of the table."""
    options = _with_defaults(request, namespace)
    order = {flag.name: place for place, flag in enumerate(request.verb.every_flag)}
    options.sort(key=lambda option: order.get(option.name, len(order)))
    written = (_write(option) for option in options)
    return ("kubectl", *request.verb.words, *request.operands, *written)


def _write(option: Option) -> str:
    if option.flag is None:
        return option.written
    return spell(option.flag, canonical(option.flag, option.value))


def _with_defaults(request: Request, namespace: str) -> list[Option]:
    """What was given, and what kubectl must not be left to choose."""
    options = list(request.options)
    given = {option.name for option in options}
    defaults = dict.fromkeys(_needs(options), "true")
    defaults |= {flag.name: flag.default for flag in request.verb.flags if flag.default}
    if request.value("selector"):
        defaults |= _selector_defaults(request.verb)
    if namespace and _wants_namespace(request):
        defaults["namespace"] = namespace
    known = {flag.name: flag for flag in request.verb.every_flag}
    missing = [name for name in defaults if name not in given]
    return options + [Option(f"--{name}", known[name], defaults[name]) for name in missing]


def _needs(options: Sequence[Option]) -> list[str]:
    return [option.flag.needs for option in options if option.flag and option.flag.needs]


def _selector_defaults(verb: Verb) -> dict[str, str]:
    return {
        flag.name: flag.default_with_selector for flag in verb.flags if flag.default_with_selector
    }


def _wants_namespace(request: Request) -> bool:
    if not request.verb.is_namespaced or request.is_on("all-namespaces"):
        return False
    types = types_asked_about(request)
    says_nothing = all(kind in CLUSTER_SCOPED or kind == "" for kind in types)
    return not (types and says_nothing)
