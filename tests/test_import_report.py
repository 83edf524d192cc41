"""The report of October 2025 imported anew, against the files that were made of it by hand."""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest

from bibgraph.cli import run
from bibgraph.ingest.printing import printed
from bibgraph.ingest.writers import WRITERS
from bibgraph.namespaces import PREFIXES, THINGS, shorten
from bibgraph.repository import Repository
from bibgraph.store.embedded import EmbeddedStore
from bibgraph.turtle import canonical, read_quads
from conftest import Outcome
from report_world import CHECKOUT, EDITS, KINDS, REPORT, copy, edited, without_measure, without_report

Bibgraph = Callable[..., Outcome]
Statement = tuple[str, str, str]

FIRST = ("--strategy", "2023-2025", "--date", "2025-10-14")

# Line 126 repeats the link of line 113; by hand it is the evidence of a fault of the report, and no layout.
ALSO_LAYOUT = "layout/statusrapport-2025-10-14/126"


@pytest.fixture(scope="module")
def present(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy with that report; only for tests that write nothing."""
    return copy(tmp_path_factory.mktemp("present"))


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy without the report, into which it has been imported; only for tests that write nothing."""
    root = without_report(tmp_path_factory.mktemp("imported"))
    with pytest.raises(SystemExit) as ended:
        run(["import", "status-report", str(CHECKOUT / REPORT), "--root", str(root), *FIRST])
    assert ended.value.code == 0
    return root


def import_(bibgraph: Bibgraph, root: Path, file: Path, *more: object, date: str = "2026-04-20") -> Outcome:
    return bibgraph("import", "status-report", file, "--date", date, "--root", root, *more)


def file_with(text: str, tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text(text, encoding="utf-8")
    return path


def snapshot(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def statements(root: Path, name: str) -> Iterator[Statement]:
    """What a file says."""
    for quad in read_quads(root / "data" / name):
        if isinstance(quad.subject, ox.NamedNode):
            yield quad.subject.value.removeprefix(THINGS), shorten(quad.predicate.value), shown(quad.object)


def shown(term: object) -> str:
    if isinstance(term, ox.NamedNode):
        return shorten(term.value)
    return str(term).removesuffix(f"^^<{PREFIXES['xsd']}integer>")


@pytest.mark.parametrize("name", ["status/2025-10-14.ttl", "measures/statusrapport-2025-10-14.ttl"])
def test_importing_the_report_makes_the_very_files_that_are_there(imported: Path, name: str) -> None:
    assert (imported / "data" / name).read_bytes() == (CHECKOUT / "data" / name).read_bytes()


def test_the_marked_layout_is_that_of_the_report(imported: Path) -> None:
    by_hand, by_machine = (
        set(statements(root, "layout/statusrapport-2025-10-14.ttl")) for root in (CHECKOUT, imported)
    )
    assert by_hand < by_machine
    assert {subject for subject, _, _ in by_machine - by_hand} == {ALSO_LAYOUT}


@pytest.mark.parametrize("kind", ["strategies", "organisations", "quotations"])
def test_what_else_importing_says_is_said_already(imported: Path, kind: str) -> None:
    name = f"{kind}/statusrapport-2025-10-14.ttl"
    by_machine, by_hand = (set(statements(root, name)) for root in (imported, CHECKOUT))
    assert {each for each in by_machine - by_hand if each[1] != "bg:partOfStrategy"} == set()
    text = (imported / "data" / name).read_text(encoding="utf-8")
    assert canonical(text, name=name) == text


def test_names_are_proposed_for_all_that_has_one_by_hand(imported: Path) -> None:
    def named(root: Path) -> set[str]:
        quads = read_quads(root / "data/names/statusrapport-2025-10-14.ttl")
        return {str(quad.subject) for quad in quads if "/milestone/" in str(quad.subject)}

    assert named(imported) == named(CHECKOUT)


@pytest.mark.parametrize(("ending", "language"), [("txt", "nb"), ("docx", "nn"), ("md", "en")])
def test_a_report_printed_and_imported_again_says_the_same(
    bibgraph: Bibgraph, tmp_path: Path, imported: Path, repository: Repository, ending: str, language: str
) -> None:
    store = EmbeddedStore(repository.quads("ontology", "data"), "test")
    again = printed(store, repository, date(2025, 10, 14), language)
    file = tmp_path / f"report.{ending}"
    file.write_bytes(WRITERS[{"txt": "text", "md": "markdown"}.get(ending, ending)](again))
    root = without_report(tmp_path / "root")
    assert import_(bibgraph, root, file, *FIRST[:2], date=FIRST[3]).code == 0
    first, second = (set(statements(each, "status/2025-10-14.ttl")) for each in (imported, root))
    own = {"bg:evidence", "bg:heading"} if language != "nb" else {"bg:evidence"}
    assert {each for each in first ^ second if each[1] not in own} == set()


def test_the_document_is_kept_as_it_was_and_described(imported: Path, tmp_path: Path) -> None:
    root = imported
    before, after = snapshot(without_report(tmp_path)), snapshot(root)
    assert {name for name in before if before[name] != after[name]} == {"data/sources.ttl"}
    assert (root / REPORT).read_bytes() == (CHECKOUT / REPORT).read_bytes()
    described = {str(quad) for quad in read_quads(root / "data/sources.ttl") if not _is_title(quad)}
    assert described == {
        str(quad) for quad in read_quads(CHECKOUT / "data/sources.ttl") if not _is_title(quad)
    }


def _is_title(quad: ox.Quad) -> bool:
    """Whether this is a graph's title in Norwegian: those are held by the catalogues of messages."""
    literal = quad.object
    return isinstance(literal, ox.Literal) and "/graph/" in str(quad.subject) and literal.language != "en"


def test_the_same_report_twice_says_so_and_changes_nothing(bibgraph: Bibgraph, present: Path) -> None:
    before = snapshot(present)
    outcome = import_(bibgraph, present, CHECKOUT / REPORT, date="2025-10-14")
    assert outcome.code == 0
    assert outcome.err == "This report is in the graph already; nothing is changed.\n"
    assert snapshot(present) == before


def test_the_same_document_under_another_date_is_refused(bibgraph: Bibgraph, present: Path) -> None:
    outcome = import_(bibgraph, present, CHECKOUT / REPORT, date="2025-10-15")
    assert outcome.code == 2
    assert "This document is in the graph already, as" in outcome.err


def test_another_document_of_the_same_date_is_refused(
    bibgraph: Bibgraph, present: Path, tmp_path: Path
) -> None:
    outcome = import_(bibgraph, present, file_with(edited(EDITS[1]), tmp_path), date="2025-10-14")
    assert outcome.code == 2
    assert "Another report of 2025-10-14 is in the graph already." in outcome.err


def test_a_dry_run_names_the_files_and_writes_none(bibgraph: Bibgraph, present: Path, tmp_path: Path) -> None:
    before = snapshot(present)
    outcome = import_(bibgraph, present, file_with(edited(*EDITS), tmp_path), "--dry-run")
    assert outcome.code == 0
    assert re.findall(r"Would be written: (.+)", outcome.err) == sorted(
        [
            "data/sources.ttl",
            "data/sources/statusrapport-2026-04-20.txt",
            "data/status/2026-04-20.ttl",
            *(f"data/{kind}/statusrapport-2026-04-20.ttl" for kind in KINDS[1:]),
        ]
    )
    assert "Changes since the report of 2025-10-14:" in outcome.err
    assert outcome.out.startswith("Dissemination\n  Measure 1: ")
    assert snapshot(present) == before


def test_the_next_report_passes_every_check(bibgraph: Bibgraph, tmp_path: Path) -> None:
    root = copy(tmp_path / "root")
    text = without_measure(edited(*EDITS), 6)
    outcome = import_(bibgraph, root, file_with(text, tmp_path))
    assert outcome.code == 0, outcome.err
    assert "row 5: This date cannot be read, and no milestone is made of it: uke 47." in outcome.err
    assert "row 5: No year is printed, and in the report's own 28.8. would not agree" in outcome.err
    assert "No row speaks of these measures: 6." in outcome.err
    assert bibgraph("sources", "--root", root).code == 0
    found = bibgraph("check", "--root", root, "--format", "json", "--fail-on", "violation")
    assert found.code == 0, found.out
    assert json.loads(found.out)["findings"]


def test_a_new_row_is_listed_and_written_nowhere_until_it_is_decided(
    bibgraph: Bibgraph, tmp_path: Path
) -> None:
    root, decisions = copy(tmp_path / "root"), tmp_path / "decisions.toml"
    row = (
        "21. Nasjonalbiblioteket skal lage en ny tjeneste for \nlydbøker. \n\n"
        "TL Under arbeid Starter 1. mai 2026.\n"
    )
    text = edited(*EDITS).replace("BU Løpende  \n Del II.", f"BU Løpende  \n\n{row} Del II.")
    file, before = file_with(text, tmp_path), snapshot(root)
    first = import_(bibgraph, root, file, "--decisions", decisions)
    assert first.code == 1
    assert "row 21: No measure is known by the number 21." in first.err
    assert snapshot(root) == before
    entry = tomllib.loads(decisions.read_text(encoding="utf-8"))["21"]
    assert entry["wording"] == "Nasjonalbiblioteket skal lage en ny tjeneste for lydbøker."
    again = import_(bibgraph, root, file, "--decisions", decisions)
    assert again.code == 1, "nothing has been decided yet"
    assert snapshot(root) == before

    filled = decisions.read_text(encoding="utf-8").replace('measure = ""', 'measure = "new"')
    decisions.write_text(filled, encoding="utf-8")
    unnamed = import_(bibgraph, root, file, "--decisions", decisions)
    assert unnamed.code == 2
    assert "A new measure needs a label in bokmål." in unnamed.err
    decisions.write_text(
        filled.replace('label.nb = ""', 'label.nb = "Tiltak 21: lydbøker"'), encoding="utf-8"
    )
    assert import_(bibgraph, root, file, "--decisions", decisions).code == 0
    assert 'rdfs:label "Tiltak 21: lydbøker"@nb' in (
        root / "data/names/statusrapport-2026-04-20.ttl"
    ).read_text(encoding="utf-8")
    assert bibgraph("check", "--root", root, "--fail-on", "violation").code == 0


@pytest.mark.parametrize(
    ("decision", "says"),
    [
        ('["21"]\nwording = "x"\nmeasure = "14"\n', "There is no such row"),
        ("[1\n", "The file is not TOML"),
        ('"21" = "14"\n', "is no table with a measure"),
        ('["6"]\nwording = "{six}"\nmeasure = "99"\n', "There is no measure of that name."),
    ],
)
def test_a_decision_that_cannot_be_is_refused(
    bibgraph: Bibgraph, present: Path, tmp_path: Path, decision: str, says: str
) -> None:
    decisions = tmp_path / "decisions.toml"
    six = "Utdanningsdirektoratets og Nasjonalbibliotekets tilskudds-/prosjektmidler skal sees i sammenheng."
    decisions.write_text(decision.replace("{six}", six), encoding="utf-8")
    outcome = import_(
        bibgraph, present, file_with(edited(*EDITS), tmp_path), "--dry-run", "--decisions", decisions
    )
    assert outcome.code == 2
    assert says in outcome.err


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "BU Avsluttet Siste tildeling",
            "BU Utsatt Siste tildeling",
            "row 1: «Utsatt Siste tildeling» begins",
        ),
        ("BU, TK Avsluttet Har laget", "BU, XQ Avsluttet Har laget", "row 10: No unit is known by «XQ»."),
        ("statusrapport 14.10 - 2025", "statusrapport", "No title with the report's date stands above"),
        (
            "statusrapport 14.10 - 2025",
            "statusrapport 21.04 - 2026",
            "prints the date 2026-04-21, and 2026-04-20",
        ),
        ("14. Nasjonalbiblioteket skal realisere", "13. Nasjonalbiblioteket skal realisere", "row 13:"),
    ],
)
def test_what_is_unknown_or_does_not_agree_names_its_row_and_stands_in_the_way(
    bibgraph: Bibgraph, present: Path, tmp_path: Path, old: str, new: str, says: str
) -> None:
    before = snapshot(present)
    text = edited((old, new), *(edit for edit in EDITS[:1] if edit[0] != old))
    outcome = import_(bibgraph, present, file_with(text, tmp_path))
    assert outcome.code == 1
    assert says in outcome.err
    assert snapshot(present) == before


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty."),
        (b" \n\n", "The file is empty."),
        (b"%PDF-1.7\n", "This is no plain text but another kind of document: PDF."),
        (b"PK\x03\x04rest", "DOCX"),
        (b"a\0b", "This is no plain text"),
        ("Løpende".encode("latin-1"), "The file is not UTF-8"),
        ("Løpende\n".encode("utf-16"), "The file is not UTF-8"),
        (b"Kj\xc3\xa6re bibliotekar\n\nTakk for brevet.\n", "No row of a status report is recognised"),
        (b"x\n" * 2_600_000, "The file is larger than a status report"),
    ],
)
def test_a_document_that_is_no_report_is_refused_with_what_was_expected(
    bibgraph: Bibgraph, present: Path, tmp_path: Path, content: bytes, says: str
) -> None:
    path = tmp_path / "report.txt"
    path.write_bytes(content)
    outcome = import_(bibgraph, present, path)
    assert outcome.code == 2
    assert says in outcome.err
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--date", "20.4.2026"), "--date cannot be '20.4.2026'"),
        (("--date", "2026-04-20", "--strategy", "2030"), "No measures of the strategy 2030 are known."),
    ],
)
def test_wrong_use_says_what_is_allowed(
    bibgraph: Bibgraph, present: Path, arguments: tuple[str, ...], says: str
) -> None:
    outcome = bibgraph("import", "status-report", CHECKOUT / REPORT, "--root", present, *arguments)
    assert outcome.code == 2
    assert says in outcome.err


def test_a_report_that_is_cut_off_is_read_as_far_as_it_goes(
    bibgraph: Bibgraph, present: Path, tmp_path: Path
) -> None:
    text = edited(EDITS[0])
    outcome = import_(bibgraph, present, file_with(text[: text.index("\n8. ")], tmp_path), "--dry-run")
    assert outcome.code == 0
    assert "7 rows are read, 7 of them matched to measures." in outcome.err
    assert "No row speaks of these measures: 8, 9, 10" in outcome.err


def test_if_one_file_cannot_be_written_none_is(
    bibgraph: Bibgraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = copy(tmp_path / "root")
    before = snapshot(root)
    replace = Path.replace

    def failing(self: Path, target: Path) -> Path:
        if target.name == "2026-04-20.ttl":
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    outcome = import_(bibgraph, root, file_with(edited(*EDITS), tmp_path))
    assert outcome.code == 2
    assert "No space left on device" in outcome.err
    assert snapshot(root) == before
    assert not [path for path in root.rglob(".*") if path.is_file()]


@pytest.mark.parametrize("command", [("import", "status-report", REPORT, "--date"), ("report",)])
def test_without_the_extra_the_commands_say_how_to_get_it(
    bibgraph: Bibgraph, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    for name in ("bibgraph.ingest", "bibgraph.ingest.printing"):
        monkeypatch.setitem(sys.modules, name, None)
    outcome = bibgraph(*command, "2026-04-20", "--root", CHECKOUT)
    assert outcome.code == 2
    assert "pip install 'bibgraph[ingest]'" in outcome.err
