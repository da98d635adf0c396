"""`export` in a thread: one file with the whole scenario, or how to come by it."""

import io
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.app.shown import SHOP
from bot.cluster.access import ClusterAccess
from bot.cluster.api import ClusterApi, opened_api
from bot.conversations import Store
from bot.conversations.records import Arrival, Learnt, Turn
from bot.conversations.turns.closing.exports import Exports, zipped
from bot.dialogue import Entry, Notice
from bot.evaluation import scenario as evaluated
from bot.recordings.format import Recording
from bot.redaction import Redactor
from tests.conversations.conftest import Engine
from tests.doubles.conversation_edges import Gallery, said
from tests.doubles.recorded import served
from tests.recordings.incident.conftest import look

FINDING = {
    "at": 2_000_000_000.0, "by": "U1", "question": "why is cart down?", "says": "cause",
    "verdict": "**CONFIRMED** · Deployment shop/cart: CrashLoopBackOff.",
    "lead": ["**Cause:** cart waits for db."], "about": [["Deployment", "shop", "cart"]],
}  # fmt: skip


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[ClusterApi]:
    async with (
        served(Recording.open(SHOP), tmp_path / "kubeconfig", "shop") as access,
        opened_api(access, {}) as opened,
    ):
        yield opened


async def asked_of(store: Store, api: ClusterApi, *findings: dict[str, Any], **more: Any) -> Notice:
    await store.line.add([Arrival(said("why is cart down?"), "talk")])
    [turn] = await store.line.claim("me", talk=1, words=0)
    entries = (Entry("U1", "why is cart down?"), Entry("kaia", "It waits for db."))
    notes = {"findings": list(findings), **more}
    await store.conclude(turn, Learnt(Notice("So."), "open", entries=entries, notes=notes))
    return await exported(store, api, turn)


async def exported(store: Store, api: ClusterApi, turn: Turn) -> Notice:
    conversation = await store.conversation(turn.said.thread.id)
    exports = Exports(store, api, Redactor(), {"C1": "shop"}.get)
    return await exports.answer(turn, conversation, Gallery()(turn.said))


async def test_the_file_is_a_whole_scenario_that_can_be_served_alone(
    store: Store, api: ClusterApi, tmp_path: Path
) -> None:
    notice = await asked_of(store, api, FINDING)
    assert notice.attachment is not None
    assert notice.attachment.name.startswith("incident-")
    assert notice.attachment.name.endswith(".zip")
    with zipfile.ZipFile(io.BytesIO(notice.attachment.content)) as archive:
        archive.extractall(tmp_path / "sent")
    [folder] = (tmp_path / "sent").iterdir()
    assert Recording.open(folder).manifest.namespaces == ("shop",)
    expected = evaluated.load(folder).expected
    assert expected.question == "why is cart down?"
    assert [choice[0] for choice in expected.must] == ["CrashLoopBackOff"]
    assert f"kaia replay {folder.name}" in notice.markdown
    assert "kaia export C1:1.0 -o FOLDER" in notice.attachment.text


async def test_it_says_what_is_from_now_where_no_look_was_kept(
    store: Store, api: ClusterApi
) -> None:
    told = (await asked_of(store, api, FINDING)).markdown
    assert "serves the cluster as it is now, at " in told
    assert "as it was" not in told
    assert "objects read again at export, which may differ from then" in told
    assert "no look was kept" in told
    assert "Who asked is not named" in told


async def test_it_says_as_of_when_it_is_and_what_was_not_read(
    store: Store, api: ClusterApi
) -> None:
    looked = await look(api, "shop")
    kept = replace(looked.kept, at=datetime.fromtimestamp(2_000_000_000, UTC))
    told = (await asked_of(store, api, FINDING, looked=kept.to_json())).markdown
    assert "serves the cluster as it was at 2033-05-18 03:33 UTC" in told
    assert "objects as seen then" in told
    assert "no look was kept" not in told


async def test_where_no_question_was_answered_there_is_nothing_to_export(
    store: Store, api: ClusterApi
) -> None:
    notice = await asked_of(store, api)
    assert "nothing to export" in notice.markdown
    assert notice.attachment is None


async def test_a_cluster_that_is_away_is_said_with_how_to_do_it_later(store: Store) -> None:
    access = ClusterAccess(kind="none", reason="No cluster answers.")
    async with opened_api(access, {}) as away:
        notice = await asked_of(store, away, FINDING)
    assert notice.attachment is None
    assert notice.markdown.count("Nothing was exported") == 1
    assert "No cluster answers." in notice.markdown
    assert "`kaia export C1:1.0 -o FOLDER`" in notice.markdown


async def test_where_nothing_is_kept_of_conversations_the_word_says_so(engine: Engine) -> None:
    await engine.inbox.receive(said("export", addressed=True))
    shown = await engine.gallery.showed(1)
    assert "There is no `export` here" in shown[0].text


async def test_where_there_is_no_export_the_close_out_does_not_name_it(engine: Engine) -> None:
    for words in ("why?", "Thanks!"):
        await engine.inbox.receive(said(words, addressed=True))
    shown = await engine.gallery.showed(2)
    assert "`post to the channel` shows this there." in shown[1].text
    assert "export" not in shown[1].text


def test_equal_folders_are_equal_files(tmp_path: Path) -> None:
    for home in (tmp_path / "one", tmp_path / "two"):
        (home / "incident").mkdir(parents=True)
        (home / "servers" / "v1").mkdir(parents=True)
        (home / "incident" / "a.json").write_text("{}")
        (home / "servers" / "v1" / "b.json").write_text("[]")
    packed = zipped(tmp_path / "one", "incident")
    assert packed == zipped(tmp_path / "two", "incident")
    names = zipfile.ZipFile(io.BytesIO(packed)).namelist()
    assert names == ["incident/a.json", "incident/servers/v1/b.json"]
