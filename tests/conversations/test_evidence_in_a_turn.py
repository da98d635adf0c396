"""What a turn adds to a model's words: the first look, the verdict, what the next turn needs."""

from bot.conversations import Store
from bot.conversations.records import Conversation
from bot.dialogue import Answer, Failure, Notice
from bot.errors import ModelUnreachable
from tests.conversations.conftest import Engine
from tests.doubles.conversation_edges import ReceiptToolbox, ScriptedAssistant, said

THREAD = "T1:C1:1.0"
LOOK = "Kaia's first look, receipt 1: kaia triage -n shop"


async def answered(engine: Engine, text: str, number: int = 1) -> Answer:
    await engine.inbox.receive(said(text))
    outcome = (await engine.gallery.showed(number))[number - 1].outcome
    assert isinstance(outcome, Answer)
    return outcome


async def test_the_model_is_given_the_look_beside_the_question(store: Store) -> None:
    async with Engine(store, toolbox=ReceiptToolbox(LOOK)).at_work() as engine:
        await answered(engine, "why?")

    assert engine.assistant.asked[0].said == f"Ann (U1): why?\n\n{LOOK}"


async def test_the_transcript_holds_the_question_without_the_look(store: Store) -> None:
    async with Engine(store, toolbox=ReceiptToolbox(LOOK)).at_work() as engine:
        await answered(engine, "why?")

        assert (await engine.store.transcript(THREAD))[0].text == "why?"


async def test_an_answer_begins_with_the_verdict_of_the_rules(store: Store) -> None:
    words = ScriptedAssistant(answer=lambda _: "The database is down [1].")
    async with Engine(store, words).at_work() as engine:
        answer = await answered(engine, "why?")

    assert answer.verdict == "**CONFIRMED** · by [1]."
    assert answer.remarks == ("Checked and fine: 3 nodes.",)


async def test_a_claim_that_cites_no_command_is_struck_and_does_not_count(store: Store) -> None:
    words = ScriptedAssistant(answer=lambda _: "It is the disk [9].")
    async with Engine(store, words).at_work() as engine:
        answer = await answered(engine, "why?")

    assert "~~It is the disk" in answer.markdown
    assert answer.verdict == "**CONFIRMED** · by []."


async def test_commands_of_earlier_turns_may_be_cited(store: Store) -> None:
    words = ScriptedAssistant(answer=lambda _: "As before [1].")
    async with Engine(store, words).at_work() as engine:
        await answered(engine, "why?")
        again = await answered(engine, "and now?", 2)

    assert again.markdown == "As before [1]."
    assert again.remarks[0] == (
        "Cited as run earlier in this conversation, and run again now:"
        " [1] 2033-05-18 03:33 UTC, again as [2]."
    )


async def test_what_ran_again_is_told_apart_from_what_did_not(store: Store) -> None:
    words = ScriptedAssistant(answer=lambda _: "As before [1], [2].", commands=["a", "b"])
    async with Engine(store, words).at_work() as engine:
        await answered(engine, "why?")
        words.commands = ["b"]
        again = await answered(engine, "and now?", 2)

    before, twice = again.remarks[:2]
    assert before.endswith("and not again for this answer: [1] 2033-05-18 03:33 UTC.")
    assert twice.endswith("and run again now: [2] 2033-05-18 03:33 UTC, again as [3].")


async def test_the_language_of_a_question_holds_for_short_ones_after_it(store: Store) -> None:
    words = ScriptedAssistant(answer=lambda _: "Das Image fehlt [9].")
    async with Engine(store, words).at_work() as engine:
        first = await answered(engine, "warum startet cart nicht?")
        short = await answered(engine, "web?", 2)
        english = await answered(engine, "and why is web down?", 3)

    assert [each.language for each in (first, short, english)] == ["de", "de", "en"]
    assert "ein Befehl 9 ist nicht gelaufen" in first.markdown
    assert "no command 9 was run" in english.markdown


async def test_what_went_wrong_is_told_in_the_language_of_the_question(store: Store) -> None:
    words = ScriptedAssistant(errors=[ModelUnreachable("The model is away.")])
    async with Engine(store, words, fallback=None).at_work() as engine:
        await engine.inbox.receive(said("pourquoi cart ne démarre pas ?"))
        [shown] = await engine.gallery.showed(1)

    assert isinstance(shown.outcome, Failure)
    assert shown.outcome.language == "fr"
    assert shown.outcome.sentence == (
        "Il n'y a pas de réponse. Le message en anglais : The model is away."
    )


async def test_a_model_that_used_up_its_calls_gives_a_partial_answer(store: Store) -> None:
    class Cut(ScriptedAssistant):
        async def _answer(self, *given: object) -> object:  # type: ignore[override]
            run = await super()._answer(*given)  # type: ignore[arg-type]
            return type(run)(run.saved, run.answer, run.entries, is_cut=True)

    async with Engine(store, Cut()).at_work() as engine:
        answer = await answered(engine, "why?")

    assert answer.caveat.startswith("Partial: ")
    assert "kubectl describe pod payments" in answer.caveat


async def test_a_failed_model_leaves_a_partial_answer_from_what_was_found(store: Store) -> None:
    lost = ScriptedAssistant(errors=[ModelUnreachable("Nobody answers there.")])
    stand_in = ScriptedAssistant(label="builtin")
    async with Engine(store, lost, stand_in).at_work() as engine:
        answer = await answered(engine, "why?")

    assert "partial" in answer.caveat
    assert "Nobody answers there" in answer.caveat


async def test_what_a_turn_was_about_is_there_for_the_next_one_after_a_restart(
    store: Store,
) -> None:
    async with Engine(store).at_work() as engine:
        await answered(engine, "why?")
    toolbox = ReceiptToolbox()
    async with Engine(store, toolbox=toolbox).at_work() as engine:
        await answered(engine, "and its logs?")

    assert toolbox.given[0]["notes"]["focus"] == {"namespaces": ["shop"], "objects": []}


async def test_only_the_first_picture_of_the_cluster_is_kept(store: Store) -> None:
    async with Engine(store).at_work() as engine:
        await answered(engine, "why?")
        await answered(engine, "and now?", 2)

        kept: Conversation = await engine.store.conversation(THREAD)

    assert kept.notes["snapshot"]["turn"] == 1


async def test_what_changed_is_answered_without_a_model(store: Store) -> None:
    async with Engine(store).at_work() as engine:
        await answered(engine, "why?")
        await engine.inbox.receive(said("What changed?", addressed=False))
        shown = await engine.gallery.showed(2)

    assert isinstance(shown[1].outcome, Notice)
    assert shown[1].text.startswith("Since turn 1")
    assert len(engine.assistant.asked) == 1


async def test_what_changed_before_any_question_says_that_there_is_nothing_to_compare(
    store: Store,
) -> None:
    async with Engine(store).at_work() as engine:
        await engine.inbox.receive(said("what changed?"))
        [shown] = await engine.gallery.showed(1)

    assert "no picture of the cluster" in shown.text


async def test_a_command_is_run_again_and_compared(store: Store) -> None:
    async with Engine(store).at_work() as engine:
        await answered(engine, "why?")
        await engine.inbox.receive(said("rerun 1", addressed=False))
        shown = await engine.gallery.showed(2)
        receipt = await engine.store.receipt(THREAD, 2)

    assert "same" in shown[1].text
    assert "**2.** `kubectl get pods` again" in shown[1].text
    assert receipt is not None
    assert receipt.command == "kubectl get pods"


async def test_there_is_no_command_to_run_again(store: Store) -> None:
    async with Engine(store).at_work() as engine:
        await engine.inbox.receive(said("rerun 7"))
        [shown] = await engine.gallery.showed(1)

    assert "No command has been run" in shown.text


async def test_each_conversation_has_a_key_of_its_own_and_keeps_it(store: Store) -> None:
    assert store.key_of("a") == store.key_of("a")
    assert store.key_of("a") != store.key_of("b")

    path = store.database.name
    await store.close()
    again = await Store.open(f"sqlite:///{path}", exclusive=True)
    try:
        assert again.key_of("a") == store.key_of("a")
    finally:
        await again.close()
