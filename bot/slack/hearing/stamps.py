"""Slack's timestamps in their order; as numbers their last digits would be lost."""


def moment(ts: str) -> tuple[int, str]:
    seconds, _, fraction = ts.partition(".")
    return len(seconds), f"{seconds}.{fraction}"
