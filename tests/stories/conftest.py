"""Stages for stories: with fixed rules in a model's place, with a model, or as a story wants it."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.stories.stage import BY_MODEL, BY_RULES, Stage, opened_stage

OpenStage = Callable[..., Awaitable[Stage]]


@pytest.fixture
async def open_stage(tmp_path: Path) -> AsyncIterator[OpenStage]:
    async with contextlib.AsyncExitStack() as stack:

        async def opened(environ: dict[str, str], **more: Any) -> Stage:
            return await stack.enter_async_context(opened_stage(tmp_path, environ, **more))

        yield opened


@pytest.fixture
async def by_rules(open_stage: OpenStage) -> Stage:
    return await open_stage(BY_RULES)


@pytest.fixture
async def by_model(open_stage: OpenStage) -> Stage:
    return await open_stage(BY_MODEL)
