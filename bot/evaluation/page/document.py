"""The page around its parts: style and script stand in it, and its policy lets in no other."""

import base64
import hashlib
from collections.abc import Sequence
from importlib import resources
from string import Template

from bot.evaluation.comparing import compared
from bot.evaluation.figures import figures
from bot.evaluation.page.beside import comparisons
from bot.evaluation.page.cases import cases
from bot.evaluation.page.markup import joined
from bot.evaluation.page.models import models
from bot.evaluation.page.summary import summary
from bot.evaluation.page.transcripts import transcripts
from bot.evaluation.results import Run


def written(run: Run, others: Sequence[Run] = ()) -> str:
    """The file's text. `others` are put beside it."""
    found = figures(run)
    beside = [compared(run, each) for each in others]
    style, script = _part("page.css"), _part("page.js")
    return Template(_part("page.html")).substitute(
        policy=_policy(style, script),
        title=joined([f"{run.model} · Kaia's evaluation"]),
        style=style,
        script=script,
        summary=summary(run, found),
        models=models(run, found, beside),
        comparisons=comparisons(beside, found),
        cases=cases(found),
        transcripts=transcripts(run, found),
    )


def _part(name: str) -> str:
    return (resources.files("bot.evaluation.page") / name).read_text("utf-8")


def _policy(style: str, script: str) -> str:
    """Only these two, by what they are; no picture, font, form or address."""
    parts = {
        "default-src": "'none'",
        "style-src": _hash(style),
        "script-src": _hash(script),
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in parts.items())


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
