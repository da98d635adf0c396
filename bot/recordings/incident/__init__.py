"""A recording made of what a conversation kept, of what can be read again, and of its receipts."""

from bot.recordings.incident.keeping import kept_of
from bot.recordings.incident.kept import Kept
from bot.recordings.incident.making import Incident, Made, make
from bot.recordings.incident.merging import merged
from bot.recordings.incident.receipts import PastReceipt, receipts_of

__all__ = ["Incident", "Kept", "Made", "PastReceipt", "kept_of", "make", "merged", "receipts_of"]
