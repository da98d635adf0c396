"""Runbooks are found in a folder, chosen by what they are for, and quoted as data."""

import contextlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.dialogue import unfence
from bot.tools.frontmatter import Broken, Criteria, parsed
from bot.tools.runbooks import Runbook, Runbooks, Subject, quoted, read, select

SUBJECT = Subject("pay-eu", "Deployment", "ledger", {"app": "ledger", "tier": "web"}, "OOMKilled")

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, front: str, body: str = "# Look here\n\nDo it.") -> Path:
        path = tmp_path / name
        path.write_text(f"---\n{front}\n---\n{body}\n")
        return path

    return write


def runbook(name: str, front: str) -> Runbook:
    criteria, body = parsed(f"---\n{front}\n---\nbody of {name}")
    return Runbook(f"{name}.md", criteria.title or name, body, criteria)


def chosen(*fronts: str, subjects: tuple[Subject, ...] = (SUBJECT,)) -> list[str]:
    """The front matter of those that were chosen, in order."""
    named = {f"{n}.md": front for n, front in enumerate(fronts)}
    books = [runbook(name.removesuffix(".md"), front) for name, front in named.items()]
    return [named[each.file] for each in select(books, subjects)]


class TestChoosing:
    @pytest.mark.parametrize(
        "front",
        [
            "causes: OOMKilled",
            "causes: oomkilled",
            "causes: [Evicted, OOMKilled]",
            "kinds: deployment",
            "kinds: Deployments",
            "namespaces: pay-*",
            "namespaces: [a, pay-eu]",
            "labels: app=ledger",
            "labels: app",
            "labels: [app=x, tier==web]",
            "labels: app=ledger,tier=web",
            "labels: {app: ledger, tier: web}",
            "labels:\n  - app: ledger",
            "always: true",
            "causes: OOMKilled\nkinds: Deployment\nlabels: app\nnamespaces: '*'",
            "always: true\ncauses: Evicted",
        ],
    )
    def test_one_that_names_what_was_found_fits(self, front: str) -> None:
        assert chosen(front) == [front]

    @pytest.mark.parametrize(
        "front",
        [
            "",
            "title: Nothing",
            "always: false",
            "causes: OOM",
            "kinds: Pod",
            "namespaces: pay",
            "namespaces: PAY-*",
            "labels: app=checkout",
            "labels: {app: ledger, tier: db}",
            "labels: app=ledger,zone",
            "labels: ','",
            "labels: {}",
            "causes: []",
            "causes: OOMKilled\nnamespaces: shop",
            "kinds: Deployment\nlabels: nobody",
        ],
    )
    def test_one_that_names_anything_else_or_nothing_does_not(self, front: str) -> None:
        assert chosen(front) == []

    def test_all_that_it_names_has_to_fit_one_and_the_same_subject(self) -> None:
        other = replace(SUBJECT, namespace="shop", reason="Evicted")

        assert chosen("causes: Evicted\nnamespaces: pay-eu", subjects=(SUBJECT, other)) == []
        assert chosen("causes: Evicted\nnamespaces: shop", subjects=(SUBJECT, other))

    def test_the_two_that_say_most_are_taken(self) -> None:
        namespace, kind, labels = "namespaces: pay-eu", "kinds: Deployment", "labels: app"
        cause, always = "causes: OOMKilled", "always: true"
        three = f"{namespace}\n{kind}\n{labels}"

        assert chosen(always, namespace, kind, labels, three, cause) == [cause, three]
        assert chosen(always, namespace, kind) == [kind, namespace]
        assert chosen(always, namespace) == [namespace, always]

    def test_of_equals_the_first_by_name_is_taken_whatever_their_order(self) -> None:
        books = [runbook(name, "causes: OOMKilled") for name in "cab"]

        for order in (books, books[::-1]):
            assert [each.title for each in select(order, [SUBJECT])] == ["a", "b"]

    def test_where_nothing_was_found_only_those_for_always_are_taken(self) -> None:
        assert chosen("causes: OOMKilled", "always: true", subjects=()) == ["always: true"]


class TestReading:
    async def test_a_file_has_its_title_from_its_front_matter_its_heading_or_its_name(
        self, write: Write, tmp_path: Path
    ) -> None:
        write("a.md", "title: Out of  memory\ncauses: OOMKilled")
        write("b.md", "causes: OOMKilled")
        write("c.MD", "causes: OOMKilled", "Do it.")

        found = await Runbooks(tmp_path).all()

        assert [each.title for each in found] == ["Out of memory", "Look here", "c"]
        assert found[1].body == "# Look here\n\nDo it."

    async def test_without_a_folder_there_are_none(self, tmp_path: Path) -> None:
        nowhere = Runbooks(tmp_path / "nowhere")

        assert await Runbooks(None).all() == ()
        assert await nowhere.all() == ()
        assert [each.sentence for each in nowhere.problems()] == ["There is no such folder."]

    async def test_the_files_of_a_mounted_configmap_are_listed_once(self, tmp_path: Path) -> None:
        mounted = Mounted(tmp_path)
        mounted.swap("1", {"oom.md": "---\ncauses: OOMKilled\n---\nfirst"})
        runbooks = Runbooks(tmp_path)

        first = await runbooks.all()
        mounted.swap("2", {"oom.md": "---\ncauses: OOMKilled\n---\nagain"})
        second = await runbooks.all()

        assert [each.body for each in (*first, *second)] == ["first", "again"]

    async def test_a_folder_is_read_again_only_when_it_changed(
        self, write: Write, tmp_path: Path
    ) -> None:
        path = write("a.md", "causes: OOMKilled")
        runbooks = Runbooks(tmp_path)

        with capture_logs() as logs:
            first = await runbooks.all()
            assert await runbooks.all() is first
            write("b.md", "causes: Evicted")
            assert len(await runbooks.all()) == 2
            path.unlink()
            assert [each.file for each in await runbooks.all()] == ["b.md"]
        assert [log["event"] for log in logs] == ["runbooks.read"] * 3

    def test_what_is_no_markdown_file_is_passed_over(self, write: Write, tmp_path: Path) -> None:
        write("notes.txt", "always: true")
        write(".hidden.md", "always: true")
        (tmp_path / "folder.md").mkdir()
        (tmp_path / "gone.md").symlink_to(tmp_path / "nowhere")

        assert read(tmp_path) == ((), ())

    async def test_secrets_and_control_characters_in_one_do_not_get_through(
        self, write: Write, tmp_path: Path
    ) -> None:
        write("a.md", "always: true", "password: hunter2hunter2\n\x1b[2Jthen")

        (found,) = await Runbooks(tmp_path).all()

        assert "hunter2" not in found.body
        assert found.body.endswith("\nthen")


class Mounted:
    """A ConfigMap as the kubelet mounts it: links through `..data`, which is swapped at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def swap(self, version: str, files: dict[str, str]) -> None:
        place = self.folder / f"..{version}"
        place.mkdir()
        for name, text in files.items():
            (place / name).write_text(text)
            link = self.folder / name
            if not link.is_symlink():
                link.symlink_to(Path("..data") / name)
        (self.folder / "..tmp").symlink_to(place.name)
        (self.folder / "..tmp").replace(self.folder / "..data")


class TestProblems:
    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"\xff\xfe", "It is not UTF-8."),
            (b"a" * 70_000, "It is larger than 64 kB."),
            (
                b"---\ncauses: a\n",
                "Its front matter has no end: a line of three dashes is missing.",
            ),
            (b"---\na: [\n---\n", "Its front matter is no YAML (line 3: "),
            (b"---\n" + b"[" * 3_000 + b"\n---\n", "Its front matter is no YAML"),
            (b"---\na: 2024-99-99\n---\n", "Its front matter is no YAML."),
            (b"---\n- a\n---\n", "Its front matter has to be names with values"),
            (b"---\n" + b"a: b\n" * 1_000 + b"---\n", "Its front matter is longer than 4,000"),
            (b"---\nnamespace: a\n---\n", "`namespace` means nothing in its front matter. Did you"),
            (b"---\nalways: maybe\n---\n", "`always` has to be true or false."),
            (b"---\ncauses: {a: b}\n---\n", "`causes` has to be a word or a list of words."),
            (b"---\ncauses: [true]\n---\n", "`causes` has to be a word or a list of words."),
            (b"---\nlabels: {a: [b]}\n---\n", "The value of a label has to be a word"),
            (b"# No front matter", "It names no namespaces, labels, kinds or causes"),
            (b"", "It names no namespaces, labels, kinds or causes"),
        ],
    )
    async def test_a_file_that_cannot_be_used_is_named_and_the_others_are_read(
        self, write: Write, tmp_path: Path, content: bytes, sentence: str
    ) -> None:
        write("b.md", "causes: OOMKilled")
        (tmp_path / "a.md").write_bytes(content)
        runbooks = Runbooks(tmp_path)

        with capture_logs() as logs:
            found = await runbooks.all()

        (problem,) = runbooks.problems()
        assert problem.file == "a.md"
        assert problem.sentence.startswith(sentence)
        assert "b.md" in [each.file for each in select(found, [SUBJECT])]
        assert [log["file"] for log in logs if log["event"] == "runbook.problem"] == ["a.md"]

    def test_a_file_that_breaks_while_it_is_read_is_a_problem(self, tmp_path: Path) -> None:
        # Its first byte is nobody's, and reading it fails even for root.
        (tmp_path / "a.md").symlink_to("/proc/self/mem")

        found, problems = read(tmp_path)

        assert found == ()
        assert problems[0].sentence.startswith("It cannot be read (")

    def test_more_files_than_anybody_writes_are_not_read(self, tmp_path: Path) -> None:
        for number in range(502):
            (tmp_path / f"{number:03}.md").write_text("---\nalways: true\n---\n")

        found, problems = read(tmp_path)

        assert (len(found), [each.file for each in problems]) == (500, ["500.md", "501.md"])


class TestFrontMatter:
    @pytest.mark.parametrize(
        "written",
        [
            "---\ncauses: A\n---\nbody",
            "\ufeff---\r\ncauses: A\r\n---\r\nbody",
            "---\ncauses: A\n...\nbody",
            "\n--- \ncauses:\n- A\n---  \n\nbody\n",
            "---\ncauses: A\nauthor: me\ndate: 2026-01-01\n---\nbody",
        ],
    )
    def test_it_is_read_however_it_was_saved(self, written: str) -> None:
        assert parsed(written) == (Criteria(causes=("A",)), "body")

    def test_a_ruler_in_the_text_is_no_front_matter(self) -> None:
        assert parsed("text\n---\ncauses: A\n---\n")[0] == Criteria()

    @given(st.text(), st.text())
    def test_any_file_is_read_or_refused(self, front: str, body: str) -> None:
        for written in (front, f"---\n{front}\n---\n{body}"):
            with contextlib.suppress(Broken):
                assert isinstance(parsed(written)[0].can_match, bool)


class TestQuoting:
    def test_each_is_named_and_fenced(self) -> None:
        said = quoted([runbook("a", "title: Memory\nalways: true")], 2_000)

        assert said.startswith("Runbook 'Memory' (a.md), written by the people of this cluster:\n")
        assert unfence(said) == "body of a"

    def test_they_share_the_room_and_say_what_was_left_out(self) -> None:
        long = "\n".join(f"line {n}" for n in range(1_000))
        books = [replace(runbook(name, "always: true"), body=long) for name in ("a", "b")]

        said = quoted(books, 2_000)

        assert len(said) <= 2_000
        assert said.count(f"[… {len(long)} characters in all, the rest left out …]") == 2
        assert "line 50\n" in said

    def test_nothing_is_quoted_where_nothing_was_chosen(self) -> None:
        assert quoted([], 2_000) == ""

    @given(st.text(), st.integers(0, 500))
    def test_whatever_it_holds_the_room_is_kept(self, body: str, budget: int) -> None:
        book = replace(runbook("a", "always: true"), body=body * 9)

        assert len(quoted([book], budget)) <= max(budget, 300)
