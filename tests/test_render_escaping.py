"""No value of anybody's data can break out of the line, cell, tag or string that it is shown in."""

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from rdflib import SH, Graph, Literal

from bibgraph.findings import Criterion, Finding, Severity
from bibgraph.reasons import harmless
from bibgraph.validation import Compared, compare, read_baseline, show, write_baseline
from bibgraph.validation.render import FORMATS, Run
from bibgraph.validation.render.turtle import term
from test_render import cells, commands, tree_of

NASTY = st.sampled_from(
    [
        "::error file=x::y", "%0A::warning ::", "a\r\n::set-output name=x::y", "]]>", "<!--", "-->", "&amp;",
        "</failure>",
        "| a | b |", "\\|", "`|`", "``", "\\", "<script>", "[x](http://x/)", "**b**", "@here",
        "#1", "http://x/ y",
        "\x00", "\x0b", "\x1b[31m", "\ufffe", "\u2028", "\u0085", '"', "'", "{0}", "{thing}", "$x", "~~x~~",
        "---", "a,b=c:d", "\x7f", "\x9b2J", "\u202e",
    ]
)  # fmt: skip
TEXT = st.lists(st.one_of(NASTY, st.text(max_size=6)), max_size=4).map("".join)
FINDING = st.builds(
    Finding,
    rule=st.one_of(TEXT, st.just("https://w3id.org/bibgraph/shapes#X")),
    severity=st.sampled_from(Severity),
    message=st.dictionaries(st.sampled_from(["nb", "en", "de"]), TEXT, max_size=2),
    hint=st.one_of(st.none(), st.dictionaries(st.just("en"), TEXT, max_size=1)),
    thing=TEXT,
    label=TEXT,
    path=TEXT,
    value=st.one_of(TEXT, TEXT.map(lambda text: show(ox.Literal(text)))),
    file=st.one_of(st.just(""), TEXT.filter(lambda text: "\x00" not in text)),
    line=st.integers(0, 9),
    column=st.integers(1, 9),
)


def inline(text: str) -> list[Token]:
    """The tokens within all lines of a Markdown text."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    return [child for token in tokens for child in token.children or ()]


def without_harm(text: str) -> str:
    """A text as it may stand in what is shown: returns are written in another way there."""
    return "\r".join(map(harmless, text.split("\r")))


FINDINGS = st.lists(FINDING, max_size=4)


@pytest.mark.parametrize("form", FORMATS)
@given(findings=FINDINGS)
def test_nothing_in_any_form_steers_a_terminal(form: str, findings: list[Finding]) -> None:
    text = FORMATS[form](findings, "en", Run())
    assert harmless(text) == text


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_whose_name_is_no_text_can_be_told_of_and_known(form: str, tmp_path: Path) -> None:
    finding = Finding("r", Severity.WARNING, {"en": "m"}, file="a\udcff.ttl", line=1)
    assert FORMATS[form]([finding], "en", Run()).encode()
    baseline = tmp_path / "known.json"
    baseline.write_text(write_baseline([finding]), encoding="utf-8")
    assert compare([finding], read_baseline(baseline)) == Compared([], 1, 0)


@given(FINDINGS)
def test_json_says_what_was_found_whatever_signs_are_in_it(findings: list[Finding]) -> None:
    said = json.loads(FORMATS["json"](findings, "en", Run()))["findings"]
    assert [each["label"] for each in said] == [finding.label for finding in findings]


@given(FINDINGS)
def test_github_gets_a_command_for_each_finding_and_no_other(findings: list[Finding]) -> None:
    text = FORMATS["github"](findings, "en", Run())
    found = commands(text)
    assert len(found) == len(findings)
    assert sum(line.lstrip().startswith("::") for line in text.splitlines()) >= len(findings)
    assert text.count("\n") == len(findings) + 1
    assert "\r" not in text
    for (_, properties, _), finding in zip(found, findings, strict=True):
        assert set(properties) <= {"file", "line", "col", "endLine", "endColumn", "title"}
        rule = finding.rule.replace("https://w3id.org/bibgraph/shapes#", "bgs:")
        assert properties["title"] == without_harm(rule)


@given(FINDINGS)
def test_github_gets_the_message_back_but_for_what_steers_a_terminal(findings: list[Finding]) -> None:
    for (_, _, data), finding in zip(
        commands(FORMATS["github"](findings, "en", Run())), findings, strict=True
    ):
        assert data.startswith(without_harm(finding.text("en")))


@given(FINDINGS)
def test_junit_is_xml_with_a_case_for_each_rule_and_file(findings: list[Finding]) -> None:
    tree = tree_of(FORMATS["junit"](findings, "en", Run(criteria=[Criterion("q", Severity.INFO, {}, {})])))
    assert {each.tag for each in tree.iter()} <= {
        "testsuites",
        "testsuite",
        "testcase",
        "failure",
        "system-out",
    }
    kept = 0 if any(finding.rule == "q" for finding in findings) else 1
    assert int(tree.get("tests", "")) == len({(each.file, each.rule) for each in findings}) + kept


@given(FINDINGS)
def test_sarif_and_json_are_json_with_a_result_for_each_finding(findings: list[Finding]) -> None:
    [run] = json.loads(FORMATS["sarif"](findings, "en", Run()))["runs"]
    assert len(run["results"]) == len(findings)
    assert len(json.loads(FORMATS["json"](findings, "en", Run()))["findings"]) == len(findings)


@settings(max_examples=40)
@given(FINDINGS)
def test_the_shacl_report_is_turtle_with_a_result_for_each_finding(findings: list[Finding]) -> None:
    graph = Graph().parse(data=FORMATS["turtle"](findings, "en", Run()), format="turtle")
    assert len(set(graph.objects(None, SH.result))) == len(findings)
    said = {str(text) for text in graph.objects(None, SH.resultMessage) if isinstance(text, Literal)}
    assert said >= {
        text for each in findings if isinstance(each.message, dict) for text in each.message.values()
    }


@given(st.lists(FINDING, min_size=1, max_size=3))
def test_markdown_keeps_each_finding_in_its_row(findings: list[Finding]) -> None:
    text = FORMATS["markdown"](findings, "en", Run())
    rows = [row for row in cells(text) if len(row) == 5 and row[0] != "Line"]
    assert len(rows) == len(findings)
    for row, finding in zip(rows, findings, strict=True):
        assert row[0] == str(finding.line or "")
    assert not [token.type for token in inline(text) if token.type.startswith(("link", "image", "strong"))]
    assert {token.content for token in inline(text) if token.type == "html_inline"} <= {"<br>", "<!-- -->"}


@given(st.lists(FINDING, min_size=1, max_size=3))
def test_text_has_no_more_lines_than_it_means_to_have(findings: list[Finding]) -> None:
    text = FORMATS["text"](findings, "en", Run())
    assert len(text.splitlines()) <= 6 * len(findings) + 1
    assert "\x1b" not in text


@pytest.mark.parametrize(
    "shown",
    ["bg:x", "http://x/a", '"a"', '"a"@nb', '"a\\"^^<b>"', '"1"^^xsd:integer', '"x"^^http://x/t', "_:b0"],
)
def test_terms_come_back_as_they_were_shown(shown: str) -> None:
    back = term(shown)
    assert back is not None
    assert show(back) == shown


@given(TEXT, st.sampled_from(["", "nb", "http://x/t", "http://www.w3.org/2001/XMLSchema#date"]))
def test_every_literal_comes_back_as_it_was_shown(text: str, kind: str) -> None:
    literal = ox.Literal(text)
    if kind:
        literal = (
            ox.Literal(text, language=kind) if kind == "nb" else ox.Literal(text, datatype=ox.NamedNode(kind))
        )
    assert term(show(literal)) == literal
