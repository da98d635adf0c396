"""A channel as text: everything a person would see of it, and for whom."""

from bot.playground import Workspace
from tests.playground.conftest import Ask
from tests.playground.test_block_rules import TABLE, bars, chart, container, feedback

EXPECTED = """\
#incidents
ann: @kaia what is wrong?
    kaia: *web* is down
      ▸ Evidence
        two pods wait
      Pods
      a | a
      a | 3
      [bar chart: Restarts]
      s0: a 4
      [Good] [Bad]
    kaia (only ben sees this): a word to you
    ben (also in the channel): look
      [file a.log]
ben (replied in a thread): look
ann: [attached: [1] ben: slow]
"""


async def test_it_shows_files_whispers_broadcasts_and_what_is_folded(
    workspace: Workspace, ask: Ask, asked: str, incidents: str
) -> None:
    ben = workspace.directory.person("ben").id
    evidence = container(
        [{"type": "markdown", "text": "two pods wait"}], is_collapsible=True, default_collapsed=True
    )
    blocks = [
        {"type": "markdown", "text": "*web* is down"},
        evidence,
        TABLE,
        chart(bars()),
        feedback(),
    ]
    place = {"channel": incidents, "thread_ts": asked}
    posted = await ask("chat.postMessage", **place, text="web is down", blocks=blocks)
    whispered = await ask("chat.postEphemeral", **place, user=ben, text="a word to you")
    file = workspace.share_file("a.log", b"x", user="ben")
    workspace.say("ben", "incidents", "look", asked, files=[file], broadcast=True)
    workspace.say("ann", "incidents", "", attachments=[{"fallback": "[1] ben: slow"}])

    assert (posted["ok"], whispered["ok"]) == (True, True)
    assert workspace.transcript("incidents") == EXPECTED
