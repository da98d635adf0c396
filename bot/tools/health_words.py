"""Words that say that something is well, or is not, or that deny it, in four languages; pure.

It judges words alone and knows nothing of what the checks found.
"""

import re

_WELL = re.compile(
    r"\b(?:healthy|(?<!as )well|fine|no (?:known |further |other )?(?:problem|fault|issue|error"
    r"|trouble|finding)s?|nothing (?:is |was |looks )?(?:wrong|broken|found)|in order|all good"
    r"|running normally|ok|okay"
    r"|gesund|in ordnung|fehlerfrei|alles (?:gut|ruhig)"
    r"|(?:läuft|laufen|arbeitet|arbeiten|funktioniert|funktionieren) (?:\w+ )?"
    r"(?:normal|stabil|gut|fehlerfrei|einwandfrei|problemlos|rund|ohne)"
    r"|(?:keine?|ohne) (?:\w+en )?(?:fehler|probleme?|störung\w*|auffälligkeiten|befunde?)"
    r"|nichts (?:auszusetzen|gefunden|auffällig\w*|kaputt|wurde gefunden)"
    r"|saine?s?|en (?:bonne santé|ordre)|(?:va|vont|tourne|tournent|marche|marchent|fonctionne"
    r"|fonctionnent) (?:\w+ )?(?:bien|normalement|correctement|parfaitement|sans)|tout va bien"
    r"|(?:aucune?|sans|pas (?:de |d'))\s?(?:problèmes?|erreurs?|défauts?|anomalies?|incidents?"
    r"|pannes?)|rien (?:d'anormal|trouvé|n'a été trouvé)"
    r"|san[oa]s?|saludables?|en orden|est(?:án?|én?) (?:\w+ )?bien|todo (?:\w+ )?bien"
    r"|(?:funcionan?|corren?|va|van) (?:\w+ )?(?:bien|normal\w*|correctamente|sin)"
    r"|(?:no hay|sin|ningún|ninguna?) (?:problemas?|errore?s?|fallos?|nada mal|incidencias?)"
    r"|nada mal|no se encontró nada)\b",
    re.IGNORECASE,
)
_WORKS = (
    r"well|healthy|ready|running|fine|ok|working|gesund|in ordnung|erreichbar|bereit"
    r"|en ordre|en bonne santé|saine?s?|prêts?|prêtes?"
)
_ILL = re.compile(
    r"(?<![\w/.-])(?:unhealthy|broken|crash\w*|fail(?:s|ed|ing|ure)?|down|stuck|wrong|faulty"
    r"|unreachable|unavailable|oom\w*|out of memory|evicted|timeouts?|times out|errors?|problems?"
    rf"|defective|(?:is|are|was|were)(?:n't| not) (?:{_WORKS})"
    r"|does(?: not|n't) (?:work|start|run|answer)"
    r"|fehler(?:n|haft\w*)?|probleme?n?|kaputt|defekt|abgestürzt|stürzt|ausgefallen|gescheitert"
    r"|scheitert|hängt|fehlgeschlagen|schlägt fehl|krank|(?:läuft|startet|antwortet|funktioniert"
    r"|geht) nicht"
    r"|en panne|plant(?:e|é|ée|ent)|échou\w+|échecs?|erreurs?|problèmes?|cassée?s?|défaillante?s?"
    r"|indisponibles?|injoignables?|bloquée?s?"
    r"|(?:démarre|fonctionne|répond|marche|va|tourne)(?:nt)? (?:pas|plus)"
    r"|fallan?|fallos?|falló|fallando|errores|problemas?|caíd[oa]s?|rot[oa]s?|bloquead[oa]s?"
    r"|inalcanzables?|mal|no (?:funciona|arranca|responde|corre)n?)(?![\w/-])",
    re.IGNORECASE,
)
_BETWEEN = (
    r"an?|the|any|been|being|due to|caused by|because of|by|of|for|is|was|were|are|has|have|really"
    r"|yet|known|further|other|new|ganz|wirklich|mehr|so|ein|eine|bekannten?|weiteren?|anderen?"
    r"|neuen?|vraiment|tout|de|une?|autres?|plus|été|très|está|están|estaba|es|son|hay|hubo|se|ha"
    r"|han|parecen?|encontr\w+|detect\w+|un|muy|del todo|completamente|nada"
)
_LISTING = r"no|without|keine?|ohne|sans|aucune?|pas de|sin|ningún|ninguna?|weder"
_NEGATED = re.compile(
    r"(?:(?:\b(?:not|no|never|neither|nor|without|nothing|none|isn'?t|wasn'?t|aren'?t|rather than"
    r"|instead of|ruled out|nichts?|kein\w*|ohne|weder|niemals|pas|aucune?|sans|jamais|rien|ni"
    r"|sin|ningún|ninguna?|nada|nunca|tampoco)|n't|\b0|\b(?:pas|plus|rien) d')"
    rf"(?:[\s*]+(?:{_BETWEEN})\b)*"
    rf"|\b(?:{_LISTING})(?:,? [\w-]+)+ (?:or|nor|oder|noch|ou|ni|o))[\s`*\"']*\Z",
    re.IGNORECASE,
)
_RULED_OUT = re.compile(
    r"\A[`*\"']*\s+(?:(?:(?:is|was|are|were|can be|has been) )?(?:ruled out"
    r"|not the (?:cause|reason)|excluded|unlikely)|(?:or|oder|ou|o) (?:not|nicht|non|no)\b)",
    re.IGNORECASE,
)
_NONE_OF = re.compile(r"(?:no|nothing|nichts|keine?|ohne|sans|aucune?|pas|rien|nada|sin|ning)\b")


def says_well(prose: str) -> bool:
    """It is said somewhere, and nowhere that it is not so."""
    found = [*_WELL.finditer(prose)]
    denied = [each for each in found if is_denied(prose, each)]
    return len(found) > len(denied) and all(_NONE_OF.match(each[0].lower()) for each in denied)


def says_ill(prose: str) -> bool:
    return any(not is_denied(prose, each) for each in _ILL.finditer(prose))


def is_denied(text: str, found: re.Match[str]) -> bool:
    before, after = text[max(found.start() - 60, 0) : found.start()], text[found.end() :]
    return bool(_NEGATED.search(before) or _RULED_OUT.match(after[:60]))
