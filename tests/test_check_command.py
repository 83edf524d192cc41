"""``bibgraph check``: findings on stdout, talk on stderr, and an exit code that CI can go by."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Outcome
from small_repository import change, small_repository

Bibgraph = Callable[..., Outcome]


def test_nothing_found_is_success(tmp_path: Path, bibgraph: Bibgraph) -> None:
    assert bibgraph("--root", small_repository(tmp_path).root, "check").code == 0


def test_a_violation_ends_with_1_and_names_the_thing_and_its_line(tmp_path: Path, bibgraph: Bibgraph) -> None:
    root = small_repository(tmp_path, measures=("    bg:number 1 ;\n", "")).root
    outcome = bibgraph("--root", root, "check")
    assert (outcome.code, outcome.err) == (1, "")
    assert "data/measures/report.ttl" in outcome.out
    assert "Tiltak 1" in outcome.out
    assert "Number the measure." in outcome.out


@pytest.mark.parametrize(
    ("gate", "code"), [(None, 0), ("violation", 0), ("warning", 1), ("info", 1)], ids=str
)
def test_the_gate_decides_what_fails(tmp_path: Path, bibgraph: Bibgraph, gate: str | None, code: int) -> None:
    root = small_repository(tmp_path).root
    change(tmp_path, "measures", "    bg:partOfStrategy strategy:2030 ;\n    bg:number 1", "    bg:number 1")
    outcome = bibgraph("--root", root, "check", *(["--fail-on", gate] if gate else []))
    assert outcome.code == code
    assert "Say which strategy." in outcome.out


@pytest.mark.parametrize(
    ("language", "told"),
    [("nb", "Gi tiltaket nummer."), ("nn", "Gje tiltaket nummer."), ("en", "Number the measure.")],
)
def test_messages_come_in_the_language_asked_for(
    tmp_path: Path, bibgraph: Bibgraph, language: str, told: str
) -> None:
    root = small_repository(tmp_path, measures=("    bg:number 1 ;\n", "")).root
    assert told in bibgraph("--root", root, "check", language=language).out


def test_json_is_for_programs(tmp_path: Path, bibgraph: Bibgraph) -> None:
    root = small_repository(tmp_path, measures=("bg:number 1", 'bg:number "1"')).root
    outcome = bibgraph("--root", root, "check", "--format", "json")
    [finding] = json.loads(outcome.out)["findings"]
    assert outcome.code == 1
    assert finding["thing"] == "https://w3id.org/bibgraph/id/measure/2030/1"
    assert finding["file"] == "data/measures/report.ttl"
    assert finding["line"] > 1


def test_other_files_can_be_checked(tmp_path: Path, bibgraph: Bibgraph) -> None:
    root = small_repository(tmp_path / "project").root
    path = tmp_path / "given.ttl"
    path.write_text(
        "<https://w3id.org/bibgraph/id/measure/x/1> a <https://w3id.org/bibgraph/ontology#Measure> .",
        encoding="utf-8",
    )
    outcome = bibgraph("--root", root, "check", path)
    assert outcome.code == 1
    assert "measure/x/1" in outcome.out


def test_broken_turtle_is_unreadable_with_file_line_and_column(tmp_path: Path, bibgraph: Bibgraph) -> None:
    root = small_repository(tmp_path, measures=("bg:number 1 ;", "bg:number 1 1 ;")).root
    outcome = bibgraph("--root", root, "check")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("data/measures/report.ttl:")
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize(
    "arguments", [["none.ttl"], ["--format", "pdf"], ["--fail-on", "never"]], ids=lambda each: each[0]
)
def test_wrong_use_ends_with_2(tmp_path: Path, bibgraph: Bibgraph, arguments: list[str]) -> None:
    root = small_repository(tmp_path).root
    outcome = bibgraph("--root", root, "check", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err
