"""What to say about commands and flags that are refused by name, and what to ask instead."""

import difflib
from collections.abc import Iterable, Sequence

from bot.tools.flags import Flag
from bot.tools.verbs import Verb

_CHANGES = (
    "changes the cluster, and Kaia only reads it. Say what should be changed and why, "
    "and let a person do it."
)
_ENTERS = (
    "reaches into containers or opens a way into them. `kubectl logs`, `kubectl describe` and "
    "`kubectl get … -o yaml` show what a container did and how it is set up."
)
_WAITS = "does not return by itself. Read the state now with `kubectl get`, and again later."
_LOCAL = "reads files, other addresses or settings on this machine, not the cluster."
_TRIES = "asks the cluster for a trial write. `kubectl get … -o yaml` shows what is there."
_EXPLAINS = "is not run. `kubectl explain TYPE` tells about types."

_ENDPOINT = "would ask another server, or this one with less care. Kaia reads its own cluster only."
_IDENTITY = "would use another identity. Kaia reads with its own rights only."
_FILES = "reads or writes files or addresses. Name the objects by type and name instead."
_BODIES = "prints whole answers of the server, Secrets among them. Leave it out."
_NEVER_ENDS = "does not return by itself. Leave it out, and run the command again to see changes."
_TEMPLATES = "can read files. Use `-o jsonpath=…` or `-o custom-columns=…`."
_RAW = "reaches any path of the API server. Use `kubectl get TYPE NAME`."
_DEADLINE = "is not passed on: each command has a deadline already. Leave it out."
_DASHES = "ends the flags, which nothing here needs. Leave it out."

_NOT_PROPOSED = (
    "changes the cluster in a way that Kaia does not propose. Say what should be changed and why, "
    "and let a person do it. What can be proposed: {}."
)
_SEVERAL = "would change more than one object. Name one object as TYPE/NAME."
_FORCED = "cuts short how Kubernetes ends things in order. Leave it out."
_TRIED_FIRST = "is not given here: the server tries each change by itself before it is made."


def _each(*rows: tuple[str, str]) -> dict[str, str]:
    """Rows of words and what holds for each of them, as a mapping."""
    return {word: why for words, why in rows for word in words.split(", ")}


_VERBS = _each(
    ("annotate, apply, autoscale, certificate, cordon, create, delete, drain, edit", _CHANGES),
    ("expose, label, patch, replace, scale, set, taint, uncordon, auth reconcile", _CHANGES),
    ("rollout restart, rollout undo, rollout pause, rollout resume", _CHANGES),
    ("attach, cp, debug, exec, port-forward, proxy, run", _ENTERS),
    ("alpha, completion, config, kuberc, kustomize, plugin", _LOCAL),
    ("wait", _WAITS),
    ("diff", _TRIES),
    ("help, options", _EXPLAINS),
)
_FLAGS = _each(
    ("-s, --server, --kubeconfig, --context, --cluster, --user, --proxy-url", _ENDPOINT),
    ("--tls-server-name, --insecure-skip-tls-verify, --certificate-authority", _ENDPOINT),
    ("--client-certificate, --client-key, --insecure-skip-tls-verify-backend", _ENDPOINT),
    ("--token, --username, --password", _IDENTITY),
    ("--as, --as-group, --as-uid, --as-user-extra", _IDENTITY),
    ("-f, --filename, -k, --kustomize, --output-directory", _FILES),
    ("--cache-dir, --profile, --profile-output", _FILES),
    ("-v, --v, --vmodule", _BODIES),
    ("-w, --watch, --watch-only, --output-watch-events, --follow", _NEVER_ENDS),
    ("--template", _TEMPLATES),
    ("--raw", _RAW),
    ("--request-timeout", _DEADLINE),
    ("--dry-run", _TRIES),
    ("--", _DASHES),
    ("-h, --help", _EXPLAINS),
)
_FLAGS_OF_CHANGES = _each(
    ("-l, --selector, --field-selector, --all, -A, --all-namespaces", _SEVERAL),
    ("--force, --grace-period, --now, --cascade", _FORCED),
    ("--dry-run", _TRIED_FIRST),
)


def on_verb(said: Sequence[str], verbs: Sequence[Verb]) -> str:
    """Why the command with these first words is not run."""
    for count in (len(said), 1):
        if why := _VERBS.get(" ".join(said[:count])):
            if why is _CHANGES and (changes := [verb.change for verb in verbs if verb.change]):
                why = _NOT_PROPOSED.format(_list(changes))
            return f"`kubectl {' '.join(said[:count])}` {why}"
    if "=" in said[0]:
        return "Environment variables cannot be set here. Begin with `kubectl`."
    return f"{quote('kubectl ' + ' '.join(said))} is not a command Kaia runs. {_offer(verbs)}"


def on_unfinished_verb(said: Sequence[str], verbs: Sequence[Verb]) -> str:
    """Why a command that ends before its verb is complete is not run."""
    if not said:
        return f"There is no command. {_offer(verbs)}"
    more = [verb.name for verb in verbs if verb.words[: len(said)] == tuple(said)]
    return f"`kubectl {' '.join(said)}` lacks a word: {_list(more)}."


def on_flag(written: str, verb: Verb) -> str:
    """Why this flag is not passed on."""
    name = _name(written)
    if name == "-f" and verb.words == ("logs",):
        name = "--follow"
    if why := (verb.change and _FLAGS_OF_CHANGES.get(name)) or _FLAGS.get(name):
        return f"`{name}` {why}"
    return f"{quote(name)} is not a flag Kaia passes to `kubectl {verb.name}`. {_hint(name, verb)}"


def on_early_flag(written: str) -> str:
    """Why a flag in front of the verb is not passed on."""
    if why := _FLAGS.get(_name(written)):
        return f"`{_name(written)}` {why}"
    return f"{quote(_name(written))} stands before the verb. Flags go last: `kubectl get pods -A`."


def on_output(value: str) -> str:
    """More about a refused value of `--output`, or nothing."""
    if value.startswith(("go-template", "template")) or "-file" in value:
        return " Templates and files are not used, because they can read any file."
    return ""


def quote(text: str) -> str:
    """A word of the command as it is shown, which may be empty or as long as the command."""
    if not text:
        return "An empty word"
    return f"`{text}`" if len(text) <= 80 else f"`{text[:79]}…`"


def _name(written: str) -> str:
    return written.partition("=")[0] if written.startswith("--") else written[:2]


def _hint(name: str, verb: Verb) -> str:
    known = [f"--{flag.name}" for flag in verb.every_flag]
    if near := difflib.get_close_matches(name[:40], known, n=1, cutoff=0.8):
        return f"The nearest one is `{near[0]}`."
    return f"It may have {_list(map(_shown, verb.chosen_flags))}."


def _shown(flag: Flag) -> str:
    return f"-{flag.short}" if flag.short else f"--{flag.name}"


def _offer(verbs: Sequence[Verb]) -> str:
    return f"It runs {_list(verb.name for verb in verbs)}."


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)
