"""What a question is after, besides whom it names: by its English words; pure."""

import re
from enum import Enum, StrEnum

WELLNESS = re.compile(
    r"\b(?:wrong|broken?|br(?:eak|oke)|fail\w*|crash\w*|down|restart\w*|errors?|problems?|healthy"
    r"|unhealthy|well|ok|okay|issues?|slow|stuck|pending|unready|not ready|why|cause[sd]?|dies?"
    r"|dead|died|killed|oom\w*|evict\w*|unavailable|unreachable|trouble|going on"
    r"|happen(?:ed|ing)|matter"
    r"|fine|works?|working|triage|hang(?:s|ing)?|timeouts?|50\d)\b"
)


class Intent(Enum):
    WELLNESS = "wellness"
    LOGS = "logs"
    WHERE = "where"
    OTHER = "other"


class Wish(StrEnum):
    """Something special that a question is after."""

    RESTARTS = "restarts"
    SECRETS = "secrets"
    CHANGES = "changes"


_WISHES = (
    (Wish.RESTARTS, re.compile(r"\brestart(?:s|ed|ing)?\b|\boom\w*|\bcrash(?:ed|es)\b")),
    (
        Wish.SECRETS,
        re.compile(
            r"\b(?:print|show|read|get|give|tell|decode|dump|cat|reveal|what(?:'s| is)|value"
            r"|content)\b[^.?!\n]{0,40}\bsecrets?\b"
        ),
    ),
    (
        Wish.CHANGES,
        re.compile(
            r"\b(?:what|anything|something|who)\b[^.?!\n]{0,30}\bchanged\b|\bwhat changes\b"
        ),
    ),
)


def intent_of(text: str) -> Intent:
    if re.search(r"\b(?:which|what) namespaces?\b|\bwhere\b", text):
        return Intent.WHERE
    if re.search(r"(?<![\w./-])(?:logs?|logfiles?)(?![\w/-]|\.\w)", text):
        return Intent.LOGS
    return Intent.WELLNESS if WELLNESS.search(text) else Intent.OTHER


def wishes_of(text: str) -> frozenset[Wish]:
    return frozenset(wish for wish, shape in _WISHES if shape.search(text))
