"""Looks as the model is given them: the JSON, its fence, and the question beside it."""

import json
from typing import Any

from bot.dialogue import fence

Json = dict[str, Any]


def finding(about: str = "Deployment shop/checkout", **other: Any) -> Json:
    return {
        "object": about,
        "severity": "critical",
        "certainty": "confirmed",
        "reason": "OOMKilled",
        "cause": "Container `app` used more than its limit of `64Mi`.",
        "evidence": ["pod/checkout-1:status.reason = OOMKilled", "event/checkout-1:BackOff = x"],
        **other,
    }


def facts(*findings: Json, **other: Any) -> Json:
    is_healthy = not any(each["severity"] != "info" for each in findings)
    return {
        "intent": "wellness",
        "scope": "ns=shop, 6 pods",
        "healthy": is_healthy,
        "fine": ["2 Services"],
        "findings": list(findings),
        **other,
    }


def look(found: Any, *, number: int = 1, where: str = "-n shop") -> str:
    text = found if isinstance(found, str) else json.dumps(found)
    return f"receipt {number}: kaia triage {where}\n{fence(text)}"


def beside(said: str, found: Any, *, number: int = 1) -> str:
    return f"{said}\n\nKaia's first look, {look(found, number=number)}"
