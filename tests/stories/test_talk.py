"""Who is answered and who is listened to, where and in what words; questions that wait."""

from tests.doubles.served import Says
from tests.stories.stage import Stage
from tests.stories.told import tell


async def test_people_among_themselves_are_listened_to_and_told_of_it_once(
    by_model: Stage,
) -> None:
    root = await by_model.asked()
    by_model.say("ben", "I changed the password of the database at noon.", root)
    await by_model.settled()
    by_model.say("ann", "ben, then cart still has the old one.", root)
    await by_model.answered(root, 2)
    by_model.say("ben", "Right, I will look into the vault.", root)
    await by_model.settled()
    by_model.say("ann", "@kaia does that fit what you see?", root)
    await by_model.answered(root, 3)
    by_model.tells("several_people")
    last = by_model.sent()
    assert last.index("ben (U") < last.index("I changed the password") < last.index("does that fit")
    assert "not to you" in last


async def test_a_mention_in_a_foreign_thread_reads_it_first(by_model: Stage) -> None:
    root = by_model.say("ben", "Customers cannot pay since noon.")
    by_model.say("ann", "The cart restarts, I think.", root)
    by_model.say("ann", "@kaia what do you see?", root)
    await by_model.answered(root)
    by_model.tells("foreign_thread")
    assert "Customers cannot pay since noon." in by_model.sent()


async def test_a_direct_message_needs_no_mention(by_rules: Stage) -> None:
    home = by_rules.slack.direct("ann")
    root = by_rules.slack.say("ann", home.id, "why is cart failing?")
    await by_rules.answered(root, channel=home.id)
    by_rules.tells("direct_message", home.id)


async def test_in_a_group_a_mention_begins_and_replies_go_on(by_rules: Stage) -> None:
    home = by_rules.slack.group_direct(["ann", "ben"])
    root = by_rules.slack.say("ann", home.id, "@kaia why is cart failing?")
    await by_rules.answered(root, channel=home.id)
    by_rules.slack.say("ben", home.id, "and what about web?", root)
    await by_rules.answered(root, 2, channel=home.id)
    by_rules.tells("group_message", home.id)


async def test_a_follow_up_waits_visibly(by_model: Stage) -> None:
    by_model.ollama.may_answer.clear()
    root = by_model.say("ann", "@kaia why is cart failing?")
    await by_model.ollama.until(lambda: bool(by_model.ollama.most_at_once))
    by_model.say("ann", "and what about web?", root)
    await by_model.answered_while_working(root)
    meanwhile = by_model.slack.transcript("incidents")
    by_model.ollama.may_answer.set()
    await by_model.answered(root, 3)
    tell("follow_up_waits", [meanwhile, by_model.slack.transcript("incidents")])


async def test_a_waiting_question_is_edited_or_deleted(by_model: Stage) -> None:
    by_model.ollama.may_answer.clear()
    root = by_model.say("ann", "@kaia why is cart failing?")
    await by_model.ollama.until(lambda: bool(by_model.ollama.most_at_once))
    edited = by_model.say("ann", "and what about the queue?", root)
    await by_model.slack.wait_for(lambda _: len(by_model.kaias(root)) == 1)
    deleted = by_model.say("ben", "and what about the basket?", root)
    await by_model.slack.wait_for(lambda _: len(by_model.kaias(root)) == 2)
    by_model.slack.edit("incidents", edited, "and what about web?")
    by_model.slack.delete("incidents", deleted)
    await by_model.slack.wait_for(lambda now: not now.problems)
    by_model.ollama.may_answer.set()
    await by_model.settled()
    await by_model.answered(root, 3)
    by_model.tells("waiting_question_edited_and_deleted")
    sent = "".join(by_model.sent(n) for n in range(len(by_model.ollama.requests)))
    assert "and what about web?" in sent
    assert "basket" not in sent


async def test_an_edit_of_what_is_answered_is_told_in_its_thread_and_to_the_model(
    by_model: Stage,
) -> None:
    by_model.ollama.may_answer.clear()
    root = by_model.say("ann", "@kaia why is cart failing?")
    await by_model.ollama.until(lambda: bool(by_model.ollama.most_at_once))
    by_model.slack.edit("incidents", root, "@kaia is web ok?")
    told = await by_model.answered_while_working(root)
    assert "what I answer is its first wording" in told.text
    by_model.ollama.may_answer.set()
    await by_model.answered(root, 2)
    await by_model.settled()
    by_model.slack.edit("incidents", root, "@kaia is the web ok?")
    await by_model.settled()
    by_model.say("ann", "@kaia and now?", root)
    await by_model.answered(root, 3)
    assert "is the web ok?" in by_model.sent()
    assert sum("first wording" in one.text for one in by_model.kaias(root)) == 1


async def test_a_reply_that_is_also_in_the_channel_is_answered_once(by_model: Stage) -> None:
    root = await by_model.asked()
    by_model.slack.say("ben", "incidents", "and what about web?", root, broadcast=True)
    await by_model.answered(root, 2)
    await by_model.settled()
    by_model.tells("broadcast_reply")
    assert len(by_model.kaias(root)) == 2


async def test_a_question_with_a_block_of_code_reaches_the_model_whole(by_model: Stage) -> None:
    code = "```\npanic: cannot reach\n  the database\n```"
    await by_model.asked(f"@kaia why does cart say this?\n{code}")
    by_model.tells("question_with_code")
    assert "panic: cannot reach\n  the database" in by_model.sent()


async def test_instead_takes_the_place_of_what_runs(by_model: Stage) -> None:
    by_model.ollama.may_answer.clear()
    root = by_model.say("ann", "@kaia why is cart failing?")
    await by_model.ollama.until(lambda: bool(by_model.ollama.most_at_once))
    by_model.say("ann", "Instead, look at web please", root)
    await by_model.answered_while_working(root)
    by_model.ollama.may_answer.set()
    await by_model.slack.wait_for(lambda _: "worded by" in by_model.slack.transcript("incidents"))
    await by_model.answered(root)
    await by_model.settled()
    by_model.tells("instead")
    assert "why is cart failing?" not in by_model.ollama.requests[-1]["messages"][-1]["content"]


async def test_a_question_in_german_is_answered_in_german_and_so_speaks_code(
    by_model: Stage,
) -> None:
    by_model.ollama.otherwise = lambda _body: Says("`cart-0` stürzt ab: exit code 3 [1].")
    await by_model.asked("@kaia warum startet cart nicht?")
    by_model.tells("german")
    system = by_model.ollama.requests[0]["messages"][0]
    assert system["role"] == "system"
    assert "In the language of the question" in system["content"]
    assert "warum startet cart nicht?" in by_model.sent()


async def test_by_rules_a_question_in_french_is_answered_in_french(by_rules: Stage) -> None:
    root = await by_rules.asked("@kaia pourquoi cart ne démarre pas ?")
    by_rules.say("ann", "web ?", root)
    await by_rules.answered(root, 2)
    by_rules.tells("french")
