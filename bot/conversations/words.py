"""Pure: messages that mean something to Kaia herself; it reads a whole message or nothing of it."""

import re
import unicodedata
from enum import StrEnum

_LONGEST = 300
_EMOJI_CODE = re.compile(r":[a-z0-9_+'-]+:", re.IGNORECASE)
_UNSAID = {"kaia", "please"}

_STOP = {"stop", "stop it", "stop that", "cancel"}
_STATUS = {"status"}
_HELP = {"help"}
_THANKS = {"thanks", "thank you", "thx", "ty", "cheers", "merci", "danke"}
_HOW_MUCH = {"", " a lot", " so much", " very much"}
_SHOW = re.compile(r"show (?:me )?(?:receipt )?(?:number |no )?(\d{1,6})")
_RERUN = re.compile(
    r"(?:(?:rerun|re run) {0}(?: again)?|(?:run|repeat) {0} again|repeat {0})".replace(
        "{0}", r"(?:command |receipt )?(?:number |no )?\d{1,6}"
    )
)
_CHANGES = re.compile(
    r"(?:(?:show (?:me )?)?(?:the |any )?changes"
    r"|what (?:has |s |have )?changed|whats changed|(?:has )?anything changed)"
    r"(?: here)?(?: since(?: then| last time| the last (?:time|look))?| lately| recently)?"
)


class Word(StrEnum):
    """Judged on arrival: it must not wait behind the turn it is about."""

    STOP = "stop"
    STATUS = "status"
    HELP = "help"


def word_of(text: str) -> Word | None:
    match said_plainly(text):
        case said if said in _STOP:
            return Word.STOP
        case said if said in _STATUS:
            return Word.STATUS
        case said if said in _HELP:
            return Word.HELP
    return None


def is_thanks(text: str) -> bool:
    """The whole message says thanks; "thanks, but what about payments?" goes on."""
    said = said_plainly(text)
    return any(said == thanks + much for thanks in _THANKS for much in _HOW_MUCH)


def receipt_asked_for(text: str) -> int | None:
    """The number in `show 3`."""
    found = _SHOW.fullmatch(said_plainly(text))
    return int(found[1]) if found else None


def rerun_asked_for(text: str) -> int | None:
    """The number in `rerun 3`, `run 3 again`."""
    said = said_plainly(text)
    if not _RERUN.fullmatch(said):
        return None
    return int(next(word for word in said.split() if word.isdigit()))


def is_changes_asked(text: str) -> bool:
    """The whole message asks what changed; "what changed in payments?" is a question of its own."""
    return _CHANGES.fullmatch(said_plainly(text)) is not None


def is_bare(text: str) -> bool:
    """Nothing was said but Kaia's name, signs and emoji."""
    return len(text) <= _LONGEST and not said_plainly(text)


def is_wordless(text: str) -> bool:
    """Signs and emoji alone: among people in a thread that is no question to anybody."""
    return not any(sign.isalnum() for sign in _EMOJI_CODE.sub("", text))


def said_plainly(text: str) -> str:
    """Lower case, letters and digits only: no punctuation, emoji, `:codes:`, "Kaia", "please".

    A message too long to be one of the words comes back as it is.
    """
    if len(text) > _LONGEST:
        return text
    kept = _EMOJI_CODE.sub(" ", unicodedata.normalize("NFKC", text)).casefold()
    letters = "".join(sign if unicodedata.category(sign)[0] in "LN" else " " for sign in kept)
    return " ".join(word for word in letters.split() if word not in _UNSAID)
