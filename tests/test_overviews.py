"""Overviews and the pictures of answers."""

from __future__ import annotations

import csv
import io
import re
import struct
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest

from bibgraph.describe import Term, select, value_of
from bibgraph.web.documents.sections import all_sections
from bibgraph.web.pictures import png
from bibgraph.web.pictures.charts import bars, spans
from bibgraph.web.pictures.relations import flow, matrix
from bibgraph.web.pictures.svg import Picture
from pages_world import VERSION, page, real_app, real_graph

KEYS = [each.told["overview"] for each in all_sections(real_graph().repository) if "overview" in each.told]


def say(term: Term | None) -> str:
    return value_of(term) or "–"


def rows(*found: tuple[object, ...]) -> list[dict[str, ox.Literal | None]]:
    names = ("x", "y", "z")
    return [
        {
            name: None if value is None else ox.Literal(str(value))
            for name, value in zip(names, row, strict=True)
        }
        for row in found
    ]


def drawn(picture: Picture) -> str:
    """What is in a picture beside its patterns."""
    return picture.body.rpartition("</defs>")[2]


def test_bars_are_as_long_as_their_sums() -> None:
    picture = bars(rows(("a", 1, "p"), ("a", 2, "q"), ("b", 6, "p"), ("c", "?", "p")), "x", "y", "z", say)
    assert picture is not None
    widths = [float(found) for found in re.findall(r'<rect[^>]* width="([\d.]+)"', drawn(picture))]
    assert widths[1] == pytest.approx(2 * widths[0], rel=0.01)
    assert widths[2] == pytest.approx(6 * widths[0], rel=0.01)
    assert [name for name, _ in picture.key] == ["p", "q"]


def test_many_series_become_few_that_can_be_told_apart() -> None:
    with real_app().test_request_context("/?lang=en"):
        picture = bars(rows(*(("a", number, f"s{number}") for number in range(1, 12))), "x", "y", "z", say)
    assert picture is not None
    assert len(picture.key) == 6
    assert picture.key[-1][0] == "others"


def test_a_matrix_has_a_sign_for_each_pair_and_spans_and_flows_one_for_each_row() -> None:
    pairs = rows(("1", "u", "first"), ("2", "u", "later"), ("2", "v", "bracketed"), (None, "v", "first"))
    found = matrix(pairs, "x", "y", "z", say)
    assert found is not None
    assert found.body.count("<circle") == 3
    years = spans(
        rows(("2015", "2018", "a"), ("2020-06-01", None, "a"), (None, "2020", "b")), "z", "x", "y", "", say
    )
    assert years is not None
    assert years.body.count("<rect") == 2
    flowing = flow(pairs, "x", "y", say)
    assert flowing is not None
    assert drawn(flowing).count("<path") == 3


def test_nothing_is_drawn_of_nothing() -> None:
    assert bars([], "x", "y", "", say) is None
    assert matrix([], "x", "y", "", say) is None
    assert spans([], "z", "x", "y", "", say) is None
    assert flow([], "x", "y", say) is None


def test_words_of_the_data_cannot_break_out_of_a_picture() -> None:
    picture = bars(rows(("<script>\"'&", 1, "</svg>")), "x", "y", "z", say)
    assert picture is not None
    assert "<script>" not in picture.body
    root = ET.fromstring(picture.alone("<b>").encode())  # noqa: S314  # our own
    assert root.tag.endswith("svg")


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_each_overview_has_a_title_a_reason_and_a_table_that_says_the_same(key: str, language: str) -> None:
    text = page(f"/overviews/{key}", language)
    assert "<table" in text
    assert len(text.encode()) < 150_000
    question = re.search(r'href="/queries/([a-z-]+)\?lang', text)
    assert question
    assert question[1] in [each.id for each in real_graph().catalogue]


def test_pieces_of_bars_stand_in_one_order_and_bear_their_sizes_where_there_is_room() -> None:
    told = rows(("a", 5, "p"), ("a", 5, "q"), ("b", 1, "q"), ("b", 9, "p"))
    picture = bars(told, "x", "y", "z", say)
    assert picture is not None
    body = drawn(picture)
    assert re.findall(r'<rect[^>]* class="(s\d)"', body) == ["s1", "s2", "s1", "s2"]
    assert re.findall(r">(\d+)</text>", body) == ["5", "5", "10", "9", "1", "10"]


def test_bands_of_a_flow_cross_as_seldom_as_their_ends_allow() -> None:
    picture = flow(
        rows(*((*each, None) for each in (("a", "2"), ("b", "1"), ("c", "3"), ("a", "1")))), "x", "y", say
    )
    assert picture is not None
    assert re.findall(r">([123])</text>", picture.body) == ["2", "1", "3"]


def test_headings_of_a_flow_stand_above_what_belongs_to_them() -> None:
    picture = flow(rows(("a", "1", "old"), ("b", "2", "old")), "x", "y", say, "", ("z", ""))
    assert picture is not None
    assert re.findall(r">([a-z]+)</text>", picture.body) == ["old", "a", "b"]


@pytest.mark.parametrize("key", KEYS)
def test_each_picture_is_a_file_with_its_title_its_key_and_where_it_is_from(key: str) -> None:
    client = real_app().test_client()
    answer = client.get(f"/overviews/{key}.svg?lang=nb")
    assert answer.mimetype == "image/svg+xml"
    root = ET.fromstring(answer.data)  # noqa: S314  # our own
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    words = ["".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert words[0] == root.findtext("{http://www.w3.org/2000/svg}title")
    assert words[-1] == f"bibgraph, versjon {VERSION[:16]}"
    ids = {each.get("id") for each in root.iter() if each.get("id")}
    assert set(re.findall(r"url\(#([a-z]+)\)", answer.text)) <= ids


@pytest.mark.skipif(not png.can_draw(), reason="what draws PNG is not installed: no PNG is looked at")
def test_a_saved_picture_says_what_must_be_known_to_read_it_right() -> None:
    svg = real_app().test_client().get("/overviews/money.svg?lang=en").data
    root = ET.fromstring(svg)  # noqa: S314  # our own
    told = root.findtext("{http://www.w3.org/2000/svg}desc") or ""
    assert "not the whole scheme" in told
    seen = " ".join(each.text or "" for each in root.iter("{http://www.w3.org/2000/svg}text"))
    assert told in seen
    assert root.get("lang") == "en"


def test_a_picture_as_png_is_twice_as_large_and_says_how_large_to_print_it() -> None:
    client = real_app().test_client()
    root = ET.fromstring(client.get("/overviews/status.svg?lang=nb").data)  # noqa: S314  # our own
    answer = client.get("/overviews/status.png?lang=nb")
    assert answer.mimetype == "image/png"
    assert answer.data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", answer.data[16:24])
    assert (width, height) == (2 * int(root.get("width", "0")), 2 * int(root.get("height", "0")))
    at = answer.data.index(b"pHYs")
    assert struct.unpack(">IIB", answer.data[at + 4 : at + 13]) == (7559, 7559, 1)


@pytest.mark.skipif(not png.can_draw(), reason="what draws PNG is not installed: no PNG is looked at")
def test_letters_are_drawn_without_any_typeface_of_the_system() -> None:
    def with_words(words: str) -> bytes:
        head = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40" font-family="sans-serif">'
        return png.drawn(f'{head}<text x="5" y="25">{words}</text></svg>')

    images = [with_words(words) for words in ("", "æ", "ø", "å", "Č", "đ", "ŋ", "\u2603")]
    assert len(set(images)) == len(images)


def test_without_what_draws_it_there_is_no_png_and_no_link_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(png, "can_draw", lambda: False)
    assert ".png" not in page("/overviews/status")
    assert real_app().test_client().get("/overviews/status.png").status_code == 404


@pytest.mark.parametrize("key", KEYS)
def test_the_file_of_the_table_has_the_rows_that_the_page_has(key: str) -> None:
    answer = real_app().test_client().get(f"/overviews/{key}.csv")
    assert answer.mimetype == "text/csv"
    assert f'filename="{key}.csv"' in answer.headers["Content-Disposition"]
    lines = list(csv.reader(io.StringIO(answer.text)))
    shown = re.findall(r"<tr[ >]", page(f"/overviews/{key}"))
    if key != "milestones":
        assert len(lines) == len(shown)
    assert len(lines) > 2


def test_rows_of_an_overview_lead_to_their_lines_and_words_of_sources_are_set_apart() -> None:
    text = page("/overviews/units")
    row = text.partition(">Measure 8: ")[2].partition("</tr>")[0]
    assert '<span class="src" lang="nb">DF, KD, TK BU</span>' in row
    assert re.search(r'class="ref" href="/sources/statusrapport-2025-10-14\?lines=87-90', row)
    assert 'class="ref"' in page("/overviews/lineage")


def test_what_no_source_counts_is_not_shown_as_nothing() -> None:
    table = page("/overviews/strategies").partition("<tbody>")[2]
    assert '<td class="num">32</td>' in table
    assert '<td class="num">0</td>' not in table


def test_sums_of_pictures_are_those_of_the_ready_questions() -> None:
    client = real_app().test_client()
    by_status = list(csv.DictReader(io.StringIO(client.get("/overviews/status.csv").text)))
    asked = list(csv.DictReader(io.StringIO(client.get("/queries/measures-by-status.csv").text)))
    newest = max(row["issued"] for row in by_status)
    counted = sum(int(row["count"]) for row in by_status if row["issued"] == newest)
    assert counted == sum(int(row["count"]) for row in asked)


def test_what_there_is_no_overview_of_is_not_found() -> None:
    client = real_app().test_client()
    for ending in ("", ".svg", ".png", ".csv"):
        assert client.get(f"/overviews/nothing{ending}").status_code == 404


def test_the_list_names_them_all() -> None:
    text = page("/overviews")
    assert all(f'href="/overviews/{key}?lang=en"' in text for key in KEYS)


def test_codes_in_the_answers_to_questions_stand_as_words_on_pages_and_as_codes_in_downloads() -> None:
    text = page("/queries/measures-by-status")
    assert "Closed" in text
    assert "<td>closed</td>" not in text
    assert ",closed," in real_app().test_client().get("/queries/measures-by-status.csv").text


def test_large_numbers_are_parted_in_tables_and_years_are_not() -> None:
    text = page("/overviews/money", "nb")
    assert re.search(r'<td class="num" data-value="\d+">\d{1,3}(?:\xa0\d{3})+</td>', text)
    assert '<td class="num">2024</td>' in text
    assert not re.search(r'<td class="num">\d{5}', text)


def test_questions_are_found_by_their_words() -> None:
    text = page("/queries?q=status report")
    assert 'href="/queries/status-report?lang=en"' in text
    assert 'href="/queries/approach?lang=en"' not in text
    assert "No question holds all these words." in page("/queries?q=qqqq")


def test_the_sums_of_money_say_how_many_awards_they_leave_out() -> None:
    counts = next(select(real_graph().store, real_graph().repository.query("pages/page-left-money")))
    told = {name: int(value_of(term)) for name, term in counts.items()}
    assert told["left"] == told["undated"] + told["unpriced"] - told["both"]
    listed = csv.DictReader(io.StringIO(real_app().test_client().get("/overviews/money.csv").text))
    assert told["all"] - told["left"] == sum(int(row["awards"]) for row in listed)
    text = page("/overviews/money", "en")
    assert f"{told['left']} of {told['all']} awards are not in the sum" in text
    assert "are not in the sum" not in page("/overviews/counties", "en")
