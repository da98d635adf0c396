"""Which files a message brings, and what kind each is, by what Slack says of it; pure."""

import re
from collections.abc import Mapping
from typing import Any, Literal

from bot.dialogue import SharedFile
from bot.plaintext import clean

_MOST_FILES = 10
_LONGEST_NAME = 80
_TEXTS = re.compile(
    "bash|c|conf|config|cpp|cs|css|csv|diff|dockerfile|env|go|groovy|hcl|html|ini|java|javascript"
    "|js|json|jsonl|kotlin|lock|log|lua|markdown|md|ndjson|out|patch|php|pl|powershell|properties"
    "|proto|python|py|rb|rego|rs|rst|ruby|rust|sh|shell|sql|tf|text|toml|ts|tsv|txt|typescript"
    "|xml|ya?ml"
)
"""What Slack calls a file's type, and how its name may end."""
_TEXT_TYPES = re.compile(
    r"text/.*|application/(?:json|[a-z.]+\+json|(?:x-)?ndjson|jsonl|(?:x-)?yaml|xml|toml|x-sh"
    "|x-shellscript|javascript|sql|x-log)"
)


def shared_files(event: Mapping[str, Any]) -> tuple[SharedFile, ...]:
    """The files of a message event, a bounded number of them."""
    found = event.get("files")
    files = [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
    return tuple(shared_file(one) for one in files[:_MOST_FILES] if _is_there(one))


def shared_file(file: Mapping[str, Any]) -> SharedFile:
    size = file.get("size")
    return SharedFile(
        id=str(file["id"]),
        name=file_name(file),
        kind=kind_of(file),
        bytes=size if isinstance(size, int) and size > 0 else 0,
    )


def file_name(file: Mapping[str, Any]) -> str:
    name = " ".join(clean(str(file.get("name") or file.get("title") or "")).split())
    return name[:_LONGEST_NAME] or "a file without a name"


def kind_of(file: Mapping[str, Any]) -> Literal["text", "voice", "other"]:
    """Slack may say nothing but that it has to be asked: then reading it will tell."""
    mimetype, filetype = _word(file, "mimetype"), _word(file, "filetype")
    if file.get("subtype") == "slack_audio" or mimetype.startswith("audio/"):
        return "voice"
    if file.get("file_access") == "check_file_info" and not (mimetype or filetype):
        return "text"
    if mimetype.startswith(("image/", "video/", "font/")):
        return "other"
    if _TEXT_TYPES.fullmatch(mimetype) or _TEXTS.fullmatch(filetype):
        return "text"
    return "text" if _TEXTS.fullmatch(_ending(file)) else "other"


def _is_there(file: Mapping[str, Any]) -> bool:
    return bool(file.get("id")) and file.get("mode") != "tombstone"


def _ending(file: Mapping[str, Any]) -> str:
    return str(file.get("name") or "").lower().rpartition(".")[2]


def _word(file: Mapping[str, Any], name: str) -> str:
    return str(file.get(name) or "").partition(";")[0].strip().lower()
