"""Words of German questions in English: lists only."""

GERMAN = """
-: eigentlich, denn, mal, doch, schon, bitte, überhaupt, gerade, gibt es, wohl, etwa, zu, ne
-: wieder, ab, sich, wirklich, momentan, es gibt
the: der, die, das, den, dem, des, dieser, diese, dieses, diesen, diesem
a: ein, eine, einen, einem, einer
my: mein, meine, meinen, meinem, meiner
our: unser, unsere, unseren, unserem, unserer
in: im, ins, innerhalb
of: vom, von
on: auf, am
at: bei, beim
with: mit
for: für, fürs
from: aus
since: seit
to: zum, zur
and: und
or: oder
but: aber
if: ob, wenn
all: alle, allen, aller, alles, sämtliche
each: jede, jedem, jeden, jeder
any: irgendein, irgendeine, irgendwelche
whole: ganze, ganzen, gesamte, gesamten
everywhere: überall
it: es, er, sie, ihn, ihm
its: sein, seine, dessen, deren, ihre, ihren
that: davon, dazu, dafür
and that: und das
is that: ist das, ist das so
still that: das immer noch, das noch
they: denen
i: ich
me: mir, mich, uns
you: du, ihr, dir, euch
can: kannst, kann, können, könnt, könntest
is: ist, war, wird, wurde, bin
are: sind, waren, werden, wurden
has: hat, hatte
have: habe, haben, hatten
not: nicht, kein, keine, keinen, keiner, nie
no longer: nicht mehr
nothing: nichts
still: noch, immer noch, weiterhin
again: noch mal, nochmal, noch einmal, nochmals, erneut
now: jetzt, nun
then: dann, danach
today: heute
yesterday: gestern
always: immer, dauernd, ständig
so: so oft, oft, sehr
there: dort, da
here: hier
only: nur
also: auch
more: mehr
why: warum, wieso, weshalb, wodurch, woran liegt es, woran
what: was
what is: wie ist, wie sind, wie steht
what about: wie sieht es aus mit, wie sieht es mit, was ist mit
what is wrong with: was ist los mit, was ist mit, wie geht es, was stimmt nicht mit
what is wrong with: stimmt was mit
going on: los, passiert, geschieht
wrong: falsch, stimmt nicht
who: wer
how: wie
how many: wie viele, wieviele, wie viel
which: welche, welcher, welches, welchen, welchem
where: wo
when: wann
show: zeig, zeige, zeigt, anzeigen
list: liste, auflisten, nenne, nenn, aufzählen
count: zähle, zähl
check: vergleiche, vergleich, prüfe, prüf, prüft, überprüfe, untersuche, schau, sieh, anschauen
give: gib
tell: sag, sage, erkläre, erklär, beschreibe
read: lies, lesen
print: ausgeben, drucke
value: wert, inhalt
get: hole, hol, bekommen
something: etwas, irgendwas
named: namens, genannt
called: heißt
changed: geändert, verändert
restart: startet neu, starten neu, startet ständig neu, startet immer neu, neu, neustart
restart: neustarten
restarts: neustarts
restarted: neu gestartet, neugestartet
crashes: stürzt, stürzen, abstürzt, abgestürzt, absturz, crasht, crashen
fails: scheitert, scheitern, fehlgeschlagen, versagt, schlägt, fällt aus
failing: fehlschlagende, kaputten, kaputte
works: läuft, laufen, funktioniert, funktionieren, geht, gehen, tut, klappt, lief, liefen, ging
starts: startet, starten, hochkommt, anläuft, hochfährt, kommt
stuck: hängt, hängen, klemmt, steckt
broken: kaputt, defekt, gestört
dead: tot, gestorben
dies: stirbt, sterben
down: unten, weg, ausgefallen
slow: langsam, träge
healthy: gesund, heil
ok: okay, gut, in ordnung, bereit
error: fehler
errors: fehlern
problem: problem
problems: probleme, problemen
keeps: hört
hangs: bleibt
get answer: antwortet, antworten, reagiert
failing to answer: erreichbar
missing: fehlt, fehlen
logs: logs, protokoll, protokolle, logausgabe
events: ereignisse, ereignissen
service: dienst, dienstes, dienste
services: dienste, diensten
node: knoten
namespace: namensraum, namespace, namensraums
namespaces: namensräume, namensräumen
secret: geheimnis
secrets: geheimnisse, geheimnissen
deployment: deployment, deployments
cluster: clusters
"""
