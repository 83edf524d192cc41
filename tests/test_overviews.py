"""Overviews and the pictures of answers."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest

from bibgraph.describe import Term, value_of
from bibgraph.web.documents.sections import all_sections
from bibgraph.web.pictures.charts import bars, flow, matrix, spans
from pages_world import page, real_app, real_graph

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


def test_bars_are_as_long_as_their_sums() -> None:
    picture = bars(rows(("a", 1, "p"), ("a", 2, "q"), ("b", 6, "p"), ("c", "?", "p")), "x", "y", "z", say)
    assert picture is not None
    widths = [float(found) for found in re.findall(r'<rect[^>]* width="([\d.]+)"', picture.body)]
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
    assert flowing.body.count("<path") == 3


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


def test_each_picture_can_be_had_as_a_file() -> None:
    client = real_app().test_client()
    answer = client.get("/overviews/units.svg?lang=nb")
    assert answer.mimetype == "image/svg+xml"
    assert ET.fromstring(answer.data).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314  # our own
    assert client.get("/overviews/nothing").status_code == 404
    assert client.get("/overviews/nothing.svg").status_code == 404


def test_the_list_names_them_all() -> None:
    text = page("/overviews")
    assert all(f'href="/overviews/{key}?lang=en"' in text for key in KEYS)


def test_codes_in_the_answers_to_questions_stand_as_words_on_pages_and_as_codes_in_downloads() -> None:
    text = page("/queries/measures-by-status")
    assert "Closed" in text
    assert "<td>closed</td>" not in text
    assert ",closed," in real_app().test_client().get("/queries/measures-by-status.csv").text


def test_questions_are_found_by_their_words() -> None:
    text = page("/queries?q=status report")
    assert 'href="/queries/status-report?lang=en"' in text
    assert 'href="/queries/approach?lang=en"' not in text
    assert "No question holds all these words." in page("/queries?q=qqqq")
