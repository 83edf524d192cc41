"""The faults of the official DCAT-AP-NO and CPSV-AP-NO shapes, rebuilt small: none passes as a check."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Outcome

PREFIXES = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcatap: <http://data.europa.eu/r5r> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix ex: <http://example.org/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
DATA = """
ex:catalogue a dcat:Catalog ;
    dct:title "Books"@en ;
    dct:publisher [ a foaf:Agent ] .
"""
SOUND = "ex:CatalogShape a sh:NodeShape ; sh:targetClass dcat:Catalog ; sh:property ex:title .\n"
TITLE = "ex:title a sh:PropertyShape ; sh:path dct:title ; sh:minCount 1 ; sh:message 'Give a title.'@en .\n"


def rules(
    folder: Path, bibgraph: Callable[..., Outcome], shapes: str, data: str = DATA
) -> tuple[int, dict[str, int]]:
    (folder / "data.ttl").write_text(PREFIXES + data, "utf-8")
    (folder / "shapes.ttl").write_text(PREFIXES + shapes, "utf-8")
    outcome = bibgraph(
        "check", "--data", folder / "data.ttl", "--shapes", folder / "shapes.ttl", "--format", "json"
    )
    return outcome.code, {found["rule"]: found["line"] for found in json.loads(outcome.out)["findings"]}


def test_sound_shapes_over_sound_data_pass(tmp_path: Path, bibgraph: Callable[..., Outcome]) -> None:
    assert rules(tmp_path, bibgraph, SOUND + TITLE) == (0, {})


@pytest.mark.parametrize(
    ("shapes", "rule", "line"),
    [
        (SOUND + TITLE + "ex:AgentShape a sh:NodeShape ; sh:property ex:title .", "shape-unreachable", 9),
        (SOUND + TITLE.replace("sh:minCount", "sh:MinCount"), "unknown-term", 8),
        (SOUND.replace("sh:property ", "sh:propertye ") + TITLE, "unknown-term", 7),
        (
            SOUND + TITLE.replace(" ; sh:message", " ; sh:severity sh:Voilation ; sh:message"),
            "unknown-term",
            8,
        ),
        (SOUND.replace("dcat:Catalog ;", "dcat:Catalogg ;") + TITLE, "target-unmatched", 7),
        (SOUND.replace("dcat:Catalog ;", "dcat:DataService ;") + TITLE, "target-unmatched", 7),
        (
            SOUND.replace("ex:title", "ex:title , ex:availability")
            + TITLE
            + "ex:availability sh:path dcatap:availability ; sh:maxCount 1 .",
            "path-unused",
            9,
        ),
    ],
    ids=["no target", "MinCount", "propertye", "Voilation", "misspelt target", "absent target", "prefix"],
)
def test_a_rule_that_checks_nothing_is_a_finding(
    tmp_path: Path, bibgraph: Callable[..., Outcome], shapes: str, rule: str, line: int
) -> None:
    _, found = rules(tmp_path, bibgraph, shapes)
    assert found.get(rule) == line


@pytest.mark.parametrize(
    ("shapes", "data", "rule"), [("", DATA, "no-shapes"), (SOUND + TITLE, "", "no-data")]
)
def test_nothing_to_check_fails(
    tmp_path: Path, bibgraph: Callable[..., Outcome], shapes: str, data: str, rule: str
) -> None:
    code, found = rules(tmp_path, bibgraph, shapes, data)
    assert code == 1
    assert rule in found


def test_a_shape_may_be_marked_as_expected_to_be_empty(
    tmp_path: Path, bibgraph: Callable[..., Outcome]
) -> None:
    mark = "ex:CatalogShape <https://w3id.org/bibgraph/ontology#expectedEmpty> true .\n"
    data = "ex:book dct:title 'One' ."
    assert "target-unmatched" in rules(tmp_path, bibgraph, SOUND + TITLE, data)[1]
    assert rules(tmp_path, bibgraph, SOUND + TITLE + mark, data) == (0, {})
