"""A report that nobody has seen, in every format: the same draft, however it was typed and set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest

from bibgraph.ingest.cells import read_cells
from bibgraph.ingest.decisions import decide, read_decisions
from bibgraph.ingest.draft import draft
from bibgraph.ingest.judging import Draft
from bibgraph.ingest.matching import match_rows
from bibgraph.ingest.names import Names
from bibgraph.ingest.plain import read_plain
from bibgraph.ingest.readers import read_parts
from bibgraph.ingest.records import construct
from bibgraph.ingest.setting import typeset
from bibgraph.ingest.vocabulary import read_vocabulary
from bibgraph.namespaces import THINGS, shorten
from bibgraph.repository import Repository
from next_report import DECISIONS, content, plain
from report_makers import MAKERS, as_pdf

Statement = tuple[str, str, str]


@dataclass(frozen=True)
class Drafted:
    """A draft, the rows that are matched to no measure, and the quads of the files that it would become."""

    made: Draft
    undecided: list[str]
    quads: list[ox.Quad]


@pytest.fixture(scope="module")
def drafted(repository: Repository, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Drafted]:
    """The draft that a document of this name and content is made into."""
    vocabulary = read_vocabulary(repository)
    heads = vocabulary.heads
    names = Names(date(2026, 4, 20), THINGS["strategy/"] + "2023-2025")
    decided = tmp_path_factory.mktemp("next") / "decisions.toml"
    decided.write_text(DECISIONS, encoding="utf-8")

    def made(name: str, document: bytes, *, decisions: bool = True) -> Drafted:
        if name.endswith(".txt"):
            table = read_plain(document.decode(), vocabulary)
        else:
            table = read_cells(typeset(read_parts(Path(name), document, heads), heads), vocabulary)
        told = read_decisions(decided) if decisions else {}
        rows = match_rows(table, vocabulary, names.strategy)
        matches, labels = decide(rows, told, vocabulary, names.strategy, decided)
        result = draft(table, matches, labels, vocabulary, names, "nb")
        quads = [
            quad
            for kind, records in result.records.items()
            for quad in construct(repository.query(f"ingest/write-{kind}"), records)
        ]
        return Drafted(result, [match.name for match in matches if match.measure is None], quads)

    return made


@pytest.fixture(scope="module")
def expected(drafted: Callable[..., Drafted]) -> set[Statement]:
    return statements(drafted("report.docx", MAKERS[".docx"](content())))


def statements(found: Drafted) -> set[Statement]:
    """What the draft says of measures and their status, quotations by their words."""
    values: dict[object, str] = {
        quad.subject: f"«{quad.object.value}»"
        for quad in found.quads
        if shorten(quad.predicate.value) == "prov:value" and isinstance(quad.object, ox.Literal)
    }
    return {
        (shown(quad.subject), shorten(quad.predicate.value), _words(values, quad.object))
        for quad in found.quads
        if not any(kind in str(quad.subject) for kind in ("/quotation/", "/layout/", "/source/", "/graph/"))
    }


def _words(values: dict[object, str], term: object) -> str:
    return values.get(term) or shown(term)


def shown(term: object) -> str:
    return term.value.removeprefix(THINGS) if isinstance(term, ox.NamedNode) else str(term)


DOCUMENTS: dict[str, Callable[[], bytes]] = {
    **{f"report{ending}": lambda make=make: make(content()) for ending, make in MAKERS.items()},  # type: ignore[misc]  # mypy cannot infer lambdas with defaults
    "unruled.pdf": lambda: as_pdf(content(), rules="none"),
    "repeated.pdf": lambda: as_pdf(content(), repeat=1),
    "report.txt": lambda: plain().encode(),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_draft_is_the_same_from_every_format(
    drafted: Callable[..., Drafted], expected: set[Statement], name: str
) -> None:
    found = drafted(name, DOCUMENTS[name]())
    assert statements(found) ^ expected == set()
    assert not found.undecided
    rules = {each.rule for each in found.made.findings}
    assert rules == {"wording-changed", "status-missing", "year-unsure"}


@pytest.mark.parametrize(
    "statement",
    [
        ("status/2026-04-20/13", "bg:status", "code/closed"),
        ("status/2026-04-20/1", "bg:statusAsStated", '"Løpende"@nb'),
        ("status/2026-04-20/2", "bg:statusAsStated", '"avsluttet"@nb'),
        ("status/2026-04-20/3", "bg:status", "code/ongoing"),
        ("milestone/2026-04-20/2-1", "bg:date", '"2025-11"^^<http://id.loc.gov/datatypes/edtf/EDTF>'),
        ("milestone/2026-04-20/2-1", "bg:inference", "code/year-from-report"),
        ("milestone/2026-04-20/1-1", "bg:date", '"2026-23"^^<http://id.loc.gov/datatypes/edtf/EDTF>'),
        ("milestone/2026-04-20/1-2", "bg:date", '"2025-08-28"^^<http://id.loc.gov/datatypes/edtf/EDTF>'),
        ("milestone/2026-04-20/21-1", "bg:date", '"2026-40"^^<http://id.loc.gov/datatypes/edtf/EDTF>'),
        ("milestone/2026-04-20/9-1", "bg:tense", "code/happened"),
        (
            "responsibility/2026-04-20/14-2",
            "bg:inBrackets",
            '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>',
        ),
        ("measure/2023-2025/21", "bg:mainLine", "main-line/infrastruktur"),
        ("measure/2023-2025/ii-13", "bg:inPart", "code/part-ii"),
    ],
)
def test_the_draft_says_what_the_report_says(expected: set[Statement], statement: Statement) -> None:
    assert statement in expected


def test_a_new_wording_is_said_of_the_observation_and_not_of_the_measure(expected: set[Statement]) -> None:
    ((observation, words),) = [(each[0], each[2]) for each in expected if each[1] == "bg:wording"]
    assert observation == "status/2026-04-20/2"
    assert " videregående skoler og grunnskoler knyttet til " in words
    assert not [each for each in expected if each[:2] == ("measure/2023-2025/2", "bg:text")]


TYPOS = [
    ("| avsluttet |", "| avslutet |", "status-unknown", "2"),
    ("KF / DF", "KF / Ny avdeling", "unit-unknown", "2"),
    ("i løpet av november", "i uke 47", "date-unread", "2"),
    ("1. desember 2026", "31.11.2026", "date-unread", "5"),
    ("16. Nasjonalbiblioteket", "17. Nasjonalbiblioteket", "row-undecided", "17"),
    ("Infrastruktur", "Infrastukturen", "text-loose", ""),
    (" – Bibliotekutvikling", " – Bibliotekutvikling NY – Ny avdeling", "unit-unknown", ""),
]


@pytest.mark.parametrize(("old", "new", "rule", "row"), TYPOS)
def test_what_is_unknown_is_found_with_its_row(
    drafted: Callable[..., Drafted], old: str, new: str, rule: str, row: str
) -> None:
    text = MAKERS[".md"](content()).decode()
    assert old in text
    found = drafted("report.md", text.replace(old, new, 1).encode(), decisions=False)
    if rule == "row-undecided":
        assert row in found.undecided
    else:
        assert (rule, row) in [(each.rule, each.label) for each in found.made.findings]


@pytest.mark.parametrize("name", ["report.docx", "report.txt", "report.pdf"])
def test_rows_that_are_not_known_are_not_drafted(drafted: Callable[..., Drafted], name: str) -> None:
    found = drafted(name, DOCUMENTS[name](), decisions=False)
    assert found.undecided == ["21", "ii-03"]
    assert not any("2023-2025/21" in shown(quad.subject) for quad in found.quads)


def test_a_file_for_a_report_is_read_by_its_ending_in_any_case(
    drafted: Callable[..., Drafted], expected: set[Statement]
) -> None:
    assert statements(drafted("REPORT.DOCX", MAKERS[".docx"](content()))) == expected
