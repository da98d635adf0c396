"""Output that fits a budget, saying what was left out; pure, and it never drops a line silently."""

from collections.abc import Sequence

from bot.tools.compaction.descriptions import compact_description
from bot.tools.compaction.forms import Form, form_of
from bot.tools.compaction.lines import Compacted, compact_lines, split_lines
from bot.tools.compaction.logs import compact_log
from bot.tools.compaction.manifests import compact_manifest
from bot.tools.compaction.tables import compact_table

__all__ = ["Compacted", "compact", "split_lines"]


def compact(text: str, budget_chars: int, argv: Sequence[str] = ()) -> Compacted:
    """At most `budget_chars` of `text`, chosen by what the command `argv` prints.

    What fits is given back whole, but for managedFields, which always go.
    """
    lines = split_lines(text)
    whole = "\n".join(lines)
    form = form_of(argv)
    has_managed_fields = form in (Form.YAML, Form.JSON) and "managedFields" in whole
    if len(whole) <= budget_chars and not has_managed_fields:
        return Compacted(whole, len(lines), len(lines), cut=False)
    return _compact(lines, budget_chars, form)


def _compact(lines: Sequence[str], budget_chars: int, form: Form) -> Compacted:
    match form:
        case Form.TABLE:
            return compact_table(lines, budget_chars)
        case Form.LOG:
            return compact_log(lines, budget_chars)
        case Form.DESCRIPTION:
            return compact_description(lines, budget_chars)
        case Form.YAML | Form.JSON:
            return compact_manifest(lines, budget_chars, form)
        case Form.TEXT:
            return compact_lines(lines, budget_chars)
