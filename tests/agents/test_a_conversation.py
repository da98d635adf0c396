"""A question, replies, "Thanks!" and what follows, with a real team and a real server."""

import json

from bot.agents.team import Assistant
from bot.dialogue import Step
from tests.agents.conftest import KubectlDouble
from tests.doubles.ollama_server import OllamaServer
from tests.doubles.served import runs

SITUATION = "The cluster is `lab`. Now it is 2026-11-23 21:00 UTC."


async def test_a_question_is_answered_after_a_look_at_the_cluster(
    kaia: Assistant, ollama: OllamaServer, kubectl: KubectlDouble
) -> None:
    ollama.say(runs("kubectl get pods -A"), "All is well [1].")

    run = await kaia.run("Ann (U1): are we fine?", saved=None, situation=SITUATION, tools=[kubectl])

    assert run.answer == "All is well [1]."
    assert kubectl.commands == ["kubectl get pods -A"]
    assert not run.ended
    assert (run.usage.model_calls, run.usage.prompt_tokens) == (2, 200)


async def test_a_request_names_window_keep_alive_think_and_nothing_but_flat_tools(
    kaia: Assistant, ollama: OllamaServer, kubectl: KubectlDouble
) -> None:
    ollama.say("Fine.")

    await kaia.run("fine?", saved=None, situation=SITUATION, tools=[kubectl])

    (body,) = ollama.requests
    assert body["model"] == "qwen3:8b"
    assert body["options"] == {"num_ctx": 16_384, "num_predict": 2_048, "temperature": 0}
    assert (body["keep_alive"], body["think"], body["stream"]) == ("60m", False, False)
    assert "format" not in body
    (tool,) = body["tools"]
    properties = tool["function"]["parameters"]["properties"]
    assert properties == {
        "command": {"type": "string", "description": kubectl.parameters[0].description}
    }
    assert SITUATION in body["messages"][0]["content"]
    assert "TERMINATE" not in json.dumps(body)


async def test_a_reply_goes_on_where_the_question_ended(
    kaia: Assistant, ollama: OllamaServer, kubectl: KubectlDouble
) -> None:
    ollama.say(runs("kubectl get pods -A"), "Which namespace?", "In shop all is well.")

    first = await kaia.run("what is wrong?", saved=None, situation="", tools=[kubectl])
    kept = json.loads(json.dumps(first.saved))
    second = await kaia.run("shop", saved=kept, situation="", tools=[kubectl])

    assert second.answer == "In shop all is well."
    roles = [message["role"] for message in ollama.requests[-1]["messages"]]
    assert roles == ["system", "user", "assistant", "tool", "assistant", "user"]
    assert ollama.requests[-1]["messages"][-1]["content"] == "shop"


async def test_thanks_ends_the_team_without_asking_the_model(
    kaia: Assistant, ollama: OllamaServer
) -> None:
    ollama.say("Fine.")
    first = await kaia.run("fine?", saved=None, situation="", tools=[])

    last = await kaia.run("Thanks!", saved=first.saved, situation="", tools=[], closing=True)

    assert last.ended
    assert last.answer == ""
    assert last.saved["ended"]
    assert len(ollama.requests) == 1


async def test_a_question_after_thanks_opens_the_conversation_again_with_its_memory(
    kaia: Assistant, ollama: OllamaServer
) -> None:
    ollama.say("Fine.", "Still fine.", "Yes.")
    first = await kaia.run("fine?", saved=None, situation="", tools=[])
    ended = await kaia.run("Thanks!", saved=first.saved, situation="", tools=[], closing=True)

    again = await kaia.run("and now?", saved=ended.saved, situation="", tools=[])
    then = await kaia.run("sure?", saved=again.saved, situation="", tools=[])

    said = [message["content"] for message in ollama.requests[1]["messages"][1:]]
    assert said == ["fine?", "Fine.", "Thanks!", "and now?"]
    assert (again.answer, again.ended, then.answer) == ("Still fine.", False, "Yes.")


async def test_thanks_within_a_longer_reply_does_not_end_the_team(
    kaia: Assistant, ollama: OllamaServer
) -> None:
    ollama.say("Fine.", "Because of the probe.")
    first = await kaia.run("fine?", saved=None, situation="", tools=[])

    run = await kaia.run("Thanks! But why?", saved=first.saved, situation="", tools=[])

    assert run.answer == "Because of the probe."
    assert run.entries[0].text == "Thanks! But why?"


async def test_thanks_in_the_first_question_in_output_and_in_the_answer_ends_nothing(
    kaia: Assistant, ollama: OllamaServer, kubectl: KubectlDouble
) -> None:
    kubectl.outputs = {"kubectl get pods": "Thanks!"}
    ollama.say(runs("kubectl get pods"), 'Say "Thanks!" when you are done.', "Go on.")

    first = await kaia.run("Thanks! for looking", saved=None, situation="", tools=[kubectl])
    second = await kaia.run("more", saved=first.saved, situation="", tools=[kubectl])

    assert not first.ended
    assert second.answer == "Go on."


async def test_thanks_to_a_team_that_never_answered_ends_it_too(
    kaia: Assistant, ollama: OllamaServer
) -> None:
    ended = await kaia.run("Thanks!", saved=None, situation="", tools=[], closing=True)
    ollama.say("Fine.")

    again = await kaia.run("fine?", saved=ended.saved, situation="", tools=[])

    assert (ended.ended, again.answer) == (True, "Fine.")


async def test_the_transcript_holds_words_calls_outputs_and_usage_without_autogen(
    kaia: Assistant, ollama: OllamaServer, kubectl: KubectlDouble
) -> None:
    ollama.say(runs("kubectl get pods", "kubectl get nodes"), "Fine.")

    run = await kaia.run("fine?", saved=None, situation="", tools=[kubectl])

    asked, pods, nodes, answer = run.entries
    assert (asked.text, answer.speaker, answer.text) == ("fine?", "kaia", "Fine.")
    assert (pods.tool, dict(pods.arguments)) == ("kubectl", {"command": "kubectl get pods"})
    assert "output of kubectl get pods" in pods.output
    assert "output of kubectl get nodes" in nodes.output
    assert (pods.usage.model_calls, nodes.usage.model_calls) == (1, 0)
    assert sum((entry.usage for entry in run.entries), start=run.usage).model_calls == 4


async def test_calls_of_one_conversation_never_share_an_id(
    kaia: Assistant, ollama: OllamaServer, kubectl: KubectlDouble
) -> None:
    ollama.say(runs("kubectl get pods", "kubectl get svc"), runs("kubectl get nodes"), "Fine.")

    run = await kaia.run("fine?", saved=None, situation="", tools=[kubectl])

    context = run.saved["team"]["agent_states"]["kaia"]["agent_state"]["llm_context"]
    calls = [m["content"] for m in context["messages"] if m["type"] == "AssistantMessage"]
    ids = [call["id"] for each in calls if isinstance(each, list) for call in each]
    assert len(set(ids)) == len(ids) == 3


async def test_the_saved_state_holds_tool_output_once(
    kaia: Assistant, ollama: OllamaServer, kubectl: KubectlDouble
) -> None:
    kubectl.outputs = {"kubectl get pods": "canary-output"}
    ollama.say(runs("kubectl get pods"), "Fine.")

    run = await kaia.run("fine?", saved=None, situation="", tools=[kubectl])

    assert json.dumps(run.saved).count("canary-output") == 1


async def test_a_state_of_another_version_costs_the_memory_but_not_the_conversation(
    kaia: Assistant, ollama: OllamaServer
) -> None:
    ollama.say("Fine.", "Fine again.")
    first = await kaia.run("fine?", saved=None, situation="", tools=[])

    strange = {**first.saved, "schema_version": 99}
    run = await kaia.run("and now?", saved=strange, situation="", tools=[])

    assert run.answer == "Fine again."
    assert "could not be read" in ollama.requests[-1]["messages"][0]["content"]


async def test_steps_say_when_the_model_is_thinking(kaia: Assistant, ollama: OllamaServer) -> None:
    steps: list[Step] = []

    async def on_step(step: Step) -> None:
        steps.append(step)

    ollama.say("Fine.")
    await kaia.run("fine?", saved=None, situation="", tools=[], on_step=on_step)

    assert steps == [Step("thinking about what was found")]


async def test_two_conversations_on_one_assistant_do_not_mix(
    kaia: Assistant, ollama: OllamaServer
) -> None:
    ollama.say("one", "two", "three")
    first = await kaia.run("apple?", saved=None, situation="", tools=[])
    await kaia.run("pear?", saved=None, situation="", tools=[])

    await kaia.run("still apple?", saved=first.saved, situation="", tools=[])

    assert "pear" not in json.dumps(ollama.requests[-1])
