from __future__ import annotations

import pyoxigraph as ox
import pytest

from bibgraph.errors import ParameterError
from bibgraph.namespaces import THINGS
from bibgraph.parameters import EXAMPLES, Context, Parameter, Term, terms_of, values
from bibgraph.store.embedded import EmbeddedStore

XSD = "http://www.w3.org/2001/XMLSchema#"
TURTLE = """
@prefix unit: <https://w3id.org/bibgraph/id/unit/> .
@prefix m: <https://w3id.org/bibgraph/id/measure/2030/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix org: <http://www.w3.org/ns/org#> .

unit:bibliotekutvikling skos:notation "BU" ; skos:prefLabel "Utvikling"@nb , "Development"@en .
unit:old skos:notation "KD" .
unit:new skos:notation "KD" ; skos:prefLabel "Ny" .
m:1 org:linkedTo m:2 ; skos:notation <https://elsewhere.example/x> .
"""
UNITS = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?value ?term ?label {
    ?term skos:notation ?value FILTER (isLiteral(?value)) OPTIONAL { ?term skos:prefLabel ?label }
}
"""
UNIT = "https://w3id.org/bibgraph/id/unit/"
MEASURE = "https://w3id.org/bibgraph/id/measure/2030/"


def context(language: str = "nb") -> Context:
    store = EmbeddedStore(ox.parse(TURTLE, format=ox.RdfFormat.TURTLE), "v")
    return Context(store, language, {"unit": UNITS})


def bound(type_: str, given: str, default: str | None = None, language: str = "nb") -> tuple[Term, ...]:
    return terms_of(Parameter("p", type_, default), given, context(language))


def refused(type_: str, given: str, default: str | None = None) -> str:
    with pytest.raises(ParameterError) as caught:
        bound(type_, given, default)
    assert caught.value.where == "p"
    return str(caught.value)


@pytest.mark.parametrize(
    ("type_", "given", "term"),
    [
        ("date", "2025-10-14", ox.Literal("2025-10-14", datatype=ox.NamedNode(f"{XSD}date"))),
        ("date", " 2024-02-29 ", ox.Literal("2024-02-29", datatype=ox.NamedNode(f"{XSD}date"))),
        ("integer", "14", ox.Literal("14", datatype=ox.NamedNode(f"{XSD}integer"))),
        ("integer", "-007", ox.Literal("-7", datatype=ox.NamedNode(f"{XSD}integer"))),
        ("integer", "14.0", ox.Literal("14", datatype=ox.NamedNode(f"{XSD}integer"))),
        ("text", '" } DROP ALL #', ox.Literal('" } DROP ALL #')),
        ("language", "nn", ox.Literal("nn")),
        ("language", "NN", ox.Literal("nn")),
        ("thing", f"{MEASURE}1", ox.NamedNode(f"{MEASURE}1")),
        ("thing", f"<{MEASURE}1>", ox.NamedNode(f"{MEASURE}1")),
        ("thing", "measure/2030/1", ox.NamedNode(f"{MEASURE}1")),
        ("thing", "/id/measure/2030/1", ox.NamedNode(f"{MEASURE}1")),
        ("thing", "id/measure/2030/1", ox.NamedNode(f"{MEASURE}1")),
        ("thing", "unit:old", ox.NamedNode(f"{UNIT}old")),
        ("thing", "measure/2030/2", ox.NamedNode(f"{MEASURE}2")),
        ("thing", "org:linkedTo", ox.NamedNode("http://www.w3.org/ns/org#linkedTo")),
        ("thing", "https://elsewhere.example/x", ox.NamedNode("https://elsewhere.example/x")),
        ("unit", "bu", ox.NamedNode(f"{UNIT}bibliotekutvikling")),
        ("unit", f"{UNIT}old", ox.NamedNode(f"{UNIT}old")),
    ],
)
def test_a_value_becomes_the_term_it_stands_for(type_: str, given: str, term: Term) -> None:
    assert bound(type_, given) == (term,)


def test_a_value_with_two_meanings_stands_for_both() -> None:
    assert bound("unit", "KD") == (ox.NamedNode(f"{UNIT}new"), ox.NamedNode(f"{UNIT}old"))


@pytest.mark.parametrize(
    ("type_", "given", "says"),
    [
        ("date", "2025-02-29", "2025-10-14"),
        ("date", "20251014", "year-month-day"),
        ("date", "14.10.2025", "year-month-day"),
        ("date", "2025-10-14T00:00:00", "year-month-day"),
        ("date", "٢٠٢٥-١٠-١٤", "year-month-day"),
        ("date", "latest", "year-month-day"),
        ("integer", "fourteen", "a whole number"),
        ("integer", "1.5", "a whole number"),
        ("integer", "1.", "a whole number"),
        ("integer", "1e3", "a whole number"),
        ("integer", "9" * 5000, "a whole number"),
        ("language", "no", "Allowed: en, nb, nn"),
        ("language", "reader", "Allowed: en, nb, nn"),
        ("thing", "measure/2030/11", "Did you mean measure/2030/1"),
        ("thing", "unit:odl", "Did you mean unit/old"),
        ("thing", "measure/2030/1> } DROP ALL #", "no thing"),
        ("thing", "nonsense:x", "no thing"),
        ("thing", "https://nowhere.example/", "Write its address."),
        ("unit", "bui", "Did you mean BU? Allowed: BU, KD"),
        ("unit", "XX", "Allowed: BU, KD"),
    ],
)
def test_a_value_that_it_cannot_have_is_refused_with_what_would_be_right(
    type_: str, given: str, says: str
) -> None:
    assert says in refused(type_, given)


@pytest.mark.parametrize("there", [EXAMPLES["thing"], "measure/other"])
def test_a_path_is_an_example_where_it_names_something(there: str) -> None:
    path = EXAMPLES["thing"]
    store = EmbeddedStore([ox.Quad(ox.NamedNode(THINGS + there), ox.NamedNode("x:y"), ox.Literal(""))], "v")
    with pytest.raises(ParameterError) as caught:
        terms_of(Parameter("p", "thing"), "", Context(store, "en", {}))
    assert caught.value.members.get("example") == (path if there == path else None)
    assert (path in str(caught.value)) is (there == path)


@pytest.mark.parametrize("type_", ["date", "integer", "text", "thing", "unit", "language"])
@pytest.mark.parametrize("given", ["", "  "])
def test_a_required_value_that_is_missing_is_told(type_: str, given: str) -> None:
    assert "The parameter needs a value." in refused(type_, given)


@pytest.mark.parametrize("word", ["any", "latest", "none"])
@pytest.mark.parametrize("type_", ["date", "thing", "unit", "text"])
def test_an_open_default_binds_nothing_said_or_not(type_: str, word: str) -> None:
    assert bound(type_, "", word) == ()
    assert bound(type_, word, word) == ()


def test_the_open_word_of_another_parameter_is_a_wrong_value() -> None:
    assert "Without it: latest" in refused("date", "any", "latest")


def test_any_other_default_is_a_value() -> None:
    assert bound("unit", "", "BU") == (ox.NamedNode(f"{UNIT}bibliotekutvikling"),)
    assert bound("date", "", "2025-10-14") == bound("date", "2025-10-14")


def test_the_readers_language_is_bound_when_none_is_given() -> None:
    assert bound("language", "", "reader", language="nn") == (ox.Literal("nn"),)
    assert bound("language", "reader", "reader", language="en") == (ox.Literal("en"),)
    assert bound("language", "nb", "reader", language="en") == (ox.Literal("nb"),)


def test_what_can_be_listed_is_with_names_in_the_readers_language() -> None:
    listed = [(value.value, value.label, len(value.terms)) for value in values("unit", context("en"))]
    assert listed == [("BU", "Development", 1), ("KD", "Ny", 2)]
    assert values("unit", context("nn"))[0].label == "Utvikling"
    assert [value.value for value in values("language", context())] == ["nb", "nn", "en"]
    assert values("date", context()) == []
