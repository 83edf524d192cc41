"""The graph for researchers in Python: opened, asked, framed, cited, and what docs/python.md shows."""

from __future__ import annotations

import ast
import datetime as dt
import doctest
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

import bibgraph
from bibgraph import Answer, BibgraphError, Iri, KnowledgeGraph, Text
from bibgraph.api import python_value
from bibgraph.api.frames import dtype_of
from bibgraph.errors import NotFound, ParameterError, QueryError, SettingsError, SourceError, StoreError
from bibgraph.repository import Repository
from conftest import CHECKOUT
from test_serve_command import served

XSD = "http://www.w3.org/2001/XMLSchema#"
TURTLE = """\
@prefix e: <https://e/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
e:a e:day "2024-02-29"^^xsd:date ; e:number 7 ; e:share 0.5 ; e:name "Ål"@nn ; e:at _:x .
"""


@pytest.fixture(scope="module")
def graph(repository: Repository) -> KnowledgeGraph:
    return bibgraph.open(repository.root, language="en")


def test_the_page_shows_what_python_prints() -> None:
    failed, tried = doctest.testfile(
        str(CHECKOUT / "docs" / "python.md"),
        module_relative=False,
        optionflags=doctest.ELLIPSIS,
    )
    assert tried > 15
    assert failed == 0


def test_importing_the_package_loads_none_of_its_rooms() -> None:
    program = "import sys, bibgraph; print([name for name in sys.modules if name.startswith('bibgraph.')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ast.literal_eval(done.stdout) == []


def test_the_names_of_the_package_are_there_and_no_others() -> None:
    assert set(bibgraph.__all__) <= set(dir(bibgraph))
    for name in bibgraph.__all__:
        assert getattr(bibgraph, name)
    with pytest.raises(AttributeError, match="opne"):
        _ = bibgraph.opne


@pytest.mark.parametrize(
    ("text", "type_", "value"),
    [
        ("2025-10-14", "date", dt.date(2025, 10, 14)),
        ("2025-10-14Z", "date", dt.date(2025, 10, 14)),
        ("2025-10-14T12:00:00Z", "dateTime", dt.datetime(2025, 10, 14, 12, tzinfo=dt.UTC)),
        ("14", "integer", 14),
        ("1.50", "decimal", Decimal("1.50")),
        ("1e2", "double", 100.0),
        ("true", "boolean", True),
        ("0", "boolean", False),
        ("-0044-03-15", "date", "-0044-03-15"),
        ("many", "integer", "many"),
        ("2026-21", "gMonthDay", "2026-21"),
    ],
)
def test_a_literal_is_the_value_of_its_type_or_else_its_text(text: str, type_: str, value: object) -> None:
    found = python_value(ox.Literal(text, datatype=ox.NamedNode(XSD + type_)))
    assert (found, type(found)) == (value, type(value))


def test_addresses_and_texts_know_more_than_their_letters() -> None:
    address = python_value(ox.NamedNode("https://w3id.org/bibgraph/id/measure/2023-2025/14"))
    assert isinstance(address, Iri)
    assert (address.path, Iri("http://purl.org/dc/terms/title").short) == (
        "measure/2023-2025/14",
        "dcterms:title",
    )
    text = python_value(ox.Literal("Ål", language="nn"))
    assert isinstance(text, Text)
    assert (text, text.language) == ("Ål", "nn")
    assert python_value(None) is None


@given(st.lists(st.one_of(st.none(), st.integers(-(2**62), 2**62)), min_size=1))
def test_whole_numbers_stay_whole_beside_nothing(values: list[int | None]) -> None:
    expected = "Int64" if any(value is not None for value in values) else "object"
    assert dtype_of(values) == expected
    series = pd.Series(values, dtype=expected)
    assert [None if pd.isna(value) else int(value) for value in series] == values


def test_files_are_opened_by_name_folder_or_pattern(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(TURTLE, "utf-8")
    for source in (tmp_path / "a.ttl", str(tmp_path), [tmp_path / "*.ttl"]):
        rows = bibgraph.open(source).sparql("SELECT ?v { ?s <https://e/number> ?v }")
        assert isinstance(rows, Answer)
        assert rows.column("v") == [7]


def test_a_frame_has_the_types_of_the_values(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(TURTLE, "utf-8")
    query = (
        "SELECT ?d ?n ?s ?t ?b ?i ?u { ?i <https://e/day> ?d ; <https://e/number> ?n ; "
        "<https://e/share> ?s ; <https://e/name> ?t ; <https://e/at> ?b }"
    )
    answer = bibgraph.open(tmp_path / "a.ttl").sparql(query)
    assert isinstance(answer, Answer)
    frame = answer.to_pandas(coded=["i"])
    assert [str(dtype) for dtype in frame.dtypes] == [
        "datetime64[s]",
        "Int64",
        "Float64",
        "string",
        "string",
        "category",
        "object",
    ]
    assert frame["d"][0] == pd.Timestamp(2024, 2, 29)
    assert frame.attrs["citation"] == str(answer.citation())


def test_values_may_be_dates_numbers_and_things(graph: KnowledgeGraph) -> None:
    by_date = graph.ask("measures-by-status", date=dt.date(2025, 10, 14))
    assert list(by_date) == list(graph.ask("measures-by-status", date="2025-10-14"))
    assert list(by_date) == list(graph.ask("measures-by-status", date=pd.Timestamp("2025-10-14")))
    assert list(by_date) == list(graph.ask("measures-by-status", date=None))
    begun = graph.ask("milestones", from_=dt.date(2025, 11, 15), to="2025-11-15")
    assert Iri("https://w3id.org/bibgraph/id/measure/2023-2025/14") in begun.column("measure")
    thing = graph.thing("measure/2023-2025/14").iri
    assert graph.ask("quotations", thing=thing)[0]["thing"] == thing


def test_an_answer_is_read_by_people_too(graph: KnowledgeGraph) -> None:
    answer = graph.ask("measures-by-status")
    assert str(answer).splitlines()[0].split() == ["Main", "line", "Status", "Count"]
    assert "<th>Main line</th>" in answer._repr_html_()
    assert repr(answer) == f"<Answer: {len(answer)} rows of main_line, status, count>"
    assert answer[-1:] == [answer[len(answer) - 1]]
    with pytest.raises(KeyError):
        answer.column("nope")


def test_sparql_gives_rows_truth_or_a_graph(graph: KnowledgeGraph) -> None:
    truth = graph.sparql("ASK { }")
    assert isinstance(truth, Answer)
    assert (bool(truth), list(truth)) == (True, [{"answer": True}])
    assert not graph.sparql("ASK { <x:a> <x:b> <x:c> }")
    drawn = graph.sparql("CONSTRUCT WHERE { ?m <https://w3id.org/bibgraph/ontology#number> ?n }")
    assert isinstance(drawn, rdflib.Graph)
    assert len(drawn) > 10


def test_the_whole_graph_is_an_rdflib_data_set(graph: KnowledgeGraph, repository: Repository) -> None:
    dataset = graph.rdflib()
    names = {str(each.identifier) for each in dataset.graphs()}
    assert {file.graph for file in (*repository.data, *repository.ontology)} <= names
    kind = rdflib.URIRef("https://w3id.org/bibgraph/ontology#Measure")
    asked = graph.sparql(f"SELECT DISTINCT ?m {{ ?m a <{kind}> }}")
    assert isinstance(asked, Answer)
    assert {str(s) for s in dataset.subjects(rdflib.RDF.type, kind)} == set(map(str, asked.column("m")))


def test_a_thing_tells_who_says_what(graph: KnowledgeGraph) -> None:
    thing = graph.thing("measure/2023-2025/14")
    assert thing.kinds == ("https://w3id.org/bibgraph/ontology#Measure",)
    stated = next(said for said in thing.statements if said.property.short == "bg:number")
    assert (stated.value, stated.label) == (14, "number")
    assert "https://w3id.org/bibgraph/graph/measures/statusrapport-2025-10-14" in stated.graphs
    assert thing.values("number") == [14]
    assert any(said.value == thing.iri for said in thing.incoming)
    assert "14. Nasjonalbiblioteket" in str(thing)
    assert "measure/2023-2025/14" in repr(thing)
    assert thing.citation().url == thing.iri


def test_a_citation_names_question_version_day_and_licence(graph: KnowledgeGraph) -> None:
    answer = graph.ask("measures-by-status", date="2025-10-14")
    cited = answer.citation(dt.date(2026, 11, 22))
    for part in ("date=2025-10-14", graph.version, "2026-11-22", "CC_BY_4_0", "The bibgraph contributors"):
        assert part in str(cited)
        assert part.replace("_", r"\_") in cited.bibtex
    assert cited.bibtex.count("{") == cited.bibtex.count("}")
    assert (cited.csl_json["type"], cited.csl_json["version"]) == ("dataset", graph.version)
    assert answer.citation().accessed == answer.accessed
    assert bibgraph.open(CHECKOUT, language="nn").ask("measures").citation().title.startswith("Kva tiltak")


def test_latex_is_escaped(graph: KnowledgeGraph) -> None:
    answer = graph.sparql("SELECT ('100 % & {~}' AS ?x) {}")
    assert isinstance(answer, Answer)
    assert r"100 \% \& \{\textasciitilde{}\}" in answer.citation().bibtex


@pytest.mark.parametrize(
    ("question", "values", "error", "says"),
    [
        ("measures-by-statu", {}, NotFound, "Did you mean measures-by-status"),
        ("measures-by-unit", {"unit": "BUI"}, ParameterError, "Did you mean BU?"),
        ("measures-by-unit", {"units": "BU"}, ParameterError, "Did you mean unit?"),
        ("status-as-of", {"date": "14.10.2025"}, ParameterError, "such as 2025-10-14"),
        ("status-as-of", {"date": 2.5}, ParameterError, "Give a text, a whole number or a date"),
        ("status-as-of", {"date": True}, ParameterError, "Give a text, a whole number or a date"),
    ],
)
def test_what_cannot_be_asked_is_told_with_what_can(
    graph: KnowledgeGraph, question: str, values: dict[str, str], error: type[BibgraphError], says: str
) -> None:
    with pytest.raises(error, match=says.replace("?", r"\?")):
        graph.ask(question, **values)


def test_other_mistakes_are_told_with_what_would_have_been_right(
    graph: KnowledgeGraph, tmp_path: Path
) -> None:
    with pytest.raises(ParameterError, match="Did you mean measure/2023-2025/14"):
        graph.thing("measure/2023-2025/140")
    with pytest.raises(QueryError, match="1:10"):
        graph.sparql("SELECT * {")
    with pytest.raises(QueryError, match="would change the graph"):
        graph.sparql("DROP ALL")
    with pytest.raises(SourceError, match="no file to read"):
        bibgraph.open(tmp_path)
    with pytest.raises(SettingsError, match="nb, nn, en"):
        bibgraph.open(language="de")
    with pytest.raises(StoreError, match="cannot be reached"):
        bibgraph.open("http://127.0.0.1:1/sparql").sparql("ASK {}")


@pytest.fixture(scope="module")
def remote() -> Iterator[KnowledgeGraph]:
    with served() as server:
        yield bibgraph.open(f"{server.address}sparql", language="en")


def test_a_service_answers_the_same(graph: KnowledgeGraph, remote: KnowledgeGraph) -> None:
    for question in ("measures-by-status", "milestones", "projects"):
        here, there = graph.ask(question), remote.ask(question)
        assert list(here) == list(there)
        pd.testing.assert_frame_equal(here.to_pandas(), there.to_pandas())
    assert remote.thing("measure/2023-2025/14").statements == graph.thing("measure/2023-2025/14").statements
    cited = remote.ask("measures").citation()
    assert cited.url.startswith("http://127.0.0.1")
    assert remote.version == cited.version
