"""Strangers' words set into a sentence, short and on one line; pure."""


def quoted(words: str, most: int = 220) -> str:
    """`“exceeded quota: compute, …”`: a message as a quote, or nothing where there is none."""
    flat = " ".join(words.split())
    if not flat:
        return ""
    return f"“{flat if len(flat) <= most else flat[: most - 1].rstrip() + '…'}”"


def counted(number: int, noun: str) -> str:
    """`1 pod`, `3 pods`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def listed(names: list[str], most: int = 4) -> str:
    """`` `a`, `b` and 3 more ``."""
    shown = ", ".join(f"`{each}`" for each in names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown
