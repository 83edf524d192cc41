"""Earliest and latest days are those that the EDTF literal means."""

from datetime import date

import edtf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibgraph.validation import StatedDate, check_dates
from bibgraph.validation.dates import bounds


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2019-09-27", "2019-09-27", "2019-09-27"),
        ("2025-02", "2025-02-01", "2025-02-28"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("2024-21", "2024-03-01", "2024-05-31"),
        ("2024-22", "2024-06-01", "2024-08-31"),
        ("2025-23", "2025-09-01", "2025-11-30"),
        ("2026-33", "2026-01-01", "2026-03-31"),
        ("2026-40", "2026-01-01", "2026-06-30"),
        ("2026-41", "2026-07-01", "2026-12-31"),
        ("2026~", "2026-01-01", "2026-12-31"),
        ("2026-06?", "2026-06-01", "2026-06-30"),
        ("2018-XX", "2018-01-01", "2018-12-31"),
        ("2020/2025", "2020-01-01", "2025-12-31"),
        ("2021/..", "2021-01-01", None),
        ("2021/", "2021-01-01", None),
        ("../2021", None, "2021-12-31"),
        ("XXXX-08-28", None, None),
        ("2024-24", None, None),
    ],
)
def test_what_a_literal_means(text: str, earliest: str | None, latest: str | None) -> None:
    assert tuple(day and day.isoformat() for day in bounds(text)) == (earliest, latest)


@pytest.mark.parametrize("text", ["2018-2001", "2025-13", "2025-02-30", "2025-00", "høst 2025", "", "25"])
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        bounds(text)
    [finding] = check_dates([StatedDate("http://x/t", "bg:date", f'"{text}"', text, "", "")])
    assert finding.rule == "date-format"
    assert finding.thing == "http://x/t"


YEARS = st.integers(1000, 9000)
PLAIN = st.builds(
    "{}{}{}".format,
    YEARS,
    st.sampled_from(["", "-01", "-02", "-12", "-02-28", "-12-31"]),
    st.sampled_from(["", "~", "?", "%"]),
)
PARTS = st.builds("{}-{}".format, YEARS, st.sampled_from([21, 22, 23, 40, 41]))


def by_the_library(text: str) -> tuple[date, date]:
    parsed = edtf.parse_edtf(text)
    return date(*parsed.lower_strict()[:3]), date(*parsed.upper_strict()[:3])


# The library takes its time over each date.
@settings(max_examples=25)
@given(PLAIN | PARTS)
def test_the_short_way_for_plain_dates_gives_what_the_library_gives(text: str) -> None:
    assert bounds(text) == by_the_library(text)


@settings(max_examples=15)
@given(PLAIN, PLAIN)
def test_the_short_way_for_intervals_gives_what_the_library_gives(first: str, last: str) -> None:
    assert bounds(f"{first}/{last}") == by_the_library(f"{first}/{last}")
    assert bounds(f"{first}/..") == (bounds(first)[0], None)


@pytest.mark.parametrize("text", ["2025-00", "2025-21~", "2025-02-30", "2025-02-30/2026", "2025-1"])
def test_the_short_way_takes_nothing_that_the_library_refuses(text: str) -> None:
    with pytest.raises(edtf.EDTFParseException):
        edtf.parse_edtf(text)
    with pytest.raises(ValueError, match=r".*"):
        bounds(text)


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "rules"),
    [
        ("2026-40", "2026-01-01", "2026-06-30", []),
        ("2026-40", "2026-01-01", "2026-07-31", ["date-latest"]),
        ("2025-02", "2025-01-01", "2025-02-29", ["date-earliest", "date-latest"]),
        ("2025-02", "", "", []),
        ("2021/..", "2021-01-01", "2030-12-31", []),
        ("2018/2001", "2018-01-01", "2001-12-31", ["date-reversed"]),
    ],
)
def test_stated_days_are_compared_with_it(text: str, earliest: str, latest: str, rules: list[str]) -> None:
    stated = StatedDate("http://x/t", "bg:date", f'"{text}"^^edtf:EDTF', text, earliest, latest)
    findings = check_dates([stated])
    assert [finding.rule for finding in findings] == rules
    assert {(finding.path, finding.value) for finding in findings} <= {("bg:date", stated.value)}


def test_the_sentence_names_both_days() -> None:
    [finding] = check_dates([StatedDate("t", "bg:date", "", "2026-40", "2026-01-01", "2026-07-31")])
    assert finding.text("en") == "2026-40 ends on 2026-06-30, but 2026-07-31 is stated as the latest day."
