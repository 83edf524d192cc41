"""Source documents line by line."""

from __future__ import annotations

import re

import pytest

from bibgraph.sources import Document, LayoutPassage, Quotation
from bibgraph.web.pages.passages import Lit, Passage, passages
from pages_world import CHECKOUT, page, real_app

REPORT = "/sources/statusrapport-2025-10-14"
D = "http://a.example/d"
DOCUMENT = Document(D, "D", "d.txt", "", "", ("One two", "three four.", "", "Head", "five six"))


def quotation(text: str, first: int, last: int) -> Quotation:
    return Quotation(f"{D}/{first}-{last}-{text[:3]}", D, text, first, last, (), cited=True)


def shown(found: list[Passage]) -> list[str]:
    """The quoted words in [brackets], faulty ones in {braces}."""

    def marked(passage: Passage) -> str:
        lines = []
        for line in passage.lines:
            runs = []
            for quoted, pieces in line.runs:
                run = "".join(f"{{{piece.text}}}" if piece.faulty else piece.text for piece in pieces)
                runs.append(f"[{run}]" if quoted else run)
            lines.append("".join(runs))
        return "|".join(lines)

    return [marked(passage) for passage in found]


def test_quoted_words_are_marked_where_they_stand() -> None:
    found = passages(DOCUMENT, [quotation("two three", 1, 2), quotation("six", 5, 5)], [], {}, Lit())
    assert shown(found) == ["One [two]|[three] four.||Head", "five [six]"]


def test_faults_are_marked_within_the_passage_and_layout_apart() -> None:
    quoted = quotation("One two", 1, 1)
    layout = [LayoutPassage(f"{D}/l", D, 4, 4, "reason")]
    found = passages(DOCUMENT, [quoted], layout, {quoted.iri: ["two"]}, Lit(1, 1))
    assert shown(found)[0] == "[One {two}]"
    assert [line.number for passage in found for line in passage.lines] == [1, 2, 3, 4, 5]
    assert [line.number for passage in found for line in passage.lines if line.layout] == [4]
    assert [line.number for passage in found for line in passage.lines if line.lit] == [1]


def test_words_that_do_not_stand_there_are_not_marked() -> None:
    assert shown(passages(DOCUMENT, [quotation("elsewhere", 1, 1)], [], {}, Lit()))[0] == "One two"


@pytest.mark.parametrize("key", ["statusrapport-2025-10-14", "kompetanse-deck"])
def test_a_document_is_given_line_by_line_as_it_stands(key: str) -> None:
    text = page(f"/sources/{key}")
    lines = (CHECKOUT / "data" / "sources" / f"{key}.txt").read_text("utf-8").split("\n")
    found = re.findall(r'<div class="ln[^"]*" id="L(\d+)">.*?<span class="t">(.*?)</span></div>', text)
    assert [int(number) for number, _ in found] == list(range(1, len(lines) + 1))
    bare = [re.sub(r"<[^>]+>", "", line) for _, line in found]
    unescaped = [
        line.replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", '"').replace("&#39;", "'")
        for line in bare
    ]
    assert [line.replace("&amp;", "&") for line in unescaped] == lines
    assert len(text.encode()) < 150_000


def test_the_lines_that_a_reader_was_led_to_are_lit() -> None:
    text = page(f"{REPORT}?lines=145-150")
    assert re.findall(r'class="ln[^"]* lit" id="L(\d+)"', text) == [str(n) for n in range(145, 151)]
    assert page(f"{REPORT}?lines=150-145").count(' lit" id=') == 6
    assert ' lit" id=' not in page(REPORT)


@pytest.mark.parametrize("lines", ["nonsense", "0", "1-", "-4", "1-2-3"])
def test_lines_that_are_none_are_refused_with_how_to_write_them(lines: str) -> None:
    answer = real_app().test_client().get(f"{REPORT}?lines={lines}&lang=en", headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert "?lines=145-150" in answer.text


def test_lines_beyond_the_document_are_said_to_be_so() -> None:
    assert "The address asks for line 9999. The document has 386 lines." in page(f"{REPORT}?lines=9999")
    text = page(f"{REPORT}?lines=380-400")
    assert "The address asks for lines 380–400." in text
    assert text.count(' lit" id=') == 7
    assert "The address asks" not in page(f"{REPORT}?lines=386")


def test_a_slash_too_many_leads_to_the_document() -> None:
    answer = real_app().test_client().get(f"{REPORT}/?lines=145")
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"{REPORT}?lines=145"


def test_a_passage_leads_to_what_it_supports_and_its_faults_are_told() -> None:
    text = page(REPORT)
    block = text[text.index('id="L145"') :].partition('<div class="psg">')[0]
    assert 'href="/id/status/2025-10-14/14?lang=en"' in block
    assert "Slip in the source. Given as printed." in block


def test_the_text_itself_can_be_had() -> None:
    answer = real_app().test_client().get(f"{REPORT}.txt")
    assert answer.mimetype == "text/plain"
    assert answer.data == (CHECKOUT / "data" / "sources" / "statusrapport-2025-10-14.txt").read_bytes()


@pytest.mark.parametrize("key", ["nothing", "../../etc/passwd", "norgeslover-folkebibliotekloven", "%20"])
def test_a_document_that_is_not_there_is_404(key: str) -> None:
    assert real_app().test_client().get(f"/sources/{key}").status_code == 404


def test_the_list_of_sources_tells_their_coverage() -> None:
    text = page("/sources")
    assert re.search(r"259 lines with text, of which \d+ are quoted", text)
    assert "Pages on the web" in text
