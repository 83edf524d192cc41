"""How offices set the same table: lists, merged cells, notes, links, columns side by side, broken words."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from openpyxl.worksheet.worksheet import Worksheet
from reportlab.pdfgen.canvas import Canvas

from bibgraph.errors import SourceError
from bibgraph.ingest import heads
from bibgraph.ingest.cells import read_cells
from bibgraph.ingest.documents import read_document
from bibgraph.ingest.judging import Draft, judge_row
from bibgraph.ingest.manuscript import Manuscript, Piece
from bibgraph.ingest.matching import match_rows
from bibgraph.ingest.names import Names
from bibgraph.ingest.plain import read_plain
from bibgraph.ingest.readers import read_parts
from bibgraph.ingest.setting import typeset
from bibgraph.ingest.table import Table
from bibgraph.ingest.vocabulary import Vocabulary, read_vocabulary
from bibgraph.namespaces import THINGS
from bibgraph.repository import Repository
from report_makers import HEAD, as_csv, as_html, cells, packed_odt, saved

STRATEGY = THINGS["strategy/"] + "2023-2025"
ROW = ["1. Noe skal gjøres", "BU", "Løpende", "Ja"]
NEXT = ["2. Noe annet skal gjøres", "TK", "Avsluttet", ""]
PART = "Del I. Tiltaksliste"


@pytest.fixture(scope="module")
def vocabulary(repository: Repository) -> Vocabulary:
    return read_vocabulary(repository)


def read(content: bytes, ending: str, vocabulary: Vocabulary) -> Table:
    parts = read_parts(Path(f"report{ending}"), content, vocabulary.heads)
    return read_cells(typeset(parts, vocabulary.heads), vocabulary)


def read_text(text: str, tmp_path: Path, vocabulary: Vocabulary) -> Table:
    path = tmp_path / "report.txt"
    path.write_text(text, encoding="utf-8")
    found = read_document(path, vocabulary.heads)
    return read_cells(found.setting, vocabulary) if found.setting else read_plain(found.text, vocabulary)


def brief(table: Table) -> list[list[str]]:
    return [cells(table, row) for row in table.rows]


def word(rows: list[list[str]]) -> tuple[docx.document.Document, docx.table.Table]:
    document = docx.Document()
    document.add_paragraph(PART)
    made = document.add_table(rows=0, cols=4)
    for row in rows:
        for cell, text in zip(made.add_row().cells, row, strict=True):
            cell.text = text
    return document, made


def test_numbers_and_bullets_that_word_counts_are_read(vocabulary: Vocabulary) -> None:
    rows = [["Noe skal gjøres", *ROW[1:3], ""], ["Noe annet skal gjøres", *NEXT[1:]]]
    document, made = word([HEAD, *rows])
    for row in made.rows[1:]:
        row.cells[0].paragraphs[0].style = document.styles["List Number"]
    for text in ("Først", "Så"):
        made.rows[1].cells[3].add_paragraph(text, style="List Bullet")
    found = read(saved(document.save), ".docx", vocabulary)
    assert brief(found) == [[*ROW[:3], "\u2022 Først \u2022 Så"], NEXT]
    assert [row.number for row in found.rows] == [1, 2]


def test_a_list_that_begins_anew_is_counted_anew(vocabulary: Vocabulary) -> None:
    document, made = word([HEAD, ["Noe skal gjøres", *ROW[1:]]])
    numbering = document.part.numbering_part.element
    numbering.append(
        parse_xml(
            f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="8"/><w:lvlOverride w:ilvl="0">'
            '<w:startOverride w:val="14"/></w:lvlOverride></w:num>'
        )
    )
    listed = parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="77"/></w:numPr>')
    made.rows[1].cells[0].paragraphs[0]._p.get_or_add_pPr().append(listed)
    kind = next(one for one in numbering.iter(qn("w:abstractNum")) if one.get(qn("w:abstractNumId")) == "8")
    form = kind.find(f".//{qn('w:numFmt')}")
    assert form is not None
    expected = 14 if form.get(qn("w:val")) == "decimal" else 0
    assert [row.number for row in read(saved(document.save), ".docx", vocabulary).rows] == [expected]


def test_a_row_that_is_marked_as_deleted_is_not_read(vocabulary: Vocabulary) -> None:
    document, made = word([HEAD, ROW, NEXT])
    mark = parse_xml(f'<w:del {nsdecls("w")} w:id="1" w:author="x"/>')
    made.rows[2]._tr.get_or_add_trPr().append(mark)
    assert brief(read(saved(document.save), ".docx", vocabulary)) == [ROW]


def test_a_link_that_is_a_field_is_kept_and_text_in_an_older_form_is_not_doubled(
    vocabulary: Vocabulary,
) -> None:
    document, made = word([HEAD, ROW])
    run = made.rows[1].cells[3].paragraphs[0].add_run()
    field = OxmlElement("w:instrText")
    field.text = ' HYPERLINK "https://example.org/bok" '
    run._r.append(field)
    markup = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    older = f'<w:r {nsdecls("w")}><m:Fallback xmlns:m="{markup}"><w:t>en gang til</w:t></m:Fallback></w:r>'
    made.rows[1].cells[3].paragraphs[0]._p.append(parse_xml(older))
    assert brief(read(saved(document.save), ".docx", vocabulary)) == [
        [*ROW[:3], "Ja\nhttps://example.org/bok"]
    ]


def test_a_cell_that_is_one_with_that_above_says_the_same_of_its_row(vocabulary: Vocabulary) -> None:
    document, made = word([HEAD, ROW, [NEXT[0], "TK", "", "Nei"]])
    made.cell(1, 2).merge(made.cell(2, 2))
    page = as_html([PART, [HEAD, ROW]]).decode()
    page = page.replace("<td><p>Løpende</p>", "<td rowspan=2><p>Løpende</p>")
    page = page.replace("</table>", f"<tr><td>{NEXT[0]}<td>TK<td>Nei</table>")
    for found in (
        read(saved(document.save), ".docx", vocabulary),
        read(page.encode(), ".html", vocabulary),
    ):
        assert brief(found) == [ROW, [NEXT[0], "TK", "Løpende", "Nei"]]


def test_a_footnote_is_not_lost(vocabulary: Vocabulary) -> None:
    note = "<text:note><text:note-body><text:p>Se brevet.</text:p></text:note-body></text:note>"
    found = read(odt(f"<text:p>Ja{note}</text:p>"), ".odt", vocabulary)
    assert brief(found) == [ROW]
    assert [found.manuscript.words(piece) for piece in found.loose] == ["Se brevet."]


def odt(comment: str, wording: str = "<text:p>1. Noe skal gjøres</text:p>", styles: str = "") -> bytes:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text", "table", "style")
    )
    texts = ([f"<text:p>{label}</text:p>" for label in HEAD], [wording, "BU", "Løpende", comment])
    cell = "<table:table-cell>{}</table:table-cell>".format
    said = (text if text.startswith("<") else f"<text:p>{text}</text:p>" for text in texts[1])
    rows = ("".join(map(cell, row)) for row in (texts[0], said))
    lines = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    return packed_odt(
        f"<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text><text:p>{PART}</text:p><table:table>{lines}</table:table>"
        "</office:text></office:body></office:document-content>"
    )


def test_numbers_and_bullets_of_opendocument_and_html_lists_are_read(vocabulary: Vocabulary) -> None:
    style = '<text:list-style style:name="N"><text:list-level-style-number text:level="1"/></text:list-style>'
    item = "<text:list-item><text:p>{}</text:p></text:list-item>".format
    wording = f'<text:list text:style-name="N">{item("Noe skal gjøres")}</text:list>'
    comment = f"<text:list>{item('Først')}{item('Så')}</text:list>"
    listed = "<ol start=1><li>Noe skal gjøres</ol><td>BU<td>Løpende<td><ul><li>Først<li>Så</ul>"
    page = f"<p>{PART}<table><tr>{''.join(f'<th>{label}' for label in HEAD)}<tr><td>{listed}</table>"
    foot = "<div title=footer><p>Side 1</div>"
    for found in (
        read(odt(comment, wording, style), ".odt", vocabulary),
        read((page + foot).encode(), ".html", vocabulary),
    ):
        assert brief(found) == [[*ROW[:3], "\u2022 Først \u2022 Så"]]
        assert not found.loose


def sheet(fill: Callable[[Worksheet], None], rows: list[list[str]], title: str = "Ark1") -> bytes:
    book = openpyxl.Workbook()
    made = book.worksheets[0]
    made.title = title
    for row in rows:
        made.append(row)
    fill(made)
    return saved(book.save)


def led(made: Worksheet) -> None:
    made["D3"].hyperlink = "https://example.org/bok"
    made["D3"].value = "Ja"


def dated(made: Worksheet) -> None:
    made["D3"] = date(2026, 10, 1)
    made["D3"].number_format = "mmm yyyy"


def counted(made: Worksheet) -> None:
    made["D3"] = '=HYPERLINK("https://example.org/bok","Ja")'


@pytest.mark.parametrize(
    ("fill", "comment"),
    [
        (led, "Ja\nhttps://example.org/bok"),
        (dated, "oktober 2026"),
        (counted, '=HYPERLINK("https://example.org/bok","Ja")'),
    ],
)
def test_a_cell_of_a_sheet_says_what_it_shows_and_leads_where_it_leads(
    vocabulary: Vocabulary, fill: Callable[[Worksheet], None], comment: str
) -> None:
    found = read(sheet(fill, [[PART], HEAD, ROW]), ".xlsx", vocabulary)
    assert brief(found) == [[*ROW[:3], comment]]


def test_the_name_of_a_sheet_is_a_heading_if_it_is_one(vocabulary: Vocabulary) -> None:
    def merged(made: Worksheet) -> None:
        made.merge_cells("C4:C5")

    rows = [["Statusrapport 20.04.2026"], ["Infrastruktur"], HEAD, ROW, [*NEXT[:2], "", ""]]
    found = read(sheet(merged, rows, "Del I"), ".xlsx", vocabulary)
    assert [(bool(row.part), bool(row.line), row.status_stated) for row in found.rows] == [
        (True, True, "Løpende")
    ] * 2
    assert [found.manuscript.words(piece) for piece in found.front] == ["Statusrapport 20.04.2026"]


@pytest.mark.parametrize(
    "labels",
    [
        ["Tiltak", "Ansvarleg", "Status", "Merknad"],
        ["Tiltak", "Ansvarlig enhet", "Status per 20.04.2026", "Merknader"],
        ["TILTAK", "Ansvarleg eining", "Status", "Kommen-\ntar"],
    ],
)
def test_the_columns_of_a_report_have_many_names(vocabulary: Vocabulary, labels: list[str]) -> None:
    assert brief(read(as_csv([PART, [labels, ROW]]), ".csv", vocabulary)) == [ROW]


@pytest.mark.parametrize("number", ["Tiltak 1: ", "Tiltak 1. ", "1) ", "1 ", "Tiltak nr. 1 – ", "1. "])
def test_a_number_is_typed_in_many_ways(vocabulary: Vocabulary, number: str) -> None:
    row = [f"{number}Noe skal gjøres", *ROW[1:]]
    found = read(as_csv([PART, [HEAD, row]]), ".csv", vocabulary)
    assert brief(found) == [ROW]
    assert found.rows[0].number == 1


def test_a_column_that_no_report_has_is_not_lost(vocabulary: Vocabulary) -> None:
    found = read(as_csv([PART, [[*HEAD, "Frist"], [*ROW, "1. mai 2026"]]]), ".csv", vocabulary)
    assert brief(found) == [ROW]
    assert [found.manuscript.words(piece) for piece in found.loose] == ["Frist: 1. mai 2026"]


def test_headings_stand_in_the_first_column_whatever_stands_under_it(vocabulary: Vocabulary) -> None:
    rows = [["Status", "Tiltak", "Ansvar", "Kommentar"], ["Løpende", ROW[0], "BU", "Ja"]]
    found = read(as_csv([PART, [*rows, ["Infrastruktur", "", "", ""], *rows]]), ".csv", vocabulary)
    assert [bool(row.line) for row in found.rows] == [False, True]


@pytest.mark.parametrize(
    ("status", "stated", "comment"),
    [
        ("LØPENDE", "LØPENDE", "Ja"),
        ("Løpende (okt. 2025)", "Løpende", "(okt. 2025) Ja"),
        ("Under arbeid – forsinket", "Under arbeid", "– forsinket Ja"),
        ("Løpende i leselyststrategi-\nperioden", "Løpende i leselyststrategiperioden", "Ja"),
        ("Ferdig utredet", "Ferdig utredet", "Ja"),
    ],
)
def test_a_note_beside_a_status_is_told_and_kept(
    vocabulary: Vocabulary, status: str, stated: str, comment: str
) -> None:
    rows = [HEAD, [ROW[0], "BU", status, "Ja"]]
    found = read(as_csv(["Statusrapport 20.04.2026", PART, rows]), ".csv", vocabulary)
    assert brief(found) == [[ROW[0], "BU", stated, comment]]
    made = Draft(Names(date(2026, 4, 20), STRATEGY), "nb")
    judge_row(made, match_rows(found, vocabulary, STRATEGY)[0])
    noted = "status-unknown" if stated == "Ferdig utredet" else "status-noted"
    assert (noted in {each.rule for each in made.findings}) == (comment != "Ja" or noted == "status-unknown")


@pytest.mark.parametrize("typed", ["Nasjonal\u00adbiblioteket", "Nasjonalb\u200biblioteket"])
def test_signs_that_nobody_sees_are_no_part_of_words(
    vocabulary: Vocabulary, tmp_path: Path, typed: str
) -> None:
    row = [f"1. {typed} skal gjo\u0308re det", "BU", "Løpende", "O\ufb03sielt fra\u030a 2026"]
    expected = [["1. Nasjonalbiblioteket skal gjöre det", "BU", "Løpende", "Offisielt frå 2026"]]
    assert brief(read(as_csv([PART, [HEAD, row]]), ".csv", vocabulary)) == expected
    text = f"{PART}\n\n{' '.join(HEAD)}\n\n{row[0]}\n\n{' '.join(row[1:])}\n"
    assert brief(read_text(text, tmp_path, vocabulary)) == expected


def test_a_sheet_saved_as_unicode_text_is_read(vocabulary: Vocabulary) -> None:
    text = "\n".join("\t".join(row) for row in ([PART], HEAD, ROW))
    assert brief(read(text.encode("utf-16"), ".csv", vocabulary)) == [ROW]


LONG = (
    "1. Nasjonalbiblioteket skal   BU        Løpende    Ny utlysning\n"
    "gjøre noe                                          kommer.\n"
    "2. Noe annet skal gjøres      TK (DF)   Avsluttet\n"
    "                                                   Side 1 av 2\n\f"
)


@pytest.mark.parametrize(
    "text",
    [
        "Tiltak                        Ansvar    Status     Kommentar\n"
        + LONG.replace(" " * 51 + "Side 1 av 2\n", ""),
        (
            f"{chr(9).join(HEAD)}\n1. Nasjonalbiblioteket skal gjøre noe\tBU\tLøpende\tNy utlysning\n"
            "kommer.\n"
            "2. Noe annet skal gjøres\tTK (DF)\tAvsluttet\t\n"
        ),
        (
            "Tiltak\nAnsvar\nStatus\nKommentar\n1. Nasjonalbiblioteket skal gjøre noe\nBU\nLøpende\n"
            "Ny utlysning\nkommer.\n2. Noe annet skal gjøres\nTK (DF)\nAvsluttet\n"
        ),
    ],
)
def test_text_whose_cells_stand_side_by_side_or_one_below_the_other_is_read(
    vocabulary: Vocabulary, tmp_path: Path, text: str
) -> None:
    found = read_text(f"Statusrapport 20.04.2026\n\n{PART}\n\n{text}", tmp_path, vocabulary)
    assert brief(found) == [
        ["1. Nasjonalbiblioteket skal gjøre noe", "BU", "Løpende", "Ny utlysning kommer."],
        ["2. Noe annet skal gjøres", "TK (DF)", "Avsluttet", ""],
    ]


def test_a_text_of_too_many_lines_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text("1. A\n" * 6000, encoding="utf-8")
    with pytest.raises(SourceError, match="more lines than a status report: 6000"):
        read_document(path, {})


def test_a_workbook_with_a_cell_far_down_is_refused() -> None:
    def far(made: Worksheet) -> None:
        made["A900000"] = "x"

    with pytest.raises(SourceError, match="more rows than a status report"):
        read_parts(Path("report.xlsx"), sheet(far, [HEAD]), {})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Nasjonal-\nbiblioteket", "Nasjonalbiblioteket"),
        ("MARC-\nformat", "MARC-format"),
        ("e-\npost", "e-post"),
        ("bok-\nog lesetiltak", "bok- og lesetiltak"),
        ("nord-norsk og nord-\nnorsk", "nord-norsk og nord-norsk"),
        ("tiltaksperioden og tiltaks\nperioden", "tiltaksperioden og tiltaksperioden"),
        ("bok og handel, bokhandel, bok\nhandel", "bok og handel, bokhandel, bok handel"),
    ],
)
def test_words_that_line_ends_cut_are_put_together(text: str, words: str) -> None:
    manuscript = Manuscript(text)
    manuscript.find_breaks([])
    assert manuscript.words(Piece(0, len(text))) == words


def test_labels_are_a_head_only_if_each_column_has_one(vocabulary: Vocabulary) -> None:
    known = vocabulary.heads
    assert heads.columns(["Status", "Tiltak", "Frist", "Kommentar", "Ansvar"], known) == [1, 4, 0, 3]
    assert heads.columns(["Nr", *HEAD], known) == [1, 2, 3, 4, 0]
    for labels in (HEAD[:3], ["Tiltak", "Tiltak", *HEAD[1:]], ["Mål", *HEAD[1:]]):
        assert heads.columns(labels, known) == []
    assert heads.is_head("Kommentar Status Ansvarlig enhet Tiltak", known)
    assert not heads.is_head("Tiltak Ansvar Status", known)


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Del II", "part"),
        ("Del II – Tiltak nevnt i teksten", "part"),
        ("Del I: Tiltaksliste", "part"),
        ("Delene er to", ""),
        ("Nr Tiltak Ansvarleg Status Merknad", "layout"),
        ("Infrastruktur:", "line"),
    ],
)
def test_headings_are_known_however_they_go_on(vocabulary: Vocabulary, heading: str, kind: str) -> None:
    assert vocabulary.heading(heading)[0] == kind


def page(draw: Callable[[Canvas], None], *, rotation: int = 0) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setPageRotation(rotation)
    draw(canvas)
    canvas.save()
    return out.getvalue()


FIRST, SECOND = (40, 200, 260, 340), (40, 320, 380, 440)
OTHER = "«Noe annet gjøres.»"


def two_tables(canvas: Canvas) -> None:
    """Two tables without rules, with columns of their own and no gaps between rows."""
    at = 800
    for columns, begins in ((FIRST, "«Alle skal lese mer,"), (SECOND, "«Flere skal skrive, sier")):
        lines = [HEAD, [begins, "BU", "Under", "Nytt kurs"], ["alltid.»", "", "arbeid", "kommer."]]
        lines += [[OTHER, "TK", "Ferdig", "«Ja»"]]
        for line in lines:
            for x, text in zip(columns, line, strict=True):
                canvas.drawString(x, at, text)
            at -= 12 if line is not HEAD else 16
        at -= 40


@pytest.mark.parametrize("rotation", [0, 90])
def test_tables_without_rules_have_columns_of_their_own_and_rows_by_what_begins(
    vocabulary: Vocabulary, rotation: int
) -> None:
    found = read(page(two_tables, rotation=rotation), ".pdf", vocabulary)
    other = [OTHER, "TK", "Ferdig", "«Ja»"]
    assert brief(found) == [
        ["«Alle skal lese mer, alltid.»", "BU", "Under arbeid", "Nytt kurs kommer."],
        other,
        ["«Flere skal skrive, sier alltid.»", "BU", "Under arbeid", "Nytt kurs kommer."],
        other,
    ]


def test_a_watermark_and_a_word_printed_twice_are_of_no_account(vocabulary: Vocabulary) -> None:
    def draw(canvas: Canvas) -> None:
        for at, line in ((800, HEAD), (780, ROW)):
            for x, text in zip(FIRST, line, strict=True):
                canvas.drawString(x, at, text)
                canvas.drawString(x + 0.2, at, text)
        canvas.saveState()
        canvas.rotate(45)
        canvas.drawString(600, 300, "UTKAST")
        canvas.restoreState()

    assert brief(read(page(draw), ".pdf", vocabulary)) == [ROW]


def test_a_label_broken_into_lines_is_one(vocabulary: Vocabulary) -> None:
    def draw(canvas: Canvas) -> None:
        for at, line in ((800, ["Tiltak", "Ansvarlig", "Status", "Kommentar"]), (788, ["", "enhet", "", ""])):
            for x, text in zip(FIRST, line, strict=True):
                canvas.drawString(x, at, text)
        for x, text in zip(FIRST, ROW, strict=True):
            canvas.drawString(x, 770, text)

    assert brief(read(page(draw), ".pdf", vocabulary)) == [ROW]
