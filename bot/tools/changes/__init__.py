"""Changes of the cluster: a model proposes, people decide, and code runs each once."""

from bot.tools.changes.changer import Changer
from bot.tools.changes.drafting import Drafter
from bot.tools.changes.tool import ProposeTool

__all__ = ["Changer", "Drafter", "ProposeTool"]
