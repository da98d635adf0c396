"""How people say thanks in German, French, Spanish and Portuguese: a part of a pattern.

For a whole message in lower case, without signs: what says more is no thanks alone.
"""

_GERMAN = (
    r"(?:vielen|besten|herzlichen|lieben|tausend|schönen)(?: lieben)? dank(?: (?:dir|euch|ihnen))?"
    r"|(?:danke ?schön|danke ?sehr|danke)(?: (?:schön|sehr|vielmals|dir|euch|ihnen|allen|an alle))*"
    r"|ich danke (?:dir|euch|ihnen)"
)
_FRENCH = (
    r"(?:un grand |mille )?mercis?(?: (?:beaucoup|bien|infiniment|encore|tout le monde"
    r"|à (?:toi|vous|tous|toutes)))*"
    r"|je (?:te|vous) remercie(?: beaucoup)?"
)
_SPANISH = (
    r"(?:much[ií]simas |muchas |mil )?gracias"
    r"(?: (?:a (?:ti|todos|todas|usted|ustedes|vosotros)|por todo))*"
)
_PORTUGUESE = r"(?:muito )?obrigad(?:o|a|os|as)(?: (?:a (?:ti|você|todos|todas)|por tudo))*"
THANKS = f"{_GERMAN}|{_FRENCH}|{_SPANISH}|{_PORTUGUESE}"
