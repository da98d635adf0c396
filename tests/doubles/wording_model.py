"""A model that only words what it is given: the least that any model has to be able to do."""

import json
import re
from typing import Any

from bot.dialogue import unfence
from tests.doubles.served import Reply, Says, runs

_RECEIPT = re.compile(r"receipt (\d+): kaia triage")


def word_what_is_given(body: dict[str, Any]) -> Reply:
    """Reads a log where no finding is confirmed, then says what the findings say."""
    asked = [m["content"] for m in body["messages"] if m["role"] == "user"][-1]
    found = _RECEIPT.search(asked)
    facts = json.loads(unfence(asked[found.start() :])) if found else {}
    findings = facts.get("findings", [])
    has_looked = body["messages"][-1]["role"] == "tool"
    unsure = [each for each in findings if each["certainty"] == "likely" and each.get("next")]
    if unsure and unsure[0] is findings[0] and not has_looked:
        return runs(unsure[0]["next"][0])
    return Says(_words(facts, found[1] if found else "1"))


def _words(facts: dict[str, Any], number: str) -> str:
    missing = [
        f"There is no {each['kind']} `{each['name']}` [{number}]."
        + (f" Did you mean {', '.join(each['did_you_mean'])}?" if each["did_you_mean"] else "")
        for each in facts.get("not_found", [])
    ]
    asked = [f"{ref}: {state} [{number}]." for ref, state in facts.get("asked_about", {}).items()]
    said = [f"{each['object']}: {each['cause']} [{number}]" for each in facts.get("findings", [])]
    return "\n".join([*missing, *asked, *said]) or f"Healthy: nothing was found [{number}]."
