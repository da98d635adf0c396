"""Which messages are words, and which only contain one."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversations.words import (
    Word,
    is_bare,
    is_broadcast_asked,
    is_changes_asked,
    is_export_asked,
    is_forget_asked,
    is_instead,
    is_sent_asked,
    is_summary_asked,
    is_thanks,
    is_wordless,
    receipt_asked_for,
    rerun_asked_for,
    said_plainly,
    sent_asked_for,
    unwatch_asked_for,
    watch_asked_for,
    word_of,
)

THANKS = [
    "thanks", "Thanks!", "THANK YOU", "thx", "ty", "Ty :)", "cheers", "Cheers?", "merci", "danke",
    "Thanks! :tada: :pray::skin-tone-3:", "thanks 🙏🏽", "Thanks, Kaia!", "@kaia thanks",
    "thanks everyone", "Many thanks!", "Thanks all", "thanks a lot, everybody", "thank you all",
    "vielen Dank", "Danke schön", "Danke dir!", "Dankeschön", "danke kaia", "Danke euch allen",
    "merci beaucoup", "Merci à toi !", "gracias", "¡Muchas gracias!", "muchas gracias, Kaia",
    "obrigado", "Muito obrigada!",
    "thanks Kaia", "*Thanks!*", "thank you so much", "Thanks a lot!!", "…thanks…", "thank  you\n",
]  # fmt: skip
NOT_THANKS = [
    "thanks Bob", "many thanks to Bob", "thanks everyone, and now payments",
    "thanks, but what about payments?", "Thanks! What about web?", "no thanks", "thanksgiving",
    "danke, aber was ist mit web?", "merci, mais pourquoi ?", "gracias, pero ¿y web?",
    "nein danke", "non merci", "vielen Dank an Bob", "merci de regarder web", "obrigado, mas",
    "thank", "", "!", "type thanks", "who said thanks", "ty 3", "thanks to the new node",
]  # fmt: skip


@pytest.mark.parametrize("text", THANKS)
def test_a_message_that_only_thanks_closes(text: str) -> None:
    assert is_thanks(text)


@pytest.mark.parametrize("text", NOT_THANKS)
def test_a_message_that_says_more_goes_on(text: str) -> None:
    assert not is_thanks(text)


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        (":eyes:", True),
        ("👍 !", True),
        ("", True),
        ("ok", False),
        (":eyes: 3", False),
        ("да", False),
    ],
)
def test_signs_and_emoji_alone_are_no_words(text: str, is_so: bool) -> None:
    assert is_wordless(text) is is_so


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("stop", Word.STOP),
        ("STOP!!", Word.STOP),
        ("Kaia, please stop.", Word.STOP),
        (":octagonal_sign: stop", Word.STOP),
        ("cancel", Word.STOP),
        ("status?", Word.STATUS),
        ("Help 🙏", Word.HELP),
        ("stop the rollout", None),
        ("help me with payments", None),
        ("what is the status", None),
        ("non-stop", None),
        ("", None),
    ],
)
def test_words_are_whole_messages(text: str, word: Word | None) -> None:
    assert word_of(text) is word


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("show 3", 3),
        ("Show #12, please!", 12),
        ("show receipt 4", 4),
        ("show me 5", 5),
        ("show 3 pods", None),
        ("show", None),
        ("3", None),
        ("show -1", 1),
        ("show ²", 2),
        ("show ٣", 3),
    ],
)
def test_a_receipt_is_asked_for_by_its_number(text: str, number: int | None) -> None:
    assert receipt_asked_for(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("rerun 3", 3),
        ("Re-run #12, please!", 12),
        ("run 3 again", 3),
        ("Kaia, run command 4 again 🙏", 4),
        ("repeat 5", 5),
        ("repeat receipt 5 again", 5),
        ("rerun number ٣", 3),
        ("run 3", None),
        ("rerun", None),
        ("run it again", None),
        ("rerun 3 and 4", None),
        ("rerun 3 in shop", None),
        ("show 3", None),
        ("rerun 1234567", None),
        ("rerun ²x", None),
    ],
)
def test_a_command_is_run_again_by_its_number(text: str, number: int | None) -> None:
    assert rerun_asked_for(text) == number


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("what changed", True),
        ("What changed?", True),
        ("what has changed?", True),
        ("What's changed since…", True),
        ("what\u2019s changed", True),
        ("whats changed here lately", True),
        ("CHANGES", True),
        ("changes?", True),
        ("Kaia, any changes since then?", True),
        ("show me the changes, please", True),
        ("has anything changed since the last look?", True),
        ("what changed in payments?", False),
        ("what changed and why is cart down?", False),
        ("what changes", False),
        ("nothing changed", False),
        ("", False),
    ],
)
def test_what_changed_is_asked_with_a_whole_message(text: str, is_so: bool) -> None:
    assert is_changes_asked(text) is is_so


@pytest.mark.parametrize(
    ("asks", "text", "is_so"),
    [
        (is_summary_asked, "summary", True),
        (is_summary_asked, "Kaia, SUMMARY please!", True),
        (is_summary_asked, "summarise this thread", True),
        (is_summary_asked, "summarize the logs of web", False),
        (is_summary_asked, "in summary it was the image", False),
        (is_sent_asked, "what did you send?", True),
        (is_sent_asked, "What did you send to the model?!", True),
        (is_sent_asked, "what did you send to payments?", False),
        (is_sent_asked, "what did you send for the payments question?", False),
        (is_forget_asked, "forget", True),
        (is_forget_asked, "Forget this thread.", True),
        (is_forget_asked, "Forget this, please.", False),
        (is_forget_asked, "forget that conversation with Bob", False),
        (is_forget_asked, "@kaia forget this conversation!", True),
        (is_forget_asked, "forget it", False),
        (is_forget_asked, "forget it, what about cart?", False),
        (is_forget_asked, "don't forget this", False),
        (is_forget_asked, "forget the", False),
        (is_broadcast_asked, "post to the channel", True),
        (is_broadcast_asked, "Post it to the channel.", True),
        (is_broadcast_asked, "who can post to the channel?", False),
        (is_export_asked, "export", True),
        (is_export_asked, "Export this conversation, please!", True),
        (is_export_asked, "export it as a scenario", True),
        (is_export_asked, "does the export job run?", False),
    ],
)
def test_other_words_are_whole_messages_too(
    asks: Callable[[str], bool], text: str, is_so: bool
) -> None:
    assert asks(text) is is_so


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("watch deployment/web until ready", "deployment/web until ready"),
        ("Watch pod `cart-1`.", "pod cart-1"),
        ("@kaia, watch ns shop please!", "ns shop"),
        ("*watch the deployment web in shop until ready*", "deployment web in shop until ready"),
        ("watch payments", "payments"),
        ("watch out", None),
        ("watch out, payments is down", None),
        ("watch this", None),
        ("watch", ""),
        ("watch the cart closely", None),
        ("watch pod y, it is about to crash", None),
        ("I watch pod y", None),
    ],
)
def test_what_to_watch_is_the_rest_of_a_message(text: str, rest: str | None) -> None:
    assert watch_asked_for(text) == rest


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("unwatch", ""),
        ("Unwatch all!", ""),
        ("unwatch deployment/web", "deployment/web"),
        ("stop watching pod y", "pod y"),
        ("unwatch it, we know enough, thanks", None),
        ("stop", None),
    ],
)
def test_what_not_to_watch_any_longer(text: str, rest: str | None) -> None:
    assert unwatch_asked_for(text) == rest


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("Instead, look at payments", True),
        ("…instead look at web", True),
        ("@kaia: INSTEAD check cart", True),
        ("instead", False),
        ("Instead!", False),
        ("insteadily", False),
        ("Stattdessen schau dir web an", True),
        ("à la place, regarde web", True),
        ("en su lugar, revisa web", True),
        ("en vez de eso, mira web", True),
        ("Anstatt dessen prüfe web", True),
        ("plutôt, regarde web", True),
        ("plutôt bien !", False),
        ("look at payments instead", False),
    ],
)
def test_who_begins_with_instead_wants_something_else(text: str, is_so: bool) -> None:
    assert is_instead(text) is is_so


@pytest.mark.parametrize("sign", ["!", " ", "*", "kaia ", "please", "a.", "/"])
def test_long_rows_of_signs_are_read_in_no_time(sign: str) -> None:
    rows = (f"watch {sign * 140}x", f"{sign * 290}x", f"instead {sign * 50_000}")
    began = time.process_time()
    for text in rows:
        watch_asked_for(text)
        unwatch_asked_for(text)
        is_instead(text)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("text", ["", "   ", "?", ":wave:", "👋", "kaia"])
def test_a_mention_and_nothing_else_is_bare(text: str) -> None:
    assert is_bare(text)


def test_a_long_row_of_signs_is_not_worth_reading() -> None:
    assert not is_bare("!" * 100_000)
    assert word_of("stop " * 100_000) is None


decoration = st.text(st.sampled_from(" !?.,:;…*_~`\n\t🎉🙏👍🏽-()\u200d\ufe0f"), max_size=12)
every_word = st.sampled_from(["stop", "status", "help"])


@given(decoration, every_word, decoration, st.booleans())
def test_decoration_does_not_hide_a_word(before: str, word: str, after: str, loud: bool) -> None:
    said = word.upper() if loud else word
    assert word_of(f"{before} {said} {after}") is Word(word)


@given(decoration, st.sampled_from(["thanks", "thank you", "ty"]), decoration)
def test_decoration_does_not_hide_thanks(before: str, thanks: str, after: str) -> None:
    assert is_thanks(f"{before} {thanks} {after}")


letters = st.text(st.characters(categories=["Ll"]), min_size=1, max_size=12)


@given(letters, every_word)
def test_another_word_beside_it_makes_it_a_sentence(other: str, word: str) -> None:
    plain = said_plainly(other)
    if plain and f"{word} {plain}" not in {"stop it", "stop that"}:
        assert word_of(f"{word} {other}") is None
        assert not is_thanks(f"thanks {word} {other}")


@given(st.text(max_size=400))
def test_reading_twice_says_the_same(text: str) -> None:
    once = said_plainly(text)
    assert said_plainly(once) == once


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("what did you send?", None),
        ("what did you send for 1", 1),
        ("What did you send for question #12?", 12),
        ("what did you send to the model for question 2", 2),
        ("show me what was sent in question no. 3", 3),
        ("what did you send to 3 pods?", None),
    ],
)
def test_what_was_sent_can_be_asked_of_one_question(text: str, number: int | None) -> None:
    assert sent_asked_for(text) == number
    assert is_sent_asked(text) is ("pods" not in text)
