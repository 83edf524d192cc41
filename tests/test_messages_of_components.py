"""Shapes without words of their own speak through ours: what to do, in three languages, and hints."""

import re

import pyoxigraph as ox
import pytest
from rdflib import SH

from bibgraph.findings import Finding
from bibgraph.messages import LANGUAGES, Message
from bibgraph.validation import validate
from bibgraph.validation.forms import right_form

PREFIXES = """
@prefix : <http://x/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
D = ':D skos:prefLabel "Enhet"@nb , "Eining"@nn , "Unit"@en .'


def check(constraint: str, data: str, node: str = "") -> list[Finding]:
    shape = f":S a sh:NodeShape ; sh:targetClass :C ; {node} sh:property :P . :P sh:path :p ; {constraint} ."
    if not constraint:
        shape = f":S a sh:NodeShape ; sh:targetClass :C ; {node} ."
    read = [list(ox.parse(PREFIXES + text, format=ox.RdfFormat.TURTLE)) for text in (data, shape)]
    return validate(read[0], read[1])


def only(constraint: str, data: str, node: str = "") -> Finding:
    [finding] = check(constraint, data, node)
    return finding


CASES = [
    ("MinCount", "sh:minCount 1", ":a a :C .", "http://x/p: add it; it is missing."),
    ("MinCount", "sh:minCount 3", ":a a :C ; :p 1 .", "at least 3"),
    ("MaxCount", "sh:maxCount 0", ":a a :C ; :p 1 .", "may not be stated"),
    ("MaxCount", "sh:maxCount 1", ":a a :C ; :p 1 , 2 .", "at most 1"),
    ("Class", "sh:class :D", ":a a :C ; :p :b . " + D, "refer to something of the class Unit (http://x/D)."),
    ("Datatype", "sh:datatype xsd:date", ':a a :C ; :p "x" .', "write the value as xsd:date."),
    ("NodeKind", "sh:nodeKind sh:IRI", ':a a :C ; :p "x" .', "by its address"),
    ("NodeKind", "sh:nodeKind sh:Literal", ":a a :C ; :p :b .", "no reference"),
    ("NodeKind", "sh:nodeKind sh:BlankNode", ":a a :C ; :p :b .", "in brackets"),
    ("NodeKind", "sh:nodeKind sh:BlankNodeOrIRI", ":a a :C ; :p 1 .", "do not write a text"),
    ("NodeKind", "sh:nodeKind sh:BlankNodeOrLiteral", ":a a :C ; :p :b .", "without an address"),
    ("NodeKind", "sh:nodeKind sh:IRIOrLiteral", ":a a :C ; :p [] .", "write a value, or refer"),
    ("MinExclusive", "sh:minExclusive 5", ":a a :C ; :p 5 .", 'above "5"^^xsd:integer'),
    ("MinInclusive", "sh:minInclusive 5", ":a a :C ; :p 4 .", 'write "5"^^xsd:integer or a value above'),
    ("MaxExclusive", "sh:maxExclusive 5", ":a a :C ; :p 5 .", 'below "5"^^xsd:integer'),
    ("MaxInclusive", "sh:maxInclusive 5", ":a a :C ; :p 6 .", "or a value below"),
    ("MinLength", "sh:minLength 4", ':a a :C ; :p "abc" .', "at least 4 characters"),
    ("MaxLength", "sh:maxLength 2", ':a a :C ; :p "abc" .', "at most 2 characters"),
    ("Pattern", 'sh:pattern "^{a}[0-9]{2}$"', ':a a :C ; :p "b" .', "fits ^{a}[0-9]{2}$."),
    ("LanguageIn", 'sh:languageIn ( "nb" "nn" )', ':a a :C ; :p "x" .', "nb, nn"),
    ("UniqueLang", "sh:uniqueLang true", ':a a :C ; :p "x"@nb , "y"@nb .', "one text in each language"),
    ("Equals", "sh:equals :q", ":a a :C ; :p 1 .", "same values as for http://x/q"),
    ("Disjoint", "sh:disjoint :q", ":a a :C ; :p 1 ; :q 1 .", "from http://x/q"),
    ("LessThan", "sh:lessThan :q", ":a a :C ; :p 2 ; :q 1 .", "less, or earlier, than that of http://x/q"),
    ("LessThanOrEquals", "sh:lessThanOrEquals :q", ":a a :C ; :p 2 ; :q 1 .", "not above"),
    (
        "Not",
        "sh:not [ sh:class :D ]",
        ":a a :C ; :p :b . :b a :D . " + D,
        "must not hold of it: Unit (http://x/D).",
    ),
    ("And", "sh:and ( [ sh:class :D ] )", ":a a :C ; :p :b .", "all of this must hold of it: http://x/D."),
    (
        "Or",
        "sh:or ( [ sh:class :D ] [ sh:datatype xsd:date ] )",
        ":a a :C ; :p :b .",
        "http://x/D, xsd:date.",
    ),
    (
        "Xone",
        "sh:xone ( [ sh:class :D ] [ sh:path :q ; sh:minCount 1 ] )",
        ":a a :C ; :p :b .",
        "exactly one",
    ),
    ("Node", "sh:node :N", ":a a :C ; :p :b .", "this must hold of it: http://x/N."),
    (
        "QualifiedMinCount",
        "sh:qualifiedValueShape [ sh:class :D ] ; sh:qualifiedMinCount 2",
        ":a a :C .",
        "at least 2",
    ),
    (
        "QualifiedMaxCount",
        "sh:qualifiedValueShape [ sh:class :D ] ; sh:qualifiedMaxCount 0",
        ":a a :C ; :p :b . :b a :D .",
        "at most 0",
    ),
    ("HasValue", "sh:hasValue :x", ":a a :C .", "add the value http://x/x."),
    ("In", 'sh:in ( "a" :b )', ':a a :C ; :p "c" .', 'one of these: "a", http://x/b.'),
    (
        "SPARQL",
        'sh:sparql [ sh:select "SELECT $this ?value WHERE { $this <http://x/p> ?value }" ]',
        ":a a :C ; :p 1 .",
        "the query of the rule http://x/P",
    ),
]


def named(shape: str) -> str:
    return f"{shape} . :N sh:property [ sh:path :name ; sh:minCount 1 ]" if "sh:node :N" in shape else shape


@pytest.mark.parametrize(("component", "constraint", "data", "expected"), CASES)
def test_each_component_says_what_to_do(component: str, constraint: str, data: str, expected: str) -> None:
    finding = only(named(constraint), data)
    assert finding.component == f"{SH}{component}ConstraintComponent"
    assert expected in finding.text("en")


@pytest.mark.parametrize(("constraint", "data"), [case[1:3] for case in CASES])
def test_no_words_of_the_engine_come_through(constraint: str, data: str) -> None:
    finding = only(named(constraint), data)
    assert isinstance(finding.message, Message)
    for language in LANGUAGES:
        assert not re.search("Value |conform|Constraint|->|Node ", finding.text(language))


def test_every_component_of_the_core_has_a_sentence() -> None:
    standard = {
        str(term).removeprefix(str(SH)).removesuffix("ConstraintComponent")
        for term in dir(SH)
        if str(term).endswith("ConstraintComponent")
    }
    # Two are other terms that end so. A property shape is only a step on the way to others; expressions
    # and scripts are not evaluated.
    assert standard - {case[0] for case in CASES} == {"", "source", "Closed", "Property", "Expression", "JS"}


def test_closed_shapes_name_the_property_and_the_nearest_of_their_own() -> None:
    node = "sh:closed true ; sh:ignoredProperties ( rdf:type ) ; "
    near = only("sh:minCount 0", ":a a :C ; :pp 1 .", node)
    assert near.text("en") == "http://x/pp: correct or remove the property; http://x/S does not have it."
    assert near.advice("en") == "Did you mean http://x/p?"
    far = only("sh:minCount 0", ":a a :C ; <urn:other:thing> 1 .", node)
    assert far.advice("en") == "Its properties are: http://x/p, rdf:type."


def test_a_node_shape_speaks_of_the_thing_itself() -> None:
    assert (
        only("", "<http://x/a> a :C .", "sh:nodeKind sh:BlankNode")
        .text("en")
        .startswith("The thing itself: ")
    )


def test_shapes_with_words_of_their_own_keep_them() -> None:
    assert only('sh:minCount 1 ; sh:message "Legg til p."@nb', ":a a :C .").message == {"nb": "Legg til p."}


@pytest.mark.parametrize(
    ("tags", "language", "expected"),
    [
        (["nn", "en", "de"], "nb", "nn"),
        (["de", "en"], "nb", "en"),
        (["nb", "en"], "nn", "nb"),
        (["no", "en"], "nn", "no"),
        (["nb-NO", "en"], "nb", "nb-NO"),
        (["en-GB", "nb"], "en", "en-GB"),
        (["nb", "de"], "en", "nb"),
        (["fr", "de"], "en", "de"),
        (["da", "en"], "nb", "da"),
    ],
)
def test_a_message_in_other_languages_is_shown_in_the_nearest(
    tags: list[str], language: str, expected: str
) -> None:
    messages = " , ".join(f'"{tag}"@{tag}' for tag in tags)
    assert (
        only(f"sh:minCount 1 ; sh:message {messages}", ":a a :C .").text(language).lower() == expected.lower()
    )


def test_names_of_properties_come_from_the_shape_and_the_ontology() -> None:
    own = only('sh:minCount 1 ; sh:name "Navn"@nb , "Name"@en', ":a a :C .")
    assert own.text("en").startswith("Name (http://x/p): ")
    defined = only("sh:minCount 1", ':a a :C . :p rdfs:label "Navn"@nb .')
    assert defined.text("en").startswith("Navn (http://x/p): ")


@pytest.mark.parametrize(
    ("constraint", "data", "hint"),
    [
        (
            "sh:class :D",
            ":a a :C ; :p :unitt . :unit a :D .",
            "There is no http://x/unitt. Did you mean http://x/unit?",
        ),
        (
            "sh:class :D",
            ":a a :C ; :p :zzzzzzzzz . :unit a :D .",
            "There is no http://x/zzzzzzzzz: correct the address, or describe the thing.",
        ),
        (
            "sh:class :D",
            ":a a :C ; :p :b . :b a :E , :F .",
            "http://x/b exists, but as http://x/E, http://x/F.",
        ),
        (
            "sh:class :D",
            ":a a :C ; :p :b . :b :q 1 .",
            "http://x/b exists, but no class is stated of it: add «a http://x/D» to it.",
        ),
        ("sh:class :D", ':a a :C ; :p "http://x/b" .', 'Write http://x/b instead of "http://x/b".'),
        (
            "sh:class :D",
            ':a a :C ; :p "b" .',
            '"b" is a text or another value; a reference to a thing is needed.',
        ),
        (
            "sh:nodeKind sh:IRI",
            ':a a :C ; :p "https://a.no/x" .',
            'Write https://a.no/x instead of "https://a.no/x".',
        ),
        (
            "sh:datatype xsd:date",
            ':a a :C ; :p "31.1.2026" .',
            'Write "2026-01-31"^^xsd:date instead of "31.1.2026".',
        ),
        ("sh:datatype xsd:integer", ':a a :C ; :p "12" .', 'Write "12"^^xsd:integer instead of "12".'),
        ("sh:datatype xsd:integer", ':a a :C ; :p "tolv" .', 'It is written so: "12"^^xsd:integer'),
        (
            "sh:datatype xsd:date",
            ':a a :C ; :p "2026-13-01"^^xsd:date .',
            'It is written so: "2026-01-31"^^xsd:date',
        ),
        ("sh:datatype rdf:langString", ':a a :C ; :p "x" .', 'Write "x"@nb instead of "x".'),
        ("sh:datatype xsd:string", ':a a :C ; :p "x"@nb .', 'Write "x" instead of "x"@nb.'),
        (
            'sh:pattern "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"',
            ':a a :C ; :p "1.2.2026" .',
            'Did you mean "2026-02-01"?',
        ),
        ('sh:pattern "^https://"', ':a a :C ; :p "http://a.no" .', 'Did you mean "https://a.no"?'),
        ('sh:languageIn ( "nb" )', ':a a :C ; :p "x" .', 'Write "x"@nb instead of "x".'),
        ("sh:uniqueLang true", ':a a :C ; :p "x"@nb , "y"@nb .', "There is more than one text in nb."),
        ('sh:in ( "open" "shut" )', ':a a :C ; :p "opne" .', 'Did you mean "open"?'),
        ('sh:in ( "open"@nb )', ':a a :C ; :p "Open" .', 'Did you mean "open"@nb?'),
        (
            "sh:minCount 1",
            ":a a :C ; <http://y/p> 1 .",
            "There is http://y/p instead. Did you mean http://x/p?",
        ),
        ("sh:lessThan :q", ":a a :C ; :p 2 ; :q 1 .", 'http://x/q is stated as "1"^^xsd:integer.'),
        ("sh:minCount 1 ; sh:description 'As printed.'@en", ":a a :C .", "As printed."),
        ("sh:minCount 1", ":a a :C .", ""),
        ("sh:maxLength 1", ':a a :C ; :p "ab" .', ""),
    ],
)
def test_hints_say_what_was_perhaps_meant(constraint: str, data: str, hint: str) -> None:
    assert only(constraint, data).advice("en") == hint


@pytest.mark.parametrize(
    ("text", "datatype", "expected"),
    [
        ("ja", "boolean", "true"),
        ("Nei", "boolean", "false"),
        ("1 200,50", "decimal", "1200.50"),
        ("2026-01-31T10:00:00", "date", "2026-01-31"),
        ("20260131", "date", "2026-01-31"),
        ("2026-01-31", "gYear", "2026"),
        ("2026-01-31", "gYearMonth", "2026-01"),
        ("kr 200", "integer", "200"),
        (" 3 ", "positiveInteger", "3"),
        ("0", "positiveInteger", ""),
        ("31.13.2026", "date", ""),
        ("x", "duration", ""),
        ("P1Y", "duration", "P1Y"),
    ],
)
def test_values_are_put_in_the_right_form(text: str, datatype: str, expected: str) -> None:
    right = right_form(ox.Literal(text), f"http://www.w3.org/2001/XMLSchema#{datatype}")
    assert right == (f'"{expected}"^^xsd:{datatype}' if expected else "")
