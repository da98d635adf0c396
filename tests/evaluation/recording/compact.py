"""JSON that is small and still compared line by line: what fits on a line stands on one."""

import json
from pathlib import Path
from typing import Any

_COLUMNS = 140


def rewrite(file: Path, found: Any) -> None:
    file.write_text(f"{compact(found)}\n")


def compact(found: Any, indent: int = 0) -> str:
    """Keys are sorted, as in every recording."""
    line = json.dumps(found, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    if indent + len(line) <= _COLUMNS or not isinstance(found, dict | list) or not found:
        return line
    begin = "\n" + " " * (indent + 1)
    match found:
        case dict():
            parts = [
                f"{json.dumps(key, ensure_ascii=False)}:{compact(found[key], indent + 1)}"
                for key in sorted(found)
            ]
            return f"{{{begin}{f',{begin}'.join(parts)}}}"
        case _:
            parts = [compact(each, indent + 1) for each in found]
            return f"[{begin}{f',{begin}'.join(parts)}]"
