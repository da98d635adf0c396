"""Scenarios that ship with Kaia, copied so that a test can ask something else of them."""

import shutil
from pathlib import Path
from typing import Any

import yaml

from bot.evaluation.options import SHIPPED
from bot.evaluation.scenario import FILE, Scenario, load


def copied(folder: Path, shipped: str, name: str = "scene", **changes: Any) -> Scenario:
    """With other expectations, in `folder` with what recordings share."""
    shutil.copytree(SHIPPED / shipped, folder / name)
    if not (folder / "servers").exists():
        shutil.copytree(SHIPPED / "servers", folder / "servers")
    expect(folder / name, **changes)
    return load(folder / name)


def expect(scenario: Path, **changes: Any) -> None:
    file = scenario / FILE
    written = yaml.safe_load(file.read_text()) | changes
    file.write_text(yaml.safe_dump(written))
