"""Milestones on a time line: as exact as the source, never more."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibgraph.describe import Row
from bibgraph.web.pages.overview_data import lately
from bibgraph.web.pictures.bands import time_line

XSD = "http://www.w3.org/2001/XMLSchema#"


def row(edtf: str, earliest: str, latest: str, *, promised: bool = False) -> Row:
    return {
        "milestone": ox.NamedNode("http://a.example/m"),
        "stated": ox.Literal("da", language="nb"),
        "date": ox.Literal(edtf),
        "earliest": ox.Literal(earliest, datatype=ox.NamedNode(XSD + "date")),
        "latest": ox.Literal(latest, datatype=ox.NamedNode(XSD + "date")),
        "promised": ox.Literal(promised),
        "issued": ox.Literal("2025-10-14"),
    }


@pytest.mark.parametrize(
    ("edtf", "earliest", "latest", "shape", "precision"),
    [
        ("2025-08-28", "2025-08-28", "2025-08-28", "day", "day"),
        ("2025-06", "2025-06-01", "2025-06-30", "sharp", "month"),
        ("2025-21", "2025-03-01", "2025-05-31", "soft", "season"),
        ("2025-34", "2025-04-01", "2025-06-30", "sharp", "quarter"),
        ("2026-40", "2026-01-01", "2026-06-30", "sharp", "half-year"),
        ("2026", "2026-01-01", "2026-12-31", "sharp", "year"),
        ("2026~", "2026-01-01", "2026-12-31", "soft", "year"),
        ("2025/2026", "2025-01-01", "2026-12-31", "sharp", "period"),
    ],
)
def test_the_form_of_a_date_says_how_its_band_looks(
    edtf: str, earliest: str, latest: str, shape: str, precision: str
) -> None:
    line = time_line([row(edtf, earliest, latest)])
    assert line is not None
    assert (line.bands[0].shape, line.bands[0].precision.text("en")) == (shape, precision)


def test_what_is_promised_is_drawn_otherwise_than_what_has_happened() -> None:
    happened = row("2025-06", "2025-06-01", "2025-06-30")
    line = time_line([happened, row("2026-21", "2026-03-01", "2026-05-31", promised=True)])
    assert line is not None
    assert [band.style for band in line.past] == ["b-past"]
    assert [band.style for band in line.promised] == ["b-fut-soft"]


def test_the_last_day_of_the_calendar_is_drawn_and_what_lies_beyond_is_not() -> None:
    line = time_line([row("9999", "9999-01-01", "9999-12-31"), row("Y12026", "12026-01-01", "12026-12-31")])
    assert line is not None
    assert [round(band.x + band.width, 2) for band in line.bands] == [100.0]


@pytest.mark.parametrize(
    ("stated", "latest", "ours"),
    [
        ("28.8.", "2025-08-28", "2025"),
        ("juni", "2025-06-30", "2025"),
        ("28.08.25", "2025-08-28", ""),
        ("1. oktober 2025", "2025-10-01", ""),
        ("i perioden", "2026-12-31", ""),
        ("", "2025-08-28", ""),
    ],
)
def test_a_year_that_the_source_leaves_out_is_ours(stated: str, latest: str, ours: str) -> None:
    line = time_line([{**row("", "2025-05-28", latest), "stated": ox.Literal(stated)}])
    assert line is not None
    assert line.bands[0].year == ours


def test_the_report_date_has_its_place_on_the_axis() -> None:
    line = time_line([row("2025", "2025-01-01", "2025-12-31")])
    assert line is not None
    assert line.asof == "2025-10-14"
    assert line.asof_x == pytest.approx(286 / 365 * 100, abs=0.1)


def test_at_a_day_nothing_later_has_happened_and_what_no_report_has_answered_is_still_to_come() -> None:
    happened = [{**row(str(year), f"{year}-05-01", f"{year}-05-01"), "issued": None} for year in (2019, 2024)]
    promised = row("2025-12-31", "2025-12-31", "2025-12-31", promised=True)
    before, after = (
        lately([*happened, promised], "2020-01-01", ""),
        lately([promised], "2031-01-01", "2025-10-14"),
    )
    assert before is not None
    assert [band.earliest for band in before.bands] == ["2019-05-01"]
    assert after is not None
    assert (after.asof, [band.promised for band in after.bands]) == ("2025-10-14", [True])


def test_rows_without_days_that_can_be_read_make_no_time_line() -> None:
    assert time_line([]) is None
    assert time_line([row("?", "soon", "later")]) is None
    assert time_line([row("2025", "2025-12-31", "2025-01-01")]) is None


@given(st.dates(), st.dates())
def test_every_band_lies_within_the_axis_and_has_its_length(one: object, other: object) -> None:
    first, last = sorted((str(one), str(other)))
    line = time_line([row("", first, last)])
    assert line is not None
    band = line.bands[0]
    assert 0 <= band.x <= 100
    assert 0 <= band.width <= 100.01
    assert band.x + band.width <= 100.02
    assert line.ticks
