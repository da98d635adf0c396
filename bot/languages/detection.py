"""In which of four languages something was asked, by the small words in it; pure.

Names, code, quotations, links and logs are no words of whoever asks. What English has too speaks
for no other language; where that leaves doubt it is English, or what was spoken before.
"""

import re
from collections.abc import Mapping, Sequence

from bot.languages.own_words import own_lines
from bot.languages.words import ENGLISH, SMALL, SPOKEN, SURE

_ENGLISH = "en"
_OTHER = "other"
_SHARED, _WORTH, _CERTAIN = 1, 2, 4
_LEAST, _LEAST_ENGLISH = 4, 3
"""One small word alone may be a name, or of another language."""
_FOREIGN = 2
"""So many letters of another script are no symbol."""
_TURNED = re.compile(r"-(?:t-)?(?:il|elle|on|ils|elles|ce|je|tu|vous|nous|moi|les?|la)\b")
"""French asks so: `est-il`, `peux-tu`; other hyphens are of names."""
_ELIDED = re.compile(r"(?<![\w'])([^\W\d_]{1,6}')(?=[aeiouyh\u00e0-\u00ff])")
"""`l'app`; English has no vowel behind its apostrophes."""
_WORD = re.compile(r"(?<![\w./@-])[^\W\d_]+(?:'[^\W\d_]+)*(?![\w/@-]|\.\w)")
_NOT_LATIN = re.compile("[^\\W\\d_a-z\u00aa-\u02ff\u1e00-\u1eff\ufb00-\ufb06]")
_SIGNS = {
    "de": (re.compile("[äöüß]"), 1),
    "fr": (re.compile("[çèêœûîù]"), 1),
    "es": (re.compile("ñ"), 1),
    "pt": (re.compile("[ãõ]"), _WORTH),
    "it": (re.compile(r"[ìòùè](?!\w)"), 1),
    "sv": (re.compile("[åøæ]"), _WORTH),
    "pl": (re.compile("[łśżźąęń]"), _WORTH),
    "tr": (re.compile("[ığş]"), _WORTH),
    "ro": (re.compile("[șță]"), _WORTH),
}
_TURNS = {
    "de": re.compile(
        r"(?:^|[.,;:!?]\s*|\b(?:und|dann|aber|oder) )(?:ist|sind|hat|haben|wird)\b[^?]{1,80}\?"
        r"|\bwas (?:ist|sind|macht|sagt|steht|fehlt|läuft|passiert|geht|soll|hat)\b"
    ),
    "fr": re.compile(
        r"\bcomment (?:va|vont|ça|se|est|sont|faire|puis|peut|on|voir|savoir)\b|\best-ce\b"
        r"|\bqu'est\b|\bil y a\b|(?:^|[.,;:!?]\s*)où (?:est|sont|en|se)\b|\bn'\w+ pas\b"
        r"|\bne \w+ (?:pas|plus)\b"
    ),
    "es": re.compile(r"[¿¡]|\bpor qué\b|\bno (?:est[áa]n?|hay|funciona|arranca)\b"),
    "pt": re.compile(r"(?:^|[.,;:!?]\s*)(?:o|a|os|as) .*\b(?:está|estão|não)\b|\bo que\b"),
    "ca": re.compile(r"\b(?:per )?què\b|\bno \w+ el\b"),
    "it": re.compile(r"\bc'è\b|\bcos'è\b|\bnon (?:è|va|parte|funziona)\b"),
}
"""As sure as a sure word: what only one language says so."""


def _weights(language: str) -> dict[str, int]:
    words = dict.fromkeys(SMALL.get(language, "").split(), _WORTH)
    words |= dict.fromkeys(SURE.get(language, "").split(), _CERTAIN)
    return {word: weight for word, weight in words.items() if word not in _OF_ENGLISH}


_OF_ENGLISH = {*ENGLISH.split(), *SURE[_ENGLISH].split()}
_ELSEWHERE = {word for language in SPOKEN[1:] for word in SMALL[language].split()}
_WEIGHTS: Mapping[str, Mapping[str, int]] = {
    _ENGLISH: {word: _SHARED if word in _ELSEWHERE else _WORTH for word in _OF_ENGLISH}
    | dict.fromkeys(SURE[_ENGLISH].split(), _CERTAIN),
    **{language: _weights(language) for language in SURE if language != _ENGLISH},
}


def language_of(text: str, before: str = "") -> str:
    """`en`, `de`, `fr` or `es`; English too for whatever else it clearly is. `before` is what the
    conversation was spoken in until now.
    """
    lines = [*own_lines(text)]
    found = _clear(lines) or _judged("\n".join(lines))
    return (found if found in SPOKEN else _ENGLISH) if found else before or _ENGLISH


def _clear(lines: Sequence[str]) -> str:
    """Of the line that asks, or of the first that says enough: below it others may be quoted."""
    asking = [line for line in lines if "?" in line or "\u061f" in line or "\uff1f" in line]
    return next(filter(None, map(_judged, (*asking, *lines))), "")


def _judged(said: str) -> str:
    """Nothing where it says too little, or as much for two of them."""
    scores = _scores(said)
    spoken = max(SPOKEN, key=lambda language: scores[language])
    most = max(scores.values())
    rivals = [scores[language] for language in SPOKEN if language != spoken]
    if most >= _LEAST and most > scores[spoken]:
        # A neighbour of one of the four has to say more than that one does.
        return _OTHER
    least = _LEAST_ENGLISH if spoken == _ENGLISH else _LEAST
    if most >= least and most > max(rivals):
        return spoken
    return _OTHER if len(_NOT_LATIN.findall(said)) >= _FOREIGN else ""


def _scores(said: str) -> dict[str, int]:
    elided = _ELIDED.findall(said)
    plain = _TURNED.sub(" il ", _ELIDED.sub(" ", said))
    words = {*_WORD.findall(plain), *elided}
    scores = {
        language: sum(weights.get(word, 0) for word in words)
        for language, weights in _WEIGHTS.items()
    }
    for language, (sign, weight) in _SIGNS.items():
        scores[language] += weight * bool(sign.search(said))
    for language, turn in _TURNS.items():
        scores[language] += _CERTAIN * bool(turn.search(said))
    return scores
