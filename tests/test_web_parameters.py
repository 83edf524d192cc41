"""Values in addresses: what is wrong is told to people and to programs, and no value changes a question."""

from __future__ import annotations

import json

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from bibgraph.catalogue import Question
from bibgraph.config import Settings
from bibgraph.errors import ParameterError
from bibgraph.graph import Graph, open_graph
from bibgraph.parameters import Context, terms_of
from bibgraph.repository import Repository
from bibgraph.sparql import in_sparql, tokens
from bibgraph.store import SparqlStore
from bibgraph.web import create_app
from questions_world import one_question, small_graph

LONG = 10_000
ROWS = ["html", "json", "xml", "csv", "tsv"]
GRAPHS = ["html", "ttl", "nt", "jsonld", "rdf"]
"""Formats of answers in rows and in triples, as they are allowed."""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return small_graph(tmp_path_factory.mktemp("queries"))


@pytest.fixture(scope="module")
def real(repository: Repository) -> Graph:
    return open_graph(Settings(root=repository.root))


@pytest.fixture(scope="module")
def web(small: Graph) -> FlaskClient:
    return create_app(Settings(language="nb"), small).test_client()


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/queries/numbered.csv?least=many", ("least", "whole number")),
        ("/queries/numbered.csv?day=juli", ("day", "2025-10-14")),
        ("/queries/numbered.csv?day=2030-02-30", ("day", "2025-10-14")),
        ("/queries/numbered.csv?lest=1", ("lest", "least")),
        ("/queries/numbered.csv?least=1&least=2", ("least", "once")),
        ("/queries/must.json", ("kind", "Measure")),
        ("/queries/must.json?kind=Measur", ("kind", "Measure")),
    ],
)
def test_a_wrong_value_is_400_and_names_the_parameter_and_what_is_right(
    web: FlaskClient, address: str, says: tuple[str, str]
) -> None:
    answer = web.get(address, headers={"Accept-Language": "en"})
    assert answer.status_code == 400
    told = json.loads(answer.data)
    text = f"{told['detail']} {told.get('hint', '')}"
    assert says[0] in text
    assert says[1] in text


def test_values_are_terms_and_never_text_of_the_query(web: FlaskClient) -> None:
    for value in ("1 } } #", '1" || "1"="1', "1) || (1=1"):
        assert web.get("/queries/numbered.csv", query_string={"least": value}).status_code == 400


@pytest.mark.parametrize(
    ("address", "members"),
    [
        ("numbered.csv?least=many", {"parameter": "least", "given": "many", "expected": "integer"}),
        ("numbered.csv?least=many", {"example": "14", "default": "any"}),
        ("numbered.csv?day=juli", {"parameter": "day", "expected": "date", "default": "latest"}),
        ("numbered.csv?lest=1", {"parameter": "lest", "given": "1", "suggestions": ["least"]}),
        ("numbered.csv?lest=1", {"parameters": ["least", "day", "spoken"]}),
        ("numbered.csv?least=1&least=2", {"parameter": "least", "given": ["1", "2"], "suggestions": None}),
        ("numbered.csv?least=1&least=2", {"expected": "integer", "example": "14", "default": "any"}),
        ("numbered.csv?spoken=nb&spoken=nb", {"given": ["nb", "nb"], "allowed": ["nb", "nn", "en"]}),
        ("must.json?kind=Measure&kind=x", {"given": ["Measure", "x"]}),
        ("must.json?kind=Measure&kind=x", {"allowed": ["Measure", "StatusObservation"]}),
        ("numbered.csv?lest=1&lest=2", {"parameter": "lest", "given": ["1", "2"], "allowed": None}),
        ("must.json", {"parameter": "kind", "expected": "kinds", "given": None}),
        ("must.json", {"allowed": ["Measure", "StatusObservation"]}),
        ("must.json?kind=Measur", {"given": "Measur", "suggestions": ["Measure"]}),
        ("numbered.csv?spoken=sv", {"parameter": "spoken", "allowed": ["nb", "nn", "en"]}),
        ("numbered.csv?lang=sv", {"parameter": "lang", "given": "sv", "allowed": ["nb", "nn", "en"]}),
        ("typed.csv?about=measure/2030/22", {"parameter": "about", "expected": "thing"}),
        ("typed.csv?about=thing/bla", {"suggestions": ["thing/blå"]}),
        ("numbered.csv?limit=0", {"parameter": "limit", "minimum": 1, "maximum": 100_000}),
        ("numbered.csv?offset=-1", {"parameter": "offset", "given": "-1", "expected": "integer"}),
        ("numbered.csv?offset=2%C2%A0", {"parameter": "offset", "given": "2\u00a0"}),
        ("numbered.csv?offset=1e3", {"parameter": "offset", "minimum": 0}),
        ("numbered.csv?limit=1&limit=2", {"parameter": "limit", "given": ["1", "2"]}),
        ("numbered.csv?limit=1&limit=2", {"minimum": 1, "maximum": 100_000}),
        ("numbered.csv?offset=1&offset=2", {"minimum": 0, "maximum": 1_000_000_000}),
        ("any.json?limit=1&limit=2", {"given": ["1", "2"], "minimum": None}),
        ("drawn?format=ttl&format=nt", {"given": ["ttl", "nt"], "allowed": GRAPHS}),
        ("any?format=csv&format=csv", {"parameter": "format", "allowed": [*ROWS, *GRAPHS[1:]]}),
        ("any.csv?format=json", {"parameter": "format", "given": "json", "allowed": ["csv"]}),
        ("any.csv?format=png", {"parameter": "format", "given": "png", "allowed": ["csv"]}),
        ("any.csv?lang=nb&lang=en", {"parameter": "lang", "given": ["nb", "en"]}),
        ("any?format=csv&lang=nb&lang=nb", {"parameter": "lang", "allowed": ["nb", "nn", "en"]}),
        ("any.json?limit=1", {"parameter": "limit", "parameters": []}),
    ],
)
def test_a_wrong_value_is_told_to_programs_member_by_member(
    web: FlaskClient, address: str, members: dict[str, object]
) -> None:
    answer = web.get(f"/queries/{address}")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = json.loads(answer.data)
    assert {name: told.get(name) for name in members} == members
    assert told["status"] == 400
    assert told["parameter"] in told["detail"]


@pytest.mark.parametrize(
    ("address", "says"),
    [("any.csv?format=json", (".csv", "json")), ("any?format=csv&format=json", ("once", "csv", "json"))],
)
def test_formats_that_differ_are_named_to_people(
    web: FlaskClient, address: str, says: tuple[str, ...]
) -> None:
    answer = web.get(f"/queries/{address}", headers={"Accept-Language": "en"})
    assert answer.status_code == 400
    told = json.loads(answer.data)
    assert all(word in f"{told['detail']} {told['hint']}" for word in says)


@pytest.mark.parametrize(
    "address",
    [
        "any.json?format=json",
        "any.json?format=JSON",
        "any.json?format=application/json",
        "any.jsonld?format=json",
        "any.csv?format=",
    ],
)
def test_a_format_may_be_named_by_ending_and_parameter_alike(web: FlaskClient, address: str) -> None:
    assert web.get(f"/queries/{address}").status_code == 200


def test_the_name_of_a_parameter_is_no_place_in_a_query(web: FlaskClient) -> None:
    told = json.loads(web.get("/queries/numbered.csv?1:24=a&1:24=b").data)
    assert (told["where"], told["parameter"]) == ("1:24", "1:24")
    assert not {"line", "column"} & set(told)


@pytest.mark.parametrize(
    "path", ["/queries/any", "/queries", "/queries.json", "/openapi.json", "/search", "/status"]
)
def test_two_languages_are_refused_where_one_that_there_is_not_is(web: FlaskClient, path: str) -> None:
    for lang in ("lang=nn&lang=en", "lang=sv"):
        answer = web.get(f"{path}?{lang}", headers={"Accept": "application/json, text/html"})
        assert answer.status_code == 400, lang


def test_other_pages_take_the_first_of_two_languages(web: FlaskClient) -> None:
    answer = web.get("/?lang=nn&lang=en", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["Content-Language"]) == (200, "nn")


def test_all_values_are_told_even_if_the_sentence_names_but_some(web: FlaskClient) -> None:
    told = json.loads(web.get("/queries/must.json?kind=x", headers={"Accept-Language": "nn"}).data)
    assert told["allowed"] == ["Measure", "StatusObservation"]
    assert told["hint"].startswith("Tillate:")


NASTY = st.sampled_from(
    [
        "} } #",
        '" . ?s ?p ?o . "',
        "> } UNION { ?s ?p ?o",
        "\\u0022 }",
        "UNDEF",
        "'" * 3,
        "<x>",
        "\\",
        "\n",
        "$number",
    ]
)
GIVEN = st.one_of(st.text(), st.lists(st.one_of(NASTY, st.text(max_size=5)), max_size=6).map("".join))


def filled(question: Question, values: dict[str, str], store: SparqlStore) -> list[str]:
    """What stands in each place for a value; asserts that all other tokens are the file's own."""
    found = [token.text for token in tokens(question.bind(values, store, "nb"))]
    places = []
    for word in [token.text for token in tokens(question.query)]:
        if word == "UNDEF" and found[0] != "UNDEF":
            end = found.index("}")
            places.append("".join(found[:end]))
            del found[:end]
        else:
            assert found.pop(0) == word
    assert found == []
    return places


@settings(max_examples=120)
@given(text=GIVEN, data=st.data())
def test_whatever_is_written_the_query_is_the_files_own_with_terms_in_its_places(
    small: Graph, real: Graph, text: str, data: st.DataObject
) -> None:
    graph = data.draw(st.sampled_from([small, real]))
    pairs = [(question, parameter) for question in graph.catalogue for parameter in question.parameters]
    question, parameter = data.draw(st.sampled_from(pairs))
    values = {one.name: "Measure" for one in question.parameters if one.required} | {parameter.name: text}
    context = Context(graph.store, "nb", question.lists)
    try:
        places = filled(question, values, graph.store)
    except ParameterError:
        assert parameter.type != "text"
        return
    terms = [terms_of(one, values.get(one.name, ""), context) for one in question.parameters]
    assert set(places) == {"".join(map(in_sparql, found)) for found in terms if found}
    if parameter.type == "text" and text.strip() not in ("", "none"):
        assert in_sparql(ox.Literal(text.strip())) in places


@settings(max_examples=60)
@given(text=GIVEN)
def test_a_text_in_an_address_is_answered_as_that_text_and_nothing_else(text: str) -> None:
    graph = one_question("SELECT ?words { VALUES $words { UNDEF } }", "words", "words text")
    web = create_app(Settings(), graph).test_client()
    answer = web.get("/queries/one.json", query_string={"words": text})
    if not text.strip():
        assert answer.status_code == 400
        return
    rows = json.loads(answer.data)["results"]["bindings"]
    assert [row["words"]["value"] for row in rows] == [text.strip()]


@settings(max_examples=60)
@given(text=GIVEN, data=st.data())
def test_no_value_of_any_parameter_is_answered_by_a_fault(
    small: Graph, web: FlaskClient, text: str, data: st.DataObject
) -> None:
    pairs = [(question.id, one.name) for question in small.catalogue for one in question.parameters]
    question, name = data.draw(st.sampled_from([*pairs, ("numbered", "limit"), ("numbered", "offset")]))
    ending = data.draw(
        st.sampled_from([".csv", ".json", ".ttl", ".html"] if question != "must" else [".json"])
    )
    answer = web.get(f"/queries/{question}{ending}", query_string={name: text})
    assert answer.status_code in (200, 400)


def test_a_very_long_value_is_refused_shortly(web: FlaskClient) -> None:
    for name in ("least", "day", "spoken", "limit"):
        assert web.get(f"/queries/numbered.csv?{name}={'9' * LONG}").status_code == 400
