"""Misspelt terms of known vocabularies are found, with what was meant; other terms are left alone."""

import pyoxigraph as ox
import pytest

from bibgraph.findings import Severity
from bibgraph.namespaces import PREFIXES
from bibgraph.validation import Vocabularies, unknown_terms

OWN = list(ox.parse(b"<https://w3id.org/bibgraph/ontology#number> <x:p> <x:o> .", format=ox.RdfFormat.TURTLE))
KNOWN = Vocabularies(OWN, [])


def full(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local if prefix in PREFIXES else name


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("bg:nummber", "bg:number"),
        ("rdf:typ", "rdf:type"),
        ("rdfs:commet", "rdfs:comment"),
        ("owl:versionNotes", "owl:versionInfo"),
        ("skos:preflabel", "skos:prefLabel"),
        ("dcterms:titel", "dcterms:title"),
        ("dcat:DataSet", "dcat:Dataset"),
        ("dcat:inSerie", "dcat:inSeries"),
        ("prov:wasQuotedFom", "prov:wasQuotedFrom"),
        ("org:hasSubOrganisation", "org:hasSubOrganization"),
        ("foaf:homePage", "foaf:homepage"),
        ("schema:knowsLanguages", "schema:knowsLanguage"),
        ("http://schema.org/knowsLanguages", "http://schema.org/knowsLanguage"),
        ("sh:propertye", "sh:property"),
        ("sh:MinCount", "sh:minCount"),
        ("sh:Voilation", "sh:Violation"),
        ("sh:Class", "sh:class"),
        ("xsd:Date", "xsd:date"),
        ("http://data.europa.eu/r5rapplicableLegislation", "dcatap:applicableLegislation"),
        ("http://purl.org/dc/termstitle", "dcterms:title"),
        ("http://purl.org/dc/terms#title", "dcterms:title"),
        ("http://www.w3.org/2004/02/skos/core/prefLabel", "skos:prefLabel"),
        ("https://www.w3.org/ns/shacl#minCount", "sh:minCount"),
        ("http://w3.org/ns/shacl#minCount", "sh:minCount"),
        ("http://www.w3.org/2001/01/rdf-schema#label", "rdfs:label"),
        ("http://www.w3.org/ns/shalc#minCount", "sh:minCount"),
        ("https://w3id.org/bibgraph/ontology/number", "bg:number"),
    ],
)
def test_the_term_that_was_meant_is_found(written: str, meant: str) -> None:
    assert KNOWN.lacks(full(written))
    assert KNOWN.similar(full(written)) == full(meant)


@pytest.mark.parametrize(
    "right",
    [
        "bg:number",
        "rdf:type",
        "rdf:_1",
        "rdf:_12",
        "rdf:langString",
        "rdf:dirLangString",
        "owl:versionInfo",
        "dcat:DatasetSeries",
        "dcat:version",
        "dcat:prev",
        "dcat:Dataset",
        "sh:class",
        "sh:in",
        "sh:not",
        "sh:values",
        "sh:SPARQLRule",
        "schema:Person",
        "http://schema.org/Person",
        "schema:somethingAddedNextYear",
        "xsd:gYear",
        "http://purl.org/dc/elements/1.1/title",
        "http://www.w3.org/ns/sparql-service-description#name",
        "http://www.w3.org/ns/sd#name",
        "http://www.w3.org/2008/05/skos-xl#prefLabel",
        "http://example.org/title",
        "http://www.w3.org/ns/locn#address",
        "http://www.w3.org/ns/odrl/2/Policy",
        "http://www.w3.org/ns/dqv#value",
        "http://www.w3.org/ns/adms#status",
        "http://data.europa.eu/r5r/availability",
        "http://www.w3.org/2006/time#day",
        "http://data.europa.eu/m8g/value",
        "http://www.w3.org/ns/shacl",
        "http://purl.org/dc/terms/",
        "http://www.w3.org/2003/01/geo/wgs84_pos#lat",
        "http://purl.org/dc/dcmitype/Collection",
        "urn:x:y",
        "mailto:a@b",
        "http://www.w3.org/",
        "http://www.w3.org/standards/label",
        "https://w3id.org/bibgraph/id/number",
        "",
    ],
)
def test_right_terms_and_other_namespaces_are_not_judged(right: str) -> None:
    assert not KNOWN.lacks(full(right))
    assert KNOWN.similar(full(right)) == ""


def quads(turtle: str) -> list[ox.Quad]:
    return list(ox.parse(turtle.encode(), format=ox.RdfFormat.TURTLE))


def test_a_slip_in_the_namespace_comes_with_the_right_one() -> None:
    [finding] = unknown_terms(quads("<x:a> <http://data.europa.eu/r5ravailability> <x:b> ."), KNOWN)
    assert "dcatap:availability" in finding.text("en")
    assert "http://data.europa.eu/r5r/" in finding.advice("en")


def test_two_spellings_of_one_vocabulary_are_a_warning_once() -> None:
    both = (
        "<x:a> <http://schema.org/name> 1 . <x:b> <http://schema.org/name> 1 ; <https://schema.org/name> 1 ."
    )
    [finding] = unknown_terms(quads(both), KNOWN)
    assert (finding.rule, finding.severity, finding.thing) == ("namespace-spelling", Severity.WARNING, "x:a")
    assert "https://schema.org/" in finding.advice("en")
    assert unknown_terms(quads("<x:a> <http://schema.org/name> 1 ."), KNOWN) == []
    assert unknown_terms(quads("<x:a> <https://schema.org/name> 1 ."), KNOWN) == []
