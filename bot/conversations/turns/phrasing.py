"""Pure: whether a message asks for something, and whom it names.

By question marks, and by how questions and orders begin in English, German, French and Spanish.
"""

import re
from collections.abc import Collection

from bot.languages import asking

_NOT_SAID = re.compile(
    r"```.*?(?:```|\Z)|`[^`\n]*`|^[ \t]*>.*$|\w{2,10}://\S+|:[a-z0-9_+'-]+:",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
"""Code, quotations, links and emoji codes: a question mark in them asks nobody."""
_QUESTION = re.compile(r"[\uff1f\u061f]|\?(?!\w)")
_ENDS_ASKING = re.compile(r"[?\uff1f\u061f][\s*_)\"']*\Z")
_OPENERS = re.compile(
    r"(?:[\W_]+|(?:please|ok|okay|so|now|then|and|also|but|hey|hi|hello|hm+|well|right|good|great"
    r"|cool|yes|yep|yeah|no|kaia|instead"
    rf"|{asking.OPENERS})\b)+",
    re.IGNORECASE,
)
_HAPPENED = (
    r"(?! (?:is|are|was|were|has|had|went|done|deployed|merged|out|failed|works|worked|looks"
    r"|me in)\b)"
)
"""Behind a verb that may be a noun: "fix is out", "restart was fine"."""
_ASKS = re.compile(
    r"(?:(?:why|who|whose|whom)\b|which (?!explains|means|makes|is why|was|would)"
    r"|(?:when|where)(?:'s| (?:is|are|was|were|do|does|did|can|could|should|will|would|has|have))\b"
    r"|how (?!nice|sad|odd|weird|funny|annoying|strange)"
    r"|what(?:'s| is| are| was| were| about| did| does| do| has| have| can| should| would| if"
    r"| kind| happens| happened| changed| runs| else)\b"
    r"|(?:is|are|was|were|do|does|did|can|could|should|would|will|has|have|am|isn't|aren't|wasn't"
    r"|doesn't|didn't|can't|won't|hasn't) (?:you|we|i|it|its|the|this|that|there|these|those|they"
    r"|any|anything|anybody|anyone|all|my|our|he|she|something|somebody|someone) \w"
    r"|(?:check|show|list|describe|get|find|explain|compare|investigate|inspect|fetch|run|rerun"
    r"|restart|scale|rollback|delete|drain|cordon|uncordon|unwatch|count|summari[sz]e|analy[sz]e"
    r"|diagnose|debug|examine|verify|confirm|trace|propose|suggest|fix|patch|apply|dig)\b"
    + _HAPPENED
    + r"|(?:look(?! like)|watch(?! out)|again|continue|tell me|give me|roll (?:it )?back|go on"
    r"|go ahead|try again|have a look|take a look|help (?:me|us))\b)",
    re.IGNORECASE,
)
_CHATTER = re.compile(
    rf"(?:will do|was me|again,? sorry|right again|{asking.CHATTER})\b", re.IGNORECASE
)
_AUXILIARY = (
    r"(?:can|could|did|do|does|have|has|are|is|would|will|please|you|what|how|why|any"
    rf"|{asking.AUXILIARIES})\b"
)
_GREETINGS = f"hey|hi|hello|ok|okay|thanks|thank you|sorry|yo|and|so|but|{asking.GREETINGS}"
_LONGEST = 4_000


def asks(text: str) -> bool:
    """A question mark at a sentence's end, or a beginning that asks or orders."""
    plain = _plain(text)
    if _QUESTION.search(plain):
        return True
    found = _OPENERS.match(plain)
    begun = plain[found.end() :] if found else plain
    is_asking = _ASKS.match(begun) or asking.ASKS.match(begun)
    return is_asking is not None and _CHATTER.match(begun) is None


def ends_asking(text: str) -> bool:
    return _ENDS_ASKING.search(text[-20:]) is not None


def is_called(text: str, names: Collection[str]) -> bool:
    """Begins or ends with calling one of them: "Ben, …", "@Ben …", "hey Ben can you", "…, Ben?"."""
    plain = _plain(text).strip()
    return any(_calls(plain, each) for name in names for each in _forms(name))


def is_calling_somebody(text: str) -> bool:
    """Begins with a name behind a sign that only mentions have."""
    return re.match(r"[\W_]*?(?<!\w)@\w", _plain(text)) is not None


def _plain(text: str) -> str:
    return _NOT_SAID.sub(" ", text[:_LONGEST].replace("\u2019", "'"))


def _forms(name: str) -> set[str]:
    """The whole name and its first word."""
    whole = " ".join(name.split())
    return {whole, whole.partition(" ")[0]} - {""}


def _calls(plain: str, name: str) -> bool:
    who = re.escape(name)
    greeting = rf"(?:(?:{_GREETINGS})\b[\s,]*)?"
    after = rf"(?:\s*(?:[,:;!?.\u2026\u2014-]|$)|\s+{_AUXILIARY})"
    begins = rf"[\W_]*{greeting}(?:@{who}\b|{who}\b(?!'){after})"
    ends = rf",\s*@?{who}\s*[?!.\u2026]*$|@{who}\s*[?!.\u2026]*$"
    flags = re.IGNORECASE
    return re.match(begins, plain, flags) is not None or re.search(ends, plain, flags) is not None
