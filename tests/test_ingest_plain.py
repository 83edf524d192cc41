"""How people type, and what PDF does to it: reports in plain text read as tables."""

from __future__ import annotations

import pytest

from bibgraph.ingest.plain import read_plain
from bibgraph.ingest.table import Row, Table
from bibgraph.ingest.vocabulary import Vocabulary, read_vocabulary
from bibgraph.repository import Repository

HEAD = "Statusrapport 20.04.2026\n\nDel I. Tiltaksliste\n\nFormidling\n\nTiltak Ansvar Status Kommentar\n\n"
FIRST = "1. Nasjonalbiblioteket skal gjøre én ting\n\n"
SECOND = "2. Nasjonalbiblioteket skal gjøre en ting til\n\nTK Under arbeid I gang\n"
PART_II = (
    "Statusrapport 20.04.2026\n\n"
    "Del II. Tiltak som omtales i teksten, men ikke løftes fram i tiltakslisten\n\n"
)


@pytest.fixture(scope="module")
def vocabulary(repository: Repository) -> Vocabulary:
    return read_vocabulary(repository)


def brief(table: Table, row: Row) -> tuple[str, str, str, str]:
    """Wording, units, status and comment."""
    units = " ".join(f"({each.stated})" if each.in_brackets else each.stated for each in row.mentions)
    return table.words(row.wording), units, row.status_stated, table.words(row.comment)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("BU Løpende Gjelder alle\n", ("BU", "Løpende", "Gjelder alle")),
        ("BU/DF  Avsluttet\n", ("BU DF", "Avsluttet", "")),
        ("BU,DF.\n\nAvsluttet Ferdig i mai\n", ("BU DF", "Avsluttet", "Ferdig i mai")),
        ("BU (TK,\nDF)\n\nLøpende Stadig\n", ("BU (TK) (DF)", "Løpende", "Stadig")),
        ("DF, KD, TK\nBU\n\nLøpende Alt\n", ("DF KD TK BU", "Løpende", "Alt")),
        ("Nasjonalb\nibliotekar,\nDF\n\nAvsluttet Møte\n", ("Nasjonalbibliotekar DF", "Avsluttet", "Møte")),
        ("Nasjonal\nbibliotekar\n\nAvsluttet Møte\n", ("Nasjonalbibliotekar", "Avsluttet", "Møte")),
        (
            "BU Løpende i \nleselyststrate\ngiperioden\n\nPenger\n",
            ("BU", "Løpende i leselyststrategiperioden", "Penger"),
        ),
        ("BU Løpande Gjeld alle\n", ("BU", "Løpande", "Gjeld alle")),
        ("BU Avsluttet. Siste gang\n", ("BU", "Avsluttet", "Siste gang")),
        ("BU under arbeid I gang\n", ("BU", "under arbeid", "I gang")),
        ("TK\n \n\n«Brønn» kommer i mai 2026.\n", ("TK", "", "«Brønn» kommer i mai 2026.")),
        (" Løpende Gjelder institusjonen\n", ("", "Løpende", "Gjelder institusjonen")),
        (
            "BU Løpende Første avsnitt.\n\nAndre avsnitt.\n",
            ("BU", "Løpende", "Første avsnitt. Andre avsnitt."),
        ),
        ("BU Løpende I MARC-\nformat, bøker-\nog mer\n", ("BU", "Løpende", "I MARC-format, bøker- og mer")),
    ],
)
def test_an_answer_is_read_however_it_is_set(
    vocabulary: Vocabulary, answer: str, expected: tuple[str, str, str]
) -> None:
    table = read_plain(HEAD + FIRST + answer + "\n" + SECOND, vocabulary)
    assert [brief(table, row) for row in table.rows] == [
        ("1. Nasjonalbiblioteket skal gjøre én ting", *expected),
        ("2. Nasjonalbiblioteket skal gjøre en ting til", "TK", "Under arbeid", "I gang"),
    ]


def test_rows_without_blank_lines_between_are_parted_by_their_numbers(vocabulary: Vocabulary) -> None:
    table = read_plain(HEAD + FIRST.strip() + "\nBU Løpende Gjelder\n" + SECOND, vocabulary)
    assert [(row.number, row.status_stated) for row in table.rows] == [(1, "Løpende"), (2, "Under arbeid")]


def test_a_report_without_headings_and_blanks_after_numbers_is_read(vocabulary: Vocabulary) -> None:
    text = "Statusrapport 20.04.2026\n\n" + FIRST.replace("1. ", "1.") + "BU Løpende Ja\n\n" + SECOND
    table = read_plain(text, vocabulary)
    assert [(row.number, row.part, row.status_stated) for row in table.rows] == [
        (1, "", "Løpende"),
        (2, "", "Under arbeid"),
    ]


def test_a_row_of_which_nothing_is_said_is_a_row(vocabulary: Vocabulary) -> None:
    table = read_plain(HEAD + FIRST + SECOND + "\n3. Nasjonalbiblioteket skal hvile\n", vocabulary)
    assert [(row.number, row.status) for row in table.rows][2] == (3, "")
    between = read_plain(HEAD + FIRST + SECOND, vocabulary)
    assert [(row.number, bool(row.answer)) for row in between.rows] == [(1, False), (2, True)]


def test_a_wording_cut_by_a_page_and_its_links_is_put_together(vocabulary: Vocabulary) -> None:
    text = (
        PART_II + "«Et viktig grep er at alle får bøker, og vil vurdere muligheten\n\nTK\n\n"
        " «Brønn» kommer i mai 2026.\n\nhttps://example.org/bronn\n og behovet for mer.» (s. 41)\n\n"
        "«Noe helt annet.»\n\nBU Løpende Ja\n"
    )
    table = read_plain(text, vocabulary)
    assert [brief(table, row) for row in table.rows] == [
        (
            "«Et viktig grep er at alle får bøker, og vil vurdere muligheten og behovet for mer.» (s. 41)",
            "TK",
            "",
            "«Brønn» kommer i mai 2026.",
        ),
        ("«Noe helt annet.»", "BU", "Løpende", "Ja"),
    ]
    assert [link for link, _ in table.rows[0].links] == ["https://example.org/bronn"]


def test_a_link_that_fits_no_row_is_kept_apart_and_a_repeated_one_is_layout(vocabulary: Vocabulary) -> None:
    links = "https://example.org/om/kaffe-og-kaker\nhttps://example.org/bok\nhttps://example.org/bok\n"
    table = read_plain(HEAD + FIRST + f"BU Løpende Se https://example.org/bok\n\n{links}\n", vocabulary)
    assert [table.manuscript.words(piece) for piece in table.loose] == [
        "https://example.org/om/kaffe-og-kaker"
    ]
    assert [reason for reason, _ in table.layout].count("repeated link") == 2


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_and_page_feeds_are_of_no_account(vocabulary: Vocabulary, end: str) -> None:
    text = (HEAD + FIRST + "BU Løpende Ja\n\n\f" + SECOND).replace("\n", end)
    table = read_plain(text, vocabulary)
    assert [brief(table, row)[1:] for row in table.rows] == [
        ("BU", "Løpende", "Ja"),
        ("TK", "Under arbeid", "I gang"),
    ]


def test_a_heading_with_a_slip_is_no_comment_and_heads_nothing(vocabulary: Vocabulary) -> None:
    text = HEAD + FIRST + "BU Løpende Ja\n\nInfrastukturen\n\nTiltak Ansvar Status Kommentar\n\n" + SECOND
    table = read_plain(text, vocabulary)
    assert [(table.words(row.comment), bool(row.line)) for row in table.rows] == [
        ("Ja", True),
        ("I gang", False),
    ]
    assert [table.manuscript.words(piece) for piece in table.loose] == ["Infrastukturen"]


def test_a_legend_is_no_comment(vocabulary: Vocabulary) -> None:
    table = read_plain(
        HEAD + SECOND + "\n \n\nBU – Bibliotekutvikling  DF - Digital formidling\n", vocabulary
    )
    assert [table.manuscript.words(piece) for _, piece in table.legend] == [
        "BU – Bibliotekutvikling",
        "DF - Digital formidling",
    ]
    assert table.words(table.rows[0].comment) == "I gang"


def test_nothing_of_the_text_is_lost(vocabulary: Vocabulary) -> None:
    text = HEAD + "Litt tekst før tabellen.\n\n" + FIRST + "BU Løpende Ja\n\n" + SECOND
    table = read_plain(text, vocabulary)
    pieces = [
        *table.front,
        *(piece for _, piece in [*table.parts, *table.lines, *table.layout, *table.legend]),
        *(piece for row in table.rows for piece in [*row.wording, *row.answer]),
        *table.loose,
    ]
    kept = sum(len("".join(table.manuscript.raw(piece).split())) for piece in pieces)
    assert kept == len("".join(text.split()))
