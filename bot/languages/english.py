"""What code says in English; what other languages say is written after it."""

from bot.languages.phrases import Phrases

ENGLISH = Phrases(
    code="en",
    confirmed="CONFIRMED",
    likely="LIKELY",
    inconclusive="INCONCLUSIVE",
    only_likely=", only likely",
    only_possible=", only possible",
    not_looked="the cluster could not be looked at.",
    may_not_read_pods="Kaia may not read pods here ({where}) [{number}].",
    nothing_is_called="nothing {where} is called `{name}`{hint} [{number}]",
    none_is_called="no {kind} {where} is called `{name}`{hint} [{number}]",
    maybe_meant=" (did you mean {names}?)",
    did_you_mean=" Did you mean {names}?",
    either=" or ",
    there_is_no="there is no {kind} `{name}` {where} [{number}].{hint}",
    nothing_of_that_name="nothing of that name was found.",
    rests_on_no_finding="this answer does not rest on what the checks found: {others}.",
    not_well="not well",
    nothing_wrong_with="nothing is wrong with {what} ({where}) [{number}].",
    healthy="healthy: {where}, nothing found [{number}].",
    checks_found_nothing=(
        "the checks found nothing wrong ({where}) [{number}]; the rest is a hypothesis."
    ),
    has_restarted="nothing is wrong now, but it has restarted: {told} [{number}]",
    rest_is_hypothesis="; the rest is a hypothesis.",
    never_reads_secrets="Kaia never reads Secrets.",
    no_log_was_read="no log was read for this answer.",
    cites_nothing="this answer cites no command that succeeded.",
    as_read="as read from the cluster {numbers}.",
    as_read_earlier="as read from the cluster earlier in this conversation {numbers}.",
    namespaces="{count} namespaces",
    all_namespaces="all {count} namespaces",
    looked_only_at="looked only at {where}",
    one_pod="1 pod",
    pods="{count} pods",
    without="without {names}",
    in_namespace="in namespace {name}",
    in_any_namespace="in any namespace",
    in_this_cluster="in this cluster",
    there="there",
    in_those="in {names}",
    cause="Cause",
    likely_cause="Likely cause",
    possible_cause="Possible cause",
    checks_say="What the checks say",
    more_findings=" And {count} more, named above or in receipt {number}.",
    next="Next",
    somebody_decides="somebody who may approve it decides about the change proposed below.",
    ask_again_later=(
        "ask again in a minute; `kaia doctor` says why the cluster cannot be reached."
    ),
    give_rights="give Kaia the rights it lacks; `kaia doctor` prints them.",
    name_it="ask again with the name as `kubectl get` shows it.",
    take_as_guess=(
        "take the cause below as a guess, and ask for the log or event that would show it."
    ),
    show_fields="`show {number}` lists the fields that this rests on.",
    nothing_to_do="nothing to do.",
    change_waits=(
        "Nothing was changed: what is proposed below waits for somebody who may approve it."
    ),
    nothing_proposed="Nothing was changed, and nothing is proposed.",
    runbook="Runbook: {titles}.",
    checked_and_fine="Checked and fine: {fine}.",
    not_checked="Not checked: {gaps}.",
    and_more=" and {count} more",
    forbidden="forbidden",
    failed="failed",
    not_found="not found",
    left_out="left out",
    commands_of_before=(
        "Run earlier in this conversation, and not again for this answer: {commands}."
    ),
    commands_again="Cited as run earlier in this conversation, and run again now: {commands}.",
    command_again="{earlier}, again as [{number}]",
    no_command="no command {number} was run",
    no_commands="no commands {numbers} and {last} were run",
    others="others",
    partial=(
        "Partial: the model used up its commands for this question and answered from what it had"
        " seen."
    ),
    next_command=" The next command would be `{command}`.",
    without_model=(
        "The model did not answer: {why}. What follows is partial: it was put together without a"
        " model, from what was found until then."
    ),
    no_tokens=(
        "No model was asked: {why} What follows is partial: it was put together by fixed rules."
    ),
    restarted="Kaia was restarted while it worked on this, so its commands were run again.",
    interrupted=("Work on this was interrupted and begun anew: commands may have been run twice."),
    broken=(
        "Something went wrong inside me while I worked on this, so there is no answer. Nothing was"
        " changed in the cluster. Please ask again; if it happens again, my log says more under the"
        " reference."
    ),
    poisoned=(
        "I tried this three times, and each time my process ended before I had an answer, so I have"
        " stopped trying. The thread goes on: ask again in other words, or look into my log with"
        " the reference."
    ),
    failed_so="{sentence}",
    stopped_early="Stopped before anything was found.",
    found_until_stop="Found until the stop:",
    found_until_instead="Found before your new question took its place:",
    first_look="My first look: {found}",
    nothing_wrong="nothing wrong ({where})",
    findings_more="; and {count} more",
    dropped="A change that I had prepared was dropped: nothing is proposed.",
    no_conclusion=(
        "No conclusion was drawn from it. `show {number}` shows a command with its output; ask"
        " again, and I begin anew."
    ),
    no_conclusion_instead=(
        "No conclusion was drawn from it. `show {number}` shows a command with its output. Your new"
        " question comes next; ask this one again after it if you still need it."
    ),
    only_listening=(
        "You seem to be talking with each other, so I only listen: I keep what is said here as"
        " context. Ask a question or mention me, and I answer."
    ),
    edited_meanwhile=(
        "You edited your question while I was at work on it: what I answer is its first"
        " wording. Ask again in a new message; one that begins with `instead` takes its place."
    ),
    edited_afterwards=(
        "You edited your question after I had answered it: the answer is to its first wording."
        " For another one, ask again in a new message."
    ),
    waits_for_one="Your question waits for 1 other in this thread.",
    waits_for_others="Your question waits for {count} others in this thread.",
    waits_for_turn="Your question waits for a free place: 1 turn runs right now.",
    waits_for_turns="Your question waits for a free place: {count} turns run right now.",
    evidence="Evidence: {counted}",
    one_command="1 command",
    commands="{count} commands",
    one_remark="1 remark",
    remarks="{count} remarks",
    cluster="Cluster {name}",
    worded_by="worded by {source}",
    worded_by_rules="worded by {source}, fixed rules and no model",
    times="times are UTC",
    reference="Reference {reference}",
    cluster_reference="Cluster {name} · reference {reference}",
    reference_inside="reference {reference}",
    cluster_inside="cluster {name}",
    refused="refused",
    refused_why="refused: {note}",
    did_not_end="did not end",
    not_finished="not finished",
    exit="exit {code}",
    proposed_not_run="proposed, not run",
    whole_in_file="_This is the beginning; all of it is in the file above._",
    more_in_file="_The rest of the evidence is in the file above._",
    part_of="_Part {place} of {parts}_",
    helpful="Helpful",
    not_helpful="Not helpful",
    rate_helpful="Rate this answer of Kaia as helpful",
    rate_not_helpful="Rate this answer of Kaia as not helpful",
    looking="looking at pods, events and what they depend on",
    thinking="thinking about what was found",
    listening_to_clip="listening to a voice clip",
    reading_file="reading a shared file",
    running="running {command}",
    reading="reading {objects}{place}",
    looking_closely="looking closely at {objects}{place}",
    reading_log="reading the log of {whose}{when}{place}",
    before_restart=" from before its restart",
    reading_events="reading events{whose}{place}",
    of_target=" of {target}",
    measuring="measuring the load of {whose}{place}",
    rollout_status="checking the rollout of {objects}{place}",
    rollout_history="reading the rollout history of {objects}{place}",
    explaining="reading what {words} means",
    a_field="a field",
    reading_kinds="reading which kinds of object there are",
    reading_apis="reading which APIs there are",
    reading_version="reading the cluster's version",
    reading_services="reading where the cluster's services are",
    checking_rights="checking what I may do",
    checking_identity="checking who I am in the cluster",
    objects="objects",
    and_others="{first} and {count} more",
    with_selector="{kind} with {selector}",
    step_all_namespaces=" in all namespaces",
    step_in=" in {namespace}",
    no_cluster_seen="I cannot see a cluster, so I can say nothing about it. {words}",
    no_look=(
        "I could not look at the cluster for this question. Ask again in a moment; if it stays, ask"
        " somebody who can look."
    ),
    blind=(
        "I may not read pods ({where}), so I cannot say what runs there and how it is [{number}]."
        " They may exist, and be well or not. {rights}"
    ),
    too_large="The look was too large to be told here: `show {number}` has all of it [{number}].",
    no_log="The log could not be read.",
    no_secrets="I never read Secrets, so I can show none.",
    ask_what_changed=(
        "Ask `what changed?`, with nothing else, for what is different since my last look."
    ),
    sentence_nothing_is_called="Nothing {where} is called `{name}` [{number}].",
    sentence_none_is_called="No {kind} {where} is called `{name}` [{number}].",
    listed="{kind}, {count}: {names} [{number}].",
    none="none",
    one_pod_is="1 pod{states} [{number}].",
    pods_are="{count} pods{states} [{number}].",
    more_findings_shown="{count} more findings: `show {number}`.",
    not_well_elsewhere="Not well in what was looked at ({where}): {names} [{number}].",
    is_in_namespace="{kind} `{name}` is in the namespace `{place}` [{number}]{state}.",
    is_cluster_wide="{kind} `{name}` is in no namespace: it is cluster-wide [{number}]{state}.",
    is_not_well="{names} is **not well** {where}.",
    are_not_well="{names} are **not well** {where}.",
    is_well="{names} is well: healthy, nothing was found {where}.",
    are_well="{names} are well: healthy, nothing was found {where}.",
    nothing_found_in_part="Nothing was found, but not all could be looked at {where}.",
    healthy_nothing_found="Healthy: nothing was found {where}.",
    one_problem="**1 problem** {where}.",
    problems="**{count} problems** {where}.",
    facts="Facts",
    likely_group="Likely",
    possible_group="Possible, not shown",
    worth_knowing="Worth knowing, no fault",
    also_found="Also found, not asked about",
    and_so_many_more="and {count} more",
    since=" Since {time} (UTC).",
    also_affected="also affected: {names}",
    next_is="next: `{command}`",
    printed_nothing="`{command}` printed nothing{cited}",
    last_lines="Last log lines, `{command}`{cited}:",
)
