"""A question with its German, French or Spanish words in English, so that one reading serves all.

Pure, and good for nothing but reading: names, code and links stay, and so does what no table has.
It does not say in which language to answer.
"""

import re
from collections.abc import Collection

from bot.languages.detection import language_of
from bot.languages.vocabulary import VOCABULARY
from bot.languages.words import ENGLISH, SURE

_LONGEST = 4_000
_KEPT = r"`[^`\n]*`|'[^'\s]+'|\"[^\"\s]+\"|\w{2,10}://\S+|@\S+"
_TURNED = re.compile(r"-(?:t-)?(?:ils?|elles?|on)(?![\w-])", re.IGNORECASE)
"""French asks so: `fonctionne-t-il`."""
_COMPOUND = re.compile(
    r"(?<![\w./-])([A-Za-z0-9][\w.-]*)-(Pods?|Deployments?|Services?|Dienst(?:e[sn]?)?|Jobs?"
    r"|StatefulSets?|DaemonSets?|CronJobs?|Ingress|Namespaces?|Knoten|Nodes?|Logs?)(?![\w/-])"
)
"""`der web-Pod`: names have no capital letters, so the second half is German."""
_SMALL_WORDS = "the a in of on at to and or it its i me my you for so from"
_SAID_ANYWHERE = (
    "in ok okay pod pods log logs service node cluster namespace namespaces list error restart"
    " ready running pending problem"
)
_LIKE_ENGLISH = (
    "deployment deployments lies hole wert sage tut journal value print secret lent solo los dame"
    " weg tot"
)
_SMALL = {"", *_SMALL_WORDS.split()}
"""A word that says one of these may be anything in another language."""
_ENGLISH = {*ENGLISH.split(), *SURE["en"].split()}
_SURELY_ENGLISH = _ENGLISH - {*_SAID_ANYWHERE.split()}
_NO_SIGN = {*_ENGLISH, *_SAID_ANYWHERE.split(), *_LIKE_ENGLISH.split()}
"""They tell no other language from English."""


def glossed(text: str, keep: Collection[str] = ()) -> str:
    """The text as it is where it is English, or in a language that no table has.

    `keep` are words that are names whatever they mean.
    """
    said = text[:_LONGEST].replace("\u2019", "'")
    code = _language_of(said)
    if not code:
        return text
    kept = {each.lower() for each in keep}
    words = VOCABULARY[code]

    def gloss(found: re.Match[str]) -> str:
        word = found[0].lower()
        if word in kept or word not in words:
            return found[0]
        return f"{words[word]} " if word.endswith("'") else words[word]

    said = _COMPOUND.sub(r"\1 \2", said) if code == "de" else _TURNED.sub("", said)
    read = _PATTERNS[code].sub(gloss, re.sub("[\u00bf\u00a1]", "", said))
    return re.sub(r"[ \t]{2,}", " ", read).strip() + text[_LONGEST:]


def _language_of(text: str) -> str:
    """Less careful than for an answer's language: nothing is lost where no English was said."""
    code = language_of(text)
    if code in VOCABULARY:
        return code
    english = {*re.findall(r"[a-z']+", text.lower())} & _SURELY_ENGLISH
    scores = {
        each: _score(text, each) for each, words in VOCABULARY.items() if english <= {*words}
    } or {"": 0}
    best = max(scores, key=lambda each: scores[each])
    return best if scores[best] else ""


def _score(text: str, code: str) -> int:
    said = {found.lower() for found in _PATTERNS[code].findall(text)} & {*VOCABULARY[code]}
    return sum(VOCABULARY[code][word] not in _SMALL for word in said - _NO_SIGN)


def _pattern(words: Collection[str]) -> re.Pattern[str]:
    """The longest first; what is part of a name, a path or a file is no word."""
    longest = sorted(words, key=len, reverse=True)
    whole = "|".join(re.escape(each) for each in longest if not each.endswith("'"))
    elided = "|".join(re.escape(each) for each in longest if each.endswith("'")) or r"(?!)"
    return re.compile(
        rf"{_KEPT}|(?<![\w./-])(?:(?:{whole})(?![\w/'-]|\.\w)|(?:{elided})(?=\w))", re.IGNORECASE
    )


_PATTERNS = {code: _pattern(words) for code, words in VOCABULARY.items()}
