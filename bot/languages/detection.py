"""In which of four languages something was asked, by the small words in it; pure.

Names, code, quotations and links are no words of whoever asks. What says too little keeps the
language that was spoken before, and is English where nothing was.
"""

import re

_ENGLISH = "en"
_LEAST = 2
"""One small word alone may be a name, or of another language."""
_LONGEST = 4_000
_NOT_SAID = re.compile(
    r"```.*?(?:```|\Z)|`[^`\n]*`|^[ \t]*>.*$|\w{2,10}://\S+|:[a-z0-9_+'-]+:|@\S+"
    r"|[\u201c\u201e\u00ab\"][^\u201c\u201d\u00bb\"\n]{0,500}[\u201d\u201c\u00bb\"]",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
_TURNED = re.compile(r"-(?:t-)?(?:il|elle|on|ils|elles|ce|je|tu|vous|nous|moi|les?|la)\b")
"""French asks so: `est-il`, `peux-tu`; other hyphens are of names."""
_ELIDED = re.compile(r"(?<![\w'])(?:l|d|c|n|j|s|qu|m|t)'(?=[a-z\u00e0-\u00ff])")
_WORD = re.compile(r"(?<![\w./@-])[^\W\d_]+(?:'[^\W\d_]+)*(?![\w/@-]|\.\w)")

_SURE = {
    "en": "why what which how when where who whose does did doesn't didn't isn't what's why's",
    "de": (
        "warum wieso weshalb wie wo wann welche welcher welches welchen wer wen stimmt l\u00e4uft"
        " laufen kannst k\u00f6nnt k\u00f6nnen gibt zeig zeige fehlt geht nicht"
        " kein keine startet kaputt"
    ),
    "fr": (
        "pourquoi comment quand o\u00f9 combien quel quelle quels quelles quoi est-ce depuis montre"
        " montrez fonctionne marche peux pouvez peut"
    ),
    "es": (
        "qu\u00e9 por qu\u00e9 porqu\u00e9 c\u00f3mo cu\u00e1ndo d\u00f3nde cu\u00e1l cu\u00e1les"
        " cu\u00e1ntos cu\u00e1ntas qui\u00e9n est\u00e1 est\u00e1n muestra mu\u00e9strame puedes"
        " puede falla funciona"
    ),
}
_SMALL = {
    "en": (
        "the is are were has have had do and its it this that these there of for with my our any"
        " can could you please from since after be we i not but if or at by to was been just now"
        " still then than will would should about look check tell show give list restart failing"
        " crash crashing wrong happened changed broken down"
    ),
    "de": (
        "der das dem den des die ist sind war waren ein eine einen einem einer keinen"
        " und oder auf mit von f\u00fcr im am zum zur bei ich mir mich wir uns du ihr euch"
        " seit nach jetzt noch mal bitte hat haben hatte wird werden wurde los"
        " st\u00fcrzt denn auch aber wenn dann heute gestern immer dort hier alle was da schau"
        " sich in es an zu so schon mehr nur ob ja nein doch"
    ),
    "fr": (
        "est sont \u00e9tait le la les des du de un une et ou dans sur avec pour pas ne que qui je"
        " tu il elle nous vous ils elles mon notre ce cette ces cet \u00e7a cela plus maintenant"
        " encore aux au ont en y se son sa ses si mais donc \u00e0 par red\u00e9marre plante"
    ),
    "es": (
        "el la los las una un unos y o con para pero del al en es son hay no se lo mi nuestro"
        " nuestra este esta esto estos desde ahora que de por a ha han fue sin si ya m\u00e1s su"
        " reinicia cuando como donde cual estan fallando todav\u00eda sigue"
    ),
}
_SIGNS = {
    "de": re.compile("[\u00e4\u00f6\u00fc\u00df]", re.IGNORECASE),
    "fr": re.compile("[\u00e7\u00e8\u00ea\u0153\u00fb\u00ee\u00f9]", re.IGNORECASE),
    "es": re.compile("[\u00f1\u00bf\u00a1]", re.IGNORECASE),
}
_WEIGHTS = {
    language: dict.fromkeys(_SMALL[language].split(), 1) | dict.fromkeys(sure.split(), 2)
    for language, sure in _SURE.items()
}


def language_of(text: str, before: str = "") -> str:
    """`en`, `de`, `fr` or `es`. `before` is what the conversation was spoken in until now."""
    scores = _scores(text)
    best = max(scores, key=lambda language: scores[language])
    rivals = [score for language, score in scores.items() if language != best]
    if scores[best] >= _LEAST and scores[best] > max(rivals):
        return best
    # A tie says nothing against the language that was spoken, if it is one of those.
    return before or _ENGLISH


def _scores(text: str) -> dict[str, int]:
    said = _NOT_SAID.sub(" ", text[:_LONGEST].replace("\u2019", "'")).casefold()
    elided = len(_ELIDED.findall(said))
    plain = _TURNED.sub(" il ", _ELIDED.sub(" ", said))
    words = _WORD.findall(plain)
    scores = {
        language: sum(weights.get(word, 0) for word in words)
        for language, weights in _WEIGHTS.items()
    }
    scores["fr"] += elided
    for language, sign in _SIGNS.items():
        scores[language] += bool(sign.search(said))
    return scores
