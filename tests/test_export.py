"""What `kaia export` says where there is nothing to export, before it asks any cluster."""

from pathlib import Path

import pytest

from bot.app.export import run_export
from bot.app.forget import run_forget
from bot.conversations import Store
from bot.conversations.records import Arrival, Learnt
from bot.dialogue import Notice
from bot.errors import KaiaError, SettingsError
from bot.settings import Settings, load_settings
from tests.doubles.conversation_edges import said


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"KAIA_STORE": f"sqlite:///{tmp_path / 'kaia.db'}"})


async def greeted(settings: Settings) -> None:
    """A conversation without a question."""
    store = await Store.open(settings.store or "", exclusive=True)
    await store.line.add([Arrival(said("hello"), "talk")])
    [turn] = await store.line.claim("me", talk=1, words=0)
    await store.conclude(turn, Learnt(Notice("Hello!"), "open"))
    await store.line.finish(turn, "done")
    await store.close()


async def test_a_store_that_is_not_there_is_said_and_not_made(
    settings: Settings, tmp_path: Path
) -> None:
    for run in (run_export(settings, "C9:1.0", tmp_path / "one"), run_forget(settings, "C9:1.0")):
        with pytest.raises(KaiaError, match=r"There is no .*kaia\.db.* Check that KAIA_STORE"):
            await run
    assert not (tmp_path / "kaia.db").exists()


async def test_a_thread_of_which_nothing_is_kept_is_said(
    settings: Settings, tmp_path: Path
) -> None:
    await greeted(settings)
    with pytest.raises(KaiaError, match=r"Nothing is kept of C9:1\.0\. Check the link"):
        await run_export(settings, "C9:1.0", tmp_path / "one", environ={})


async def test_a_conversation_without_an_answered_question_is_said(
    settings: Settings, tmp_path: Path
) -> None:
    await greeted(settings)
    with pytest.raises(KaiaError, match=r"In C1:1\.0 no question was answered"):
        await run_export(settings, "C1:1.0", tmp_path / "one", environ={})
    assert not (tmp_path / "one").exists()


async def test_what_names_no_thread_is_answered_with_how_to_name_one(
    settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match="Copy link"):
        await run_export(settings, "the one of yesterday", tmp_path / "one", environ={})


@pytest.mark.parametrize("name", ["-x", "my incident", ".hidden", "x" * 101])
async def test_a_folder_that_cannot_be_a_scenario_is_refused_at_once(
    settings: Settings, tmp_path: Path, name: str
) -> None:
    with pytest.raises(KaiaError, match="is no name of a scenario"):
        await run_export(settings, "C1:1.0", tmp_path / name, environ={})
