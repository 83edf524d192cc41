"""JSON-LD that reads as JSON: it means the same to every processor, without the network."""

from __future__ import annotations

import json
import warnings

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph as Rdflib
from rdflib.compare import isomorphic

from bibgraph.describe import Describer
from bibgraph.namespaces import BASE, ONTOLOGY
from bibgraph.repository import Repository
from bibgraph.store.embedded import EmbeddedStore
from bibgraph.web.rdf.jsonld import KEYWORDS, VOCABULARIES, Context
from web_world import client

XSD = "http://www.w3.org/2001/XMLSchema#"
THING = f"{BASE}id/measure/2030/2"


@pytest.fixture(scope="module")
def real(repository: Repository) -> Context:
    """The names that the project's own ontology gives."""
    store = EmbeddedStore(repository.quads("ontology", "data"), "v")
    return Context.of(Describer(store, repository))


@pytest.fixture(scope="module")
def web() -> FlaskClient:
    return client()


def triples(document: bytes) -> set[str]:
    return {str(quad) for quad in ox.parse(document, format=ox.RdfFormat.JSON_LD)}


def by_rdflib(document: bytes) -> Rdflib:
    with warnings.catch_warnings():  # its own parser makes what it warns of
        warnings.simplefilter("ignore", DeprecationWarning)
        return Rdflib().parse(data=document, format="json-ld")


def test_every_term_of_the_ontology_goes_by_its_own_name(real: Context, repository: Repository) -> None:
    defined = {
        quad.subject.value
        for quad in repository.quads("ontology")
        if isinstance(quad.subject, ox.NamedNode)
        and quad.predicate.value.endswith("#isDefinedBy")
        and quad.subject.value.startswith(ONTOLOGY)
    }
    assert defined
    assert {iri: real.terms[iri].name for iri in defined} == {iri: iri.rpartition("#")[2] for iri in defined}


def test_no_two_terms_have_one_name_and_none_is_lost(real: Context, repository: Repository) -> None:
    names = [term.name for term in real.terms.values()]
    assert len(names) == len(set(names))
    assert not set(names) & {*KEYWORDS, *VOCABULARIES}
    listed = repository.query("pages/page-context").partition("UNION")[2].count(' "') // 2
    assert len([iri for iri in real.terms if not iri.startswith(ONTOLOGY)]) == listed


def test_prefixes_end_so_that_json_ld_takes_them_for_prefixes() -> None:
    assert all(iri.endswith(tuple(":/?#[]@")) for iri in VOCABULARIES.values())


def test_a_document_reads_as_json(web: FlaskClient) -> None:
    told = json.loads(web.get("/doc/measure/2030/2.jsonld").data)
    assert (told["id"], set(told["type"])) == (THING, {"Measure", "prov:Plan"})
    assert told["label"] == {"nb": "Tiltak 2", "en": "Measure 2"}
    assert told["text"] == {"nb": "Biblioteket skal låne ut bøker."}
    observation = next(node for node in told["included"] if "/status/" in node["id"])
    assert observation["ofMeasure"] == THING


def test_numbers_and_truth_are_json_s_own_where_nothing_is_lost(real: Context) -> None:
    number, truth = ox.NamedNode(ONTOLOGY.number), ox.NamedNode(ONTOLOGY.inBrackets)
    integer, boolean = ox.NamedNode(f"{XSD}integer"), ox.NamedNode(f"{XSD}boolean")
    cases = {"14": 14, "-3": -3, "007": "007", "+1": "+1", str(2**60): str(2**60), "²": "²"}
    for text, told in cases.items():
        quad = ox.Quad(ox.NamedNode(THING), number, ox.Literal(text, datatype=integer))
        document = real.document([quad], THING)
        assert json.loads(document)["number"] == told
        assert triples(document) == {str(quad)}
    for text, true in {"true": True, "false": False, "1": "1"}.items():
        quad = ox.Quad(ox.NamedNode(THING), truth, ox.Literal(text, datatype=boolean))
        assert json.loads(real.document([quad], THING))["inBrackets"] == true
        assert triples(real.document([quad], THING)) == {str(quad)}


def iris(real: Context) -> list[str]:
    return [*list(real.terms)[::7], f"{ONTOLOGY}unknown", "http://purl.org/dc/terms/date", "urn:x:y"]


def subjects() -> st.SearchStrategy[ox.NamedNode]:
    return st.sampled_from([THING, f"{BASE}id/thing/blå", "urn:a:b", f"{BASE}id"]).map(ox.NamedNode)


def literals() -> st.SearchStrategy[ox.Literal]:
    text = st.text(st.characters(codec="utf-8"), max_size=8)
    datatypes = [f"{XSD}{name}" for name in ("string", "integer", "date", "boolean")] + ["urn:type"]
    return st.one_of(
        text.map(ox.Literal),
        st.builds(ox.Literal, text, language=st.sampled_from(["nb", "nn", "en", "nb-no"])),
        st.builds(ox.Literal, text, datatype=st.sampled_from(datatypes).map(ox.NamedNode)),
        st.builds(ox.Literal, st.integers().map(str), datatype=st.just(ox.NamedNode(f"{XSD}integer"))),
    )


@given(data=st.data())
def test_whatever_is_stated_comes_back_the_same(real: Context, data: st.DataObject) -> None:
    predicates = st.sampled_from(iris(real)).map(ox.NamedNode)
    quads = data.draw(
        st.lists(st.builds(ox.Quad, subjects(), predicates, st.one_of(subjects(), literals())), max_size=12)
    )
    stated = {str(quad) for quad in quads}
    assert triples(real.document(quads, THING)) == stated
    assert triples(real.document(quads)) == stated
    assert triples(Context().document(quads, THING)) == stated


@pytest.mark.parametrize(
    "path", ["/doc/measure/2030/2", "/doc/measure", "/doc", "/graph", "/ontology", "/graph/measures/report"]
)
def test_documents_mean_the_same_to_rdflib(web: FlaskClient, path: str) -> None:
    lines = Rdflib().parse(data=web.get(f"{path}.nt").data, format="nt")
    assert len(lines) > 0
    assert isomorphic(by_rdflib(web.get(f"{path}.jsonld").data), lines)


def test_with_the_published_context_in_place_of_its_own_a_document_means_the_same(web: FlaskClient) -> None:
    document = web.get("/doc/measure/2030/2.jsonld").data
    published = json.loads(web.get("/context.jsonld").data)["@context"]
    told = json.loads(document)
    assert told["@context"].items() <= published.items()
    assert triples(json.dumps({**told, "@context": published}).encode()) == triples(document)


def test_blank_nodes_are_kept(real: Context) -> None:
    text = "<urn:a> <urn:p> _:b . _:b <urn:q> _:c . _:c <urn:r> 1 ."
    quads = list(ox.parse(text, format=ox.RdfFormat.TURTLE))
    lines = ox.serialize(quads, format=ox.RdfFormat.N_TRIPLES)
    assert lines is not None
    assert isomorphic(by_rdflib(real.document(quads, "urn:a")), Rdflib().parse(data=lines, format="nt"))
