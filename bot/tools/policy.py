"""Which kubectl commands may run, as pure judgement: parse, allow-list, rebuild. It runs nothing.

A permitted command is never passed on as it was written. It is read by the table in `verbs`, or
where changes are asked about by the one in `writes` too, kept only where every word of it is known
there, and written anew with long flag names.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, ParamSpec, TypeVar

from bot.tools import rules
from bot.tools.change_rules import CHANGE, ChangeRule
from bot.tools.commandline import Option, Refused, Request, parse, split
from bot.tools.flags import NAMESPACE, Version, canonical, spell
from bot.tools.kinds import CLUSTER_SCOPED
from bot.tools.operands import types_asked_about
from bot.tools.targets import target_of
from bot.tools.verbs import READS, Verb
from bot.tools.writes import WRITES

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a command may run, why, and as what."""

    kind: Literal["read", "write", "refused"]
    reason: str
    """Whole sentences; of a refusal also what may be asked instead."""
    argv: tuple[str, ...] = ()
    """The rebuilt command, beginning with `kubectl`; empty where refused."""
    rule: str = ""
    """The name of the rule that refused."""
    change: str = ""
    """What it changes, as `bot.settings.Change` calls it; empty where it only reads."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The table and the rules. Other than the defaults exist only for tests."""

    verbs: tuple[Verb, ...] = READS
    changing_verbs: tuple[Verb, ...] = WRITES
    text_rules: tuple[rules.TextRule, ...] = rules.TEXT
    words_rules: tuple[rules.WordsRule, ...] = rules.WORDS
    request_rules: tuple[rules.RequestRule, ...] = rules.REQUEST
    change_rules: tuple[ChangeRule, ...] = CHANGE

    def judge(
        self,
        command: str,
        *,
        namespace: str = "",
        version: Version = (1, 34),
        changes: bool = False,
    ) -> Verdict:
        """Never raises, whatever the text."""
        verbs = self.verbs + self.changing_verbs if changes else self.verbs
        try:
            request = self._read(command.strip(" \t\r\n"), verbs)
            self._check(request, namespace, version)
            _kept(is_a_namespace, namespace)
        except Refused as refused:
            return Verdict("refused", str(refused), rule=refused.rule)
        verb, argv = request.verb, rebuild(request, namespace)
        if verb.change:
            reason = f"`kubectl {verb.name}` changes the cluster, so a person has to approve it."
            return Verdict("write", reason, argv, change=verb.change)
        return Verdict("read", f"`kubectl {verb.name}` only reads.", argv)

    def _read(self, text: str, verbs: Sequence[Verb]) -> Request:
        for text_rule in self.text_rules:
            _kept(text_rule, text)
        words = _kept(ends_its_quotes, text)
        for words_rule in self.words_rules:
            _kept(words_rule, words)
        return _kept(is_in_the_table, words, verbs)

    def _check(self, request: Request, namespace: str, version: Version) -> None:
        for rule in self.request_rules:
            _kept(rule, request, version)
        for change_rule in self.change_rules if request.verb.change else ():
            _kept(change_rule, request, namespace)


_POLICY = Policy()


def judge(
    command: str, *, namespace: str = "", version: Version = (1, 34), changes: bool = False
) -> Verdict:
    """Judges one command line. `namespace` is named where it names none; `version` is kubectl's.

    Without `changes` there is no verb that changes anything, and each is refused.
    """
    return _POLICY.judge(command, namespace=namespace, version=version, changes=changes)


def ends_its_quotes(text: str) -> list[str]:
    return split(text)


def is_in_the_table(words: Sequence[str], verbs: Sequence[Verb]) -> Request:
    return parse(words, verbs)


def is_a_namespace(namespace: str) -> None:
    if namespace and not NAMESPACE.allows(namespace):
        raise Refused("The default namespace is not a valid name.")


def _kept(rule: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """What the rule gives; where it refuses, its own name goes with the refusal."""
    try:
        return rule(*given, **named)
    except Refused as refused:
        raise Refused(str(refused), rule.__name__) from None


def rebuild(request: Request, namespace: str) -> tuple[str, ...]:
    """The command in its one form: verb, operands, then long flags in the order of the table."""
    options = _with_defaults(request, namespace)
    order = {flag.name: place for place, flag in enumerate(request.verb.every_flag)}
    options.sort(key=lambda option: order.get(option.name, len(order)))
    written = (_write(option) for option in options)
    target = target_of(request) if request.verb.change else None
    operands = target.words if target else request.operands
    return ("kubectl", *request.verb.words, *operands, *written)


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
