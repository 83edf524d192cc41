"""The board of measures: by main line and status, as of a day."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from bibgraph.describe import Row
from bibgraph.web.pictures.board import board, marks
from pages_world import page, real_app
from web_world import client

C = "http://a.example/code/"
MARKS = marks(
    [
        {"code": ox.NamedNode(C + "going"), "mark": ox.Literal("run"), "place": None},
        {"code": ox.NamedNode(C + "done"), "mark": ox.Literal("done"), "place": None},
        {"code": ox.NamedNode(C + "odd"), "mark": None, "place": None},
    ]
)


def row(number: int, issued: str = "", code: str = "", line: str = "a", part: str = "") -> Row:
    told = {"number": str(number), "issued": issued, "words": code, "order": "1"}
    iris = {
        "measure": f"http://a.example/m/{number}",
        "code": C + code if code else "",
        "line": f"http://a.example/line/{line}" if line else "",
        "part": f"http://a.example/part/{part}" if part else "",
    }
    found: dict[str, ox.NamedNode | ox.Literal | None] = dict.fromkeys(
        ("key", "observation", "report", "who", "doubt", "open")
    )
    found |= {name: ox.Literal(value) if value else None for name, value in told.items()}
    return found | {name: ox.NamedNode(value) if value else None for name, value in iris.items()}


HISTORY = [
    row(1, "2024-01-01", "going"),
    row(1, "2025-01-01", "done"),
    row(2, "2025-01-01", "going"),
    row(10),
]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("", {"done": ["1"], "going": ["2"], "": ["10"]}),
        ("2024-06-01", {"going": ["1"], "": ["2", "10"]}),
        ("2023-01-01", {"": ["1", "2", "10"]}),
    ],
)
def test_a_measure_has_the_status_of_the_newest_report_up_to_the_day(
    day: str, expected: dict[str, list[str]]
) -> None:
    shown = board(HISTORY, MARKS, day)
    [line] = shown.lines
    found = {code.removeprefix(C): [entry.number for entry in cell] for code, cell in line.cells.items()}
    assert found == expected


def test_a_status_without_a_sign_of_its_own_has_a_column_only_where_it_occurs() -> None:
    assert [mark.name for mark in board(HISTORY, MARKS).columns] == ["run", "done", "none"]
    assert "other" in [mark.name for mark in board([row(1, "2025-01-01", "odd")], MARKS).columns]


def test_a_part_whose_measures_lack_main_lines_is_a_row_of_its_own() -> None:
    unnumbered = {**row(3, line="", part="ii"), "number": None, "key": ox.Literal("ii-1")}
    with_line = {**row(4, part="ii"), "number": None, "key": ox.Literal("ii-2")}
    shown = board([row(1, part="i"), unnumbered, with_line], MARKS)
    assert [(line.line[-1:], line.part[-2:]) for line in shown.lines] == [("a", ""), ("", "ii")]


def test_the_front_page_and_the_status_page_show_the_newest_report_as_a_board() -> None:
    for path in ("/", "/status"):
        text = page(path)
        assert "The report of 14 October 2025 says:" in text
        assert text.count('class="no"') >= 32


def test_a_graph_without_strategies_says_so() -> None:
    assert "The graph holds no strategy with measures." in client("").get("/status?lang=en").text


def test_before_the_first_report_nothing_is_known() -> None:
    assert "No report in the graph up to 1 January 2024 says anything of their status." in page(
        "/status?date=2024-01-01"
    )


@pytest.mark.parametrize("query", ["date=yesterday", "date=2025-02-30", "strategy=nothing"])
def test_a_date_or_strategy_that_cannot_be_used_is_400_and_says_what_to_do(query: str) -> None:
    answer = real_app().test_client().get(f"/status?{query}&lang=en", headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert "Allowed" in answer.text or "Write the day" in answer.text


def test_what_was_announced_stays_announced_until_a_report_says_how_it_went() -> None:
    text = page("/status?date=2031-01-01")
    assert "half-year, announced" in text
    assert "report date 14 Oct 2025" in text
    assert "1 Jan 2031" not in text


def test_another_strategy_can_be_chosen() -> None:
    assert "2020" in page("/status?strategy=2020-2023")
