"""Questions as people type them, by the language in which code should answer; data."""

ENGLISH = """
why is cart failing?
a pod has no logs
no endpoints for a service
is cart in an error state?
restart a pod in an hour
cart was in an error state
is web ok?
and its logs?
check cart please
what changed?
what's wrong with shop?
how many pods are in shop?
list the pods in shop
show logs of cart
show me the logs of cart-0
who restarted web?
when did web restart last?
where is cart?
which pods are not ready?
are all nodes ready?
is a node down?
any errors in payments?
has anything changed since noon?
have you seen the error in cart?
does web have an ingress?
no pods in namespace shop
a node is not ready
a pod was evicted on a node
so a job failed
is this a problem?
is there a problem in shop?
was a deploy done today?
can you look at cart?
could you check on web in an hour?
do we have a pdb for web?
I am in a hurry, is web down?
am I on a node that is full?
in an hour I am on call
an error in a container
an image was not pulled
a container in a pod has an error
no, it is a pod in shop
no it has no logs
so what is it?
so was it an oom?
is it an oom kill
die the pods on a drain?
do pods die on a node drain?
the pod died again
why did a pod die in an hour
an hour ago it was so slow
was that an old image?
is the image an old one?
is a secret missing in a pod?
has a service no endpoints?
a service has no endpoints
no ready pods for a service
web has a 503
web is a mess, help
tell me what is in shop
give me a list of pods
compare web and cart
describe a deployment
what does exit code 137 mean?
what is oomkilled
explain crashloopbackoff
rollout status of web
roll back web
scale web to 3
scale a deployment to 3 in shop
delete a pod in shop
restart web
restart the pod
restart it in an hour, also check logs
or is it a dns problem?
is it dns?
is dns ok
dns is slow in an az
a pvc is pending
a pvc has no volume
no storage class in a cluster
pending pods?
pods stuck in pending
stuck on a volume
is a volume full
disk full on a node
cpu is high on a node
memory of a pod
is hpa on max?
an hpa is at max
what about on staging?
and in prod?
in prod or in staging?
no idea, look at it
also look at web
on a scale from one to ten
me too
let me see a log
do it again
go on
is it up?
up or down?
all good?
all pods in all namespaces
we have no errors so far
as of now no errors
as a test restart a pod
has a cron job run?
a cron job has not run in an hour
is tls ok for shop in es?
my pod has a problem in la
can a pod in a namespace see a service in another
comment on the deploy
what did he say about a pod
was he on call?
he has a pod in an odd state
is he in?
plus a pod in an error state
in which namespace is a
no no no
a
es has no master
is es in an ok state?
is es down
no master in es
de cluster is down
la cluster is slow
is un a namespace
so es is a pod in se
restart cart 9:00 IST?
don't restart web
it's down, isn't it?
we're on call, what's up?
y'all see the pod?
can't pull an image
who's on call in an hour
a man in a pod
war room is on, cart is in an error state
on man hat son die war
"""

SPOKEN = {
    "de": """
warum startet cart nicht?
Hallo, kannst du mal nach cart schauen
shop kaputt?
und jetzt?
ist web ok?
ist cart tot?
Ist der Pod in shop in Ordnung?
was ist in shop los?
was macht cart?
geht cart wieder?
läuft web?
cart down, wieso?
zeig mir die Logs von cart
welche Pods sind nicht bereit?
wie viele Pods laufen in shop?
gibt es Fehler in cart?
hat web einen Ingress?
sind alle Nodes bereit?
der Dienst ist langsam
prüfe cart bitte
warum ist der Pod down?
Wer hat web neu gestartet?
ich sehe keine Logs
kannst du cart restarten, check bitte die logs
""",
    "fr": """
Pourquoi cart ne démarre pas ?
Le pod web-1 est-il prêt ?
Qu'est-ce qui se passe dans shop ?
est-ce que web est ok ?
vérifie cart
web est en panne ?
le service web répond 503
combien de pods dans shop ?
montre-moi les logs de cart
il n'y a pas de logs
comment va cart ?
où est cart ?
l'app web plante
quels pods ne sont pas prêts ?
et maintenant ?
regarde cart
redémarre web
cart ne répond plus
peux-tu regarder cart ?
les pods de shop sont lents
y a-t-il des erreurs dans cart ?
que se passe-t-il ?
""",
    "es": """
¿Por qué falla cart?
por que esta fallando el pod cart-0
Qué pasa en shop?
el servicio web responde 503
revisa cart
¿está web ok?
está web bien?
cómo está cart?
muéstrame los logs de cart
cuántos pods hay en shop?
no hay logs en cart
el pod no arranca
por qué se reinicia web?
los pods de shop están lentos
qué cambió desde ayer?
hay errores en cart?
y ahora?
dónde está cart?
puedes mirar cart?
la base de datos está caída
cart no responde
hola, mira el pod web
dime qué pods fallan
""",
}

NEIGHBOURS = """
por que o pod cart está falhando?
o serviço web não responde
o web está ok?
quais pods não estão prontos?
o que aconteceu com o cart?
perché cart non parte?
il pod web è giù?
cosa succede in shop?
il servizio web non risponde
quali pod non sono pronti?
c'è un errore nel pod?
mostrami i log di cart
l'app web non funziona
waarom start cart niet?
wat is er mis met cart?
de pod start niet op
hoe gaat het met cart?
welke pods zijn niet klaar?
varför är poden nere?
hvorfor starter cart ikke?
dlaczego pod nie działa?
neden çal\u0131şm\u0131yor?
per què no funciona el pod?
cart はなぜ落ちていますか?
почему cart не работает?
为什么 cart 挂了\uff1f
لماذا لا يعمل cart؟
γιατί δεν δουλεύει το cart;
cart 왜 안 돼요?
क्या cart ठीक है?
"""
"""Of languages that Kaia does not speak."""
