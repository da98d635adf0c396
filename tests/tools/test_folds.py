"""Folded YAML means the same on one line, and lines that are lines stay so."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.tools.folds import unfold

FOLDED = {
    "plain": ("- run --token\n  abc\n- x\n", "- run --token abc\n- x\n"),
    "under a name": ("a:\n  b: c\n    d\n    e\n  f: g\n", "a:\n  b: c d e\n  f: g\n"),
    "in a list item": ("- a: b\n  value: c\n    d\n- e: f\n", "- a: b\n  value: c d\n- e: f\n"),
    "single quotes": ('a: \'{"token":\n  "abc"}\'\n', 'a: \'{"token": "abc"}\'\n'),
    "double quotes": ('a: "--BEGIN\n  KEY--\\nabc"\n', 'a: "--BEGIN KEY--\\nabc"\n'),
    "a name with a dot and a slash": ("k8s.io/x.y: one\n  two\n", "k8s.io/x.y: one two\n"),
}

WHOLE = {
    "mapping": "a:\n  b: c\n  d: e\n",
    "list": "a:\n- b\n- c: d\n  e: f\n",
    "block": "a: |\n  password: x\n    deeper\n\n  end\nb: c\n",
    "block in a list": "- |-\n  one\n  two\n- x\n",
    "block with its indent": "a: |2-\n    one\n   two\n",
    "folded block": "a: >\n  one\n  two\n",
    "nothing": "",
}


@pytest.mark.parametrize(("text", "joined"), FOLDED.values(), ids=FOLDED)
def test_what_belongs_to_a_value_is_joined(text: str, joined: str) -> None:
    assert unfold(text) == joined
    assert yaml.safe_load(text) == yaml.safe_load(joined)


@pytest.mark.parametrize("text", WHOLE.values(), ids=WHOLE)
def test_what_are_lines_stay_lines(text: str) -> None:
    assert unfold(text) == text


word = st.text("ab:#'\"-{}[]|>", min_size=1, max_size=12)
line = st.lists(word, max_size=6).map(" ".join)
words = st.lists(line, max_size=4).map("\n".join)
names = st.text("abc.", min_size=1, max_size=5)
trees = st.recursive(
    words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)


@given(trees)
def test_it_means_the_same(tree: object) -> None:
    text = yaml.safe_dump({"data": tree}, width=12, default_flow_style=False)

    assert yaml.safe_load(unfold(text)) == {"data": tree}
