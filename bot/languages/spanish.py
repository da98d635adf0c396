"""What code says in Spanish. Names, fields and the words that are commands stay as they are."""

from bot.languages.phrases import Phrases

SPANISH = Phrases(
    code="es",
    confirmed="CONFIRMADO",
    likely="PROBABLE",
    inconclusive="NO CONCLUYENTE",
    only_likely=", solo probable",
    only_possible=", solo posible",
    not_looked="no se pudo consultar el clúster.",
    may_not_read_pods="Kaia no puede leer pods aquí ({where}) [{number}].",
    nothing_is_called="nada {where} se llama `{name}`{hint} [{number}]",
    none_is_called="ningún objeto {kind} {where} se llama `{name}`{hint} [{number}]",
    maybe_meant=" (¿quizás {names}?)",
    did_you_mean=" ¿Quizás {names}?",
    either=" o ",
    there_is_no="no hay {kind} `{name}` {where} [{number}].{hint}",
    nothing_of_that_name="no se encontró nada con ese nombre.",
    rests_on_no_finding=(
        "esta respuesta no se apoya en lo que encontraron las comprobaciones: {others}."
    ),
    not_well="no está bien",
    nothing_wrong_with="no hay nada mal en {what} ({where}) [{number}].",
    healthy="sano: {where}, no se encontró nada [{number}].",
    checks_found_nothing=(
        "las comprobaciones no encontraron nada mal ({where}) [{number}]; el resto es una"
        " hipótesis."
    ),
    has_restarted="ahora no hay nada mal, pero hubo reinicios: {told} [{number}]",
    rest_is_hypothesis="; el resto es una hipótesis.",
    never_reads_secrets="Kaia nunca lee Secrets.",
    no_log_was_read="no se leyó ningún log para esta respuesta.",
    cites_nothing="esta respuesta no cita ningún comando que haya tenido éxito.",
    as_read="así se leyó en el clúster {numbers}.",
    as_read_earlier="así se leyó en el clúster antes en esta conversación {numbers}.",
    namespaces="{count} namespaces",
    all_namespaces="todos los namespaces ({count})",
    looked_only_at="solo se miró: {where}",
    one_pod="1 pod",
    pods="{count} pods",
    without="sin {names}",
    in_namespace="en el namespace {name}",
    in_any_namespace="en ningún namespace",
    in_this_cluster="en este clúster",
    there="allí",
    in_those="en {names}",
    cause="Causa (texto de la comprobación, en inglés)",
    likely_cause="Causa probable (texto de la comprobación, en inglés)",
    possible_cause="Causa posible (texto de la comprobación, en inglés)",
    checks_say="Lo que dicen las comprobaciones (en inglés)",
    more_findings=" Y {count} más, nombrados arriba o en el recibo {number}.",
    next="Siguiente paso",
    somebody_decides=("alguien autorizado decide sobre el cambio propuesto más abajo."),
    ask_again_later=(
        "pregunta de nuevo en un minuto; `kaia doctor` dice por qué no se puede alcanzar el"
        " clúster."
    ),
    give_rights="da a Kaia los permisos que le faltan; `kaia doctor` los muestra.",
    name_it="pregunta de nuevo con el nombre tal como lo muestra `kubectl get`.",
    take_as_guess=(
        "toma la causa de abajo como una hipótesis y pide el log o el evento que la mostraría."
    ),
    show_fields="`show {number}` muestra los campos en los que se apoya esto.",
    nothing_to_do="no hay nada que hacer.",
    change_waits=(
        "No se cambió nada: lo propuesto más abajo espera a alguien que pueda aprobarlo."
    ),
    nothing_proposed="No se cambió nada, y no hay nada propuesto.",
    runbook="Runbook: {titles}.",
    checked_and_fine="Comprobado y bien: {fine}.",
    not_checked="Sin comprobar: {gaps}.",
    and_more=" y {count} más",
    forbidden="prohibido",
    failed="falló",
    not_found="no encontrado",
    left_out="omitido",
    commands_of_before=(
        "Ejecutado antes en esta conversación, no de nuevo para esta respuesta: {commands}."
    ),
    commands_again=(
        "Citado de una ejecución anterior en esta conversación, y ejecutado de nuevo: {commands}."
    ),
    command_again="{earlier}, de nuevo como [{number}]",
    no_command="no se ejecutó ningún comando {number}",
    no_commands="no se ejecutaron los comandos {numbers} y {last}",
    others="otros",
    partial=(
        "Parcial: el modelo agotó sus comandos para esta pregunta y respondió con lo que había"
        " visto."
    ),
    next_command=" El siguiente comando sería `{command}`.",
    without_model=(
        "El modelo no respondió (mensaje en inglés: {why}). Lo que sigue es parcial: se compuso sin"
        " modelo, con lo que se había encontrado hasta entonces."
    ),
    no_tokens=(
        "No se preguntó a ningún modelo (mensaje en inglés: {why}) Lo que sigue es parcial: se"
        " compuso con reglas fijas."
    ),
    restarted=(
        "Kaia se reinició mientras trabajaba en esto, así que sus comandos se ejecutaron de nuevo."
    ),
    interrupted=(
        "El trabajo en esto se interrumpió y se empezó de nuevo: puede que algunos comandos se"
        " hayan ejecutado dos veces."
    ),
    broken=(
        "Algo salió mal dentro de mí mientras trabajaba en esto, así que no hay respuesta. No se"
        " cambió nada en el clúster. Pregunta de nuevo; si vuelve a pasar, mi log dice más con la"
        " referencia."
    ),
    poisoned=(
        "Lo intenté tres veces, y cada vez mi proceso terminó antes de tener una respuesta, así que"
        " no lo intento más. La conversación sigue: pregunta con otras palabras, o busca la"
        " referencia en mi log."
    ),
    failed_so="No hay respuesta. El mensaje en inglés: {sentence}",
    stopped_early="Detenida antes de encontrar algo.",
    found_until_stop="Encontrado hasta la parada:",
    found_until_instead="Encontrado antes de que tu nueva pregunta ocupara el lugar:",
    first_look="Mi primer vistazo: {found}",
    nothing_wrong="nada mal ({where})",
    findings_more="; y {count} más",
    dropped="Se descartó un cambio que había preparado: no hay nada propuesto.",
    no_conclusion=(
        "No se sacó ninguna conclusión. `show {number}` muestra un comando con su salida; pregunta"
        " de nuevo, y empiezo desde el principio."
    ),
    no_conclusion_instead=(
        "No se sacó ninguna conclusión. `show {number}` muestra un comando con su salida. Tu nueva"
        " pregunta es la siguiente; repite esta después si todavía la necesitas."
    ),
    only_listening=(
        "Parece que hablan entre ustedes, así que solo escucho: guardo lo que se dice aquí como"
        " contexto. Hagan una pregunta o menciónenme, y respondo."
    ),
    edited_meanwhile=(
        "Has cambiado tu pregunta mientras trabajo en ella: respondo a su primera versión. Haz"
        " la pregunta otra vez en un mensaje nuevo; si empieza por `instead`, ocupa su lugar."
    ),
    edited_afterwards=(
        "Has cambiado tu pregunta después de mi respuesta: la respuesta es a su primera"
        " versión. Para otra, pregunta de nuevo en un mensaje nuevo."
    ),
    waits_for_one="Tu pregunta espera a otra en este hilo.",
    waits_for_others="Tu pregunta espera a otras {count} en este hilo.",
    waits_for_turn="Tu pregunta espera un lugar libre: ahora hay otra en curso.",
    waits_for_turns="Tu pregunta espera un lugar libre: ahora hay otras {count} en curso.",
    evidence="Pruebas: {counted}",
    one_command="1 comando",
    commands="{count} comandos",
    one_remark="1 observación",
    remarks="{count} observaciones",
    cluster="Clúster {name}",
    worded_by="redactado por {source}",
    worded_by_rules="redactado por {source}, reglas fijas sin modelo",
    times="horas en UTC",
    reference="Referencia {reference}",
    cluster_reference="Clúster {name} · referencia {reference}",
    reference_inside="referencia {reference}",
    cluster_inside="clúster {name}",
    refused="rechazado",
    refused_why="rechazado: {note}",
    did_not_end="sin terminar",
    not_finished="no terminado",
    exit="código de salida {code}",
    proposed_not_run="propuesto, no ejecutado",
    whole_in_file="_Este es el comienzo; todo está en el archivo de arriba._",
    more_in_file="_El resto de las pruebas está en el archivo de arriba._",
    part_of="_Parte {place} de {parts}_",
    helpful="Útil",
    not_helpful="No es útil",
    rate_helpful="Valorar esta respuesta de Kaia como útil",
    rate_not_helpful="Valorar esta respuesta de Kaia como no útil",
    looking="mira los pods, los eventos y aquello de lo que dependen",
    thinking="piensa en lo que se encontró",
    listening_to_clip="escucha un mensaje de voz",
    reading_file="lee un archivo compartido",
    running="ejecuta {command}",
    reading="lee {objects}{place}",
    looking_closely="mira de cerca {objects}{place}",
    reading_log="lee el log de {whose}{when}{place}",
    before_restart=" de antes de su reinicio",
    reading_events="lee los eventos{whose}{place}",
    of_target=" de {target}",
    measuring="mide la carga de {whose}{place}",
    rollout_status="comprueba el despliegue de {objects}{place}",
    rollout_history="lee el historial de despliegues de {objects}{place}",
    explaining="lee qué significa {words}",
    a_field="un campo",
    reading_kinds="lee qué tipos de objetos hay",
    reading_apis="lee qué API hay",
    reading_version="lee la versión del clúster",
    reading_services="lee dónde están los servicios del clúster",
    checking_rights="comprueba sus permisos",
    checking_identity="comprueba quién es en el clúster",
    objects="objetos",
    and_others="{first} y {count} más",
    with_selector="{kind} con {selector}",
    step_all_namespaces=" en todos los namespaces",
    step_in=" en {namespace}",
    no_cluster_seen=(
        "No veo ningún clúster, así que no puedo decir nada sobre él. El mensaje en inglés: {words}"
    ),
    no_look=(
        "No pude mirar el clúster para esta pregunta. Pregunta de nuevo en un momento; si sigue"
        " así, pregunta a alguien que pueda mirar."
    ),
    blind=(
        "No puedo leer pods ({where}), así que no puedo decir qué corre allí ni cómo está"
        " [{number}]. Puede que los haya, y que estén bien o no. {rights}"
    ),
    too_large=(
        "Lo que vi es demasiado para contarlo aquí: `show {number}` lo muestra todo [{number}]."
    ),
    no_log="No se pudo leer el log.",
    no_secrets="Nunca leo Secrets, así que no puedo mostrar ninguno.",
    ask_what_changed=(
        "Pregunta `what changed?`, y nada más, para saber qué es distinto desde mi último vistazo."
    ),
    sentence_nothing_is_called="Nada {where} se llama `{name}` [{number}].",
    sentence_none_is_called="Ningún objeto {kind} {where} se llama `{name}` [{number}].",
    listed="{kind}, {count}: {names} [{number}].",
    none="ninguno",
    one_pod_is="1 pod{states} [{number}].",
    pods_are="{count} pods{states} [{number}].",
    more_findings_shown="Otros hallazgos ({count}): `show {number}`.",
    not_well_elsewhere="No está bien en lo que se miró ({where}): {names} [{number}].",
    is_in_namespace="{kind} `{name}` está en el namespace `{place}` [{number}]{state}.",
    is_cluster_wide=(
        "{kind} `{name}` no está en ningún namespace: es de todo el clúster [{number}]{state}."
    ),
    is_not_well="{names} **no está bien** {where}.",
    are_not_well="{names} **no están bien** {where}.",
    is_well="{names} está bien: sano, no se encontró nada {where}.",
    are_well="{names} están bien: sanos, no se encontró nada {where}.",
    nothing_found_in_part="No se encontró nada, pero no se pudo mirar todo {where}.",
    healthy_nothing_found="Sano: no se encontró nada {where}.",
    one_problem="**1 problema** {where}.",
    problems="**{count} problemas** {where}.",
    facts="Hechos (texto de las comprobaciones, en inglés)",
    likely_group="Probable (texto de las comprobaciones, en inglés)",
    possible_group="Posible, sin mostrar (texto de las comprobaciones, en inglés)",
    worth_knowing="Conviene saberlo, no es un fallo (texto de las comprobaciones, en inglés)",
    also_found="También encontrado, sin preguntarlo",
    and_so_many_more="y {count} más",
    since=" Desde {time} (UTC).",
    also_affected="también afectados: {names}",
    next_is="siguiente: `{command}`",
    printed_nothing="`{command}` no mostró nada{cited}",
    last_lines="Últimas líneas del log, `{command}`{cited}:",
)
