"""Voice clips: how their transcription comes to be, and its words with their times; pure."""

from bot.playground.objects import Json, StoredFile

SUBTYPE = "slack_audio"
_PREVIEW = 80
_SECONDS_A_WORD = 0.4


def waiting(locale: str = "en-US") -> Json:
    """The transcription of a clip that has just been shared."""
    return {"status": "processing", "locale": locale}


def look(stored: StoredFile) -> None:
    """One more files.info; after as many as the clip wants its transcription is ready."""
    transcription = stored.transcription
    if not transcription or transcription.get("status") != "processing":
        return
    if stored.ready_after_looks <= 0:
        stored.transcription = transcription | _ready(stored)
    stored.ready_after_looks -= 1


def _ready(stored: StoredFile) -> Json:
    if stored.subtype == SUBTYPE and not stored.spoken:
        return {"status": "failed"}
    if not stored.spoken:
        return {"status": "complete"}
    has_more = len(stored.spoken) > _PREVIEW
    preview = {"content": stored.spoken[:_PREVIEW], "has_more": has_more}
    return {"status": "complete", "preview": preview}


def vtt(spoken: str) -> str:
    """WebVTT with a cue to a sentence."""
    cues, begun = ["WEBVTT"], 0.0
    for sentence in spoken.replace("? ", "?\n").replace(". ", ".\n").split("\n"):
        ended = begun + _SECONDS_A_WORD * max(1, len(sentence.split()))
        cues.append(f"{_moment(begun)} --> {_moment(ended)}\n{sentence}")
        begun = ended
    return "\n\n".join(cues) + "\n"


def _moment(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes):02}:{rest:06.3f}"
