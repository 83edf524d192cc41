"""The report of October 2025 in other formats, made from its table, read as the same table."""

from __future__ import annotations

import io
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from reportlab.pdfgen.canvas import Canvas

from bibgraph.errors import SourceError
from bibgraph.ingest import bounded, readers
from bibgraph.ingest.cells import read_cells
from bibgraph.ingest.documents import read_document
from bibgraph.ingest.plain import read_plain
from bibgraph.ingest.readers import read_parts
from bibgraph.ingest.setting import typeset
from bibgraph.ingest.table import Table
from bibgraph.ingest.vocabulary import Vocabulary, read_vocabulary
from bibgraph.repository import Repository
from report_makers import HEAD, MAKERS, Part, as_csv, as_html, as_pdf, cells, packed_odt, parts, saved
from report_world import EDITS, edited


@pytest.fixture(scope="module")
def vocabulary(repository: Repository) -> Vocabulary:
    return read_vocabulary(repository)


@pytest.fixture(scope="module")
def table(vocabulary: Vocabulary) -> Table:
    return read_plain(edited(*EDITS), vocabulary)


def read(content: bytes, ending: str, vocabulary: Vocabulary) -> Table:
    heads = vocabulary.heads
    return read_cells(typeset(read_parts(Path(f"report{ending}"), content, heads), heads), vocabulary)


def brief(each: Table) -> list[tuple[object, ...]]:
    return [
        (*cells(each, row), row.number, row.part, row.line, row.mentions, row.status) for row in each.rows
    ]


PDFS = {
    "with rules": as_pdf,
    "with rules and repeated heads": lambda content: as_pdf(content, repeat=1),
    "with rules between rows": lambda content: as_pdf(content, rules="between", repeat=1),
    "with rules and running heads": lambda content: as_pdf(content, running=True),
    "without rules": lambda content: as_pdf(content, rules="none"),
}


@pytest.mark.parametrize(
    ("ending", "make"),
    [
        *((ending, make) for ending, make in MAKERS.items() if ending != ".pdf"),
        *((".pdf", make) for make in PDFS.values()),
    ],
)
def test_the_table_is_the_same_in_every_format(
    table: Table, vocabulary: Vocabulary, ending: str, make: Callable[[list[Part]], bytes]
) -> None:
    found = read(make(list(parts(table))), ending, vocabulary)
    assert brief(found) == brief(table)
    for one in ("front", "loose"):
        assert [found.manuscript.words(piece) for piece in getattr(found, one)] == [
            table.manuscript.words(piece) for piece in getattr(table, one)
        ]
    assert [unit for unit, _ in found.legend] == [unit for unit, _ in table.legend]


@pytest.mark.parametrize("ending", MAKERS)
def test_a_status_that_is_not_known_is_not_taken_for_a_comment(vocabulary: Vocabulary, ending: str) -> None:
    row = ["1. Nasjonalbiblioteket skal gjøre noe", "BU", "Utsatt", "Venter på svar"]
    content = MAKERS[ending](["Statusrapport 20.04.2026", "Del I. Tiltaksliste", [HEAD, row]])
    (found,) = read(content, ending, vocabulary).rows
    assert found.unread == "Utsatt"


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        ("BU/ny", [("BU", True), ("ny", False)]),
        ("Ny avdeling, BU", [("Ny avdeling", False), ("BU", True)]),
        ("Bibliotekutvikling og TK", [("Bibliotekutvikling", True), ("TK", True)]),
        ("BU (i samarbeid med XQ)", [("BU", True), ("XQ", False)]),
    ],
)
def test_no_word_of_a_cell_of_units_is_passed_over(
    vocabulary: Vocabulary, units: str, expected: list[tuple[str, bool]]
) -> None:
    rows = [HEAD, ["1. Noe skal gjøres", units, "Løpende", "Ja"]]
    (found,) = read(as_csv(["Del I. Tiltaksliste", rows]), ".csv", vocabulary).rows
    assert [(each.stated, bool(each.unit)) for each in found.mentions] == expected


@pytest.mark.parametrize(
    "rows",
    [
        [["Status", "Tiltak", "Kommentar", "Ansvar"], ["Løpende", "1. Noe skal gjøres", "Ja", "BU"]],
        [["Nr", "Tiltak", "Ansvar", "Status", "Kommentar"], ["1", "Noe skal gjøres", "BU", "Løpende", "Ja"]],
        [["Measure", "Responsible", "Status", "Comment"], ["1. Noe skal gjøres", "BU", "Løpende", "Ja"]],
    ],
)
def test_columns_are_known_by_their_head(vocabulary: Vocabulary, rows: list[list[str]]) -> None:
    (found,) = (one := read(as_csv(["Del I. Tiltaksliste", rows]), ".csv", vocabulary)).rows
    assert cells(one, found) == ["1. Noe skal gjøres", "BU", "Løpende", "Ja"]
    assert found.number == 1


def test_a_row_that_goes_on_in_the_next_is_one(vocabulary: Vocabulary) -> None:
    rows = [
        ["1. Noe skal", "BU", "Løpende", "Først dette."],
        ["gjøres snart", "", "", "Så dette."],
        ["", "", "", "Til sist."],
        ["2. Annet skal gjøres", "TK", "Løpende", ""],
    ]
    found = read(as_csv(["Del I. Tiltaksliste", [HEAD, *rows]]), ".csv", vocabulary)
    assert [cells(found, row) for row in found.rows] == [
        ["1. Noe skal gjøres snart", "BU", "Løpende", "Først dette. Så dette. Til sist."],
        ["2. Annet skal gjøres", "TK", "Løpende", ""],
    ]


LED = "https://example.org/bok"


def led_docx() -> bytes:
    document = docx.Document()
    document.add_paragraph("Del I. Tiltaksliste")
    made = document.add_table(rows=0, cols=4)
    for row in (HEAD, ["1. Noe skal gjøres", "BU", "Løpende", "Se "]):
        for cell, text in zip(made.add_row().cells, row, strict=True):
            cell.text = text
    paragraph = made.rows[1].cells[3].paragraphs[0]
    key = document.part.relate_to(LED, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    r = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    paragraph._p.append(
        parse_xml(
            f'<w:hyperlink xmlns:w="{w}" xmlns:r="{r}" r:id="{key}"><w:r><w:t>boka</w:t></w:r></w:hyperlink>'
        )
    )
    for mark, word in (("ins", "<w:t xml:space='preserve'> i dag</w:t>"), ("del", "<w:t> i går</w:t>")):
        paragraph._p.append(parse_xml(f'<w:{mark} xmlns:w="{w}"><w:r>{word}</w:r></w:{mark}>'))
    return saved(document.save)


def led_html() -> bytes:
    return (
        "<p>Del I. Tiltaksliste<table><tr><th>Tiltak<th>Ansvar<th>Status<th>Kommentar<tr><td>1. Noe skal\n"
        f'gjøres<td>BU<td>Løpende<td><p>Se <a href="{LED}">boka</a>\n<del> i går</del>i dag</p></table>'
    ).encode()


@pytest.mark.parametrize(("ending", "make"), [(".docx", led_docx), (".html", led_html)])
def test_links_are_kept_and_deleted_words_are_not(
    vocabulary: Vocabulary, ending: str, make: Callable[[], bytes]
) -> None:
    found = read(make(), ending, vocabulary)
    (row,) = found.rows
    assert cells(found, row) == ["1. Noe skal gjøres", "BU", "Løpende", f"Se boka i dag\n{LED}"]
    assert [link for link, _ in row.links] == [LED]


PACKED = [".docx", ".odt", ".xlsx"]


@pytest.mark.parametrize("ending", [*PACKED, ".pdf"])
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"neither", "its content is of another kind"),
        (b"{\\rtf1 text}", "its content is of another kind: RTF"),
        (b"\xd0\xcf\x11\xe0 a password", "is encrypted|of another kind: DOC, XLS"),
        (b"PK\x03\x04 cut off", "cannot be read|of another kind: DOCX"),
        (b"%PDF-1.7\ncut off", "cannot be read|has no text|of another kind: PDF"),
    ],
)
def test_a_document_of_another_kind_or_cut_off_is_refused(
    tmp_path: Path, ending: str, content: bytes, says: str
) -> None:
    path = tmp_path / f"report{ending}"
    with pytest.raises(SourceError, match=says):
        read_parts(path, content, {})


@pytest.mark.parametrize("ending", PACKED)
def test_a_zip_of_something_else_is_refused(ending: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("hello.txt", "hello")
    with pytest.raises(SourceError, match="The document cannot be read"):
        read_parts(Path(f"report{ending}"), out.getvalue(), {})


@pytest.mark.parametrize("ending", [".docx", ".odt", ".pdf", ".xlsx"])
def test_a_document_cut_off_in_the_middle_is_refused(table: Table, ending: str) -> None:
    content = MAKERS[ending](list(parts(table)))
    with pytest.raises(SourceError, match=r"cannot be read|has no text"):
        read_parts(Path(f"report{ending}"), content[: len(content) // 2], {})


@pytest.mark.parametrize("ending", PACKED)
def test_a_document_that_would_unpack_to_too_much_is_refused(
    table: Table, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setattr(readers, "MOST_UNPACKED", 1000)
    with pytest.raises(SourceError, match="would unpack to"):
        read_parts(Path(f"report{ending}"), MAKERS[ending](list(parts(table))), {})


def test_an_encrypted_document_is_told_from_a_broken_one() -> None:
    locked = as_pdf(["Statusrapport"], encrypt="secret")
    sealed = packed_odt("<x/>", manifest="<manifest:encryption-data/>")
    for ending, content in ((".pdf", locked), (".odt", sealed)):
        with pytest.raises(SourceError, match="The document is encrypted"):
            read_parts(Path(f"report{ending}"), content, {})


def test_a_scanned_document_is_told_to_have_no_text() -> None:
    out = io.BytesIO()
    page = Canvas(out)
    page.rect(100, 100, 200, 200, fill=1)
    page.save()
    with pytest.raises(SourceError, match=r"has no text, only pictures.*\n.*OCR"):
        read_parts(Path("report.pdf"), out.getvalue(), {})


def test_a_document_of_too_many_pages_is_refused_with_their_number() -> None:
    out = io.BytesIO()
    canvas = Canvas(out)
    for number in range(500):
        canvas.drawString(100, 100, f"Side {number}")
        canvas.showPage()
    canvas.save()
    began = time.process_time()
    with pytest.raises(SourceError, match="has 500 pages, and a status report at most 100"):
        read_parts(Path("report.pdf"), out.getvalue(), {})
    assert time.process_time() - began < 20  # of processing, so that it holds on a busy machine


def test_a_table_of_too_many_rows_is_refused() -> None:
    with pytest.raises(SourceError, match="more rows than a status report"):
        read_parts(Path("report.csv"), b"a,b,c,d\n" * 6000, {})


def test_an_html_page_in_an_older_encoding_is_read_and_a_wrong_one_refused(vocabulary: Vocabulary) -> None:
    page = as_html(["Del I. Tiltaksliste", [HEAD, ["1. Noe må gjøres", "BU", "Løpende", "Ja"]]]).decode()
    stated = f'<meta charset="iso-8859-1">{page}'.encode("latin-1")
    assert [row.number for row in read(stated, ".html", vocabulary).rows] == [1]
    for ending in (".html", ".csv", ".md"):
        with pytest.raises(SourceError, match="is not UTF-8: byte 0xE5"):
            read_parts(Path(f"report{ending}"), page.encode("latin-1"), {})


@pytest.mark.parametrize(
    ("seconds", "memory", "says"),
    [(0.05, 2_000_000_000, "takes longer than"), (60, 30_000_000, "takes more memory")],
)
@pytest.mark.skipif(sys.platform != "linux", reason="only there is memory held")
def test_reading_is_bounded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, seconds: float, memory: int, says: str
) -> None:
    monkeypatch.setattr(bounded, "SECONDS", seconds)
    monkeypatch.setattr(bounded, "MEMORY", memory)
    path = tmp_path / "report.csv"
    path.write_text("1. Noe skal gjøres;BU;Løpende;Ja\n" * 4900, encoding="utf-8")
    with pytest.raises(SourceError, match=says):
        read_document(path, {})


@pytest.mark.parametrize("name", ["report.rtf", "report.doc"])
def test_an_ending_that_is_not_known_is_told_with_those_that_are(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"text")
    with pytest.raises(SourceError, match=r"cannot be read.*\n.*\.docx"):
        read_document(path, {})


def test_a_library_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "pypdfium2.py").write_text("raise ModuleNotFoundError(name='pypdfium2')", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    path = tmp_path / "report.pdf"
    path.write_bytes(as_pdf(["Statusrapport"]))
    with pytest.raises(SourceError, match=r"needs pypdfium2(.|\n)*bibgraph\[ingest\]"):
        read_document(path, {})
