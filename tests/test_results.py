from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Dataset
from rdflib.compare import isomorphic

from bibgraph.errors import NotAcceptable
from bibgraph.results import shown, tabulate, verdict
from bibgraph.sparql import in_sparql
from bibgraph.store.writing import ROWS, TRIPLES, render
from bibgraph.turtle import to_rdflib

RESULTS = "{http://www.w3.org/2005/sparql-results#}"
BASE = "https://w3id.org/bibgraph/"


def select(*texts: str) -> ox.QuerySolutions:
    values = " ".join(in_sparql(ox.Literal(text)) for text in texts)
    return rows(f"SELECT ?x {{ VALUES ?x {{ {values} }} }}")


def rows(query: str) -> ox.QuerySolutions:
    answer = ox.Store().query(query)
    assert isinstance(answer, ox.QuerySolutions)
    return answer


def construct(turtle: str) -> ox.QueryTriples:
    store = ox.Store()
    store.load(turtle.encode(), format=ox.RdfFormat.TURTLE)
    answer = store.query("CONSTRUCT WHERE { ?s ?p ?o }")
    assert isinstance(answer, ox.QueryTriples)
    return answer


def from_xml(content: bytes) -> list[str]:
    root = ET.fromstring(content)  # noqa: S314  # our own
    return [literal.text or "" for literal in root.iter(f"{RESULTS}literal")]


def from_json(content: bytes) -> list[str]:
    return [row["x"]["value"] for row in json.loads(content)["results"]["bindings"]]


def from_csv(content: bytes) -> list[str]:
    lines = list(csv.reader(io.StringIO(content.decode(), newline="")))
    return [line[0] if line else "" for line in lines[1:]]


def from_tsv(content: bytes) -> list[str]:
    answer = ox.parse_query_results(content, ox.QueryResultsFormat.TSV)
    assert isinstance(answer, ox.QuerySolutions)
    return [row["x"].value for row in answer]


READERS = {"json": from_json, "xml": from_xml, "csv": from_csv, "tsv": from_tsv}
HARD = ["", " a ", "a,b", 'a"b', "a\nb", "a\r\nb", "a\rb", "a\tb", "<&>", "=1+1", "æ\u2028😀", "\u0085"]


@pytest.mark.parametrize("format_", READERS)
def test_every_text_comes_back_from_every_format(format_: str) -> None:
    assert READERS[format_](render(select(*HARD), format_)) == HARD


IN_XML = st.characters(codec="utf-8", exclude_characters="\ufffe\uffff").filter(
    lambda sign: sign >= " " or sign in "\t\r\n"
)


@given(st.text(IN_XML))
def test_any_text_that_xml_can_hold_comes_back_from_it(text: str) -> None:
    assert from_xml(render(select(text), "xml")) == [text]


@pytest.mark.parametrize("sign", ["\x00", "\x01", "\x1b", "\ufffe", "\uffff"])
def test_what_xml_cannot_hold_is_told_and_other_formats_hold_it(sign: str) -> None:
    with pytest.raises(NotAcceptable, match="XML cannot hold") as caught:
        render(select(f"a{sign}b"), "xml")
    assert str(caught.value) == (
        f"The answer holds something that XML cannot hold: the character U+{ord(sign):04X}.\n"
        "There is: application/sparql-results+json, text/csv, text/tab-separated-values."
    )
    others = ["application/sparql-results+json", "text/csv", "text/tab-separated-values", "application/json"]
    assert caught.value.available == [*others, "text/html"]
    assert from_json(render(select(f"a{sign}b"), "json")) == [f"a{sign}b"]


def test_csv_is_as_the_w3c_wants_it() -> None:
    answer = rows('SELECT ?a ?b { VALUES (?a ?b) { (<https://e/x> UNDEF) ("é"@nb 5) (UNDEF "q\\"q") } }')
    assert render(answer, "csv").decode() == 'a,b\r\nhttps://e/x,\r\né,5\r\n,"q""q"\r\n'


def test_ask_is_answered_in_every_format() -> None:
    written = {format_: render(ask(yes=True), format_) for format_ in ROWS}
    assert json.loads(written["json"])["boolean"] is True
    assert ET.fromstring(written["xml"]).findtext(f"{RESULTS}boolean") == "true"  # noqa: S314
    assert written["csv"] == written["tsv"] == b"true"
    assert [verdict(ask(yes=yes)).text("en") for yes in (True, False)] == ["yes", "no"]


def ask(*, yes: bool) -> ox.QueryBoolean:
    answer = ox.Store().query(f"ASK {{ FILTER ({'true' if yes else 'false'}) }}")
    assert isinstance(answer, ox.QueryBoolean)
    return answer


TURTLE = f"""
@prefix bg: <{BASE}ontology#> .
<{BASE}id/measure/x/2> a bg:Measure ; bg:text "To\\r\\nto <&> linjer"@nb , "😀" ; bg:number 2 .
<{BASE}id/measure/x/1> a bg:Measure ; bg:concerns [ bg:number 3 ] .
"""


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's readers use it themselves
@pytest.mark.parametrize(
    ("format_", "name"),
    [("ttl", "turtle"), ("nt", "nt"), ("jsonld", "json-ld"), ("rdf", "xml"), ("trig", "trig")],
)
def test_triples_come_back_from_every_format(format_: str, name: str) -> None:
    expected = to_rdflib(ox.Quad(*triple) for triple in construct(TURTLE))
    found = Dataset()
    found.parse(data=render(construct(TURTLE), format_), format=name)
    assert isomorphic(found.default_graph, expected)


def test_triples_come_sorted_once_each_and_with_the_projects_prefixes() -> None:
    store = ox.Store()
    for name in ("b", "a"):
        store.load(TURTLE.encode(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(f"https://e/{name}"))
    answer = store.query("CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o FILTER (isNumeric(?o)) } }")
    assert isinstance(answer, ox.QueryTriples)
    lines = render(answer, "ttl").decode().splitlines()
    assert lines[0] == f"@prefix bg: <{BASE}ontology#> ."
    assert lines[1].startswith("@prefix xsd:")
    assert lines[2] == f"<{BASE}id/measure/x/2> bg:number 2 ."
    assert [line for line in lines if "bg:number 3" in line] == lines[3:]
    assert len(set(lines[3:])) == 2  # the blank nodes of two files are two


@pytest.mark.parametrize(
    ("predicate", "told"),
    [
        ("https://e/1", ": the property https://e/1"),
        ("https://e/", ": the property https://e/"),
        ("https://e/?a=1&b=2", ": the property https://e/?a=1&b=2"),
        ("urn:5", ": the property urn:5"),
        (f"{BASE}ontology#", ""),
        ("http://www.w3.org/2000/xmlns/x", ""),
    ],
)
def test_a_property_without_a_name_for_xml_is_told(predicate: str, told: str) -> None:
    with pytest.raises(NotAcceptable) as caught:
        render(construct(f'<https://e/a> <https://e/b> "to\\r\\nlinjer" ; <{predicate}> 1 .'), "rdf")
    assert str(caught.value) == (
        f"The answer holds something that XML cannot hold{told}.\n"
        "There is: text/turtle, application/n-triples, application/ld+json, application/trig, "
        "application/n-quads."
    )


def test_a_format_that_cannot_hold_the_answer_is_told() -> None:
    with pytest.raises(NotAcceptable, match=r"written as ttl\.\nThere is: json, xml, csv, tsv\."):
        render(select("a"), "ttl")
    with pytest.raises(NotAcceptable, match=r"written as csv\.\nThere is: ttl, nt, jsonld, rdf, trig, nq\."):
        render(construct(TURTLE), "csv")
    assert set(ROWS).isdisjoint(TRIPLES)


def test_triples_about_triples_go_into_the_formats_that_have_them() -> None:
    told = construct("<https://e/a> <https://e/says> <<( <https://e/b> <https://e/is> 1 )>> .")
    assert b"<<( <https://e/b> <https://e/is>" in render(told, "nt")
    told = construct("<https://e/a> <https://e/says> <<( <https://e/b> <https://e/is> 1 )>> .")
    there_are = r"written as jsonld\.\nThere is: ttl, nt, rdf, trig, nq\."
    with pytest.raises(NotAcceptable, match=there_are) as caught:
        render(told, "jsonld")
    assert "text/turtle" in caught.value.available
    assert "application/ld+json" not in caught.value.available


TABLE = """
SELECT ?thing ?number ?text {
    VALUES (?thing ?number ?text) {
        (<https://w3id.org/bibgraph/id/measure/2023-2025/14> 14 "Å lese"@nb)
        (<http://www.w3.org/ns/prov#Plan> 2 UNDEF)
        (UNDEF UNDEF "to\\nlinjer")
        (<https://e/x> 3.5 "日本")
    }
}
"""


def test_a_table_is_aligned_with_headings_and_numbers_to_the_right() -> None:
    table = tabulate(rows(TABLE), {"thing": "Ting", "number": "Nummer"})
    assert table.plain() == (
        "Ting                  Nummer  text\n"
        "--------------------  ------  ---------\n"
        "measure/2023-2025/14      14  Å lese\n"
        "prov:Plan                  2\n"
        "                              to linjer\n"
        "https://e/x              3.5  日本\n"
    )


def test_a_table_without_rows_or_columns_is_one_still() -> None:
    assert tabulate(rows("SELECT ?a ?b { FILTER (false) }")).plain() == "a  b\n-  -\n"
    assert tabulate(rows("SELECT * {}")).plain() == "\n\n\n"


def test_a_table_for_a_terminal_has_the_same_cells() -> None:
    table = tabulate(rows(TABLE), {"thing": "[b]Ting[/b]"})
    rich = table.rich()
    assert rich.row_count == len(table.rows) == 4
    assert str(rich.columns[0].header) == "[b]Ting[/b]"
    assert [str(cell) for cell in rich.columns[2].cells] == ["Å lese", "", "to linjer", "日本"]


def test_nothing_that_steers_a_terminal_is_shown() -> None:
    assert shown(ox.Literal("a\x1b[31mb\u202ec\u00a0d\x07")) == "a\\x1b[31mb\\u202ec d\\x07"
    assert shown(ox.BlankNode("b1")) == "_:b1"
    assert shown(None) == ""
