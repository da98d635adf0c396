"""The rules that only a change must keep, beside those that hold for every command."""

from collections.abc import Callable

from bot.tools import targets
from bot.tools.advice import quote
from bot.tools.commandline import Refused, Request

ChangeRule = Callable[[Request, str], None]
"""The namespace is the one meant where the command names none; or empty."""


def changes_a_type_of_its_verb(request: Request, _: str) -> None:
    target, verb = targets.target_of(request), request.verb
    if target is None or target.kind not in verb.only_types:
        known = ", ".join(sorted(verb.only_types))
        kind = quote(target.kind) if target else "that"
        raise Refused(f"`kubectl {verb.name}` is proposed for {known}, not for {kind}.")


def has_what_it_needs(request: Request, _: str) -> None:
    for flag in request.verb.flags:
        if flag.is_required and not request.value(flag.name):
            raise Refused(f"`kubectl {request.verb.name}` needs `--{flag.name}`: {flag.hint}.")


def names_a_namespace(request: Request, namespace: str) -> None:
    """kubectl would take its own default, which nobody who approves has seen."""
    if request.verb.is_namespaced and not (request.value("namespace") or namespace):
        raise Refused("Name the namespace of what is to be changed with `-n`.")


def leaves_the_namespace_to_what_has_one(request: Request, _: str) -> None:
    if not request.verb.is_namespaced and request.value("namespace"):
        raise Refused("A node is in no namespace. Leave `-n` out.")


CHANGE: tuple[ChangeRule, ...] = (
    changes_a_type_of_its_verb,
    has_what_it_needs,
    names_a_namespace,
    leaves_the_namespace_to_what_has_one,
)
