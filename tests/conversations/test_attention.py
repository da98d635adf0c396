"""Which messages are for Kaia where several people talk in its thread."""

from typing import Any

import pytest

from bot.conversations.records import Turn
from bot.conversations.turns import heard, people
from bot.conversations.turns.attention import judge
from bot.conversations.turns.phrasing import asks
from bot.dialogue import Decision, Input, SharedFile
from tests.doubles.conversation_edges import said

ANN: dict[str, Any] = {"speaker": "U1", "speaker_name": "Ann Arbor", "addressed": False}
BEN: dict[str, Any] = {"speaker": "U2", "speaker_name": "Ben", "addressed": False}
CLEO: dict[str, Any] = {"speaker": "U3", "speaker_name": "Cleo", "addressed": False}


class Talk:
    """A thread in which everything is judged, and done with as a turn would."""

    def __init__(self) -> None:
        self.notes: dict[str, Any] = {}
        self.judgements: list[str] = []

    def say(self, text: str, answer: str = "It is the image.", **who: Any) -> str:
        message = said(text, **who)
        judged = judge(message, self.notes)
        if judged == "answer":
            self.notes |= heard.after_answer(self.notes, message, answer)
        else:
            learnt = heard.listened(turn_of(message), self.notes, offers=judged == "offer")
            self.notes |= learnt.notes
        self.judgements.append(judged)
        return judged


def turn_of(message: Input) -> Turn:
    return Turn(1, message, "talk", 1, 0, 0.0)


@pytest.fixture
def talk() -> Talk:
    """Ann has asked and was answered; Ben and Cleo are there too."""
    talk = Talk()
    talk.say("why is cart down?", **ANN | {"addressed": True})
    talk.say("and web?", **BEN)
    talk.say("how many pods?", **CLEO)
    talk.say("since when?", **ANN)
    assert talk.judgements == ["answer"] * 4
    return talk


def test_the_only_person_is_always_answered() -> None:
    talk = Talk()
    talk.say("cart is down", **ANN | {"addressed": True})
    assert talk.say("in shop I mean", **ANN) == "answer"
    assert talk.say("hm, odd", **ANN) == "answer"


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("I deployed at noon", {"addressed": True}),
        ("@Ben look at this", {"addressed": True, "mentions": ("U2",)}),
        ("stop", {}),
        ("show 3", {}),
        ("what changed?", {}),
        ("Thanks!", {}),
        ("summary", {}),
        ("chart restarts", {}),
        ("watch deployment/web until ready", {}),
        ("unwatch", {}),
        ("forget this thread", {}),
        ("instead look at payments", {}),
        ("is payments affected too?", {}),
        ("ok, check the events in shop", {}),
        ("Kaia, the node was drained at noon", {}),
        ("was ist mit web?", {}),
        ("\u4e3a\u4ec0\u4e48\u91cd\u542f\uff1f", {}),
        ("", {"files": (SharedFile("F1", "clip.m4a", "voice"),)}),
        ("deployment/web is ready", {"watch": "w1"}),
        ("Approve", {"decision": Decision("p1", True, "9.0")}),
        ("alert: cart", {"is_machine": True}),
    ],
)
def test_what_is_for_kaia_is_answered(talk: Talk, text: str, more: dict[str, Any]) -> None:
    assert talk.say(text, **BEN | more) == "answer"


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("@Dan can you check?", {"mentions": ("U9",)}),
        ("Ann, did you deploy?", {}),
        ("@ann why?", {}),
        ("hey Cleo, look at this?", {}),
        ("Cleo can you look?", {}),
        ("what do you think, Ann Arbor?", {}),
        ("I deployed at noon", {}),
        ("I rolled it back", {}),
        ("see `kubectl get pods -w?`", {}),
        ("https://grafana.local/d?x=1", {}),
        ("> why is cart down?\nthat was me", {}),
        ("restart was fine", {}),
        ("", {}),
        ("", {"files": (SharedFile("F1", "screen.png", "other"),)}),
        ("@Ann", {"mentions": ("U1",), "files": (SharedFile("F1", "clip.m4a", "voice"),)}),
    ],
)
def test_what_people_say_to_each_other_is_listened_to(
    talk: Talk, text: str, more: dict[str, Any]
) -> None:
    assert talk.say(text, **BEN | more) == "listen"


def test_whom_kaia_answered_may_go_on(talk: Talk) -> None:
    assert talk.say("in shop I mean", **ANN) == "answer"
    assert talk.say("I think it is the image", **BEN) == "listen"
    assert talk.say("yes, that one", **ANN) == "offer", "Kaia was not the last to speak"


def test_a_question_of_kaias_may_be_answered_by_anybody(talk: Talk) -> None:
    talk.say("look at the cart", answer="Which one do you mean, **shop or web?**", **ANN)
    assert talk.say("the one in shop", **BEN) == "answer"


def test_an_answer_to_somebody_who_asked_is_not_for_kaia(talk: Talk) -> None:
    talk.say("@Ben did you deploy", **ANN | {"mentions": ("U2",)})
    talk.say("why is web slow?", answer="Was there a deployment?", **ANN)
    assert talk.say("yes, at noon", **BEN) == "offer"
    assert talk.say("the new image", **CLEO) == "listen"


def test_it_is_offered_once_in_a_conversation(talk: Talk) -> None:
    chatter = [talk.say("it was the image", **who) for who in (BEN, CLEO, ANN, BEN)]
    assert chatter == ["listen", "offer", "listen", "listen"]
    assert talk.say("which image?", **CLEO) == "answer"
    assert talk.say("I told you so", **BEN) == "listen"


def test_apps_presses_and_watches_are_nobody_who_talks() -> None:
    ann = said("why?", received=7.0)
    known = people.met({}, ann)
    assert known == {"U1": {"name": "Ann", "since": 7.0}}
    notes = {"people": known}
    assert people.met(notes, said(speaker="B1", is_machine=True)) == known
    assert people.met(notes, said(speaker="U2", decision=Decision("p", True, "1"))) == known
    assert people.met(notes, said(speaker="U2", watch="w1")) == known
    later = people.met(notes, said(speaker_name="Ann\n(U9)", received=9.0))
    assert later == {"U1": {"name": "Ann U9", "since": 7.0}}


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("why", True),
        ("please show the logs of web", True),
        ("and what about payments", True),
        ("can you scale it", True),
        ("roll it back", True),
        ("when did it start", True),
        ("when I looked it was fine", False),
        ("what a mess", False),
        ("will do", False),
        ("did it", False),
        ("fix is out", False),
        ("watch out", False),
        ("looks like the image", False),
        ("look like it is the image", False),
        (":question: odd", False),
        ("no idea", False),
    ],
)
def test_what_reads_like_a_question_or_an_order(text: str, is_so: bool) -> None:
    assert asks(text) is is_so


@pytest.mark.parametrize(
    "text",
    [
        "Warum startet web nicht",
        "und jetzt zeig mir die Events",
        "kann jemand nach web schauen",
        "Kaia kannst du web neu starten",
        "stattdessen schau dir web an",
        "pourquoi web redémarre",
        "peux-tu vérifier web",
        "à la place, regarde web",
        "por qué falla web",
        "hola Kaia, revisa los logs",
        "en su lugar, revisa web",
    ],
)
def test_questions_and_orders_in_other_languages_are_for_kaia(talk: Talk, text: str) -> None:
    assert talk.say(text, **BEN) == "answer"


@pytest.mark.parametrize(
    "text",
    [
        "wie gesagt, ich schaue gleich",
        "das war ich",
        "war ich",
        "Cleo kannst du schauen",
        "Stattdessen könnten wir zurückrollen",
        "je pense que c'est la base",
        "merci Ann, regarde ça",
        "creo que es la base",
        "Instead we could roll back",
    ],
)
def test_what_people_tell_each_other_in_other_languages_is_listened_to(
    talk: Talk, text: str
) -> None:
    assert talk.say(text, **BEN) in {"listen", "offer"}


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("sieh dir mal die logs an", True),
        ("läuft web eigentlich noch", True),
        ("läuft web noch", True),
        ("jette un œil aux logs", True),
        ("échale un vistazo a web", True),
        ("läuft wieder", False),
        ("läuft noch", False),
        ("ist mir eigentlich egal", False),
        ("sieh mal an", False),
        ("hat gestern noch funktioniert", False),
        ("mira, yo creo que no", False),
    ],
)
def test_who_asks_without_a_question_mark(text: str, is_so: bool) -> None:
    assert asks(text) is is_so
