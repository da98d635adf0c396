"""Words of French questions in English: lists only."""

FRENCH = """
-: est-ce que, est-ce qu', qu'est-ce qu'il y a, ne, n', se, s', s'il te plaît, s'il vous plaît
-: stp, svp, donc, y, y a, il y a, bien, vraiment, actuellement
the: le, la, les, l', ce, cet, cette, ces
a: un, une
my: mon, ma, mes
our: notre, nos
in: dans, en, dans le, dans la, dans les, dans l'
of: de, du, des, d'
on: sur
at: chez
with: avec
for: pour
since: depuis
to: à, au, aux
and: et
or: ou
but: mais
if: si
all: tous, toutes, tous les, toutes les
whole: tout le
each: chaque
any: aucun, aucune
everywhere: partout
it: il, elle, lui
they: ils, elles
its: son, sa, ses, leur, leurs
that: que, qui, qu', ça, cela, celui-ci
i: je, j'
me: moi, m'
you: tu, vous, toi, te, t'
can: peux, peut, pouvez, peux-tu, pouvez-vous, pourrais-tu
is: est, était, c'est, est-ce
are: sont, étaient
has: a
have: ont, avons, avez
not: pas
no longer: plus
nothing: rien
still: encore, toujours
again: à nouveau, de nouveau
now: maintenant
then: alors, ensuite, puis
today: aujourd'hui
yesterday: hier
there: là
here: ici
only: seulement
also: aussi
so: si souvent, souvent, sans cesse, sans arrêt, très
why: pourquoi
what: quoi, qu'est-ce que, qu'est-ce qui, quel est, quelle est
what happening: que se passe, qu'est-ce qui se passe
happening: se passe
what is wrong with: qu'est-ce qui ne va pas avec, qu'est-ce qu'a, quel est le problème avec
what about: qu'en est-il de
who: qui est-ce qui
how: comment
how is: comment va, comment vont
how many: combien, combien de, combien y a de, combien d'
which: quel, quelle, quels, quelles
where: où
when: quand
show: montre, montrez, montre-moi, montrez-moi, affiche, affiche-moi, affichez, voir
list: liste, listez, liste-moi, énumère
count: compte, comptez
check: compare, comparez, vérifie, vérifiez, regarde, regardez, examine, contrôle
give: donne, donne-moi, donnez
tell: dis, dis-moi, explique, décris
read: lis, lire
value: valeur, contenu
named: nommé, nommée
called: appelé, appelée, s'appelle
changed: changé, a changé, modifié
restarts: redémarrages, redémarrage
restart: redémarre, redémarrent, redémarrer
restarted: redémarré
crashes: plante, plantent, planté, crashe, crashent
fails: échoue, échouent, échoué
works: marche, marchent, fonctionne, fonctionnent, tourne, tournent, va, vont
wrong: ne va pas, va pas
starts: démarre, démarrent
stuck: bloqué, bloquée, coincé
broken: cassé, cassée, hs, en panne
dead: mort, morte
dies: meurt
down: tombé, tombée, arrêté
slow: lent, lente, lents
healthy: sain, saine, en bonne santé
ok: bon, d'accord
ready: prêt, prête
error: erreur
errors: erreurs
problem: problème, souci
problems: problèmes, soucis
get answer: répond, répondent
missing: manque, manquent
logs: journaux, journal
events: événements, évènements
pod: pod
deployment: déploiement
deployments: déploiements
service: service
node: nœud, noeud
nodes: nœuds, noeuds
namespace: espace de noms, espace de nom
namespaces: espaces de noms, espaces de nom
cluster: grappe
"""
