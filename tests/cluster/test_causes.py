"""Symptoms are folded into causes, and a cause that is told twice is told once."""

from dataclasses import replace

from bot.cluster.causes import causes
from bot.cluster.findings import Evidence, Finding, Ref, is_confirmed

CHECKOUT = Ref("Deployment", "shop", "checkout")
SERVICE = Ref("Service", "shop", "checkout")
INGRESS = Ref("Ingress", "shop", "web")
QUOTA = Ref("ResourceQuota", "shop", "small")
PRECISE = frozenset({"HostNotFound"})


def crash(**more: object) -> Finding:
    fields: dict[str, object] = {
        "reason": "CrashLoopBackOff",
        "severity": "critical",
        "about": CHECKOUT,
        "cause": "Container `app` exits with code 1.",
        "evidence": (Evidence("pod/checkout-1:status.containerStatuses[app].state", "waiting"),),
    }
    return Finding(**(fields | more))  # type: ignore[arg-type]


def symptom(about: Ref, because_of: Ref, reason: str = "NoReadyEndpoints") -> Finding:
    return Finding(reason, "critical", about, "Nothing answers.", because_of=(because_of,))


def test_a_symptom_is_told_as_what_its_cause_affects() -> None:
    [found] = causes([symptom(SERVICE, CHECKOUT), crash()], precise=PRECISE)

    assert found.about == CHECKOUT
    assert found.affects == (SERVICE,)


def test_a_pod_that_shows_the_symptom_is_one_of_the_causes() -> None:
    database, elsewhere = Ref("StatefulSet", "shop", "db"), Ref("StatefulSet", "bank", "db")
    ill = crash(pods=("checkout-1",), because_of=(database, elsewhere))

    [here] = causes([ill, crash(about=database, pods=("db-0",))], precise=PRECISE)
    [there] = causes([ill, crash(about=elsewhere, pods=("db-0",))], precise=PRECISE)

    assert here.pods == ("db-0", "checkout-1")
    assert there.pods == ("db-0",)


def test_a_chain_of_symptoms_ends_at_the_first_cause() -> None:
    chain = [symptom(INGRESS, SERVICE), symptom(SERVICE, CHECKOUT), crash()]

    [found] = causes(chain, precise=PRECISE)

    assert found.about == CHECKOUT
    assert set(found.affects) == {SERVICE, INGRESS}


def test_a_symptom_without_its_cause_stays() -> None:
    [found] = causes([symptom(SERVICE, CHECKOUT)], precise=PRECISE)

    assert found.about == SERVICE


def test_the_same_trouble_seen_from_the_other_end_is_one() -> None:
    blocked = crash(reason="FailedCreate", explains=(QUOTA,))
    full = Finding("QuotaUsedUp", "warning", QUOTA, "All of it is used.")

    [found] = causes([full, blocked], precise=PRECISE)

    assert found.reason == "FailedCreate"
    assert found.affects == (QUOTA,)


def test_what_a_workload_says_of_itself_yields_to_what_its_pods_say() -> None:
    rollout = Finding("RolloutStuck", "critical", CHECKOUT, "0 of 3.", because_of=(CHECKOUT,))

    [found] = causes([rollout, crash()], precise=PRECISE)

    assert found.reason == "CrashLoopBackOff"
    assert found.affects == ()


def test_it_is_told_where_nothing_else_is_known_of_the_workload() -> None:
    rollout = Finding("RolloutStuck", "critical", CHECKOUT, "0 of 3.", because_of=(CHECKOUT,))

    assert causes([rollout], precise=PRECISE) == [rollout]


def test_a_note_swallows_no_fault() -> None:
    note = Finding("Paused", "info", CHECKOUT, "It is paused.")

    assert len(causes([symptom(SERVICE, CHECKOUT), note], precise=PRECISE)) == 2


def test_what_is_only_possible_swallows_no_fault() -> None:
    policy = Finding("MayBeCutOff", "warning", CHECKOUT, "A policy.", is_possible=True)

    found = causes([symptom(SERVICE, CHECKOUT), policy], precise=PRECISE)

    assert {each.reason for each in found} == {"NoReadyEndpoints", "MayBeCutOff"}


def test_a_crash_and_the_log_line_that_explains_it_are_one_confirmed_finding() -> None:
    logged = Finding(
        "HostNotFound",
        "critical",
        CHECKOUT,
        "It looks for `memcom`, which is no Service.",
        evidence=(
            Evidence("log/checkout-1/app", "no such host"),
            Evidence("absent/service/memcom", "does not exist"),
        ),
    )

    [found] = causes([crash(), logged], precise=PRECISE)

    assert found.reason == "HostNotFound"
    assert "code 1" in found.cause
    assert "memcom" in found.cause
    assert is_confirmed(found)


def test_the_same_cause_told_by_two_checks_is_told_once_with_the_evidence_of_both() -> None:
    other = crash(evidence=(Evidence("event/checkout-1:BackOff", "Back-off"),), since="2026-01-01")

    [found] = causes([crash(), other], precise=PRECISE)

    assert len(found.evidence) == 2
    assert found.since == "2026-01-01"


def test_two_faults_of_one_workload_stay_two() -> None:
    pull = crash(reason="ImagePullBackOff", cause="The image is not there.")

    assert len(causes([crash(), pull], precise=PRECISE)) == 2


def test_the_worst_comes_first() -> None:
    note = Finding("Paused", "info", QUOTA, "x.")
    warning = Finding("NearLimit", "warning", INGRESS, "x.")

    found = causes([note, warning, crash()], precise=PRECISE)

    assert [each.severity for each in found] == ["critical", "warning", "info"]


def test_two_that_name_each_other_do_not_swallow_both() -> None:
    one, other = symptom(SERVICE, INGRESS), symptom(INGRESS, SERVICE)

    assert len(causes([one, other], precise=PRECISE)) == 1


def test_a_job_that_gave_up_tells_the_end_of_its_pods_itself() -> None:
    job = Ref("Job", "shop", "migrate")
    pod = crash(about=job, reason="ContainerFailed", cause="Exit code 3.")
    gave_up = Finding(
        "JobFailed", "critical", job, "Exit code 3, given up after 2 pods.", because_of=(job,)
    )

    [found] = causes([gave_up, pod], precise=PRECISE)

    assert found.reason == "JobFailed"
    assert found.cause == "Exit code 3, given up after 2 pods."
    assert found.evidence == pod.evidence


def test_a_stuck_rollout_says_beside_the_cause_what_still_serves() -> None:
    rollout = Finding(
        "RolloutStuck", "critical", CHECKOUT, "The old one still serves.", because_of=(CHECKOUT,)
    )

    [found] = causes([rollout, crash(severity="warning")], precise=PRECISE)

    assert found.cause == "Container `app` exits with code 1. The old one still serves."
    assert found.severity == "critical"


def test_pods_that_still_have_time_to_start_make_no_fault_of_the_workload() -> None:
    starting = crash(reason="StartupFailed", severity="info", cause="It has 3 minutes left.")
    count = Finding("Unavailable", "critical", CHECKOUT, "0 of 1.", because_of=(CHECKOUT,))

    [found] = causes([count, starting], precise=PRECISE)

    assert found.severity == "info"


def test_another_note_about_the_workload_hides_no_fault() -> None:
    note = crash(reason="ContainerRestarted", severity="info", cause="Once, long ago.")
    count = Finding("Unavailable", "critical", CHECKOUT, "0 of 1.", because_of=(CHECKOUT,))

    assert {each.severity for each in causes([count, note], precise=PRECISE)} == {
        "critical",
        "info",
    }


def test_what_may_be_a_policy_keeps_the_reason_of_the_crash() -> None:
    policy = crash(reason="HostNotFound", cause="A policy may be why.", is_possible=True)

    [found] = causes([crash(), policy], precise=PRECISE)

    assert found.reason == "CrashLoopBackOff"
    assert found.cause.endswith("A policy may be why.")


def test_a_job_that_gave_up_tells_why_as_far_as_its_log_says() -> None:
    job = Ref("Job", "shop", "migrate")
    pod = crash(about=job, reason="ContainerFailed", cause="Exit code 1.")
    log = Evidence("log/migrate-1/app", "no such host")
    why = Finding("HostNotFound", "critical", job, "It cannot resolve `db`.", evidence=(log,))
    words = "Given up: exit code 1; its last words: “oh no”."
    gave_up = Finding("JobFailed", "critical", job, words, because_of=(job,))

    [found] = causes([gave_up, pod, why], precise=PRECISE)

    assert found.cause == "Given up: exit code 1. It cannot resolve `db`."
    assert log in found.evidence


def test_a_node_that_evicts_says_whom_and_who_used_up_what() -> None:
    node = Ref("Node", "", "node-2")
    short = Finding("DiskPressure", "warning", node, "Node `node-2` is short of disk space.")
    evictions = [
        Finding(
            "Evicted",
            "warning",
            Ref("Deployment", "shop", name),
            f"Pod `{name}-1` was evicted: “Container app was using 61Gi”.",
            because_of=(node,),
        )
        for name in ("render", "search")
    ]

    [found] = causes([short, *evictions], precise=PRECISE)

    assert found.cause == (
        "Node `node-2` is short of disk space. Pod `render-1` was evicted: “Container app was "
        "using 61Gi”."
    )
    assert {each.name for each in found.affects} == {"render", "search"}


def test_of_several_causes_the_one_with_the_same_pods_is_it() -> None:
    late = Finding("MissedRuns", "warning", CHECKOUT, "It missed its time.")
    failed = symptom(CHECKOUT, CHECKOUT, "JobFailed")

    found = causes(
        [late, replace(failed, pods=("checkout-1",)), crash(pods=("checkout-1",))],
        precise=PRECISE,
    )

    assert {each.reason for each in found} == {"MissedRuns", "JobFailed"}
    assert {each.cause for each in found} == {"It missed its time.", "Nothing answers."}


def test_two_sentences_about_one_container_name_it_once() -> None:
    why = Finding("HostNotFound", "critical", CHECKOUT, "Container `app` cannot resolve `db`.")

    [found] = causes([crash(), why], precise=PRECISE)

    assert found.cause == "Container `app` exits with code 1. It cannot resolve `db`."


def test_a_cause_that_only_a_log_line_names_is_not_confirmed_by_the_crash() -> None:
    evidence = (Evidence("log/checkout-1/app", "root cause: a cosmic ray"),)
    logged = crash(reason="HostNotFound", cause="It says so.", evidence=evidence)

    [found] = causes([crash(), logged], precise=PRECISE)

    assert found.cause == "Container `app` exits with code 1. It says so."
    assert len({each.signal for each in found.evidence}) == 2
    assert not is_confirmed(found)
