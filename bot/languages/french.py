"""What code says in French. Names, fields and the words that are commands stay as they are."""

from bot.languages.phrases import Phrases

FRENCH = Phrases(
    code="fr",
    confirmed="CONFIRMÉ",
    likely="PROBABLE",
    inconclusive="INDÉTERMINÉ",
    only_likely=", seulement probable",
    only_possible=", seulement possible",
    not_looked="le cluster n'a pas pu être consulté.",
    may_not_read_pods="Kaia n'a pas le droit de lire les pods ici ({where}) [{number}].",
    nothing_is_called="rien {where} ne s'appelle `{name}`{hint} [{number}]",
    none_is_called="aucun objet {kind} {where} ne s'appelle `{name}`{hint} [{number}]",
    maybe_meant=" (peut-être {names} ?)",
    did_you_mean=" Peut-être {names} ?",
    either=" ou ",
    there_is_no="aucun objet {kind} `{name}` n'existe {where} [{number}].{hint}",
    nothing_of_that_name="rien de ce nom n'a été trouvé.",
    rests_on_no_finding=(
        "cette réponse ne repose pas sur ce que les contrôles ont trouvé : {others}."
    ),
    not_well="pas en ordre",
    nothing_wrong_with="rien d'anormal pour {what} ({where}) [{number}].",
    healthy="en bonne santé : {where}, rien trouvé [{number}].",
    checks_found_nothing=(
        "les contrôles n'ont rien trouvé d'anormal ({where}) [{number}] ; le reste est une"
        " hypothèse."
    ),
    has_restarted="rien d'anormal à présent, mais il y a eu des redémarrages : {told} [{number}]",
    rest_is_hypothesis=" ; le reste est une hypothèse.",
    never_reads_secrets="Kaia ne lit jamais les Secrets.",
    no_log_was_read="aucun journal n'a été lu pour cette réponse.",
    cites_nothing="cette réponse ne cite aucune commande qui ait réussi.",
    as_read="lu ainsi dans le cluster {numbers}.",
    as_read_earlier="lu ainsi dans le cluster plus tôt dans cette conversation {numbers}.",
    namespaces="{count} namespaces",
    all_namespaces="tous les namespaces ({count})",
    looked_only_at="seulement consulté : {where}",
    one_pod="1 pod",
    pods="{count} pods",
    without="sans {names}",
    in_namespace="dans le namespace {name}",
    in_any_namespace="dans aucun namespace",
    in_this_cluster="dans ce cluster",
    there="là",
    in_those="dans {names}",
    cause="Cause (texte du contrôle, en anglais) ",
    likely_cause="Cause probable (texte du contrôle, en anglais) ",
    possible_cause="Cause possible (texte du contrôle, en anglais) ",
    checks_say="Ce que disent les contrôles (en anglais) ",
    more_findings=" Et {count} de plus, nommés ci-dessus ou dans le reçu {number}.",
    next="Ensuite ",
    somebody_decides=("une personne autorisée décide du changement proposé ci-dessous."),
    ask_again_later=(
        "reposez la question dans une minute ; `kaia doctor` dit pourquoi le cluster est"
        " injoignable."
    ),
    give_rights="donnez à Kaia les droits qui lui manquent ; `kaia doctor` les affiche.",
    name_it="reposez la question avec le nom tel que `kubectl get` l'affiche.",
    take_as_guess=(
        "prenez la cause ci-dessous comme une hypothèse et demandez le journal ou l'événement qui"
        " la montrerait."
    ),
    show_fields="`show {number}` montre les champs sur lesquels cela repose.",
    nothing_to_do="rien à faire.",
    change_waits=(
        "Rien n'a été changé : ce qui est proposé ci-dessous attend une personne autorisée à"
        " l'approuver."
    ),
    nothing_proposed="Rien n'a été changé, et rien n'est proposé.",
    runbook="Runbook : {titles}.",
    checked_and_fine="Contrôlé et en ordre : {fine}.",
    not_checked="Non contrôlé : {gaps}.",
    and_more=" et {count} de plus",
    forbidden="interdit",
    failed="échec",
    not_found="introuvable",
    left_out="omis",
    commands_of_before=(
        "Exécuté plus tôt dans cette conversation, pas de nouveau pour cette réponse : {commands}."
    ),
    commands_again=(
        "Cité d'une exécution antérieure dans cette conversation, et exécuté de nouveau :"
        " {commands}."
    ),
    command_again="{earlier}, de nouveau en [{number}]",
    no_command="aucune commande {number} n'a été exécutée",
    no_commands="les commandes {numbers} et {last} n'ont pas été exécutées",
    others="d'autres",
    partial=(
        "Partiel : le modèle a épuisé ses commandes pour cette question et a répondu d'après ce"
        " qu'il avait vu."
    ),
    next_command=" La commande suivante serait `{command}`.",
    without_model=(
        "Le modèle n'a pas répondu (message en anglais : {why}). Ce qui suit est partiel : cela a"
        " été composé sans modèle, d'après ce qui avait été trouvé jusque-là."
    ),
    no_tokens=(
        "Aucun modèle n'a été interrogé (message en anglais : {why}) Ce qui suit est partiel : cela"
        " a été composé selon des règles fixes."
    ),
    restarted=(
        "Kaia a été redémarrée pendant ce travail ; ses commandes ont donc été exécutées de"
        " nouveau."
    ),
    interrupted=(
        "Ce travail a été interrompu puis repris au début : des commandes ont pu être exécutées"
        " deux fois."
    ),
    broken=(
        "Quelque chose s'est mal passé en moi pendant ce travail, il n'y a donc pas de réponse."
        " Rien n'a été changé dans le cluster. Reposez la question ; si cela se reproduit, mon"
        " journal en dit plus sous la référence."
    ),
    poisoned=(
        "J'ai essayé trois fois, et chaque fois mon processus s'est arrêté avant la réponse ; je"
        " n'essaie donc plus. La conversation continue : demandez avec d'autres mots, ou cherchez"
        " la référence dans mon journal."
    ),
    failed_so="Il n'y a pas de réponse. Le message en anglais : {sentence}",
    stopped_early="Arrêtée avant d'avoir trouvé quelque chose.",
    found_until_stop="Trouvé jusqu'à l'arrêt :",
    found_until_instead="Trouvé avant que votre nouvelle question ne prenne la place :",
    first_look="Mon premier regard : {found}",
    nothing_wrong="rien d'anormal ({where})",
    findings_more=" ; et {count} de plus",
    dropped="Un changement que j'avais préparé a été abandonné : rien n'est proposé.",
    no_conclusion=(
        "Aucune conclusion n'en a été tirée. `show {number}` montre une commande avec sa sortie ;"
        " reposez la question, et je recommence."
    ),
    no_conclusion_instead=(
        "Aucune conclusion n'en a été tirée. `show {number}` montre une commande avec sa sortie."
        " Votre nouvelle question vient ensuite ; reposez celle-ci après si vous en avez encore"
        " besoin."
    ),
    only_listening=(
        "Vous semblez parler entre vous, alors j'écoute seulement : je garde ce qui est dit ici"
        " comme contexte. Posez une question ou mentionnez-moi, et je réponds."
    ),
    edited_meanwhile=(
        "Vous avez modifié votre question pendant que j'y travaille : je réponds à sa première"
        " version. Posez-la de nouveau dans un nouveau message ; s'il commence par `instead`,"
        " il prend sa place."
    ),
    edited_afterwards=(
        "Vous avez modifié votre question après ma réponse : elle porte sur sa première"
        " version. Pour en avoir une autre, reposez la question dans un nouveau message."
    ),
    waits_for_one="Votre question en attend 1 autre dans ce fil.",
    waits_for_others="Votre question en attend {count} autres dans ce fil.",
    waits_for_turn="Votre question attend une place libre : 1 autre est en cours.",
    waits_for_turns="Votre question attend une place libre : {count} autres sont en cours.",
    evidence="Preuves : {counted}",
    one_command="1 commande",
    commands="{count} commandes",
    one_remark="1 remarque",
    remarks="{count} remarques",
    cluster="Cluster {name}",
    worded_by="rédigé par {source}",
    worded_by_rules="rédigé par {source}, des règles fixes sans modèle",
    times="heures en UTC",
    reference="Référence {reference}",
    cluster_reference="Cluster {name} · référence {reference}",
    reference_inside="référence {reference}",
    cluster_inside="cluster {name}",
    refused="refusée",
    refused_why="refusée : {note}",
    did_not_end="inachevée",
    not_finished="non terminée",
    exit="code de sortie {code}",
    proposed_not_run="proposée, non exécutée",
    whole_in_file="_Ceci est le début ; tout se trouve dans le fichier ci-dessus._",
    more_in_file="_Le reste des preuves se trouve dans le fichier ci-dessus._",
    part_of="_Partie {place} sur {parts}_",
    helpful="Utile",
    not_helpful="Pas utile",
    rate_helpful="Noter cette réponse de Kaia comme utile",
    rate_not_helpful="Noter cette réponse de Kaia comme pas utile",
    looking="regarde les pods, les événements et ce dont ils dépendent",
    thinking="réfléchit à ce qui a été trouvé",
    listening_to_clip="écoute un message vocal",
    reading_file="lit un fichier partagé",
    running="exécute {command}",
    reading="lit {objects}{place}",
    looking_closely="regarde de près {objects}{place}",
    reading_log="lit le journal de {whose}{when}{place}",
    before_restart=" d'avant son redémarrage",
    reading_events="lit les événements{whose}{place}",
    of_target=" de {target}",
    measuring="mesure la charge de {whose}{place}",
    rollout_status="contrôle le déploiement de {objects}{place}",
    rollout_history="lit l'historique des déploiements de {objects}{place}",
    explaining="lit ce que signifie {words}",
    a_field="un champ",
    reading_kinds="lit quels types d'objets existent",
    reading_apis="lit quelles API existent",
    reading_version="lit la version du cluster",
    reading_services="lit où sont les services du cluster",
    checking_rights="contrôle ses droits",
    checking_identity="contrôle son identité dans le cluster",
    objects="des objets",
    and_others="{first} et {count} de plus",
    with_selector="{kind} avec {selector}",
    step_all_namespaces=" dans tous les namespaces",
    step_in=" dans {namespace}",
    no_cluster_seen=(
        "Je ne vois aucun cluster et ne peux donc rien en dire. Le message en anglais : {words}"
    ),
    no_look=(
        "Je n'ai pas pu consulter le cluster pour cette question. Reposez-la dans un instant ; si"
        " cela dure, demandez à quelqu'un qui peut regarder."
    ),
    blind=(
        "Je n'ai pas le droit de lire les pods ({where}) et ne peux donc dire ni ce qui y tourne ni"
        " dans quel état [{number}]. Il peut y en avoir, en ordre ou non. {rights}"
    ),
    too_large=(
        "Ce que j'ai vu est trop long pour être dit ici : `show {number}` montre tout [{number}]."
    ),
    no_log="Le journal n'a pas pu être lu.",
    no_secrets="Je ne lis jamais les Secrets et ne peux donc en montrer aucun.",
    ask_what_changed=(
        "Demandez `what changed?`, et rien d'autre, pour savoir ce qui a changé depuis mon dernier"
        " regard."
    ),
    sentence_nothing_is_called="Rien {where} ne s'appelle `{name}` [{number}].",
    sentence_none_is_called="Aucun objet {kind} {where} ne s'appelle `{name}` [{number}].",
    listed="{kind}, {count} : {names} [{number}].",
    none="aucun",
    one_pod_is="1 pod{states} [{number}].",
    pods_are="{count} pods{states} [{number}].",
    more_findings_shown="Autres constats ({count}) : `show {number}`.",
    not_well_elsewhere="Pas en ordre dans ce qui a été consulté ({where}) : {names} [{number}].",
    is_in_namespace="{kind} `{name}` est dans le namespace `{place}` [{number}]{state}.",
    is_cluster_wide=(
        "{kind} `{name}` n'est dans aucun namespace : il vaut pour tout le cluster [{number}]"
        "{state}."
    ),
    is_not_well="{names} n'est **pas en ordre** {where}.",
    are_not_well="{names} ne sont **pas en ordre** {where}.",
    is_well="{names} est en ordre : rien d'anormal n'a été trouvé {where}.",
    are_well="{names} sont en ordre : rien d'anormal n'a été trouvé {where}.",
    nothing_found_in_part="Rien n'a été trouvé, mais tout n'a pas pu être consulté {where}.",
    healthy_nothing_found="En bonne santé : rien d'anormal n'a été trouvé {where}.",
    one_problem="**1 problème** {where}.",
    problems="**{count} problèmes** {where}.",
    facts="Faits (texte des contrôles, en anglais)",
    likely_group="Probable (texte des contrôles, en anglais)",
    possible_group="Possible, non montré (texte des contrôles, en anglais)",
    worth_knowing="Bon à savoir, sans défaut (texte des contrôles, en anglais)",
    also_found="Aussi trouvé, sans être demandé",
    and_so_many_more="et {count} de plus",
    since=" Depuis {time} (UTC).",
    also_affected="aussi touchés : {names}",
    next_is="ensuite : `{command}`",
    printed_nothing="`{command}` n'a rien affiché{cited}",
    last_lines="Dernières lignes du journal, `{command}`{cited} :",
)
