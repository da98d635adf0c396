"""Pure: messages that mean something to Kaia herself; it reads a whole message or nothing of it."""

import re
import unicodedata
from enum import StrEnum

from bot.languages.asking import INSTEAD
from bot.languages.thanking import THANKS

_LONGEST = 300
_EMOJI_CODE = re.compile(r":[a-z0-9_+'-]+:", re.IGNORECASE)
_UNSAID = {"kaia", "please"}

_STOP = {"stop", "stop it", "stop that", "cancel"}
_STATUS = {"status"}
_HELP = {"help"}
_THANKS = {"thanks", "thank you", "thx", "ty", "cheers", "merci", "danke"}
_THANKED = re.compile(
    rf"(?:many thanks|{'|'.join(sorted(_THANKS, key=len, reverse=True))}|{THANKS})"
    r"(?: a lot| so much| very much)?"
    r"(?: (?:to )?(?:you )?(?:all|everyone|everybody)| you both| team| folks| guys)?"
)
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
_SUMMARY = re.compile(
    r"(?:(?:show (?:me )?|give (?:me )?|post )?(?:the |a )?summary|summari[sz]e|sum up)"
    r"(?: of)?(?: it| this| that| (?:this |the )?(?:conversation|thread|talk))?(?: so far)?"
)
_SENT = re.compile(
    r"(?:(?:show (?:me )?)?what (?:did you send|you sent|was sent|have you sent)"
    r"|what did you (?:tell|show|ask))(?: to)?(?: the| your)?(?: model| llm| ai)?"
    r"(?:(?: for| in| with)?(?: the)?(?: question)?(?: number| no)? (\d{1,6}))?"
)
_FORGET = re.compile(r"forget(?: (?:this |the |our )?(?:whole )?(?:conversation|thread|talk))?")
_BROADCAST = re.compile(
    r"(?:post|share|send)(?: it| this| that| (?:the |your )?(?:summary|close ?out))?"
    r" (?:to|in|into|with) (?:the |this )?channel"
)
_EXPORT = re.compile(
    r"export(?: (?:it|this|that|(?:this |the )?(?:conversation|thread|incident|scenario)))?"
    r"(?: as (?:a )?scenario)?"
)
_CHART = re.compile(
    r"(?:(?:show|give|draw|plot)(?: me)? )?(?:(?:the|a|some) )?"
    r"(?:charts?(?: (?:of |for )?(?:the )?(pods?|restarts?|events?))?"
    r"|(pods?|restarts?|events?) charts?)"
)

_NAME = r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?"
_KIND = (
    r"(?:pods?|po|deployments?|deploy|statefulsets?|sts|daemonsets?|ds|replicasets?|rs|jobs?"
    r"|cronjobs?|cj|namespaces?|ns|nodes?|no|services?|svc|ingress(?:es)?|ing|pvcs?|pvs?|hpas?"
    r"|persistentvolumeclaims?|persistentvolumes?|horizontalpodautoscalers?|rollouts?)"
)
_TAIL = r"(?: (?:until|till|in|for|-n|--namespace)(?: [a-z0-9./:=-]+){1,7})?"
_NO_NAMES = (
    r"(?!(?:out|this|that|it|its|me|us|you|your|yours|my|our|them|him|her|the|a|an|for|how|what"
    r"|who|when|where|why|and|or|closely|carefully|over|in|on|until|till|if|to|tv)\b)"
)
_TARGET = rf"(?:{_KIND} {_NAME}|[a-z.]+/{_NAME}|{_NO_NAMES}{_NAME})"
_WATCH = re.compile(rf"watch (?:the )?(?P<rest>{_TARGET}{_TAIL})", re.IGNORECASE)
_WATCHED = {"watch", "watches", "list watches", "show watches", "what do you watch"}
_UNWATCH = re.compile(
    rf"(?:unwatch|stop watching)(?: (?:the )?(?P<rest>{_TARGET}{_TAIL}|all|everything))?",
    re.IGNORECASE,
)
# One sign at a time: a repetition within a repetition would take for ever over a long row of them.
_BEFORE_WORDS = re.compile(r"(?:@?kaia\b|please\b|[\s\"'*_(\u2026.,:;!-])+", re.IGNORECASE)
_AFTER_WORDS = re.compile(r"(?:[\s,.;:!?)\"'*_\u2026\uff1f]|\b@?kaia|\bplease)+$", re.IGNORECASE)
_INSTEAD = re.compile(rf"(?:instead|{INSTEAD})\b\W*\w", re.IGNORECASE)


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
    return _THANKED.fullmatch(said_plainly(text)) is not None


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


def is_summary_asked(text: str) -> bool:
    return _SUMMARY.fullmatch(said_plainly(text)) is not None


def is_sent_asked(text: str) -> bool:
    """The whole message asks what the model was sent."""
    return _SENT.fullmatch(said_plainly(text)) is not None


def sent_asked_for(text: str) -> int | None:
    """The number in `what did you send for question 2`; None where the latest is meant."""
    found = _SENT.fullmatch(said_plainly(text))
    return int(found[1]) if found and found[1] else None


def is_forget_asked(text: str) -> bool:
    """The whole message asks for it: "forget it", "forget this" is how people take something back,
    and that of a colleague's too.
    """
    return _FORGET.fullmatch(said_plainly(text)) is not None


def is_broadcast_asked(text: str) -> bool:
    return _BROADCAST.fullmatch(said_plainly(text)) is not None


def is_export_asked(text: str) -> bool:
    return _EXPORT.fullmatch(said_plainly(text)) is not None


def is_chart_asked(text: str) -> str | None:
    """What to draw: `pods`, `restarts`, `events`, or empty for all of it; None where the message
    asks for something else.
    """
    found = _CHART.fullmatch(said_plainly(text))
    if found is None:
        return None
    which: str = found[1] or found[2] or ""
    return f"{which.rstrip('s')}s" if which else ""


def watch_asked_for(text: str) -> str | None:
    """`deployment/x until ready` in `watch deployment/x until ready`; None where something else
    is said: "watch out, payments is down". Empty where it is asked what is watched.
    """
    if said_plainly(text) in _WATCHED:
        return ""
    found = _WATCH.fullmatch(_on_one_line(text))
    return found["rest"] if found else None


def unwatch_asked_for(text: str) -> str | None:
    """What not to watch any longer; empty for everything, None where that is not asked."""
    found = _UNWATCH.fullmatch(_on_one_line(text))
    if found is None:
        return None
    rest: str = found["rest"] or ""
    return "" if rest.casefold() in ("all", "everything") else rest


def is_instead(text: str) -> bool:
    """It may want to take the place of what runs: "Instead, look at payments". Among people it may
    be a thought of theirs: "Instead we could roll back".
    """
    return _INSTEAD.match(_without_address(_EMOJI_CODE.sub(" ", text[:_LONGEST]))) is not None


def _on_one_line(text: str) -> str:
    """As it was said, names and all, without what stands around it; nothing where it is long."""
    if len(text) > _LONGEST:
        return ""
    plain = _EMOJI_CODE.sub(" ", unicodedata.normalize("NFKC", text).replace("`", ""))
    return " ".join(_AFTER_WORDS.sub("", _without_address(plain)).split())


def _without_address(text: str) -> str:
    found = _BEFORE_WORDS.match(text)
    return text[found.end() :] if found else text


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


def is_said_again(text: str, before: str) -> bool:
    """The same words, whatever was put right around them."""
    return _words_alone(text) == _words_alone(before)


def _words_alone(text: str) -> str:
    kept = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return kept.strip(" .,:;!?\u2026\"'*_`")
