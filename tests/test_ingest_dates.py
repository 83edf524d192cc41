"""Norwegian dates and phrases, in bokmål and nynorsk, as EDTF with first and last day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibgraph.ingest.dates import as_printed_date, find_dates, unread_dates

YEAR = 2025


@pytest.mark.parametrize(
    ("text", "stated", "edtf", "earliest", "latest"),
    [
        ("offentliggjort 28.08.25", "28.08.25", "2025-08-28", "2025-08-28", "2025-08-28"),
        ("Første møte den 27.9.19.", "27.9.19", "2019-09-27", "2019-09-27", "2019-09-27"),
        ("offentliggjort 13.10 2023", "13.10 2023", "2023-10-13", "2023-10-13", "2023-10-13"),
        ("Sluttrapport 06.03.2025", "06.03.2025", "2025-03-06", "2025-03-06", "2025-03-06"),
        ("lansert 1. oktober 2025.", "1. oktober 2025", "2025-10-01", "2025-10-01", "2025-10-01"),
        ("inngått i februar 2024", "februar 2024", "2024-02", "2024-02-01", "2024-02-29"),
        ("lansert våren 2024", "våren 2024", "2024-21", "2024-03-01", "2024-05-31"),
        ("sommaren 2026", "sommaren 2026", "2026-22", "2026-06-01", "2026-08-31"),
        ("hausten 2025", "hausten 2025", "2025-23", "2025-09-01", "2025-11-30"),
        ("høst 2025", "høst 2025", "2025-23", "2025-09-01", "2025-11-30"),
        ("første halvår 2026", "første halvår 2026", "2026-40", "2026-01-01", "2026-06-30"),
        (
            "i løpet av fyrste halvår 2026",
            "i løpet av fyrste halvår 2026",
            "2026-40",
            "2026-01-01",
            "2026-06-30",
        ),
        ("2. halvår 2026", "2. halvår 2026", "2026-41", "2026-07-01", "2026-12-31"),
        ("3. kvartal 2026", "3. kvartal 2026", "2026-07/2026-09", "2026-07-01", "2026-09-30"),
        ("vil primært være i \n2026.", "primært være i \n2026", "2026~", "2026-01-01", "2026-12-31"),
        ("startet i 2025 med", "i 2025", "2025", "2025-01-01", "2025-12-31"),
        ("innen utgangen av 2027", "innen utgangen av 2027", "2027", "2027-01-01", "2027-12-31"),
        ("2021 Kompetanserammeverk", "2021", "2021", "2021-01-01", "2021-12-31"),
    ],
)
def test_a_date_with_its_year_is_read(text: str, stated: str, edtf: str, earliest: str, latest: str) -> None:
    (found,) = find_dates(text, YEAR)
    assert text[found.start : found.end] == stated
    assert (found.edtf, found.has_year) == (edtf, True)
    assert (found.earliest.isoformat(), found.latest.isoformat()) == (earliest, latest)
    assert not unread_dates(text, [found])


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("Tildelt 28.8.", "2025-08-28"),
        ("8. mai", "2025-05-08"),
        ("i løpet av november", "2025-11"),
        ("til våren", "2025-21"),
    ],
)
def test_a_date_without_a_year_has_that_of_the_report(text: str, edtf: str) -> None:
    (found,) = find_dates(text, YEAR)
    assert (found.edtf, found.has_year) == (edtf, False)


def test_a_year_printed_before_in_the_text_comes_before_that_of_the_report() -> None:
    found = find_dates("inngått i februar 2024. Levert i juni.", YEAR)
    assert [each.edtf for each in found] == ["2024-02", "2024-06"]


@pytest.mark.parametrize(
    "text", ["vår strategi", "(ny s.21)", "perioden 2020–2030", "2023-2025", "MARC 21", ""]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert find_dates(text, YEAR) == []
    assert unread_dates(text, []) == []


@pytest.mark.parametrize("text", ["uke 47", "12/2025", "vinteren 2026", "32.13.25", "30.2.2025"])
def test_what_looks_like_a_date_but_cannot_be_read_is_told(text: str) -> None:
    assert find_dates(text, YEAR) == []
    assert unread_dates(text, [])


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)))
def test_every_day_is_read_in_every_form(day: date) -> None:
    forms = (
        f"{day.day}.{day.month}.{day.year}",
        f"{day:%d.%m.%y}",
        f"{day.day}.{day.month} {day.year}",
    )
    for form in forms:
        assert [each.edtf for each in find_dates(f"Møte {form}", YEAR)] == [day.isoformat()]


@pytest.mark.parametrize(
    ("title", "stated", "day"),
    [
        ("strategi 2020-2025 – statusrapport 14.10 - 2025", "14.10 - 2025", date(2025, 10, 14)),
        ("Statusrapport 20.04.2026", "20.04.2026", date(2026, 4, 20)),
        ("Status per 20. april 2026", "20. april 2026", date(2026, 4, 20)),
    ],
)
def test_the_date_in_a_title_is_read(title: str, stated: str, day: date) -> None:
    assert as_printed_date(title) == (stated, day)


def test_a_title_without_a_day_has_no_date() -> None:
    assert as_printed_date("Nasjonal bibliotekstrategi 2020-2025") is None
