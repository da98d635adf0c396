"""Where the checks looked, said in another language; English comes back as it is; pure.

Reports and the model's facts stay English: only what people read of them passes through here.
"""

import re

from bot.languages.phrases import Phrases

_SCOPE = re.compile(
    r"(?P<only>looked only at )?(?:ns=(?P<names>.*?)|(?P<all>all )?(?P<count>\d+) namespaces)"
    r", (?P<pods>\d+) pods?(?:, without (?P<without>.*))?",
    re.DOTALL,
)
_IN_ONE = "in namespace "
_IN = "in "


def scope_in(say: Phrases, scope: str) -> str:
    """`ns=shop, 6 pods`."""
    found = _SCOPE.fullmatch(scope)
    if found is None:
        return scope
    where = f"ns={found['names']}"
    if found["count"]:
        form = say.all_namespaces if found["all"] else say.namespaces
        where = form.format(count=found["count"])
    if found["only"]:
        where = say.looked_only_at.format(where=where)
    pods = say.one_pod if found["pods"] == "1" else say.pods.format(count=found["pods"])
    lacking = say.without.format(names=found["without"]) if found["without"] else ""
    return ", ".join(filter(None, (where, pods, lacking)))


def place_in(say: Phrases, where: str) -> str:
    """`in namespace shop`, `in any namespace`."""
    match where:
        case "in any namespace":
            return say.in_any_namespace
        case "in this cluster":
            return say.in_this_cluster
        case "there":
            return say.there
    if where.startswith(_IN_ONE):
        return say.in_namespace.format(name=where.removeprefix(_IN_ONE))
    if where.startswith(_IN):
        return say.in_those.format(names=where.removeprefix(_IN))
    return where


def why_in(say: Phrases, why: str) -> str:
    """Why something was not read."""
    reasons = {
        "forbidden": say.forbidden,
        "failed": say.failed,
        "not found": say.not_found,
        "left out": say.left_out,
    }
    return reasons.get(why, why)
