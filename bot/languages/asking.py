"""How questions, orders and greetings begin in German, French and Spanish: parts of patterns."""

import re

INSTEAD = (
    "stattdessen|(?:an)?statt dessen|à la place|en su lugar|en (?:vez|lugar) de eso|em vez disso"
    r"|plut[ôo]t(?=\W*(?:regarde|vérifie|montre|affiche|examine|cherche|décris|compare|liste)"
    r"(?:z|-moi|-nous)?\b)"
)
"""`plutôt bien` says how something is."""
OPENERS = (
    f"{INSTEAD}"
    "|bitte|und|aber|dann|jetzt|hallo|gut|ja|nein|ach|nun|danke"
    "|s'il (?:te|vous) plaît|stp|svp|alors|et|mais|bon|bonjour|salut|oui|non|merci"
    "|por favor|pues|pero|hola|bien|vale|sí|entonces|ahora|oye|y"
)
"""Words in front of what is asked."""
GREETINGS = "hallo|moin|danke|und|aber|bonjour|salut|merci|et|hola|gracias|oye"
AUXILIARIES = (
    "kannst|könntest|hast|bist|ist|warum|wie|was|bitte|schau|zeig"
    "|peux|pourrais|tu|pourquoi|comment|regarde|montre"
    "|puedes|podrías|por|cómo|qué|muestra"
)
"""Behind a name these speak to whoever has it."""
CHATTER = "wer weiß|wie gesagt|weiter so|war (?:ich|es|das nur)"
"""Begins as a question does, and is none."""

_STATE = (
    r"(?:läuft|laufen|funktioniert|geht|klappt|antwortet|startet|ist|sind|hat)"
    r"(?! (?:mir|uns|ja|doch|nur|wohl|gut|super|prima|bei|wieder|jetzt|schon|immer|noch|eigentlich"
    r"|überhaupt|denn|alles|nicht|halt|auch|egal|klar|sich|gestern|heute|vorhin|eben)\b)"
)
"""Said of something: `läuft web noch`, and not `läuft noch`."""
_GERMAN = (
    r"(?:warum|wieso|weshalb|wer|wen|wem|wessen)\b"
    r"|(?:wo|wann) (?:ist|sind|war|waren|hat|haben|kann|wird|läuft|liegt|finde|steht)\b"
    r"|wie (?:ist|sind|geht|kann|viele|oft|lange|hoch|groß|sieht|läuft|kommt|war)\b"
    r"|was (?:ist|sind|war|macht|läuft|passiert|hat|kann|sagt|zeigt|geht|soll|fehlt)\b"
    r"|welche[rsnm]?\b|gibt es\b"
    r"|(?:ist|sind|war|waren|hat|haben|kann|können|kannst|könnt|könntest|läuft|laufen|geht|soll)"
    r" (?:du|ihr|man|ich|wir|jemand|es|der|die|das|dort|hier|alles|etwas)\b"
    r"|(?:zeige?|prüfe?|schau|liste|beschreibe?|erkläre?|vergleiche?|suche?|finde|untersuche?"
    r"|skaliere|lösche|mach weiter|noch ?mal|weiter|sag mir|hilf mir|hilf uns)\b"
    r"(?! (?:ist|war|so)\b)"
    r"|(?:sieh|guck|schau) (?:dir|euch|nach|mal (?!an\b))|wirf (?:doch )?(?:mal )?einen blick\b"
    r"|(?:gib|lies|hol) (?:mir|uns|mal|bitte|die|das|den|alle)\b"
    rf"|{_STATE} (?:\S+ ){{0,4}}?(?:eigentlich|überhaupt|noch|denn)\b"
)
_FRENCH = (
    r"pourquoi|combien|qu'est-ce|est-ce|comment (?!dire)|qui (?:est|a|sont)\b"
    r"|où (?:est|sont|en|se|trouve)\b|que (?:se passe|fait|dit|dois)\b|quand (?:est|a|sera|ont)\b"
    r"|quel(?:le)?s? (?:est|sont|pods?|services?|versions?|nœuds?)\b"
    r"|(?:peux|pourrais|as|vois|sais)-tu\b|(?:pouvez|pourriez|avez|voyez|savez)-vous\b"
    r"|y a-t-il\b|(?:est|sont)-(?:il|elle|ce|ils|elles)\b"
    r"|(?:montre|affiche|vérifie|regarde|décris|explique|cherche|trouve|redémarre|supprime|résume"
    r"|analyse|donne|dis)(?:z|-moi|-nous)?\b(?! (?:est|a été)\b)"
    r"|(?:jette|jetez|jeter) un (?:œil|oeil|coup d'(?:œil|oeil))"
)
_SPANISH = (
    r"por qué|cómo (?:está|va|puedo|se|lo)\b|cuándo|dónde|cuál(?:es)?|quién|cuánt[oa]s?\b"
    r"|qué (?:pasa|pasó|hay|está|es|son|ocurre|ocurrió|cambió|dice|significa|tiene)\b"
    r"|(?:puedes|podrías|pueden) \w|hay (?:algo|alguien|algún|alguna)\b"
    r"|están? (?:el|la|los|las|todo|todos)\b"
    r"|(?:muestra|muéstrame|revisa|describe|explica|compara|busca|reinicia|elimina|borra|comprueba"
    r"|verifica|investiga|dime|dame|sigue|continúa|enséñame)\b"
    r"|(?:échale|echa|dale) un (?:vistazo|ojo)|(?:mira|lista) (?:el|los|las|todos|todas|si)\b"
)
ASKS = re.compile(f"(?:{_GERMAN}|{_FRENCH}|{_SPANISH})", re.IGNORECASE)
