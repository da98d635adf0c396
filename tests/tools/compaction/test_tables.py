"""Tables that must fit: what is unwell is there, what is well is counted."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tools.compaction import compact
from bot.tools.compaction.rows import is_header, read_columns, read_row
from tests.tools.compaction.timing import is_quick

GET = ("kubectl", "get", "pods")
EVENTS = ("kubectl", "events")
HEADER = "NAME                  READY   STATUS             RESTARTS       AGE"
MARK = re.compile(r"\[… \d+ more rows?(?:: .*)? …\]")


def pod(name: str, ready: str = "1/1", status: str = "Running", restarts: str = "0") -> str:
    return f"{name:<22}{ready:<8}{status:<19}{restarts:<15}5d"


def table(*rows: str, header: str = HEADER) -> str:
    return "\n".join([header, *rows]) + "\n"


def well(count: int, start: int = 0) -> list[str]:
    return [pod(f"web-{n}") for n in range(start, start + count)]


STATUSES = st.sampled_from(["Running", "Completed", "Pending", "CrashLoopBackOff", "Error"])
ROWS = st.lists(
    st.builds(
        pod,
        st.from_regex(r"[a-z]{1,12}-[0-9]{1,3}", fullmatch=True),
        st.sampled_from(["0/1", "1/1", "1/2"]),
        STATUSES,
        st.sampled_from(["0", "4 (3m ago)", "9 (2d ago)"]),
    ),
    max_size=120,
)


@given(ROWS, st.integers(150, 3_000))
def test_it_fits_keeps_its_header_and_shows_only_rows_there_were(
    rows: list[str], budget: int
) -> None:
    text = table(*rows)

    shown = compact(text, budget, GET)

    lines = shown.text.split("\n")
    assert len(shown.text) <= budget
    assert lines[0] == HEADER
    told = [line for line in lines if not line.startswith("[…")]
    assert set(told) <= set(text.split("\n"))
    assert shown.total_lines == len(rows) + 1
    assert shown.shown_lines == len(told)
    assert compact(text, budget, GET) == shown


@given(ROWS, st.integers(600, 3_000))
def test_shown_and_counted_rows_are_all_rows(rows: list[str], budget: int) -> None:
    shown = compact(table(*rows), budget, GET)

    counted = sum(map(int, re.findall(r"\[… (\d+) more rows?", shown.text)))
    assert shown.shown_lines - 1 + counted == len(rows)


@given(st.text(max_size=2_000), st.integers(0, 2_000))
def test_anything_that_is_no_table_fits_too(text: str, budget: int) -> None:
    assert len(compact(text, budget, GET).text) <= budget


def test_what_fits_is_the_same_to_the_byte() -> None:
    text = table(*well(3))

    assert compact(text, len(text), GET).text == text.removesuffix("\n")


def test_the_unwell_are_shown_and_the_well_are_counted_by_status() -> None:
    rows = [*well(300), pod("api-1", "0/1", "CrashLoopBackOff"), *well(98, 300)]
    rows += [pod(f"job-{n}", "0/1", "Completed") for n in range(14)]

    lines = compact(table(*rows), 1_200, GET).text.split("\n")

    assert pod("api-1", "0/1", "CrashLoopBackOff") in lines
    assert MARK.fullmatch(lines[-1])
    assert re.search(r"\d+ Running, 14 Completed", lines[-1])


@pytest.mark.parametrize(
    "row",
    [
        pod("a", "0/1", "Running"),
        pod("a", "1/2", "Running"),
        pod("a", "0/1", "Pending"),
        pod("a", "0/1", "ImagePullBackOff"),
        pod("a", "1/1", "Terminating"),
        pod("a", "1/1", "Running", "5 (3m ago)"),
    ],
)
def test_a_pod_that_is_unwell_is_shown_among_many_that_are_not(row: str) -> None:
    assert row in compact(table(*well(200), row, *well(200, 200)), 900, GET).text.split("\n")


@pytest.mark.parametrize(
    ("header", "row", "is_unwell"),
    [
        ("NAME   STATUS   ROLES", "n1     Ready    <none>", False),
        ("NAME   STATUS   ROLES", "n1     NotReady <none>", True),
        ("NAME   STATUS                     ROLES", "n1     Ready,SchedulingDisabled   x", True),
        ("NAME   STATUS    VOLUME", "data   Bound     pvc-1", False),
        ("NAME   STATUS    VOLUME", "data   Pending", True),
        ("NAME   READY   UP-TO-DATE   AVAILABLE", "web    2/3     3            2", True),
        ("NAME   READY   UP-TO-DATE   AVAILABLE", "web    3/3     3            3", False),
        ("NAME   DESIRED   CURRENT   READY", "fluent 3         3         2", True),
        ("NAME   DESIRED   CURRENT   READY", "fluent 3         3         3", False),
        ("NAME   READY   SECRET", "cert   False   tls", True),
        ("NAME   READY   SECRET", "cert   True    tls", False),
        ("NAME   TYPE           EXTERNAL-IP", "web    LoadBalancer   <pending>", True),
        ("NAME   TYPE        EXTERNAL-IP", "web    ClusterIP   <none>", False),
        ("NAME   ENDPOINTS   AGE", "web    <none>      5d", True),
        ("NAME   TARGETS         MINPODS", "web    cpu: <unknown>/80%   1", True),
        ("LAST SEEN   TYPE      REASON", "3m          Warning   BackOff", True),
        ("LAST SEEN   TYPE      REASON", "3m          Normal    Pulled", False),
        ("NAME   STATUS     AGE", "shop   Active     5d", False),
        ("NAME   STATUS     AGE", "shop   Terminating   5d", True),
    ],
)
def test_a_row_of_any_kind_says_how_it_is(header: str, row: str, is_unwell: bool) -> None:
    assert (read_row(row, read_columns(header)).severity is not None) is is_unwell


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("NAME   READY   UP-TO-DATE", True),
        ("LAST SEEN   TYPE   REASON", True),
        ("NAME   CPU(cores)   MEMORY(bytes)   CPU(%)", True),
        ("NAMESPACE   NAME   PORT(S)   NOMINATED NODE", True),
        ("NAME", True),
        ("web-0   1/1   Running", False),
        ("pod/web-0", False),
        ("A" * 200 + "!", False),
        ("", False),
    ],
)
def test_a_header_is_told_from_a_row(line: str, is_one: bool) -> None:
    assert is_header(line) is is_one


def test_one_of_each_kind_of_trouble_comes_before_the_second_of_any() -> None:
    rows = [pod(f"cart-{n}", "0/1", "Pending") for n in range(300)]
    rows += [pod("pay-1", "0/1", "CrashLoopBackOff")]

    shown = compact(table(*rows), 900, GET).text

    assert "pay-1" in shown
    assert re.search(r"\d+ Pending …\]$", shown)


def test_several_tables_keep_their_headers() -> None:
    services = table(*(f"svc-{n:<18}ClusterIP" for n in range(50)), header="NAME   TYPE")

    lines = compact(table(*well(50)) + "\n" + services, 1_500, GET).text.split("\n")

    assert HEADER in lines
    assert "NAME   TYPE" in lines
    assert sum(MARK.fullmatch(line) is not None for line in lines) == 2


def test_warning_events_come_before_normal_ones() -> None:
    header = "LAST SEEN   TYPE      REASON    OBJECT    MESSAGE"
    rows = [f"{n}m          Normal    Pulled    pod/a     Pulled image" for n in range(200)]
    rows.insert(100, "9m          Warning   BackOff   pod/b     Back-off restarting")

    shown = compact(table(*rows, header=header), 900, EVENTS).text

    assert "Back-off restarting" in shown
    assert re.search(r"\d+ Normal …\]$", shown)


def test_of_top_the_largest_are_shown() -> None:
    rows = [f"web-{n:<6} 1m           {n + 10}Mi" for n in range(300)]

    shown = compact(
        table(*rows, header="NAME       CPU(cores)   MEMORY(bytes)"),
        600,
        ("kubectl", "top", "pods"),
    ).text

    assert "309Mi" in shown
    assert " 10Mi" not in shown


def test_what_kubectl_says_below_a_table_is_kept() -> None:
    note = 'Error from server (Forbidden): jobs.batch is forbidden: User "kaia"'

    assert compact(table(*well(300)) + note + "\n", 1_500, GET).text.endswith(note)


def test_without_a_header_rows_are_judged_by_their_words() -> None:
    rows = [*well(200), pod("api-1", "0/1", "CrashLoopBackOff"), *well(200, 200)]

    shown = compact("\n".join(rows), 900, (*GET, "--no-headers"))

    assert "api-1" in shown.text
    assert shown.text.split("\n")[-1].endswith("more rows …]")


def test_a_megabyte_takes_less_than_half_a_second() -> None:
    text = table(*(pod(f"web-{n}", "0/1", "Pending") for n in range(15_000)))

    assert is_quick(text, GET)
