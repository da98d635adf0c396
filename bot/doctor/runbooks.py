"""Whether the runbooks of KAIA_CONFIG can be used as they are written."""

import asyncio

from bot.doctor.checks import Check
from bot.settings import Settings
from bot.tools.runbooks import read


async def check_runbooks(settings: Settings) -> list[Check]:
    """Nothing where none are configured."""
    folder = settings.file.runbooks
    if folder is None:
        return []
    found, problems = await asyncio.to_thread(read, folder)
    broken = [Check("runbooks", "warning", f"{each.file}: {each.sentence}") for each in problems]
    count = f"{len(found)} runbook{'' if len(found) == 1 else 's'} can be used."
    return [Check("runbooks", "ok", count), *broken]
