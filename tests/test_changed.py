"""``bibgraph check --changed``: what changes since a git revision touch or break, judged as by a full run."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibgraph.checking import changes_since, examine
from bibgraph.commands.scope import Scope
from bibgraph.config import Settings
from bibgraph.findings import Finding
from bibgraph.preferences import Preferences
from bibgraph.revision import Revision
from books import FILES, PREFIXES, SETTINGS, change, commit, git, write
from conftest import Outcome
from small_repository import small_repository

Call = Callable[..., Outcome]
Files = dict[str, tuple[str, ...]]

DATA = ("data/books.ttl", "data/more/people.ttl")
START: Files = {name: tuple(content.splitlines()) for name, content in FILES.items()}
START["shapes/all.ttl"] = (FILES["shapes/all.ttl"],)
START["shapes/strict.ttl"] = ()
NAMES = ("b:one", "b:two", "b:kari", "b:ola", "b:new")
LINES = st.one_of(
    st.builds(
        "{} a {} .".format, st.sampled_from(NAMES), st.sampled_from(("ex:Book", "ex:Novel", "ex:Person"))
    ),
    st.builds("{} ex:by {} .".format, st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.builds('{} dcterms:title "{}" .'.format, st.sampled_from(NAMES), st.sampled_from("XY")),
    st.builds('{} ex:nmae "{}" .'.format, st.sampled_from(NAMES), st.sampled_from("XY")),
    st.builds('{} ex:chapter [ ex:name "{}" ] .'.format, st.sampled_from(NAMES), st.sampled_from("XY")),
)
STRICT = "ex:Person-name sh:maxCount 1 ."
FLAT = "ex:Novel rdfs:subClassOf ex:Book ."


# --- A full run is the measure ---------------------------------------------------------------------------


@st.composite
def edited(draw: st.DrawFn, files: Files, most: int) -> Files:
    """The files after some small edits, each of them one that people make."""
    lines = {name: list(content) for name, content in files.items()}
    for _ in range(draw(st.integers(0, most))):
        kind = draw(st.sampled_from(("add", "add", "delete", "delete", "rename", "move", "move", "terms")))
        source, target = draw(st.sampled_from(DATA)), draw(st.sampled_from(DATA))
        at = draw(st.integers(0, max(0, len(lines[source]) - 1)))
        if kind == "add":
            lines[target].insert(draw(st.integers(0, len(lines[target]))), draw(LINES))
        elif kind == "delete" and lines[source]:
            del lines[source][at]
        elif kind == "rename" and lines[source]:
            old, new = draw(st.sampled_from(NAMES)), draw(st.sampled_from(NAMES))
            lines[source][at] = lines[source][at].replace(old, new)
        elif kind == "move" and lines[source]:
            line = lines[source].pop(at)
            lines[target].insert(draw(st.integers(0, len(lines[target]))), line)
        elif kind == "terms" and draw(st.booleans()):
            lines["shapes/strict.ttl"] = [] if lines["shapes/strict.ttl"] else [STRICT]
        elif kind == "terms" and FLAT in lines["ontology.ttl"]:
            lines["ontology.ttl"].remove(FLAT)
    return {name: tuple(content) for name, content in lines.items()}


HISTORIES = edited(START, 4).flatmap(lambda before: st.tuples(st.just(before), edited(before, 4)))


def put(folder: Path, files: Files) -> None:
    write(folder, {name: "".join(f"{line}\n" for line in content) for name, content in files.items()})


def whole() -> Scope:
    patterns = {"data": ("data/**",), "shapes": ("shapes",), "ontology": ("ontology.ttl",)}
    return Scope({**patterns, "lint": (), "exclude": ()}, frozenset(), Preferences(), {})


def owner(finding: Finding, files: Files) -> str:
    """The first word of the line that a finding is about: whose statement it is."""
    lines = (PREFIXES + "\n".join(files.get(finding.file, ()))).splitlines()
    return lines[finding.line - 1].split()[0] if finding.line else finding.thing


def known(finding: Finding, files: Files) -> tuple[str, ...]:
    blank = finding.thing.startswith("_:")
    thing = f"part of {owner(finding, files)}" if blank else finding.thing
    return (finding.rule, finding.component, thing, finding.path, finding.value, finding.text("en"))


def touched_things(before: Files, after: Files) -> set[str]:
    """The things of which other lines speak now, wherever these stand."""

    def stated(files: Files) -> set[tuple[str, int]]:
        lines = Counter(line for name in DATA for line in files[name])
        # To say a thing twice says no more, but two blank nodes are more than one.
        return {(line, count if "[" in line else 1) for line, count in lines.items()}

    return {line.split()[0] for line, _ in stated(before) ^ stated(after)}


@settings(max_examples=100)
@given(HISTORIES)
def test_things_touched_or_broken_have_the_findings_of_a_full_run(history: tuple[Files, Files]) -> None:
    before, after = history
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        folder = Path.cwd()
        put(folder, before)
        commit(folder)
        checked = whole().checked(Settings(), ())
        old = Counter(known(finding, before) for finding in examine(checked.now()))
        put(folder, after)
        full = examine(checked.now())
        reported = changes_since(Revision.find(folder, "HEAD"), checked)
        assert git(folder, "stash", "list") == ""

    counts = Counter(known(finding, after) for finding in full)
    new = [finding for finding in full if counts[known(finding, after)] > old[known(finding, after)]]
    things = touched_things(before, after) | {owner(finding, after) for finding in new}
    expected = [finding for finding in full if owner(finding, after) in things]
    if (
        before["ontology.ttl"] == after["ontology.ttl"]
        and before["shapes/strict.ttl"] == after["shapes/strict.ttl"]
    ):
        assert reported.findings == expected
    else:  # What the changed terms and shapes speak of comes on top.
        assert [finding for finding in reported.findings if owner(finding, after) in things] == expected
        assert [finding for finding in full if finding in reported.findings] == reported.findings
    assert reported.idle or reported.left_out == len(full) - len(reported.findings)


@settings(max_examples=15)
@given(st.permutations([(name, line) for name in DATA for line in START[name]]), st.integers(0, 11))
def test_moved_lines_report_nothing(order: list[tuple[str, str]], cut: int) -> None:
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        folder = Path.cwd()
        put(folder, START)
        change(folder, "data/books.ttl", 'b:one dcterms:title "One" .\n', "")
        commit(folder)
        checked = whole().checked(Settings(), ())
        assert examine(checked.now())
        lines = [line for _, line in order if "One" not in line]
        put(folder, {**START, DATA[0]: tuple(lines[:cut]), DATA[1]: tuple(lines[cut:])})
        assert changes_since(Revision.find(folder, "HEAD"), checked).findings == []


# --- The command line ------------------------------------------------------------------------------------


@pytest.fixture
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The repository of books, all in order, committed but for nothing."""
    folder = tmp_path / "books"
    write(folder, {**FILES, "bibgraph.toml": SETTINGS})
    commit(folder)
    monkeypatch.chdir(folder)
    return folder


def things(outcome: Outcome) -> list[str]:
    assert outcome.code in (0, 1), outcome.err
    return [each["thing"].rpartition("/")[2] for each in json.loads(outcome.out)["findings"]]


def since(bibgraph: Call, revision: str = "HEAD", *more: str) -> Outcome:
    return bibgraph("check", "--format", "json", "--changed", revision, *more)


def test_without_a_change_nothing_is_looked_at(
    books: Path, bibgraph: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(books, "data/books.ttl", 'dcterms:title "One"', 'dcterms:titel "One"')
    commit(books)
    monkeypatch.setattr("bibgraph.commands.check.examine", lambda *_, **__: pytest.fail("it was checked"))
    (books / "README.md").write_text("Not for the check.", encoding="utf-8")
    outcome = since(bibgraph)
    assert (outcome.code, things(outcome)) == (0, [])
    assert outcome.err == "Nothing that is checked has changed since HEAD.\n"


def test_what_a_change_breaks_elsewhere_is_reported(books: Path, bibgraph: Call) -> None:
    change(books, "data/more/people.ttl", "b:ola a ex:Person .\n", "")
    assert things(since(bibgraph)) == ["two"]


def test_old_findings_elsewhere_are_counted_and_pass(books: Path, bibgraph: Call) -> None:
    change(books, "data/books.ttl", 'b:one dcterms:title "One" .\n', "")
    commit(books)
    change(books, "data/more/people.ttl", 'b:ola ex:name "Ola" .', 'b:ola ex:name "Ola Nordmann" .')
    outcome = since(bibgraph)
    assert (outcome.code, things(outcome)) == (0, [])
    assert outcome.err == "Older findings, untouched since HEAD and left out: 2.\n"
    assert things(bibgraph("check", "--format", "json")) == ["one", "kari"]


def test_an_old_finding_about_a_touched_thing_is_reported(books: Path, bibgraph: Call) -> None:
    change(books, "data/books.ttl", 'b:one dcterms:title "One" .\n', "")
    commit(books)
    change(books, "data/books.ttl", "b:one ex:by b:kari .", "b:one ex:by b:ola .")
    assert "one" in things(since(bibgraph))


def test_the_parts_of_a_thing_count_as_the_thing(books: Path, bibgraph: Call) -> None:
    change(books, "data/books.ttl", '[ dcterms:title "A chapter" ]', '[ ex:name "A chapter" ]')
    commit(books)
    assert things(since(bibgraph)) == []
    change(books, "data/books.ttl", 'dcterms:title "Two"', 'dcterms:title "II"')
    assert since(bibgraph).code == 1


def test_untracked_files_count_as_changed(books: Path, bibgraph: Call) -> None:
    write(books, {"data/untracked.ttl": "b:three a ex:Book .\n"})
    assert things(since(bibgraph)) == ["three", "three"]


def test_a_removed_file_counts_as_changed(books: Path, bibgraph: Call) -> None:
    (books / "data/more/people.ttl").unlink()
    assert set(things(since(bibgraph))) >= {"one", "two"}


def test_a_stricter_shape_reports_all_that_it_speaks_of(books: Path, bibgraph: Call) -> None:
    change(books, "data/books.ttl", 'b:one dcterms:title "One" .\n', "")
    commit(books)
    change(books, "shapes/all.ttl", "Give the book one title.", "Write the title.")
    assert things(since(bibgraph)) == ["one"]


def test_a_changed_term_counts_for_all_that_uses_it(books: Path, bibgraph: Call) -> None:
    change(books, "data/books.ttl", 'b:two dcterms:title "Two" .\n', "")
    commit(books)
    change(books, "ontology.ttl", "ex:Book a owl:Class .", 'ex:Book a owl:Class ; rdfs:label "Book" .')
    assert "two" in things(since(bibgraph))


def test_widened_settings_report_the_files_that_are_new_to_the_check(books: Path, bibgraph: Call) -> None:
    write(books, {"drafts/three.ttl": "b:three a ex:Book .\n"})
    commit(books)
    assert things(since(bibgraph)) == []
    change(books, "bibgraph.toml", '"data/**/*.ttl"', '["data/**/*.ttl", "drafts"]')
    assert things(since(bibgraph)) == ["three", "three"]


def test_a_file_that_did_not_parse_counts_as_not_there(books: Path, bibgraph: Call) -> None:
    change(books, "data/more/people.ttl", 'b:ola ex:name "Ola" .', "b:ola ex:name .")
    commit(books)
    change(books, "data/more/people.ttl", "b:ola ex:name .", "")
    assert things(since(bibgraph)) == ["ola"]


def test_files_named_narrow_what_is_reported(books: Path, bibgraph: Call) -> None:
    change(books, "data/more/people.ttl", "b:ola a ex:Person .\n", "")
    assert things(since(bibgraph, "HEAD", "data/more/people.ttl")) == []
    assert things(since(bibgraph, "HEAD", "data/books.ttl")) == ["two"]


def test_any_name_of_a_revision_will_do_from_any_folder(
    books: Path, bibgraph: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(books, "tag", "first")
    change(books, "data/books.ttl", 'b:one dcterms:title "One" .\n', "")
    commit(books)
    monkeypatch.chdir(books / "data")
    assert [things(since(bibgraph, name)) for name in ("main", "HEAD~1", "first")] == [
        [],
        ["one", "kari"],
        ["one", "kari"],
    ]


def test_the_repository_is_left_as_it_was(books: Path, bibgraph: Call) -> None:
    change(books, "data/books.ttl", 'b:one dcterms:title "One" .\n', "")

    def state() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in books.rglob("*") if path.is_file()}

    before = state()
    assert since(bibgraph).code == 1
    assert state() == before


@pytest.mark.usefixtures("books")
@pytest.mark.parametrize(
    ("revision", "words"),
    [("nowhere", "'nowhere'"), ("", "''"), ("--all", "'--all'"), ("HEAD:data", "'HEAD:data'")],
)
def test_a_revision_that_is_none_ends_with_2(bibgraph: Call, revision: str, words: str) -> None:
    outcome = bibgraph("check", f"--changed={revision}")
    assert (outcome.code, outcome.out) == (2, "")
    assert f"Git knows no revision {words} here." in outcome.err


def test_a_folder_outside_git_ends_with_2(
    tmp_path: Path, bibgraph: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {**FILES, "bibgraph.toml": SETTINGS})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    outcome = since(bibgraph)
    assert outcome.code == 2
    assert "leave out --changed" in outcome.err


def test_a_machine_without_git_ends_with_2(
    books: Path, bibgraph: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(books))
    outcome = since(bibgraph)
    assert outcome.code == 2
    assert "Git cannot be run" in outcome.err


def test_a_link_in_the_past_is_a_link_again(books: Path, bibgraph: Call) -> None:
    write(books, {"elsewhere/three.ttl": "b:three a ex:Book .\n"})
    (books / "data/three.ttl").symlink_to("../elsewhere/three.ttl")
    commit(books)
    change(books, "data/books.ttl", 'b:one dcterms:title "One" .', 'b:one dcterms:title "1" .')
    assert "three" not in things(since(bibgraph))


# --- The project itself ----------------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The small project, committed."""
    root = small_repository(tmp_path / "project").root
    commit(root)
    return root


def rules(outcome: Outcome) -> set[str]:
    assert outcome.code in (0, 1), outcome.err
    return {each["rule"].rpartition("#")[2] for each in json.loads(outcome.out)["findings"]}


def test_the_project_is_compared_with_its_past(small: Path, bibgraph: Call) -> None:
    def changed() -> Outcome:
        return bibgraph("check", "--root", small, "--changed", "HEAD", "--format", "json")

    change(small, "data/status/2030-05-01.ttl", "code:closed", "code:open")
    commit(small)
    assert rules(bibgraph("check", "--root", small, "--format", "json")) >= {"StatusObservation-status"}
    assert rules(changed()) == set()
    change(small, "data/measures/report.ttl", "    bg:number 2 ;\n", "")
    assert rules(changed()) == {"Measure-number"}


def test_a_changed_document_touches_what_quotes_it(small: Path, bibgraph: Call) -> None:
    text = small / "data/sources/report.txt"
    text.write_bytes(text.read_bytes().replace("bøker".encode(), b"filmer"))
    outcome = bibgraph("check", "--root", small, "--changed", "HEAD", "--format", "json")
    assert {"document-hash", "quotation-differs"} <= rules(outcome)


def test_a_changed_lint_query_reports_all_that_it_finds(small: Path, bibgraph: Call) -> None:
    change(small, "data/measures/report.ttl", "bg:number 2", "bg:number 1")
    commit(small)
    change(small, "queries/lint/measure-number-twice.rq", "severity: violation", "severity: warning")
    outcome = bibgraph("check", "--root", small, "--changed", "HEAD", "--format", "json")
    assert rules(outcome) == {"measure-number-twice"}
