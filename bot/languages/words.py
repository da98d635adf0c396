"""Small words by which languages are told apart; data, it judges nothing.

Four languages Kaia speaks; the others are known only so that none of the four is taken for them.
"""

SPOKEN = ("en", "de", "fr", "es")

SURE = {
    "en": (
        "why what which how when where who whose does did doesn't didn't isn't aren't wasn't"
        " don't can't won't what's why's how's where's who's there's"
    ),
    "de": (
        "warum wieso weshalb wie wo wann welche welcher welches welchen wer wen wem stimmt läuft"
        " laufen kannst könnt könntest können gibt gibt's geht's zeig zeige fehlt geht nicht kein"
        " keine startet kaputt prüfe prüf prüfen überprüfe schau schaue abgestürzt hängt antwortet"
        " lädt erreichbar"
    ),
    "fr": (
        "pourquoi combien quel quelle quels quelles quoi est-ce depuis montre montrez fonctionne"
        " marche peux pouvez peut vérifie vérifiez regarde regardez affiche redémarre répond"
        " planté j' qu'"
    ),
    "es": (
        "qué porqué cómo cuándo dónde cuál cuáles cuántos cuántas quién está están muestra"
        " muéstrame puedes puede falla fallan funciona funcionan responde revisa revise comprueba"
        " reinicia dime hay caído caída"
    ),
    "pt": (
        "não você está estão qual quais quando onde responde funciona funcionam reinicia porquê"
        " verifique mostre caiu falhando falhou falha são"
    ),
    "it": (
        "perché perche quale quali quando dove cosa cos' com' dov' funziona funzionano risponde"
        " mostra mostrami controlla giù riavvia può puoi quanti quante"
    ),
    "nl": ("waarom hoe waar wanneer welke wie niet geen draait werkt kapot toont kun kunt gaat"),
    "sv": (
        "varför hur vad vilken vilka hvorfor hvordan hvad hva hvilken fungerar virker ikke inte"
    ),
    "pl": "dlaczego jak gdzie kiedy czy nie działa działają sprawdź pokaż",
    "tr": "neden nas\u0131l nerede niye çal\u0131şm\u0131yor çal\u0131ş\u0131yor değil",
    "ca": "funciona funcionen però perquè què quin quina aquest aquesta amb arrenca",
    "ro": "ce unde când nu este sunt funcționează merge",
}
"""One of these is enough."""

SMALL = {
    "de": (
        "der das dem den des die ist sind war waren ein eine einen einem einer keinen keiner"
        " keinem und oder auf mit von für im am zum zur bei ich mir mich wir uns du ihr euch man"
        " er sie seit nach jetzt noch mal bitte hat haben hatte habe habt wird werden wurde wurden"
        " los stürzt denn auch aber wenn dann heute gestern immer wieder dort hier alle was da"
        " sich in es an zu so schon mehr nur ob ja nein doch soll muss kann will macht machen"
        " hallo danke gerade dieser diese dieses unser unsere mein meine dein deine bis vor ohne"
        " gegen durch weil dass als tot langsam fehler dienst problem ordnung"
    ),
    "fr": (
        "est sont était le la les des du de un une et ou dans sur avec pour pas ne que qui je tu"
        " il elle nous vous ils elles mon notre ce cette ces cet ça cela plus maintenant encore"
        " aux au ont en y se son sa ses si mais donc à par plante comment tout tous toutes quand"
        " où va vont ai as a avons avez fait l' d' c' n' s' m' t' aucun aucune rien bonjour merci"
        " salut peu très toujours hier aujourd'hui sans moi erreur erreurs service lent"
    ),
    "es": (
        "el la los las una un unos y o con para pero del al en es son se lo mi nuestro nuestra"
        " este esta esto estos estas ese esa eso desde ahora que de por a ha han fue sin si ya más"
        " su sus como donde cual estan fallando todavía sigue siguen hola gracias muy bien mal"
        " quítale tiene tienen hace hacer algo nada todo todos ningún ninguna tan servicio errores"
        " reinicios registros lento mira pasa pasó cuando le les me nos esté"
    ),
    "pt": (
        "o os a as um uma e ou com para mas do da dos das no na nos nas em é se que de por pelo"
        " pela meu minha nosso nossa este esta isso isto esse essa desde agora já mais seu sua"
        " como foi tem têm há eu ele ela nós sem muito também ainda ao aos à obrigado olá serviço"
        " erro erros acontece acontecendo passa pode podem quem"
    ),
    "it": (
        "il lo la i gli le un una uno e o con per ma del della dei delle degli al alla nel nella"
        " nei dal dalla sul sulla di da in su è sono non che chi come mi ti ci si se più anche"
        " ancora adesso ora questo questa questi queste sta stanno ha hanno era l' d' c' s' un'"
        " dell' nell' all' dall' sull' quell' ciao grazie servizio errore errori succede tutto"
    ),
    "nl": (
        "de het een en of in op van voor met aan bij naar uit te er is zijn was waren heeft"
        " hebben wordt worden ik je jij we wij jullie mijn ons onze dit dat deze die wat maar als"
        " dan nu nog al ook zo kan kunnen moet om door over sinds weer mis hallo bedankt iets"
        " alles"
    ),
    "sv": (
        "och är den det en ett i på av för med till från som att har hade kan jag du vi ni om men"
        " eller nu å er og jeg til fra at ligger ner nere mig"
    ),
    "pl": "jest są i w z na do od ale się co to ten ta za po przez dla mam",
    "tr": "bir ve bu ne için ile mi m\u0131 mu mü var yok da de",
    "ca": ("el la els les un una i o en de del al és són està estan no per que més ara"),
    "ro": "și în la cu de pe din nu un o e să pentru mai",
}
"""Two of these are; what English has too counts for none of them."""

ENGLISH = (
    "a about after again all also always am an and any anything are around as ask at back be"
    " because been before being below between both broken but by can change changed check come"
    " comment compare con could crash crashed crashing describe die do doing done down due during"
    " each else endpoint endpoints error errors ever every everything explain fail failed failing"
    " fails fast few find fine fix for from full get getting give go goes going gone good got had"
    " happen happened happening happens has have having he hello help her here here's hers hey hi"
    " high him his i i'm i've if in into is it it'll it's its just keep keeps kind last latest"
    " less let let's like list long look looks low made main make many may me mean men merge might"
    " missing more most much must my near need never new next no non none nor not nothing now of"
    " off ok okay old on once one only or other our out over own pending per please plus pod pour"
    " problem ready restart restarted restarting restarts roll run running same say scale see seem"
    " seems service set she should show sin since slow so some someone something son state still"
    " stop stopped stuck such sure take tell than thanks that that's the their them then there"
    " these they they're thing things this those through till time to too two under unhealthy"
    " until up us use used using verify via wait waiting want war was we we're well went were will"
    " with without won't work working works would wrong yes yet you you're your"
)
"""English that is written in questions about a cluster, and what looks like a word of another."""
