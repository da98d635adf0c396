"""Every word a metric's label may hold, from the lists they are chosen from elsewhere."""

from typing import Final

from bot.agents.models import PROVIDERS
from bot.slack.sending.outbound import Method
from bot.telemetry.words import Vocabulary
from bot.tools import boundary, policy, rules
from bot.tools.change_rules import CHANGE
from bot.tools.verbs import READS
from bot.tools.writes import WRITES

_RULES: Final = (
    *(*rules.TEXT, *rules.WORDS, *rules.REQUEST, *CHANGE),
    *(policy.ends_its_quotes, policy.is_in_the_table, policy.is_a_namespace),
)

VOCABULARY: Final[Vocabulary] = {
    "ack": frozenset({"events_api", "interactive", "slash_commands"}),
    "intake": frozenset({"said", "decision", "watch"}),
    "turn": frozenset({"said", "decision", "watch", "word"}),
    "model": frozenset(PROVIDERS),
    "kubectl": frozenset(verb.words[0] for verb in (*READS, *WRITES)),
    "slack": frozenset(map(str, Method)),
    "tokens": frozenset({"in", "out"}),
    "command refused": frozenset(
        {rule.__name__ for rule in _RULES} | {"writes", boundary.RULE}
    ),
    "reconnect": frozenset({
        "refresh_requested", "warning", "link_disabled", "too_many_websockets", "disconnect",
        "silent", "idle", "closed",
    }),
    "limited": frozenset(map(str, Method)),
}  # fmt: skip
