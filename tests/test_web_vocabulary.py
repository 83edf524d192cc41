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


def of_terms(web: FlaskClient, language: str = "en") -> dict[str, str]:
    """The pages about classes and properties, by path."""
    overview = page(web, f"/ontology?lang={language}")
    paths = {path for path in select(overview, "//dl/dt/a/@href") if "/ontology/" in path and "#" not in path}
    return {path: served(web, path) for path in sorted(paths)}


def of_rules(web: FlaskClient, language: str = "en") -> dict[str, str]:
    """The pages with the rules of each file, by path."""
    overview = page(web, f"/shapes?lang={language}")
    paths = {link.partition("#")[0] for link in select(overview, "//li[@id]/a/@href")}
    return {path: served(web, path) for path in sorted(paths)}


def test_every_term_of_the_ontology_has_its_place_and_a_page_of_its_own(web: FlaskClient) -> None:
    terms = {iri.rpartition("#")[2] for iri in subjects_of("ontology", TERMS, PREFIXES["bg"])}
    assert terms <= set(select(page(web, "/ontology"), "//dt/@id"))
    shown = {key for text in of_terms(web).values() for key in select(html.fromstring(text), "//section/@id")}
    assert terms <= shown


def test_every_shape_has_its_place_and_is_told_in_full_where_that_leads(web: FlaskClient) -> None:
    kinds = {SH.NodeShape, SH.PropertyShape}
    shapes = {iri.rpartition("#")[2] for iri in subjects_of("shapes", kinds, PREFIXES["bgs"])}
    links = {item.get("id"): select(item, "a/@href")[0] for item in select(page(web, "/shapes"), "//li[@id]")}
    assert set(links) == shapes
    for key, link in links.items():
        path, _, fragment = link.partition("#")
        assert fragment == key
        assert f'<section class="stmt" id="{key}">' in served(web, path)


@pytest.mark.parametrize(
    "path", ["/ontology/classes/measure", "/ontology/classes/ofMeasure", "/shapes/nothing"]
)
def test_what_is_no_term_and_no_file_of_rules_has_no_page(web: FlaskClient, path: str) -> None:
    assert web.get(path).status_code == 404


def test_no_two_pages_differ_by_capitals_only(web: FlaskClient) -> None:
    paths = [path.partition("?")[0].casefold() for path in (*of_terms(web), *of_rules(web))]
    assert len(paths) == len(set(paths))


@pytest.mark.parametrize("language", LANGUAGES)
def test_definitions_and_messages_are_in_the_readers_language(web: FlaskClient, language: str) -> None:
    ontology = [served(web, f"/ontology?lang={language}"), served(web, f"/ontology/codes?lang={language}")]
    for kind, property_, texts in (
        ("ontology", PREFIXES["skos"] + "definition", ontology),
        ("shapes", SH.message, of_rules(web, language).values()),
    ):
        text = "".join(piece for one in texts for piece in select(html.fromstring(one), "//text()"))
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


def test_links_inside_and_between_the_pages_lead_to_something(web: FlaskClient) -> None:
    texts = {
        "/ontology?lang=en": served(web, "/ontology?lang=en"),
        "/shapes?lang=en": served(web, "/shapes?lang=en"),
    }
    texts |= (
        of_terms(web) | of_rules(web) | {"/ontology/codes?lang=en": served(web, "/ontology/codes?lang=en")}
    )
    trees = {path: html.fromstring(text) for path, text in texts.items()}
    ids = {path: select(tree, "//@id") for path, tree in trees.items()}
    for path, tree in trees.items():
        assert len(ids[path]) == len(set(ids[path])), path
        for link in select(tree, "//main//a/@href"):
            leads, hash_, fragment = link.partition("#")
            if hash_ and (leads or path) in ids:
                assert fragment in ids[leads or path], (path, link)
            elif leads.startswith(("/ontology/classes", "/ontology/properties", "/shapes/")):
                assert leads in ids, (path, link)


def test_a_class_shows_its_properties_rules_uses_and_an_example(web: FlaskClient) -> None:
    found = page(web, "/ontology/classes/Measure?lang=en")
    rows = {
        row.findtext(".//th//span") or "": [cell.text_content().strip() for cell in select(row, "td")]
        for row in select(found, "//main//tbody/tr")
    }
    assert rows["part of strategy"][:3] == ["mandatory", "1", "Strategy"]
    assert rows["main line"][:3] == ["optional", "0–1", "Main line"]
    text = found.get_element_by_id("content").text_content()
    assert re.search(r"\d+ things", text)
    assert "Correct or remove the property; a measure cannot have it." in text
    assert "Violation" in text
    assert select(found, "//main//a[starts-with(@href, '/id/measure/')]")


def test_a_property_shows_what_it_is_used_on_and_leads_to(web: FlaskClient) -> None:
    found = page(web, "/ontology/properties/ofMeasure?lang=en")
    text = found.get_element_by_id("content").text_content()
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
    text = page(web, "/ontology/codes?lang=en").get_element_by_id("status-scheme").text_content()
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
