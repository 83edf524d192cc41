"""The pages of the ontology and the shapes say what the triples say, in three languages."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from lxml import html

from bibgraph.config import Settings
from bibgraph.graph import open_graph
from bibgraph.namespaces import OWL, PREFIXES, RDF, SH
from bibgraph.repository import Repository
from bibgraph.web import create_app
from bibgraph.web.pictures.layers import arrange
from bibgraph.web.vocabulary.rules import Rules
from bibgraph.web.vocabulary.words import sentences
from site_checks import select
from web_world import CHECKOUT

LANGUAGES = ("nb", "nn", "en")
TERMS = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty}


@pytest.fixture(scope="module")
def web() -> FlaskClient:
    settings = Settings(root=CHECKOUT)
    return create_app(settings, open_graph(settings, inferred=False)).test_client()


@cache
def quads(kind: str) -> tuple[ox.Quad, ...]:
    return tuple(Repository(CHECKOUT).quads(kind))


@cache
def served(web: FlaskClient, path: str) -> str:
    answer = web.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return answer.text


def page(web: FlaskClient, path: str) -> html.HtmlElement:
    return html.fromstring(served(web, path))


def subjects_of(kind: str, types: set[str], namespace: str) -> set[str]:
    return {
        quad.subject.value
        for quad in quads(kind)
        if quad.predicate.value == RDF.type
        and isinstance(quad.object, ox.NamedNode)
        and quad.object.value in types
        and isinstance(quad.subject, ox.NamedNode)
        and quad.subject.value.startswith(namespace)
    }


def test_every_term_of_the_ontology_has_its_place_on_the_page(web: FlaskClient) -> None:
    shown = set(select(page(web, "/ontology"), "//section/@id"))
    assert {iri.rpartition("#")[2] for iri in subjects_of("ontology", TERMS, PREFIXES["bg"])} <= shown


def test_every_shape_has_its_place_on_the_page(web: FlaskClient) -> None:
    shown = set(select(page(web, "/shapes"), "//section/@id"))
    kinds = {SH.NodeShape, SH.PropertyShape}
    assert {iri.rpartition("#")[2] for iri in subjects_of("shapes", kinds, PREFIXES["bgs"])} == shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_definitions_and_messages_are_in_the_readers_language(web: FlaskClient, language: str) -> None:
    ontology = page(web, f"/ontology?lang={language}").text_content()
    shapes = page(web, f"/shapes?lang={language}").text_content()
    for kind, property_, text in (
        ("ontology", PREFIXES["skos"] + "definition", ontology),
        ("shapes", SH.message, shapes),
    ):
        said = [
            quad.object
            for quad in quads(kind)
            if quad.predicate.value == property_ and isinstance(quad.object, ox.Literal)
        ]
        own = {literal.value for literal in said if literal.language == language}
        others = {literal.value for literal in said if literal.language != language} - own
        missing = {value for value in own if value not in text}
        assert not missing
        assert not {value for value in others if value in text and len(value) > 60 and value not in own}


def test_links_inside_the_pages_lead_to_something(web: FlaskClient) -> None:
    for path in ("/ontology", "/shapes"):
        found = page(web, path)
        ids = set(select(found, "//@id"))
        assert len(ids) == len(select(found, "//@id"))
        assert {link[1:] for link in select(found, "//a/@href") if link.startswith("#")} <= ids
    shapes = set(select(page(web, "/shapes"), "//@id"))
    pointed = {link for link in select(page(web, "/ontology"), "//a/@href") if link.startswith("/shapes#")}
    assert pointed
    assert {link.partition("#")[2] for link in pointed} <= shapes


def test_a_class_shows_its_properties_rules_uses_and_an_example(web: FlaskClient) -> None:
    section = page(web, "/ontology?lang=en").get_element_by_id("Measure")
    rows = {
        row.findtext(".//th//span") or "": [cell.text_content().strip() for cell in select(row, "td")]
        for row in select(section, ".//tbody/tr")
    }
    assert rows["part of strategy"][:3] == ["mandatory", "1", "Strategy"]
    assert rows["main line"][:3] == ["optional", "0–1", "Main line"]
    text = section.text_content()
    assert re.search(r"\d+ things", text)
    assert "Correct or remove the property; a measure cannot have it." in text
    assert "Violation" in text
    assert select(section, ".//a[starts-with(@href, '/id/measure/')]")


def test_a_property_shows_what_it_is_used_on_and_leads_to(web: FlaskClient) -> None:
    text = page(web, "/ontology?lang=en").get_element_by_id("ofMeasure").text_content()
    assert "Status observation" in text.partition("Used on")[2]
    assert "Measure" in text.partition("Leads to")[2]


def test_the_diagram_has_a_title_a_description_and_a_table_that_says_the_same(web: FlaskClient) -> None:
    found = page(web, "/ontology?lang=en")
    (drawing,) = select(found, "//svg[@class='diagram']")
    named = drawing.get("aria-labelledby").split()
    assert all(select(drawing, f".//*[@id='{one}']")[0].text_content() for one in named)
    rows = [
        [cell.text_content().strip() for cell in row]
        for row in select(found, "//table[caption[@id='all-joints']]//tbody/tr")
    ]
    arrows = [one.text_content() for one in select(drawing, ".//text[@class='l']")]
    assert arrows
    properties = {row[1] for row in rows}
    assert all(name in properties for arrow in arrows for name in arrow.split(", "))
    assert len(select(drawing, ".//path[@marker-end]")) == len(arrows)


def test_every_code_list_is_shown_with_its_codes(web: FlaskClient) -> None:
    found = page(web, "/ontology?lang=en")
    text = found.get_element_by_id("status-scheme").text_content()
    assert "Reported as begun and not ended." in text


@pytest.mark.parametrize("ending", ["ttl", "jsonld", "rdf", "nt", "trig"])
def test_the_shapes_are_data_too(web: FlaskClient, ending: str) -> None:
    answer = web.get(f"/shapes.{ending}")
    assert answer.status_code == 200
    formats = {
        "ttl": ox.RdfFormat.TURTLE,
        "jsonld": ox.RdfFormat.JSON_LD,
        "rdf": ox.RdfFormat.RDF_XML,
        "nt": ox.RdfFormat.N_TRIPLES,
        "trig": ox.RdfFormat.TRIG,
    }
    if ending == "jsonld":
        assert b"NodeShape" in answer.data
        return
    found = ox.Dataset(ox.Quad(*quad.triple) for quad in ox.parse(answer.data, format=formats[ending]))
    stated = ox.Dataset(ox.Quad(*quad.triple) for quad in quads("shapes"))
    for dataset in (found, stated):
        dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    assert found == stated


def test_formats_are_negotiated_as_elsewhere(web: FlaskClient) -> None:
    for path in ("/ontology", "/shapes"):
        assert web.get(path, headers={"Accept": "image/png"}).status_code == 406
        assert web.get(f"{path}.png").status_code == 404
        answer = web.get(path, headers={"Accept": "text/turtle;q=0.9, text/html;q=0.1"})
        assert answer.mimetype == "text/turtle"
        tag = answer.headers["ETag"]
        assert web.get(path, headers={"Accept": "text/turtle", "If-None-Match": tag}).status_code == 304
        links = " ".join(answer.headers.getlist("Link"))
        assert f"<{path}.jsonld>" in links
        assert 'rel="cite-as"' in links


def test_every_constraint_of_the_shapes_has_words_of_its_own() -> None:
    rules = Rules(quads("shapes"))
    for language in LANGUAGES:
        for rule in rules.all.values():
            found = list(sentences(rule, language))
            assert found or rule.parts, rule.iri
            assert not [one for one in found if one.before.startswith(("Besides", "\0"))]


def test_a_rule_of_a_property_knows_the_classes_that_it_is_for() -> None:
    rules = Rules(quads("shapes"))
    assert rules.classes(rules.all[PREFIXES["bgs"] + "Measure-number"]) == [PREFIXES["bg"] + "Measure"]
    assert PREFIXES["bg"] + "Service" in rules.classes(rules.all[PREFIXES["bgs"] + "label"])


@pytest.mark.parametrize(
    ("turtle", "path"),
    [
        ("ex:p", ["https://ex.org/p"]),
        ("[ sh:inversePath ex:p ]", ["^", "https://ex.org/p"]),
        ("( ex:p ex:q )", ["https://ex.org/p", "/", "https://ex.org/q"]),
        ("[ sh:alternativePath ( ex:p ex:q ) ]", ["https://ex.org/p", "|", "https://ex.org/q"]),
        ("[ sh:oneOrMorePath ex:p ]", ["https://ex.org/p", "+"]),
    ],
)
def test_paths_are_written_as_in_sparql(turtle: str, path: list[str]) -> None:
    text = f"""@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://ex.org/> .
        ex:shape a sh:PropertyShape ; sh:path {turtle} ; sh:minCount 1 ."""
    rules = Rules(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE))
    assert list(rules.all["https://ex.org/shape"].path) == path


def test_boxes_of_a_column_never_meet_and_arrows_begin_and_end_at_them() -> None:
    nodes = list("abcdefg")
    edges = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "a"), ("d", "c"), ("e", "c"), ("f", "f")]
    layout = arrange(nodes, edges)
    by_column: dict[int, list[float]] = {}
    for column, row in layout.places.values():
        by_column.setdefault(column, []).append(row)
    for rows in by_column.values():
        ordered = sorted(rows)
        assert all(low + 1 <= high + 1e-9 for low, high in pairwise(ordered))
    assert set(layout.routes) == {edge for edge in edges if edge[0] != edge[1]}
    for (start, end), route in layout.routes.items():
        assert route[0] == layout.places[start]
        assert route[-1] == layout.places[end]
        assert all(abs(one[0] - other[0]) == 1 for one, other in pairwise(route))
