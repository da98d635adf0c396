"""Words of Spanish questions in English, and a few Portuguese ones: lists only."""

SPANISH = """
-: por favor, hay, se, ya, bien, pues, realmente, ahora mismo
the: el, la, los, las, lo, este, esta, estos, estas
a: un, una, unos, unas
my: mi, mis
our: nuestro, nuestra, nuestros, nuestras
in: en, en el, en la, dentro de, dentro del
of: de, del
on: sobre
with: con
for: para, por
since: desde
to: a, al
and: y, e
or: o, u
but: pero
if: si
all: todos, todas, todos los, todas las
whole: todo el, toda la
each: cada
any: algún, alguna, ningún, ninguna
something: algo
everywhere: en todas partes
it: él, ella
they: ellos, ellas
its: su, sus
that: que, eso, esto, ese, esa, aquello
i: yo
me: nos
you: tú, te
can: puedes, puede, pueden, podrías
is: es, está, esta siendo, fue, sigue
are: son, están, estan, siguen
has: ha, tiene
have: han, tienen
not: no, sin
no longer: ya no
nothing: nada
still: todavía, todavia, aún, sigue igual
again: otra vez, de nuevo
now: ahora
then: entonces, luego
today: hoy
yesterday: ayer
there: allí, ahí
here: aquí
only: solo, sólo
also: también
more: más
so: tan, tanto, muy, a menudo, siempre
why: por qué, por que, porqué
what: qué
what happening: qué pasa, que pasa, qué está pasando, que esta pasando, qué ocurre, qué sucede
what happening: qué pasó
what is wrong with: qué pasa con, que pasa con, qué le pasa a, que le pasa a, qué le pasa al
what is wrong with: qué tiene, qué hay de malo con
what about: qué hay de
who: quién
how: cómo, como
how is: cómo está, como esta, cómo va
how are: cómo están, como estan
how many: cuántos, cuántas, cuantos, cuantas
which: cuál, cuáles, qué pods
which pods: qué pods, que pods
where: dónde, donde
when: cuándo, cuando
show: muestra, muéstrame, mostrar, enseña, enséñame, ver
list: lista, listar, enumera
count: cuenta
check: compara, revisa, comprueba, verifica, mira, examina
give: dame
tell: dime, explica, describe
read: lee
value: valor, contenido
named: llamado, llamada
called: se llama
changed: cambió, cambiado, ha cambiado, cambio
restarts: reinicios
restart: reinicia, reinician, se reinicia, reiniciando
restarted: reiniciado, reinició
crashes: se cae, se caen, cae, crashea
fails: falla, fallan, falló
failing: fallando
works: funciona, funcionan, anda, va, corre, corren
working: funcionando, corriendo
starts: arranca, arrancan, inicia, inician
stuck: atascado, bloqueado, colgado
broken: roto, rota, averiado
dead: muerto, muerta
dies: muere
down: caído, caída, caido
slow: lento, lenta
healthy: sano, sana, saludable
ready: listo
error: error
errors: errores
problem: problema
problems: problemas
wrong: mal
get answer: responde, responden
missing: falta, faltan
logs: registros, registro
events: eventos
deployment: despliegue
deployments: despliegues
service: servicio
services: servicios
node: nodo
nodes: nodos
namespace: espacio de nombres, espacio de nombre
namespaces: espacios de nombres, espacios de nombre
secret: secreto
secrets: secretos
"""
PORTUGUESE = """
-: por favor
the: o, os, as
in: no, na, nos, nas, em
of: do, da, dos, das
and: e
it: ele, ela
that: isso, isto
is: é, está
not: não
still: ainda
now: agora
why: por quê, por que, porquê
what: o que, o quê
"""
"""No language of Kaia's own: enough for short questions."""
