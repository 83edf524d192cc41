"""Reports printed again, and read as what they were."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibgraph.ingest.cells import read_cells
from bibgraph.ingest.links import inline
from bibgraph.ingest.plain import read_plain
from bibgraph.ingest.printing import Printed, PrintedRow, PrintedTable, printed
from bibgraph.ingest.readers import read_parts
from bibgraph.ingest.setting import typeset
from bibgraph.ingest.table import Table
from bibgraph.ingest.vocabulary import Vocabulary, read_vocabulary
from bibgraph.ingest.writers import WRITERS
from bibgraph.messages import LANGUAGES
from bibgraph.repository import Repository
from bibgraph.store.embedded import EmbeddedStore
from conftest import Outcome
from report_world import CHECKOUT, REPORT

HEAD = ("Tiltak", "Ansvar", "Status", "Kommentar")


@pytest.fixture(scope="module")
def vocabulary(repository: Repository) -> Vocabulary:
    return read_vocabulary(repository)


@pytest.fixture(scope="module")
def report(repository: Repository) -> Printed:
    store = EmbeddedStore(repository.quads("ontology", "data"), "test")
    return printed(store, repository, date(2025, 10, 14), "nb")


def read_back(content: bytes, name: str, vocabulary: Vocabulary) -> Table:
    if name == "text":
        return read_plain(content.decode(), vocabulary)
    heads = vocabulary.heads
    path = Path({"markdown": "x.md"}.get(name, f"x.{name}"))
    return read_cells(typeset(read_parts(path, content, heads), heads), vocabulary)


def brief(table: Table) -> list[tuple[object, ...]]:
    return [
        (
            table.words(row.wording),
            table.manuscript.words(row.responsible) if row.responsible else "",
            row.status_stated,
            table.words(row.comment),
            sorted({link for link, _ in [*row.links, *inline(table.manuscript, row.comment)]}),
            (row.part, row.line, row.status, row.mentions),
        )
        for row in table.rows
    ]


@pytest.mark.parametrize("name", WRITERS)
def test_the_report_printed_again_is_read_as_the_document_was(
    report: Printed, vocabulary: Vocabulary, name: str
) -> None:
    document = read_plain((CHECKOUT / REPORT).read_text(encoding="utf-8"), vocabulary)
    again = read_back(WRITERS[name](report), name, vocabulary)
    assert brief(again) == brief(document)
    assert not again.loose


WORDS = st.lists(
    st.sampled_from(["Møte", "kontrakt", "ble", "holdt", "våren", "2025", "|", "«bok»", "<b>"]), max_size=9
)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["", "BU", "TK/BU", "BU (TK, DF)", "Nasjonalbibliotekar, DF"]),
        st.sampled_from(["Avsluttet", "Løpende", "Under arbeid", "Løpende i leselyststrategiperioden"]),
        WORDS,
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=25)
@given(rows=ROWS)
@pytest.mark.parametrize("name", WRITERS)
def test_any_report_is_read_as_it_was_printed(
    vocabulary: Vocabulary, name: str, rows: list[tuple[str, str, list[str]]]
) -> None:
    made = tuple(
        PrintedRow(
            (f"{number}. Nasjonalbiblioteket skal gjøre ting {number}", units, status, " ".join(words)),
            (),
            closed=False,
        )
        for number, (units, status, words) in enumerate(rows, 1)
    )
    table = PrintedTable(("Del I. Tiltaksliste", "Formidling"), made)
    report = Printed(
        "Statusrapport 20.04.2026", ("Statusrapport 20.04.2026",), HEAD, (table,), ("BU – Bibliotek",)
    )
    found = read_back(WRITERS[name](report), name, vocabulary)
    assert [row[:4] for row in brief(found)] == [row.cells for row in made]


SIGNS = ["*", "_x_", "#", "1.", "|", "<br>", "&amp;", "\\", "`", "[a](b)", "+", "~~", "«", "»", "(", "–", "!"]
WILD = st.lists(
    st.sampled_from([*SIGNS, "https://example.org/a_b", "BU", "Avsluttet", "2025", "ord"]), max_size=6
)
WILD_ROWS = st.lists(
    st.tuples(
        st.booleans(),
        WILD,
        st.sampled_from(["", "BU", "TK / BU", "BU (TK, DF)", "Nasjonalbibliotekar, DF"]),
        st.sampled_from(["", "Avsluttet", "Løpende", "under arbeid"]),
        WILD,
        st.lists(
            st.sampled_from(["https://example.org/1_2*", "https://example.org/x"]), max_size=2, unique=True
        ),
    ),
    min_size=1,
    max_size=4,
)


def wild_report(rows: list[tuple[bool, list[str], str, str, list[str], list[str]]]) -> Printed:
    made = []
    for number, (numbered, wording, units, status, words, links) in enumerate(rows, 1):
        begin = f"{number}. Nasjonalbiblioteket skal" if numbered else "«Nasjonalbiblioteket skal"
        text = " ".join([begin, *wording, "»." if wording.count("«") or not numbered else "."])
        said = " ".join(words)
        unseen = tuple(link for link in links if link not in said) if said and (units or status) else ()
        made.append(PrintedRow((text, units, status, said), unseen, closed=status == "Avsluttet"))
    tables = (
        PrintedTable(("Del I. Tiltaksliste", "Formidling"), tuple(made[:2])),
        PrintedTable(("Infrastruktur",), tuple(made[2:])),
    )
    front = ("Statusrapport 20.04.2026", "Merknader: * og # er [tegn]")
    return Printed(
        front[0], front, HEAD, tuple(filter(lambda table: table.rows, tables)), ("BU – Bibliotek",)
    )


@settings(max_examples=12)
@given(rows=WILD_ROWS)
@pytest.mark.parametrize("name", [name for name in WRITERS if name != "text"])
def test_any_signs_in_any_cells_are_read_as_they_were_printed(
    vocabulary: Vocabulary, name: str, rows: list[tuple[bool, list[str], str, str, list[str], list[str]]]
) -> None:
    report = wild_report(rows)
    found = read_back(WRITERS[name](report), name, vocabulary)
    printed_rows = [row for table in report.tables for row in table.rows if any(row.cells[1:])]
    assert [(*row[:4], row[4]) for row in brief(found) if any(row[1:4])] == [
        (*row.cells, sorted({*row.links, *(word for word in row.cells[3].split() if "https:" in word)}))
        for row in printed_rows
    ]
    assert [found.manuscript.words(piece) for piece in found.front] == list(report.front)


def test_markdown_keeps_bars_inside_their_cells(report: Printed) -> None:
    text = WRITERS["markdown"](report).decode()
    assert "I samtaler med KS-digital\\| |" in text
    assert text.count("| --- | --- | --- | --- |") == 6


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nb", ["Del I. Tiltaksliste", "Ansvar", "Merknader: Tiltak i grått"]),
        ("nn", ["Del II. Tiltak som er omtalte", "Ansvar", "Merknadar: Tiltak i grått"]),
        (
            "en",
            [
                "Part I. List of measures",
                "Dissemination",
                "Responsible",
                "Remarks: Tiltak i grått",
                "are grey.",
            ],
        ),
    ],
)
def test_headings_and_notes_are_in_the_language_chosen_and_the_rest_as_printed(
    bibgraph: Callable[..., Outcome], language: str, words: list[str]
) -> None:
    outcome = bibgraph("--language", language, "report", "2025-10-14", "--format", "html", "--root", CHECKOUT)
    assert [
        each for each in [*words, "Under arbeid", "I samtaler med KS-digital"] if each not in outcome.out
    ] == []
    assert f'<html lang="{language}">' in outcome.out


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", WRITERS)
def test_the_report_is_read_back_from_every_language(
    report: Printed, repository: Repository, vocabulary: Vocabulary, name: str, language: str
) -> None:
    store = EmbeddedStore(repository.quads("ontology", "data"), "test")
    again = printed(store, repository, date(2025, 10, 14), language)
    assert brief(read_back(WRITERS[name](again), name, vocabulary)) == brief(
        read_back(WRITERS[name](report), name, vocabulary)
    )


def test_closed_measures_are_grey_on_a_page(report: Printed) -> None:
    page = WRITERS["html"](report).decode()
    closed = sum(row.closed for table in report.tables for row in table.rows)
    assert page.count('<tr class="closed">') == closed == 11


@pytest.mark.parametrize("name", ["text", "markdown", "csv", "html"])
def test_the_command_prints_the_formats_that_are_text(bibgraph: Callable[..., Outcome], name: str) -> None:
    outcome = bibgraph("report", "2025-10-14", "--format", name, "--root", CHECKOUT)
    assert outcome.code == 0
    assert "Nasjonalbiblioteket skal videreutvikle Bibliotekkortet" in outcome.out


def test_a_report_that_is_not_there_is_told(bibgraph: Callable[..., Outcome]) -> None:
    outcome = bibgraph("report", "2024-01-01", "--root", CHECKOUT)
    assert outcome.code == 2
    assert "There is no status report of 2024-01-01." in outcome.err
