"""The sentences that code says around an answer, by name; it holds no words of any language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """One language. What stands in braces is filled in by `str.format`; all are Markdown."""

    code: str
    """`en`, as it is kept with an answer."""

    # The verdict
    confirmed: str
    likely: str
    inconclusive: str
    only_likely: str
    only_possible: str
    not_looked: str
    may_not_read_pods: str
    nothing_is_called: str
    none_is_called: str
    maybe_meant: str
    did_you_mean: str
    either: str
    there_is_no: str
    nothing_of_that_name: str
    rests_on_no_finding: str
    not_well: str
    nothing_wrong_with: str
    healthy: str
    checks_found_nothing: str
    has_restarted: str
    rest_is_hypothesis: str
    never_reads_secrets: str
    no_log_was_read: str
    cites_nothing: str
    as_read: str
    as_read_earlier: str

    # Where it was looked
    namespaces: str
    all_namespaces: str
    looked_only_at: str
    one_pod: str
    pods: str
    without: str
    in_namespace: str
    in_any_namespace: str
    in_this_cluster: str
    there: str
    in_those: str

    # The lines below the verdict
    cause: str
    likely_cause: str
    possible_cause: str
    checks_say: str
    more_findings: str
    next: str
    somebody_decides: str
    ask_again_later: str
    give_rights: str
    name_it: str
    take_as_guess: str
    show_fields: str
    nothing_to_do: str

    # Remarks, and what stands in place of an answer
    change_waits: str
    nothing_proposed: str
    runbook: str
    checked_and_fine: str
    not_checked: str
    and_more: str
    forbidden: str
    failed: str
    not_found: str
    left_out: str
    commands_of_before: str
    commands_again: str
    command_again: str
    no_command: str
    no_commands: str
    others: str
    partial: str
    next_command: str
    without_model: str
    no_tokens: str
    restarted: str
    interrupted: str
    broken: str
    poisoned: str
    failed_so: str
    """In front of a sentence that is English."""
    stopped_early: str
    found_until_stop: str
    found_until_instead: str
    first_look: str
    nothing_wrong: str
    findings_more: str
    dropped: str
    no_conclusion: str
    no_conclusion_instead: str
    only_listening: str
    edited_meanwhile: str
    edited_afterwards: str
    waits_for_one: str
    waits_for_others: str
    waits_for_turn: str
    waits_for_turns: str

    # The frame of a message
    evidence: str
    one_command: str
    commands: str
    one_remark: str
    remarks: str
    cluster: str
    worded_by: str
    worded_by_rules: str
    times: str
    reference: str
    cluster_reference: str
    reference_inside: str
    cluster_inside: str
    refused: str
    refused_why: str
    did_not_end: str
    not_finished: str
    exit: str
    proposed_not_run: str
    whole_in_file: str
    more_in_file: str
    part_of: str
    helpful: str
    not_helpful: str
    rate_helpful: str
    rate_not_helpful: str

    # What is being done
    looking: str
    thinking: str
    listening_to_clip: str
    reading_file: str
    running: str
    reading: str
    looking_closely: str
    reading_log: str
    before_restart: str
    reading_events: str
    of_target: str
    measuring: str
    rollout_status: str
    rollout_history: str
    explaining: str
    a_field: str
    reading_kinds: str
    reading_apis: str
    reading_version: str
    reading_services: str
    checking_rights: str
    checking_identity: str
    objects: str
    and_others: str
    with_selector: str
    step_all_namespaces: str
    step_in: str

    # The built-in wording
    no_cluster_seen: str
    no_look: str
    blind: str
    too_large: str
    no_log: str
    no_secrets: str
    ask_what_changed: str
    sentence_nothing_is_called: str
    sentence_none_is_called: str
    listed: str
    none: str
    one_pod_is: str
    pods_are: str
    more_findings_shown: str
    not_well_elsewhere: str
    is_in_namespace: str
    is_cluster_wide: str
    is_not_well: str
    are_not_well: str
    is_well: str
    are_well: str
    nothing_found_in_part: str
    healthy_nothing_found: str
    one_problem: str
    problems: str
    facts: str
    likely_group: str
    possible_group: str
    worth_knowing: str
    also_found: str
    and_so_many_more: str
    since: str
    also_affected: str
    next_is: str
    printed_nothing: str
    last_lines: str
