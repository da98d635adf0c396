"""How a conversation ends, begins again, is joined late; and what the tabs of the app show."""

from tests.stories.stage import Stage
from tests.stories.told import tell


async def test_thanks_ends_with_a_close_out_a_file_and_an_offer_to_the_channel(
    by_model: Stage,
) -> None:
    root = await by_model.asked()
    by_model.say("ben", "and is web well?", root)
    await by_model.answered(root, 2)
    by_model.say("ann", "Thanks!", root)
    await by_model.slack.wait_for(lambda now: "Post to" in now.transcript("incidents"), timeout=30)
    closed = next(m for m in by_model.kaias(root) if "kaia_broadcast" in str(m.blocks))
    await by_model.settled()
    files = [file for message in by_model.kaias(root) for file in message.files]
    ticket = (by_model.slack.files[files[0]].content or b"").decode()
    by_model.slack.click("ann", "incidents", closed.ts, "kaia_broadcast")
    await by_model.slack.wait_for(lambda now: "also in the channel" in now.transcript("incidents"))
    await by_model.settled()
    tell("close_out", [by_model.slack.transcript("incidents"), "The file:\n", ticket])


async def test_a_mention_opens_a_closed_conversation_again(by_model: Stage) -> None:
    root = await by_model.asked()
    by_model.say("ann", "Thanks!", root)
    await by_model.settled()
    count = len(by_model.kaias(root))
    by_model.say("ben", "I had lunch.", root)
    await by_model.settled()
    assert len(by_model.kaias(root)) == count
    by_model.say("ben", "@kaia is cart still failing?", root)
    await by_model.answered(root, count + 1)
    by_model.tells("reopened")


async def test_who_joins_late_is_briefed_alone(by_model: Stage) -> None:
    root = await by_model.asked()
    for count, text in enumerate(("and web?", "what does the log of cart say?"), 2):
        by_model.say("ann", text, root)
        await by_model.answered(root, count)
    by_model.say("ben", "is it the database?", root)
    await by_model.answered(root, 4)
    by_model.tells("late_joiner")
    assert len(by_model.slack.whispers("ben")) == 1
    assert not by_model.slack.whispers("ann")


async def test_the_home_tab_says_how_kaia_is_and_what_was_asked(by_model: Stage) -> None:
    await by_model.asked()
    by_model.slack.open_home("ann", "home")
    await by_model.slack.wait_for(lambda now: now.home_transcript("ann"))
    by_model.slack.open_home("ben", "home")
    await by_model.slack.wait_for(lambda now: now.home_transcript("ben"))
    tell("home_tab", [by_model.slack.home_transcript(person) for person in ("ann", "ben")])


async def test_the_messages_tab_suggests_what_to_ask(by_rules: Stage) -> None:
    by_rules.slack.open_home("ann")
    await by_rules.slack.wait_for(lambda now: now.prompts)
    [shown] = by_rules.slack.prompts.values()
    tell("prompts", [f"{one['title']}: {one['message']}" for one in shown["prompts"]])
