"""Reports printed again, and read as what they were."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibgraph.ingest.links import inline
from bibgraph.ingest.plain import read_plain
from bibgraph.ingest.printing import Printed, PrintedRow, PrintedTable, printed
from bibgraph.ingest.readers import as_text
from bibgraph.ingest.table import Table
from bibgraph.ingest.vocabulary import Vocabulary, read_vocabulary
from bibgraph.ingest.writers import WRITERS
from bibgraph.repository import Repository
from bibgraph.store.embedded import EmbeddedStore
from conftest import Outcome
from report_world import CHECKOUT, REPORT

READ_BACK = [name for name in WRITERS if name != "markdown"]
HEAD = ("Tiltak", "Ansvar", "Status", "Kommentar")


@pytest.fixture(scope="module")
def vocabulary(repository: Repository) -> Vocabulary:
    return read_vocabulary(repository)


@pytest.fixture(scope="module")
def report(repository: Repository) -> Printed:
    store = EmbeddedStore(repository.quads("ontology", "data"), "test")
    return printed(store, repository, date(2025, 10, 14), " ".join(HEAD))


def read_back(content: bytes, name: str, vocabulary: Vocabulary) -> Table:
    text = (
        content.decode() if name == "text" else as_text(Path(f"x.{name}"), content, vocabulary.of("layout"))
    )
    return read_plain(text, vocabulary)


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


@pytest.mark.parametrize("name", READ_BACK)
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
@pytest.mark.parametrize("name", READ_BACK)
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


def test_markdown_keeps_bars_inside_their_cells(report: Printed) -> None:
    text = WRITERS["markdown"](report).decode()
    assert "I samtaler med KS-digital\\| |" in text
    assert text.count("| --- | --- | --- | --- |") == 6


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
