"""``bibgraph release``: told before it is written, written once, and checked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bibgraph.publish.releases import ABOUT, FOLDER, Log
from conftest import Outcome
from small_repository import change, small_repository

Bibgraph = Callable[..., Outcome]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_repository(tmp_path / "project").root


def names(root: Path) -> list[str]:
    return sorted(path.relative_to(root / FOLDER).as_posix() for path in (root / FOLDER).rglob("*.*"))


def test_a_release_is_told_and_written(root: Path, bibgraph: Bibgraph) -> None:
    outcome = bibgraph("--root", root, "release", "--date", "2026-11-22", "--message", "Første utgave.")
    assert outcome.code == 0
    assert outcome.out.startswith("## 1 – 2026-11-22\n\nFørste utgave.\n\nThings changed: ")
    assert "- New: Measure (2): Tiltak 1; Tiltak 2\n" in outcome.out
    assert outcome.err.startswith("Release 1 is written to ")
    assert names(root) == ["1/changes.rdfp.gz", f"1/{ABOUT}", "CHANGES.md"]
    assert (root / FOLDER / "CHANGES.md").read_text("utf-8") == outcome.out


def test_the_next_one_tells_of_what_changed_and_comes_first(root: Path, bibgraph: Bibgraph) -> None:
    first = bibgraph("--root", root, "release", "--date", "2026-11-22").out
    change(root, "measures/report", '"Tiltak 1"', '"Tiltak en"')
    second = bibgraph("--root", root, "release", "--date", "2026-12-01T12:00:00+01:00").out
    assert second == (
        "## 2 – 2026-12-01\n\nThings changed: 1. Statements added: 1; removed: 1.\n\n"
        "- Changed: Measure (1): Tiltak en\n"
    )
    assert (root / FOLDER / "CHANGES.md").read_text("utf-8") == f"{second}\n{first}"
    assert Log.read(root).releases[1].published == "2026-12-01T11:00:00Z"


def test_without_changes_nothing_is_written(root: Path, bibgraph: Bibgraph) -> None:
    bibgraph("--root", root, "release", "--date", "2026-11-22")
    before = {name: (root / FOLDER / name).read_bytes() for name in names(root)}
    outcome = bibgraph("--root", root, "release", "--date", "2026-12-01", "--message", "Igjen.")
    assert outcome == Outcome(0, "", "Nothing has changed since release 1 of 2026-11-22.\n")
    assert {name: (root / FOLDER / name).read_bytes() for name in names(root)} == before


def test_a_trial_writes_nothing(root: Path, bibgraph: Bibgraph) -> None:
    outcome = bibgraph("--root", root, "release", "--date", "2026-11-22", "--dry-run")
    assert outcome.code == 0
    assert outcome.out.startswith("## 1 – 2026-11-22\n")
    assert outcome.err == "Nothing is written: this was a trial.\n"
    assert not (root / FOLDER).exists()


def test_the_check_tells_of_changes_that_are_not_released(root: Path, bibgraph: Bibgraph) -> None:
    assert bibgraph("--root", root, "release", "--check").code == 1
    bibgraph("--root", root, "release", "--date", "2026-11-22")
    assert bibgraph("--root", root, "release", "--check").code == 0
    change(root, "measures/report", '"Tiltak 1"', '"Tiltak en"')
    outcome = bibgraph("--root", root, "release", "--check")
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err == "Things that have changed since the last release: 1.\n"


def test_the_check_replays_the_log(root: Path, bibgraph: Bibgraph) -> None:
    bibgraph("--root", root, "release", "--date", "2026-11-22")
    about = root / FOLDER / "1" / ABOUT
    version = Log.read(root).releases[0].version
    about.write_text(about.read_text("utf-8").replace(version, "0" * 64), "utf-8")
    outcome = bibgraph("--root", root, "release", "--check")
    assert outcome.code == 1
    assert "do not lead to its graph" in outcome.err


@pytest.mark.parametrize(
    ("stated", "told"),
    [("22.11.2026", "is no day"), ("2026-13-01", "is no day"), ("2026-11-21", "cannot be of 2026-11-21")],
)
def test_a_day_that_cannot_be(root: Path, bibgraph: Bibgraph, stated: str, told: str) -> None:
    bibgraph("--root", root, "release", "--date", "2026-11-22")
    change(root, "measures/report", '"Tiltak 1"', '"Tiltak en"')
    outcome = bibgraph("--root", root, "release", "--date", stated)
    assert (outcome.code, outcome.out) == (2, "")
    assert told in outcome.err


def test_a_log_that_was_touched_stops_it(root: Path, bibgraph: Bibgraph) -> None:
    bibgraph("--root", root, "release", "--date", "2026-11-22")
    (root / FOLDER / "1" / ABOUT).write_text("{}", "utf-8")
    outcome = bibgraph("--root", root, "release")
    assert outcome.code == 2
    assert f"1/{ABOUT}: The log of releases is not as it was written." in outcome.err
