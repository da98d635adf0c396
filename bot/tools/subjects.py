"""Words that stand where the name of something stands, as in `is X ok`; pure, and only a guess."""

import re
from collections.abc import Iterator

from bot.tools.common_words import ORDINARY

_LOWER_NAME = r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?"
"""Names have no capital letters: `Terminating` is none."""
_THE = r"(?:(?i:the|my|our|your) )?"
_X = rf"{_THE}['\"]?(?P<name>{_LOWER_NAME})['\"]?(?![\w/-])"
_ENDS = (
    r"(?=\s*(?:\Z|[?!.,;:)\n])|\s+(?i:in|on|and|or|from|since|with|again|now|today|going|not)\b)"
)
_HOW = (
    r"(?i:in|on|ok|okay|fine|well|healthy|unhealthy|up|down|slow|broken|ready|unready|running|stuck"
    r"|pending|dead|alive|not|n't|crash\w*|restart\w*|fail\w*|start\w*|work\w*|keeps?|still|so|all"
    r"|unavailable|unreachable|reachable|answer\w*|hang\w*|die[sd]?|killed|evicted|have|having)"
)
_ASKING = r"(?i:is|are|was|were|does|did|do|has|have|isn't|aren't|doesn't|didn't|won't)"
_BEGINS = r"(?:\A|[.,;:!?\n]\s*|\b(?i:why|when|how|and|but|if|whether)\s+)"
_VERBS = (
    r"(?i:in|is|was|keeps?|does|doesn't|did|didn't|has|won't|crash\w*|restart\w*|fail\w*|hangs?"
    r"|are|were|do)"
)
_DOES = r"(?i:works|working|starts|crashes|fails|dies|hangs)"
_SHAPES = (
    re.compile(rf"{_BEGINS}{_ASKING}\s+{_X}(?=\s+{_HOW}\b|\s*(?:\Z|[?!.,;:\n]))"),
    re.compile(
        r"\b(?i:wrong|up|happen(?:s|ed|ing)?|happen|matter|going on|problems?|errors?|issues?"
        rf"|trouble|status|state|health) (?i:with|to|of|in|for|about) {_X}{_ENDS}"
    ),
    re.compile(rf"\b(?i:with|about|check) {_X}{_ENDS}"),
    re.compile(rf"\A{_X}(?=\s+{_VERBS}\b)"),
    re.compile(rf"{_BEGINS}(?i:not )?{_DOES} {_X}(?=\s+{_HOW}\b|{_ENDS})"),
    re.compile(rf"\b(?i:why) (?i:not )?{_X}(?=\s+{_HOW}\b)"),
)
"""The last two stand for German, French and Spanish, once their words are English."""
_AFTER_KIND = re.compile(
    r"\b(?i:pod|deployment|statefulset|daemonset|cronjob|job|service|ingress|pvc|hpa) "
    rf"['\"]?(?P<name>{_LOWER_NAME})['\"]?(?=\s+{_HOW}\b)"
)
_DOING = re.compile(
    r"(?:fail|crash|runn?|restart|terminat|start|hang|pend|evict|kill|delet|creat|schedul|work|affect"
    r"|remain|miss|loop|oom|throttl|succeed|complet)\w*(?:ed|ing)"
)
"""`the failing pod` has no name."""
_BEFORE_KIND = re.compile(
    rf"\b(?i:the|my|our|is|about) (?P<name>{_LOWER_NAME}) "
    r"(?i:pod|deployment|statefulset|daemonset|cronjob|job|service|ingress|pvc|hpa)\b"
)
_TICKED = re.compile(rf"`(?P<name>{_LOWER_NAME})`")


def subjects(text: str) -> Iterator[str]:
    """With its capital letters; a name may come more than once."""
    for shape in (_TICKED, _BEFORE_KIND, _AFTER_KIND, *_SHAPES):
        for found in shape.finditer(text):
            if _may_be_a_name(found["name"]):
                yield found["name"]


def _may_be_a_name(word: str) -> bool:
    is_word = word not in ORDINARY and not word.isdigit() and len(word) > 1
    return is_word and not _DOING.fullmatch(word)
