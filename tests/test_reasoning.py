"""What follows is found, what is trivial is not, and nothing that was stated is touched."""

import os
import subprocess
import sys

import pyoxigraph as ox
import pytest
from owlrl import DeductiveClosure, OWLRL_Semantics
from rdflib import OWL, RDF, RDFS, BNode, Literal

from bibgraph.namespaces import INFERRED
from bibgraph.reasoning import close, infer
from bibgraph.repository import Repository
from bibgraph.turtle import to_rdflib

PREFIXES = """
@prefix : <http://x/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def quads(turtle: str) -> list[ox.Quad]:
    return list(ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE))


def triples(turtle: str) -> set[str]:
    return {str(quad.triple) for quad in quads(turtle)}


@pytest.mark.parametrize(
    ("stated", "follows"),
    [
        (":C rdfs:subClassOf :D . :D rdfs:subClassOf :E . :a a :C .", ":a a :D , :E ."),
        (":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :r . :a :p :b .", ":a :q :b ; :r :b ."),
        (":p rdfs:subPropertyOf :q . :a :p 'words'@nb , 7 .", ":a :q 'words'@nb , 7 ."),
        (":p rdfs:subPropertyOf rdfs:label . :a :p 'name' .", ":a rdfs:label 'name' ."),
        (":p owl:inverseOf :q . :a :p :b . :c :q :d .", ":b :q :a . :d :p :c ."),
        (":p owl:propertyChainAxiom ( :q :r ) . :a :q :b . :b :r :c .", ":a :p :c ."),
        (":p a owl:TransitiveProperty . :a :p :b . :b :p :c .", ":a :p :c ."),
        (":p a owl:SymmetricProperty . :a :p :b .", ":b :p :a ."),
        (":p rdfs:domain :C ; rdfs:range :D . :a :p :b .", ":a a :C . :b a :D ."),
        (":C owl:equivalentClass :D . :a a :C . :b a :D .", ":a a :D . :b a :C ."),
        (":C owl:unionOf ( :D :E ) . :a a :E .", ":a a :C ."),
        (":a owl:sameAs :b . :a :p :c .", ":b owl:sameAs :a . :b :p :c ."),
        (":p a owl:FunctionalProperty . :a :p :b , :c .", ":b owl:sameAs :c . :c owl:sameAs :b ."),
        (
            ":C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:hasValue 'x' ] . :a a :C .",
            ":a :p 'x' .",
        ),
        (
            "[ owl:onProperty :p ; owl:hasValue 'x' ] rdfs:subClassOf :D . :a :p 'x' . :b :p 'y' .",
            ":a a :D .",
        ),
        (
            ":C rdfs:subClassOf [ owl:onProperty :p ; owl:maxCardinality 1 ] . :a a :C ; :p :b , :c .",
            ":b owl:sameAs :c . :c owl:sameAs :b .",
        ),
    ],
)
def test_what_follows_and_nothing_else(stated: str, follows: str) -> None:
    assert {str(quad.triple) for quad in infer(quads(stated))} == triples(follows)


@pytest.mark.parametrize(
    "stated",
    [
        ":C a owl:Class ; rdfs:subClassOf :D . :D a owl:Class . :p a owl:ObjectProperty . :a :p :b .",
        ":C rdfs:subClassOf :D . :D rdfs:subClassOf :E . :p rdfs:subPropertyOf :q ; rdfs:domain :C .",
        ":p a owl:DatatypeProperty ; rdfs:range xsd:integer . :a :p 7 , 'seven' .",
        ":p owl:inverseOf :q . :a :p 'words' .",
        ":p a owl:FunctionalProperty . :a :p 'one' , 'two' . :b :q 'one' .",
        ":C owl:intersectionOf ( :D :E ) .",
        ":p rdfs:domain [ owl:unionOf ( :C :D ) ] . :a :p :b .",
        ":a rdfs:label 'a' ; rdfs:isDefinedBy :o .",
        "",
    ],
)
def test_what_is_trivial_is_left_out(stated: str) -> None:
    assert infer(quads(stated)) == []


def test_what_is_inferred_stands_in_its_own_graph_and_is_new() -> None:
    stated = quads(":C rdfs:subClassOf :D . :D rdfs:subClassOf :E . :a a :C , :E .")
    before = list(stated)
    inferred = infer(stated)
    assert stated == before
    assert {quad.graph_name for quad in inferred} == {ox.NamedNode(str(INFERRED))}
    assert [str(quad.object) for quad in inferred] == ["<http://x/D>"]


def test_graphs_are_reasoned_over_together() -> None:
    in_graphs = "GRAPH :g { :C rdfs:subClassOf :D } GRAPH :h { :a a :C }"
    stated = list(ox.parse(PREFIXES + in_graphs, format=ox.RdfFormat.TRIG))
    assert [str(quad.triple) for quad in infer(stated)] == sorted(triples(":a a :D ."))


def test_contradictions_are_told() -> None:
    closure = close(quads(":C owl:disjointWith :D . :a a :C , :D ."))
    assert closure.inferred == ()
    assert len(closure.contradictions) == 1
    assert "http://x/a" in closure.contradictions[0]


def test_nothing_is_lost_that_owlrl_finds_by_itself(repository: Repository) -> None:
    """On the project's own graph: the shortcuts leave out trivial triples only."""
    stated = repository.quads("ontology", "data")
    plain = to_rdflib(stated)
    before = set(plain)
    DeductiveClosure(OWLRL_Semantics, improved_datatypes=False).expand(plain)
    vocabularies = (str(OWL), str(RDF), str(RDFS))
    meant = {RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy}

    def wanted(triple: tuple[object, object, object]) -> bool:
        subject, predicate, value = triple
        if any(isinstance(node, BNode) for node in triple) or isinstance(subject, Literal):
            return False
        if predicate == RDF.type:
            return not str(value).startswith(vocabularies)
        return predicate in meant or not str(predicate).startswith(vocabularies)

    expected = {triple for triple in set(plain) - before if wanted(triple)}
    assert set(to_rdflib(infer(stated))) == expected
    assert len(expected) > 1000


def test_the_same_in_every_run() -> None:
    program = (
        "import pyoxigraph as ox; from bibgraph.reasoning import infer\n"
        "text = '''{}'''\n"
        "print(*infer(ox.parse(text, format=ox.RdfFormat.TURTLE)), sep='\\n')"
    ).format(
        PREFIXES + ":p rdfs:subPropertyOf :q , :r , :s . :a :p :b , :c , 'd' , 4 . :C rdfs:subClassOf :D ."
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(runs) == 1
    assert len(runs.pop().splitlines()) == 12
