"""What is said of a thing, asked of a store."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibgraph.describe import Describer, Names, about, natural, nearest, reading
from bibgraph.repository import Repository
from web_world import BASE, CHECKOUT, CountingStore, graph, quads

MEASURE = f"{BASE}id/measure/2030/2"
ONTOLOGY = f"{BASE}ontology#"


@pytest.fixture(scope="module")
def describer() -> Describer:
    served = graph()
    return Describer(served.store, served.repository)


def test_statements_know_the_graphs_that_make_them(describer: Describer) -> None:
    description = describer.describe(MEASURE)
    assert description is not None
    by_value = {(s.predicate, str(s.value)): s.graphs for s in description.statements}
    kind = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    assert by_value[kind, f"<{ONTOLOGY}Measure>"] == (
        f"{BASE}graph/measures/report",
        f"{BASE}graph/status/2030-05-01",
    )
    assert by_value[f"{ONTOLOGY}number", str(ox.Literal(2))] == (f"{BASE}graph/measures/report",)


def test_what_only_reasoning_says_is_told_apart(describer: Describer) -> None:
    description = describer.describe(MEASURE)
    assert description is not None
    assert {s.predicate.rpartition("/")[2] for s in description.inferred} == {
        "22-rdf-syntax-ns#type",
        "description",
    }
    assert description.kinds == [f"{ONTOLOGY}Measure"]
    assert f"{BASE}graph/inferred" not in description.graphs


def test_what_points_to_it_comes_by_property_and_kind_with_its_own_statements(describer: Describer) -> None:
    description = describer.describe(MEASURE)
    assert description is not None
    observation = ox.NamedNode(f"{BASE}id/status/2030-05-01/2")
    assert [(g.predicate, g.kind, list(g.subjects)) for g in description.groups] == [
        (f"{ONTOLOGY}ofMeasure", f"{ONTOLOGY}StatusObservation", [observation])
    ]
    said = {s.predicate for s in description.parts[observation.value]}
    assert f"{ONTOLOGY}comment" in said


def test_evidence_has_words_lines_and_document(describer: Describer) -> None:
    description = describer.describe(MEASURE)
    assert description is not None
    [evidence] = description.evidence[MEASURE]
    assert evidence.words == "2. Biblioteket skal låne ut bøker."
    assert (evidence.line_start, evidence.line_end) == ("3", "5")
    assert evidence.source == f"{BASE}id/source/report"
    assert f"{BASE}id/status/2030-05-01/2" in description.evidence


def test_a_document_holds_statements_links_quotations_and_names(describer: Describer) -> None:
    description = describer.describe(MEASURE)
    assert description is not None
    triples = {(str(q.subject), str(q.predicate), str(q.object)) for q in description.quads()}
    observation = f"<{BASE}id/status/2030-05-01/2>"
    quotation = f"<{BASE}id/quotation/report/3-5>"
    assert (observation, f"<{ONTOLOGY}ofMeasure>", f"<{MEASURE}>") in triples
    assert (observation, f"<{ONTOLOGY}comment>", '"Ferdig i mai."@nb') in triples
    assert (quotation, f"<{ONTOLOGY}lineStart>", str(ox.Literal(3))) in triples
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    assert (f"<{ONTOLOGY}Measure>", label, '"Measure"@en') in triples
    assert not [triple for triple in triples if triple[0] == observation and triple[1] == label]


def test_the_number_of_queries_does_not_grow_with_what_there_is_to_say() -> None:
    text = "".join(
        f'<{BASE}id/status/x/{n}> <{ONTOLOGY}ofMeasure> <{MEASURE}> ; <{ONTOLOGY}comment> "{n}" .\n'
        for n in range(10)
    )
    counts = []
    for quads_ in (quads(), quads() + quads(text)):
        store = CountingStore(quads_, "v")
        Describer(store, Repository(CHECKOUT)).describe(MEASURE)
        counts.append(store.asked)
    assert counts[0] == counts[1] <= 8


def test_of_very_many_links_the_description_says_that_it_is_cut() -> None:
    text = "".join(f"<{BASE}id/status/x/{n}> <{ONTOLOGY}ofMeasure> <{MEASURE}> .\n" for n in range(250))
    description = Describer(CountingStore(quads(text), "v"), Repository(CHECKOUT)).describe(MEASURE)
    assert description is not None
    assert description.cut
    assert len(description.incoming) == 200


def test_triples_outside_named_graphs_are_described_too() -> None:
    store = CountingStore(quads(f"<{MEASURE}> a <{ONTOLOGY}Measure> ; <{ONTOLOGY}number> 7 ."), "v")
    description = Describer(store, Repository(CHECKOUT)).describe(MEASURE)
    assert description is not None
    assert [s.graphs for s in description.statements] == [(), ()]
    assert not description.inferred


def test_blank_nodes_that_point_to_a_thing_do_no_harm() -> None:
    store = CountingStore(quads(f"_:b <{ONTOLOGY}ofMeasure> <{MEASURE}> ."), "v")
    description = Describer(store, Repository(CHECKOUT)).describe(MEASURE)
    assert description is not None
    [group] = description.groups
    assert isinstance(group.subjects[0], ox.BlankNode)


def test_of_what_occurs_nowhere_nothing_is_said(describer: Describer) -> None:
    assert describer.describe(f"{BASE}id/measure/2030/3") is None
    assert describer.collection(f"{BASE}id/measure/2031") is None
    assert not describer.exists(f"{BASE}id/measure/203")


@pytest.mark.parametrize("tail", ["measure/2030/2", "measure/2030", "measure", "source/report"])
def test_things_and_collections_exist(describer: Describer, tail: str) -> None:
    assert describer.exists(f"{BASE}id/{tail}")


def test_a_collection_lists_its_members_2_before_10_and_10_before_words(describer: Describer) -> None:
    collection = describer.collection(f"{BASE}id/measure")
    assert collection is not None
    assert [thing.rpartition("/")[2] for thing in collection.things] == ["2", "10", "ii-01"]
    assert collection.kind == f"{ONTOLOGY}Measure"
    assert [section.iri for section in collection.sections()] == [f"{BASE}id/measure/2030"]


@pytest.mark.parametrize(("language", "name"), [("nb", "Tiltak 2"), ("nn", "Tiltak 2"), ("en", "Measure 2")])
def test_names_come_in_the_readers_language_or_the_nearest(
    describer: Describer, language: str, name: str
) -> None:
    assert describer.names([MEASURE]).of(MEASURE, language).text == name


def test_a_thing_without_a_name_is_called_after_its_neighbour_or_by_its_key(describer: Describer) -> None:
    observation, bare = f"{BASE}id/status/2030-05-01/2", f"{BASE}id/measure/2030/ii-01"
    names = describer.names([observation, bare])
    assert names.of(observation, "en").text == "Measure 2"
    assert (names.of(bare, "en").text, names.of(bare, "en").voice) == ("measure/2030/ii-01", "machine")
    assert not list(names.quads([observation])), "a made name is no statement"


def test_a_quotation_is_called_by_its_words_in_the_sources_voice(describer: Describer) -> None:
    quotation = f"{BASE}id/quotation/report/3-5"
    assert describer.names([quotation]).of(quotation, "nb").voice == "source"


def test_a_name_of_ones_own_in_any_language_is_better_than_a_made_one() -> None:
    names = Names()
    names.add("x:a", 10, "", ox.Literal("made", language="en"))
    names.add("x:a", 2, "x:label", ox.Literal("eget", language="nb"))
    assert names.of("x:a", "en").text == "eget"


def test_reading_keeps_a_sources_words_in_all_languages_and_our_texts_in_one(describer: Describer) -> None:
    definition = "http://www.w3.org/2004/02/skos/core#definition"
    statements = describer.statements([f"{ONTOLOGY}Measure"])
    traits = describer.traits({s.predicate for s in statements})
    read = dict(reading(statements, traits, "nn"))
    assert [s.value.value for s in read[definition] if isinstance(s.value, ox.Literal)] == [
        "Noko som skal gjerast."
    ]
    assert describer.traits([f"{ONTOLOGY}text"]).has(f"{ONTOLOGY}text", "verbatim")


def test_the_nearest_language_to_nynorsk_is_bokmal(describer: Describer) -> None:
    labels = [s for s in describer.statements([f"{ONTOLOGY}comment"]) if s.predicate.endswith("#label")]
    assert [str(s.value) for s in nearest(labels, "nn")] == ['"kommentar"@nb']


def test_a_query_gets_its_things_as_terms_and_only_where_it_says() -> None:
    query = "SELECT ?x { VALUES ?x { } }"
    assert about(query, "x", [ox.NamedNode("a:b"), ox.Literal('"} #')]) == (
        'SELECT ?x { VALUES ?x { <a:b> "\\"} #" } }'
    )
    with pytest.raises(ValueError, match="VALUES"):
        about(query, "y", [])


@given(st.text())
def test_any_text_is_bound_as_that_text(text: str) -> None:
    query = about("SELECT ?x { VALUES ?x { } }", "x", [ox.Literal(text)])
    [row] = ox.Store().query(query)  # type: ignore[misc]  # a SELECT yields rows
    assert row["x"] == ox.Literal(text)


def test_numbers_of_any_length_have_a_natural_order() -> None:
    keys = ["b", "9" * 5000, "10", "a" + "9" * 5000, "2"]
    assert sorted(keys, key=natural) == ["2", "10", "9" * 5000, "a" + "9" * 5000, "b"]


@given(st.lists(st.from_regex(r"[a-z0-9/-]{0,12}", fullmatch=True)))
def test_natural_order_does_not_depend_on_the_order_before(keys: list[str]) -> None:
    backwards = list(reversed(keys))
    assert sorted(keys, key=natural) == sorted(backwards, key=natural)
