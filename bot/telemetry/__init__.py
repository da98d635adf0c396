"""What Kaia tells its operators: logs, metrics, traces; never what people or clusters said."""

from bot.telemetry.logs import QUIET, WORDLESS, set_up_logs

__all__ = ["QUIET", "WORDLESS", "set_up_logs"]
