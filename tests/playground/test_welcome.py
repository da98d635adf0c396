"""What the page is told for somebody who has just opened it."""

from bot.playground import Welcome, Workspace, view
from bot.playground.welcome import QUESTIONS


def test_without_a_word_from_who_starts_it_the_page_proposes_questions_of_any_cluster(
    workspace: Workspace,
) -> None:
    assert view.of(workspace)["welcome"] == {"banner": "", "questions": list(QUESTIONS)}
    assert len(QUESTIONS) == 3


def test_what_is_said_in_the_banner_and_proposed_reaches_the_page(workspace: Workspace) -> None:
    workspace.welcome = Welcome("a recorded shop", ("why is cart failing?",))

    assert view.of(workspace)["welcome"] == {
        "banner": "a recorded shop",
        "questions": ["why is cart failing?"],
    }
