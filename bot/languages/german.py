"""What code says in German. Names, fields and the words that are commands stay as they are."""

from bot.languages.phrases import Phrases

GERMAN = Phrases(
    code="de",
    confirmed="BESTÄTIGT",
    likely="WAHRSCHEINLICH",
    inconclusive="UNGEKLÄRT",
    only_likely=", nur wahrscheinlich",
    only_possible=", nur möglich",
    not_looked="in den Cluster konnte nicht hineingesehen werden.",
    may_not_read_pods="Kaia darf hier keine Pods lesen ({where}) [{number}].",
    nothing_is_called="nichts {where} heißt `{name}`{hint} [{number}]",
    none_is_called="kein {kind} {where} heißt `{name}`{hint} [{number}]",
    maybe_meant=" (gemeint vielleicht {names}?)",
    did_you_mean=" Gemeint vielleicht {names}?",
    either=" oder ",
    there_is_no="kein {kind} `{name}` {where} gefunden [{number}].{hint}",
    nothing_of_that_name="unter diesem Namen wurde nichts gefunden.",
    rests_on_no_finding=(
        "diese Antwort stützt sich nicht auf das, was die Prüfungen gefunden haben: {others}."
    ),
    not_well="nicht in Ordnung",
    nothing_wrong_with="an {what} ist nichts auszusetzen ({where}) [{number}].",
    healthy="gesund: {where}, nichts gefunden [{number}].",
    checks_found_nothing=(
        "die Prüfungen haben keinen Fehler gefunden ({where}) [{number}]; der Rest ist eine"
        " Vermutung."
    ),
    has_restarted=("zurzeit ist nichts auszusetzen, aber es gab Neustarts: {told} [{number}]"),
    rest_is_hypothesis="; der Rest ist eine Vermutung.",
    never_reads_secrets="Kaia liest niemals Secrets.",
    no_log_was_read="für diese Antwort wurde kein Log gelesen.",
    cites_nothing="diese Antwort beruft sich auf keinen Befehl, der gelungen ist.",
    as_read="so aus dem Cluster gelesen {numbers}.",
    as_read_earlier="so zuvor in diesem Gespräch aus dem Cluster gelesen {numbers}.",
    namespaces="{count} Namespaces",
    all_namespaces="alle Namespaces ({count})",
    looked_only_at="nur angesehen: {where}",
    one_pod="1 Pod",
    pods="{count} Pods",
    without="ohne {names}",
    in_namespace="im Namespace {name}",
    in_any_namespace="in irgendeinem Namespace",
    in_this_cluster="in diesem Cluster",
    there="dort",
    in_those="in {names}",
    cause="Ursache (Wortlaut der Prüfung, englisch)",
    likely_cause="Wahrscheinliche Ursache (Wortlaut der Prüfung, englisch)",
    possible_cause="Mögliche Ursache (Wortlaut der Prüfung, englisch)",
    checks_say="Was die Prüfungen sagen (englisch)",
    more_findings=" Und {count} weitere, oben genannt oder in Beleg {number}.",
    next="Nächster Schritt",
    somebody_decides=(
        "wer Änderungen freigeben darf, entscheidet über den Vorschlag weiter unten."
    ),
    ask_again_later=(
        "in einer Minute noch einmal fragen; `kaia doctor` sagt, warum der Cluster nicht zu"
        " erreichen ist."
    ),
    give_rights="Kaia die fehlenden Rechte geben; `kaia doctor` zeigt sie an.",
    name_it="noch einmal fragen, mit dem Namen, wie ihn `kubectl get` zeigt.",
    take_as_guess=(
        "die Ursache unten als Vermutung nehmen und nach dem Log oder Event fragen, das sie zeigen"
        " würde."
    ),
    show_fields="`show {number}` zeigt die Felder, auf denen das beruht.",
    nothing_to_do="nichts zu tun.",
    change_waits=(
        "Nichts wurde geändert: der Vorschlag unten wartet auf jemanden, der ihn freigeben darf."
    ),
    nothing_proposed="Nichts wurde geändert, und nichts ist vorgeschlagen.",
    runbook="Runbook: {titles}.",
    checked_and_fine="Geprüft und in Ordnung: {fine}.",
    not_checked="Nicht geprüft: {gaps}.",
    and_more=" und {count} weitere",
    forbidden="verboten",
    failed="gescheitert",
    not_found="nicht gefunden",
    left_out="ausgelassen",
    commands_of_before="Zuvor in diesem Gespräch gelaufen, jetzt nicht noch einmal: {commands}.",
    commands_again="Zitiert, wie zuvor in diesem Gespräch gelaufen, und jetzt erneut: {commands}.",
    command_again="{earlier}, erneut als [{number}]",
    no_command="ein Befehl {number} ist nicht gelaufen",
    no_commands="Befehle {numbers} und {last} sind nicht gelaufen",
    others="weitere",
    partial=(
        "Unvollständig: das Modell hat alle Befehle für diese Frage aufgebraucht und aus dem"
        " geantwortet, was es bis dahin gesehen hatte."
    ),
    next_command=" Der nächste Befehl wäre `{command}`.",
    without_model=(
        "Das Modell hat nicht geantwortet (Meldung auf Englisch: {why}). Was folgt, ist"
        " unvollständig: es wurde ohne Modell aus dem zusammengestellt, was bis dahin gefunden war."
    ),
    no_tokens=(
        "Es wurde kein Modell gefragt (Meldung auf Englisch: {why}) Was folgt, ist unvollständig:"
        " es wurde nach festen Regeln zusammengestellt."
    ),
    restarted=(
        "Kaia wurde während der Arbeit daran neu gestartet; ihre Befehle sind deshalb noch einmal"
        " gelaufen."
    ),
    interrupted=(
        "Die Arbeit daran wurde unterbrochen und neu begonnen: Befehle können zweimal gelaufen"
        " sein."
    ),
    broken=(
        "Bei der Arbeit daran ist in mir etwas schiefgegangen, deshalb gibt es keine Antwort. Im"
        " Cluster wurde nichts geändert. Bitte frag noch einmal; wenn es wieder geschieht, steht"
        " unter der Referenz mehr in meinem Log."
    ),
    poisoned=(
        "Ich habe das dreimal versucht, und jedes Mal endete mein Prozess vor der Antwort; deshalb"
        " versuche ich es nicht weiter. Das Gespräch geht weiter: frag mit anderen Worten oder sieh"
        " unter der Referenz in meinem Log nach."
    ),
    failed_so="Darauf gibt es keine Antwort. Die Meldung auf Englisch: {sentence}",
    stopped_early="Gestoppt, bevor etwas gefunden war.",
    found_until_stop="Gefunden bis zum Stopp:",
    found_until_instead="Gefunden, bevor deine neue Frage an die Stelle trat:",
    first_look="Mein erster Blick: {found}",
    nothing_wrong="nichts auszusetzen ({where})",
    findings_more="; und {count} weitere",
    dropped="Eine vorbereitete Änderung wurde verworfen: nichts ist vorgeschlagen.",
    no_conclusion=(
        "Es wurde nichts daraus geschlossen. `show {number}` zeigt einen Befehl mit seiner Ausgabe;"
        " frag noch einmal, und ich beginne von vorn."
    ),
    no_conclusion_instead=(
        "Es wurde nichts daraus geschlossen. `show {number}` zeigt einen Befehl mit seiner Ausgabe."
        " Als Nächstes kommt deine neue Frage; stell diese danach noch einmal, wenn du sie noch"
        " brauchst."
    ),
    only_listening=(
        "Ihr scheint miteinander zu reden, deshalb höre ich nur zu: was hier gesagt wird, behalte"
        " ich als Zusammenhang. Stellt eine Frage oder erwähnt mich, dann antworte ich."
    ),
    edited_meanwhile=(
        "Du hast deine Frage geändert, während ich daran arbeite: Ich beantworte ihre erste"
        " Fassung. Stelle sie in einer neuen Nachricht; eine, die mit `stattdessen` beginnt,"
        " tritt an ihre Stelle."
    ),
    edited_afterwards=(
        "Du hast deine Frage nach meiner Antwort geändert: Die Antwort gilt ihrer ersten"
        " Fassung. Für eine neue stelle sie noch einmal in einer neuen Nachricht."
    ),
    waits_for_one="Deine Frage wartet auf eine andere in diesem Thread.",
    waits_for_others="Deine Frage wartet auf {count} andere in diesem Thread.",
    waits_for_turn="Deine Frage wartet auf einen freien Platz: gerade läuft eine andere.",
    waits_for_turns="Deine Frage wartet auf einen freien Platz: gerade laufen {count} andere.",
    evidence="Belege: {counted}",
    one_command="1 Befehl",
    commands="{count} Befehle",
    one_remark="1 Anmerkung",
    remarks="{count} Anmerkungen",
    cluster="Cluster {name}",
    worded_by="formuliert von {source}",
    worded_by_rules="formuliert von {source}, festen Regeln ohne Modell",
    times="Zeiten in UTC",
    reference="Referenz {reference}",
    cluster_reference="Cluster {name} · Referenz {reference}",
    reference_inside="Referenz {reference}",
    cluster_inside="Cluster {name}",
    refused="abgelehnt",
    refused_why="abgelehnt: {note}",
    did_not_end="nicht zu Ende gelaufen",
    not_finished="nicht beendet",
    exit="Exit-Code {code}",
    proposed_not_run="vorgeschlagen, nicht ausgeführt",
    whole_in_file="_Das ist der Anfang; alles steht in der Datei oben._",
    more_in_file="_Die übrigen Belege stehen in der Datei oben._",
    part_of="_Teil {place} von {parts}_",
    helpful="Hilfreich",
    not_helpful="Nicht hilfreich",
    rate_helpful="Diese Antwort von Kaia als hilfreich bewerten",
    rate_not_helpful="Diese Antwort von Kaia als nicht hilfreich bewerten",
    looking="sieht Pods, Events und ihre Abhängigkeiten an",
    thinking="denkt über das Gefundene nach",
    listening_to_clip="hört eine Sprachnachricht an",
    reading_file="liest eine geteilte Datei",
    running="führt {command} aus",
    reading="liest {objects}{place}",
    looking_closely="sieht {objects}{place} genau an",
    reading_log="liest das Log von {whose}{when}{place}",
    before_restart=" aus der Zeit vor dem Neustart",
    reading_events="liest Events{whose}{place}",
    of_target=" von {target}",
    measuring="misst die Last von {whose}{place}",
    rollout_status="prüft den Rollout von {objects}{place}",
    rollout_history="liest den Verlauf der Rollouts von {objects}{place}",
    explaining="liest, was {words} bedeutet",
    a_field="ein Feld",
    reading_kinds="liest, welche Arten von Objekten es gibt",
    reading_apis="liest, welche APIs es gibt",
    reading_version="liest die Version des Clusters",
    reading_services="liest, wo die Dienste des Clusters sind",
    checking_rights="prüft die eigenen Rechte",
    checking_identity="prüft, als wer der Cluster Kaia kennt",
    objects="Objekte",
    and_others="{first} und {count} weitere",
    with_selector="{kind} mit {selector}",
    step_all_namespaces=" in allen Namespaces",
    step_in=" in {namespace}",
    no_cluster_seen=(
        "Ich sehe keinen Cluster und kann deshalb nichts über ihn sagen. Die Meldung auf Englisch:"
        " {words}"
    ),
    no_look=(
        "Ich konnte für diese Frage nicht in den Cluster sehen. Frag gleich noch einmal; wenn es so"
        " bleibt, frag jemanden, der nachsehen kann."
    ),
    blind=(
        "Ich darf keine Pods lesen ({where}) und kann deshalb nicht sagen, was dort läuft und wie"
        " es ihm geht [{number}]. Es kann Pods geben, in Ordnung oder nicht. {rights}"
    ),
    too_large=(
        "Der Blick in den Cluster war zu groß, um ihn hier zu erzählen: `show {number}` zeigt ihn"
        " ganz [{number}]."
    ),
    no_log="Das Log konnte nicht gelesen werden.",
    no_secrets="Ich lese niemals Secrets und kann deshalb keine zeigen.",
    ask_what_changed=(
        "Frag `what changed?`, und sonst nichts, um zu erfahren, was seit meinem letzten Blick"
        " anders ist."
    ),
    sentence_nothing_is_called="Nichts {where} heißt `{name}` [{number}].",
    sentence_none_is_called="Kein {kind} {where} heißt `{name}` [{number}].",
    listed="{kind}, {count}: {names} [{number}].",
    none="keine",
    one_pod_is="1 Pod{states} [{number}].",
    pods_are="{count} Pods{states} [{number}].",
    more_findings_shown="Weitere Befunde ({count}): `show {number}`.",
    not_well_elsewhere="Nicht in Ordnung, wo nachgesehen wurde ({where}): {names} [{number}].",
    is_in_namespace="{kind} `{name}` ist im Namespace `{place}` [{number}]{state}.",
    is_cluster_wide=(
        "{kind} `{name}` ist in keinem Namespace: es gilt im ganzen Cluster [{number}]{state}."
    ),
    is_not_well="{names} ist **nicht in Ordnung** {where}.",
    are_not_well="{names} sind **nicht in Ordnung** {where}.",
    is_well="{names} ist in Ordnung: gesund, nichts wurde gefunden {where}.",
    are_well="{names} sind in Ordnung: gesund, nichts wurde gefunden {where}.",
    nothing_found_in_part=(
        "Nichts wurde gefunden, aber nicht alles konnte angesehen werden {where}."
    ),
    healthy_nothing_found="Gesund: nichts wurde gefunden {where}.",
    one_problem="**1 Problem** {where}.",
    problems="**{count} Probleme** {where}.",
    facts="Fakten (Wortlaut der Prüfungen, englisch)",
    likely_group="Wahrscheinlich (Wortlaut der Prüfungen, englisch)",
    possible_group="Möglich, nicht gezeigt (Wortlaut der Prüfungen, englisch)",
    worth_knowing="Wissenswert, kein Fehler (Wortlaut der Prüfungen, englisch)",
    also_found="Auch gefunden, nicht gefragt",
    and_so_many_more="und {count} weitere",
    since=" Seit {time} (UTC).",
    also_affected="auch betroffen: {names}",
    next_is="als Nächstes: `{command}`",
    printed_nothing="`{command}` hat nichts ausgegeben{cited}",
    last_lines="Letzte Zeilen des Logs, `{command}`{cited}:",
)
