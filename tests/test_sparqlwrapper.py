"""SPARQLWrapper with its defaults: it names the format in the address, in words of its own, and in Accept."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.error import HTTPError
from xml.dom.minidom import Document

import pytest
from rdflib import Graph
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    N3,
    POST,
    POSTDIRECTLY,
    RDF,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
)
from SPARQLWrapper.Wrapper import _allowedFormats

from test_serve_command import served
from web_world import BASE, TRIG

THING = f"<{BASE}id/measure/2030/10>"
NUMBER = "<https://w3id.org/bibgraph/ontology#number>"
ROWS = {"SELECT": f"SELECT ?n {{ {THING} {NUMBER} ?n }}", "ASK": f"ASK {{ {THING} {NUMBER} 10 }}"}
TRIPLES = {
    "CONSTRUCT": f"CONSTRUCT {{ {THING} {NUMBER} ?n }} WHERE {{ {THING} {NUMBER} ?n }}",
    "DESCRIBE": f"DESCRIBE {THING}",
}
OF_ROWS = {JSON: dict, XML: Document, CSV: bytes, TSV: bytes}
OF_TRIPLES = {JSON: Graph, XML: Graph, RDF: Graph, RDFXML: Graph, JSONLD: Graph, TURTLE: bytes, N3: bytes}
WAYS = [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)]
CASES = [
    *((kind, text, OF_ROWS) for kind, text in ROWS.items()),
    *((kind, text, OF_TRIPLES) for kind, text in TRIPLES.items()),
]

pytestmark = pytest.mark.filterwarnings(
    "ignore:ConjunctiveGraph is deprecated", "ignore:Sending Accept header"
)


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    file = tmp_path_factory.mktemp("wrapped") / "world.trig"
    file.write_text(TRIG, "utf-8")
    with served("--data", str(file)) as server:
        yield f"{server.address}sparql"


def wrapper(endpoint: str, query: str, method: str, way: str) -> SPARQLWrapper:
    made = SPARQLWrapper(endpoint)
    made.setMethod(method)
    made.setRequestMethod(way)
    made.setQuery(query)
    return made


@pytest.mark.parametrize(("method", "way"), WAYS)
@pytest.mark.parametrize("format_", _allowedFormats)
@pytest.mark.parametrize(("kind", "query", "converted"), CASES, ids=[kind for kind, _, _ in CASES])
def test_every_format_is_converted_or_refused_where_there_is_none(
    endpoint: str, kind: str, query: str, converted: dict[str, type], format_: str, method: str, way: str
) -> None:
    asked = wrapper(endpoint, query, method, way)
    asked.setReturnFormat(format_)
    if format_ not in converted:
        with pytest.raises(HTTPError) as refused:
            asked.queryAndConvert()
        assert refused.value.code == 406
        refused.value.close()
        return
    found = asked.queryAndConvert()
    assert isinstance(found, converted[format_])
    assert ("true" if kind == "ASK" else "10") in shown(found)


@pytest.mark.parametrize(("method", "way"), WAYS)
@pytest.mark.parametrize(("kind", "query", "converted"), CASES, ids=[kind for kind, _, _ in CASES])
def test_with_nothing_set_every_kind_of_query_is_answered(
    endpoint: str, kind: str, query: str, converted: dict[str, type], method: str, way: str
) -> None:
    found = wrapper(endpoint, query, method, way).queryAndConvert()
    assert isinstance(found, converted[XML])
    assert ("true" if kind == "ASK" else "10") in shown(found)


def shown(found: object) -> str:
    """The texts and numbers in what SPARQLWrapper made of an answer."""
    if isinstance(found, Document):
        return found.toxml()
    if isinstance(found, Graph):
        return found.serialize(format="nt")
    return found.decode() if isinstance(found, bytes) else str(found).lower()
