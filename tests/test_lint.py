"""Every lint rule fires on a graph with its fault, on the right thing, and is silent on one without."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from bibgraph.errors import QueryError
from bibgraph.findings import Finding, Severity
from bibgraph.messages import LANGUAGES
from bibgraph.validation import Rule, Vocabularies, asks_for_files, lint, read_rules, unknown_terms
from bibgraph.validation.queries import unknown_terms_in_query
from small_repository import PREFIXES

CHECKOUT = Path(__file__).parent.parent
RULES = {rule.id: rule for rule in read_rules(sorted((CHECKOUT / "queries" / "lint").glob("*.rq")))}
OWN = "https://w3id.org/bibgraph/"
MORE = """
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix : <http://x/> .
"""

SHAPE = "bgs:S sh:targetClass bg:Measure ; sh:property bgs:P . bgs:P sh:path bg:number ; sh:minCount 1 ; {} ."
OBSERVATION = "obs:{} a bg:StatusObservation ; bg:ofMeasure m:1 ; bg:inReport {} . "
STATUS = """obs:1 bg:statusAsStated "{}"@nb ; bg:status code:closed .
    code:closed skos:hiddenLabel "Ferdig"@nb ."""
TERM = """bg:t a owl:Class ; rdfs:isDefinedBy <https://w3id.org/bibgraph/ontology> ; skos:example "e" ;
    rdfs:label "a"@nb , "a"@nn , "a"@en ; skos:definition "b"@nb , "b"@nn , "b"@en ."""

# For each rule: where the fault stands, a graph with it, the things it is found at, the graph put right.
CASES = [
    ("no-data", "data", "", [""], "m:1 a bg:Measure ."),
    ("no-shapes", "shapes", "", [""], "bgs:S a sh:NodeShape ."),
    (
        "target-unmatched",
        "shapes",
        "bgs:S sh:targetClass bg:Measure .",
        ["shapes#S"],
        "bgs:S sh:targetClass bg:C .",
    ),
    ("target-unmatched", "shapes", "bgs:S sh:targetNode m:1 .", ["shapes#S"], "bgs:S sh:targetNode :thing ."),
    (
        "target-unmatched",
        "shapes",
        "bgs:S sh:targetSubjectsOf bg:nummber .",
        ["shapes#S"],
        "bgs:S sh:targetSubjectsOf :has .",
    ),
    (
        "target-unmatched",
        "shapes",
        "bgs:S sh:targetObjectsOf bg:nummber .",
        ["shapes#S"],
        "bgs:S sh:targetObjectsOf bg:nummber ; bg:expectedEmpty true .",
    ),
    (
        "target-unmatched",
        "shapes",
        "bgs:S sh:targetNode m:1 , :unknown .",
        ["shapes#S", "shapes#S"],
        "bgs:S sh:targetNode :only-a-value .",
    ),
    (
        "shape-unreachable",
        "shapes",
        "bgs:S a sh:NodeShape .",
        ["shapes#S"],
        "bgs:T sh:node bgs:S . bgs:S a sh:NodeShape .",
    ),
    (
        "shape-unreachable",
        "shapes",
        "bgs:P sh:path :p .",
        ["shapes#P"],
        "bgs:P sh:path :p ; sh:targetClass :C .",
    ),
    (
        "shape-unreachable",
        "shapes",
        "bgs:S sh:propertye bgs:P ; sh:property bgs:Q .",
        ["shapes#S"],
        "bgs:S a rdfs:Class .",
    ),
    (
        "shape-without-path",
        "shapes",
        "bgs:S sh:property bgs:P .",
        ["shapes#S"],
        "bgs:S sh:property bgs:P . bgs:P sh:path :p .",
    ),
    (
        "shape-without-constraint",
        "shapes",
        "bgs:S sh:property bgs:P . bgs:P sh:path :p ; sh:MinCount 1 .",
        ["shapes#P"],
        "bgs:S sh:property bgs:P . bgs:P sh:path :p ; sh:minCount 1 .",
    ),
    (
        "shape-without-constraint",
        "shapes",
        ":C sh:parameter [ sh:path :most ] . bgs:S sh:property bgs:P . bgs:P sh:path :p ; :least 1 .",
        ["shapes#P"],
        ":C sh:parameter [ sh:path :most ] . bgs:S sh:property bgs:P . bgs:P sh:path :p ; :most 1 .",
    ),
    (
        "shape-ignored",
        "shapes",
        "bgs:S sh:target [ a sh:SPARQLTarget ] .",
        ["shapes#S"],
        "bgs:S sh:targetClass :C . bgs:T sh:target [] ; sh:deactivated true .",
    ),
    (
        "shape-ignored",
        "shapes",
        "bgs:P sh:expression [] ; sh:js [] .",
        ["shapes#P", "shapes#P"],
        "bgs:P sh:expression [] ; bg:expectedEmpty true .",
    ),
    (
        "shape-outside",
        "ontology",
        "bg:C a owl:Class , sh:NodeShape ; sh:property bgs:P .",
        ["ontology#C"],
        "bg:C a owl:Class , sh:NodeShape .",
    ),
    ("path-unused", "shapes", "bgs:P sh:path bg:nummber .", ["shapes#P"], "bgs:P sh:path :has ."),
    (
        "path-unused",
        "shapes",
        "bgs:P sh:path ( :has [ sh:inversePath bg:nummber ] ) .",
        ["shapes#P"],
        "bgs:P sh:path ( :has [ sh:zeroOrMorePath :a ] ) . bgs:Q sh:path [ sh:alternativePath ( :a :b ) ] .",
    ),
    (
        "shape-without-constraint",
        "shapes",
        "bgs:S sh:targetClass :C .",
        ["shapes#S"],
        "bgs:S sh:targetClass :C ; sh:rule [ sh:object [ sh:path :p ] ] .",
    ),
    (
        "shape-missing",
        "shapes",
        "bgs:S sh:node bgs:T ; sh:or ( bgs:S bgs:U ) .",
        ["shapes#S", "shapes#S"],
        "bgs:S sh:node bgs:T ; sh:or ( bgs:S bgs:T ) . bgs:T a sh:NodeShape .",
    ),
    (
        "shape-query-without-this",
        "shapes",
        'bgs:S sh:sparql [ sh:select "SELECT ?thisOne { ?thisOne ?p ?o }" ] .',
        ["shapes#S"],
        'bgs:S sh:sparql [ sh:select "SELECT $this { $this ?p ?o }" ] .',
    ),
    (
        "path-unused",
        "shapes",
        "bgs:S sh:property bgs:P . bgs:P sh:path bg:nummber .",
        ["shapes#P"],
        "bgs:S sh:not [ sh:property bgs:P ] . bgs:P sh:path bg:nummber .",
    ),
    (
        "shape-message-missing",
        "shapes",
        SHAPE.format('sh:message "a"@nb , "b"@nn'),
        ["shapes#P"],
        SHAPE.format('sh:message "a"@nb , "b"@nn , "c"@en'),
    ),
    ("term-text-missing", "ontology", TERM.replace('"a"@nn', '"a"@no'), ["ontology#t"], TERM),
    ("term-text-missing", "ontology", TERM.replace('"b"@en', '"b"'), ["ontology#t"], TERM),
    ("term-incomplete", "ontology", TERM.replace('skos:example "e" ;', ""), ["ontology#t"], TERM),
    ("term-several-ranges", "ontology", "bg:p rdfs:range :C , :D .", ["ontology#p"], "bg:p rdfs:range :C ."),
    (
        "term-several-ranges",
        "ontology",
        "bg:p rdfs:domain :C , :D .",
        ["ontology#p"],
        "bg:p rdfs:domain :C ; rdfs:range :D .",
    ),
    (
        "hierarchy-cycle",
        "ontology",
        "bg:C rdfs:subClassOf bg:D . bg:D rdfs:subClassOf bg:C . bg:E rdfs:subClassOf bg:C .",
        ["ontology#C", "ontology#D"],
        "bg:C rdfs:subClassOf bg:D . bg:D rdfs:subClassOf bg:E .",
    ),
    (
        "hierarchy-cycle",
        "ontology",
        "bg:p rdfs:subPropertyOf bg:p .",
        ["ontology#p"],
        "bg:p rdfs:subPropertyOf bg:q .",
    ),
    (
        "inverse-mismatch",
        "ontology",
        "bg:p owl:inverseOf bg:q ; rdfs:domain bg:C . bg:q rdfs:range bg:D .",
        ["ontology#p"],
        "bg:p owl:inverseOf bg:q ; rdfs:domain bg:C . bg:q rdfs:range bg:C ; rdfs:domain bg:D .",
    ),
    (
        "inverse-mismatch",
        "ontology",
        "bg:p owl:inverseOf bg:p .",
        ["ontology#p"],
        "bg:p owl:inverseOf bg:p ; a owl:SymmetricProperty .",
    ),
    (
        "term-label-twice",
        "ontology",
        'bg:a a owl:Class ; rdfs:label "x"@nb . bg:b a owl:Class ; rdfs:label "x"@nb .',
        ["ontology#a", "ontology#b"],
        'bg:a a owl:Class ; rdfs:label "x"@nb . bg:b a owl:ObjectProperty ; rdfs:label "x"@nb .',
    ),
    (
        "language-no",
        "data",
        'm:1 rdfs:label "a"@no .',
        ["id/measure/2030/1"],
        'm:1 rdfs:label "a"@nn , "b"@nb-NO .',
    ),
    ("language-no", "data", 'm:1 rdfs:label "a"@no-NO .', ["id/measure/2030/1"], 'm:1 rdfs:label "norsk" .'),
    ("blank-node", "data", "m:1 bg:partner [] .", ["id/measure/2030/1"], "m:1 bg:partner m:2 ."),
    (
        "ontology-reference-dangling",
        "ontology",
        "bg:a dcterms:creator agent:none .",
        ["ontology#a"],
        "bg:a dcterms:creator agent:one . agent:one a org:Organization .",
    ),
    (
        "reference-dangling",
        "data",
        "m:1 bg:status code:finished .",
        ["id/measure/2030/1"],
        "m:1 bg:status m:1 .",
    ),
    ("type-missing", "data", 'm:1 rdfs:label "a"@nb .', ["id/measure/2030/1"], "m:1 a bg:Measure ."),
    (
        "quotation-uncited",
        "data",
        "q:1 a bg:Quotation .",
        ["id/quotation/report/1"],
        "q:1 a bg:Quotation . m:1 bg:evidence q:1 .",
    ),
    (
        "measure-number-twice",
        "data",
        "m:1 bg:partOfStrategy :s ; bg:number 1 . m:2 bg:partOfStrategy :s ; bg:number 1 .",
        ["id/measure/2030/1", "id/measure/2030/2"],
        "m:1 bg:partOfStrategy :s ; bg:number 1 . m:2 bg:partOfStrategy :t ; bg:number 1 .",
    ),
    (
        "observation-twice",
        "data",
        OBSERVATION.format(1, ":r") + OBSERVATION.format("x", ":r"),
        ["id/status/2030-05-01/1", "id/status/2030-05-01/x"],
        OBSERVATION.format(1, ":r") + OBSERVATION.format("x", ":q"),
    ),
    (
        "status-words-unmapped",
        "data",
        STATUS.format("Stanset"),
        ["id/status/2030-05-01/1"],
        STATUS.format("Ferdig"),
    ),
    (
        "responsibility-order-twice",
        "data",
        "obs:1 bg:responsibility :a , :b . :a bg:order 1 . :b bg:order 1 .",
        ["http://x/a", "http://x/b"],
        "obs:1 bg:responsibility :a . obs:2 bg:responsibility :b . :a bg:order 1 . :b bg:order 1 .",
    ),
    (
        "dates-reversed",
        "data",
        'ms:1 bg:earliest "2030-02-01"^^xsd:date ; bg:latest "2030-01-31"^^xsd:date .',
        ["id/milestone/2030-05-01/1"],
        'ms:1 bg:earliest "2030-02-01"^^xsd:date ; bg:latest "2030-02-01"^^xsd:date .',
    ),
    (
        "period-reversed",
        "data",
        ":p bg:startYear 2018 ; bg:endYear 2001 .",
        ["http://x/p"],
        ':p bg:startYear 2018 ; bg:endYear 2001 ; bg:periodAsStated "2018-2001"@nb .',
    ),
    (
        "period-reversed-as-stated",
        "data",
        ':p bg:startYear 2018 ; bg:endYear 2001 ; bg:periodAsStated "2018-2001"@nb .',
        ["http://x/p"],
        ':p bg:startYear 2018 ; bg:endYear 2018 ; bg:periodAsStated "2018"@nb .',
    ),
    (
        "two-values-in-one-source",
        "data",
        ":p bg:endYear 2018 , 2019 .",
        ["http://x/p"],
        ":p bg:endYear 2018 .",
    ),
]
IDS = [f"{rule}-{number}" for number, (rule, *_) in enumerate(CASES)]
ALWAYS = "bg:C rdfs:subClassOf bg:B . :thing a bg:C ; :has :thing , :only-a-value ."


def quads(turtle: str, name: str = "") -> list[ox.Quad]:
    parsed = ox.parse(PREFIXES + MORE + turtle, format=ox.RdfFormat.TURTLE)
    graph = ox.NamedNode(f"http://x/file/{name}")
    return [ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in parsed]


def run(rule: str, kind: str, turtle: str, *, partial: bool = False) -> list[Finding]:
    graphs = {"ontology": "" if rule == "no-data" else ALWAYS, "data": "", "shapes": ""}
    graphs[kind] = turtle
    stated = {each: quads(text, each) for each, text in graphs.items()}
    return lint([RULES[rule]], stated, partial=partial)


@pytest.mark.parametrize(("rule", "kind", "fault", "things", "right"), CASES, ids=IDS)
def test_a_rule_finds_its_fault_and_only_that(
    rule: str, kind: str, fault: str, things: list[str], right: str
) -> None:
    found = run(rule, kind, fault)
    expected = {thing if thing.startswith("http") or not thing else OWN + thing for thing in things}
    assert {finding.thing for finding in found} == expected
    assert {finding.rule for finding in found} == {rule}
    assert run(rule, kind, right) == []


def test_every_rule_has_a_case() -> None:
    assert {rule for rule, *_ in CASES} == set(RULES)


def test_every_rule_speaks_three_languages_with_its_values_filled_in() -> None:
    for rule, kind, fault, *_ in CASES:
        for finding in run(rule, kind, fault):
            texts = [finding.text(language) for language in LANGUAGES]
            assert len(set(texts)) == len(LANGUAGES)
            assert not any("{" in text for text in texts)


def test_a_finding_says_path_and_value_and_how_grave_it_is() -> None:
    [finding] = run("reference-dangling", "data", "m:1 bg:status code:finished .")
    assert (finding.path, finding.value) == ("bg:status", "code:finished")
    assert finding.severity is Severity.VIOLATION
    assert finding.text("en").startswith("bg:status points to code:finished, which is described nowhere.")


def test_rules_for_the_whole_are_milder_where_only_a_part_is_looked_at() -> None:
    shape = "bgs:S sh:targetClass bg:Measure ."
    [finding] = run("target-unmatched", "shapes", shape, partial=True)
    assert finding.severity is Severity.INFO


def test_a_period_is_judged_within_one_source() -> None:
    stated = {
        "ontology": [],
        "shapes": [],
        "data": [*quads(":p bg:startYear 2018 .", "one"), *quads(":p bg:endYear 2001 .", "other")],
    }
    assert lint([RULES["period-reversed"]], stated) == []


def test_two_sources_may_differ() -> None:
    stated = {
        "ontology": [],
        "shapes": [],
        "data": [*quads(":p bg:endYear 2021 .", "one"), *quads(":p bg:endYear 2022 .", "other")],
    }
    assert lint([RULES["two-values-in-one-source"]], stated) == []


def test_a_thing_is_found_once_though_two_files_say_the_same() -> None:
    stated = {
        "ontology": [],
        "shapes": [],
        "data": [*quads(":p :q code:none .", "one"), *quads(":p :q code:none .", "other")],
    }
    assert len(lint([RULES["reference-dangling"]], stated)) == 1


# --- rule files ---

GOOD = """#+ id: x
#+ title-nb: a
#+ title-nn: b
#+ title-en: c
#+ hint-nb: d
#+ hint-nn: e
#+ hint-en: f
#+ severity: warning
#+ partial: skip

SELECT ?thing ?property ?value WHERE { ?thing ?property ?value }
"""


def rule_file(folder: Path, text: str) -> Path:
    path = folder / "x.rq"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_rule_file_is_read(tmp_path: Path) -> None:
    [rule] = read_rules([rule_file(tmp_path, GOOD)])
    assert (rule.id, rule.severity, rule.partial) == ("x", Severity.WARNING, None)
    assert rule.messages == {"nb": "a d", "nn": "b e", "en": "c f"}
    data = {"ontology": [], "data": quads(":a :b :c ."), "shapes": []}
    assert [finding.message for finding in lint([rule], data)] == [rule.messages]
    assert lint([rule], data, partial=True) == []


@pytest.mark.parametrize(
    ("old", "new", "where", "told"),
    [
        ("#+ title-nn: b\n", "", "queries/lint/x.rq", "lacks title-nn"),
        ("#+ id: x", "#+ id: y", "queries/lint/x.rq", "id cannot be 'y'"),
        ("warning", "serious", "queries/lint/x.rq", "severity cannot be 'serious'"),
        ("skip", "never", "queries/lint/x.rq", "partial cannot be 'never'"),
        ("#+ hint-nb: d", "#+ tip-nb: d", "queries/lint/x.rq:5", "not understood: #+ tip-nb: d"),
        ("#+ hint-nb: d", "#+ hint-nb d", "queries/lint/x.rq:5", "not understood"),
        ("#+ hint-nb: d", "#+ id: x", "queries/lint/x.rq:5", "not understood"),
    ],
)
def test_a_rule_file_with_a_wrong_header(tmp_path: Path, old: str, new: str, where: str, told: str) -> None:
    with pytest.raises(QueryError) as raised:
        read_rules([rule_file(tmp_path, GOOD.replace(old, new))])
    assert raised.value.where == where
    assert told in raised.value.text("en")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("?thing ?property ?value WHERE", "?thing ?value WHERE", "selects ?thing ?property ?value"),
        ("SELECT ?thing ?property ?value WHERE", "ASK", "is a SELECT"),
        ("WHERE {", "WHERE {{", "queries/lint/x.rq"),
    ],
)
def test_a_rule_whose_query_is_wrong(tmp_path: Path, old: str, new: str, told: str) -> None:
    [rule] = read_rules([rule_file(tmp_path, GOOD.replace(old, new))])
    with pytest.raises(QueryError) as raised:
        lint([rule], {"ontology": [], "data": [], "shapes": []})
    assert told in raised.value.text("en")


# --- terms ---


def terms(turtle: str) -> list[tuple[str, str, str, str]]:
    known = Vocabularies(
        quads("bg:number a owl:DatatypeProperty . bg:Measure a owl:Class ."), quads("bgs:P a :S .")
    )
    found = unknown_terms(quads(turtle), known)
    return [(each.thing.removeprefix("http://x/"), each.path, each.value, each.text("en")) for each in found]


@pytest.mark.parametrize(
    ("turtle", "path", "meant"),
    [
        (":a bg:nummber 1 .", "bg:nummber", "bg:number"),
        (":a a bg:measure .", "rdf:type", "bg:Measure"),
        (":a sh:property bgs:Q .", "sh:property", ""),
        (":a sh:propertye bgs:P .", "sh:propertye", "sh:property"),
        (":a sh:MinCount 1 .", "sh:MinCount", "sh:minCount"),
        (":a sh:severity sh:Voilation .", "sh:severity", "sh:Violation"),
        (":a sh:clas bg:Measure .", "sh:clas", "sh:class"),
        (':a dcterms:titel "x"@nb .', "dcterms:titel", "dcterms:title"),
        (":a prov:wasQuotedForm :b .", "prov:wasQuotedForm", "prov:wasQuotedFrom"),
        (':a rdfs:lable "x" .', "rdfs:lable", "rdfs:label"),
        (':a :b "2030-01-01"^^xsd:dat .', "http://x/b", "xsd:date"),
        (':a <https://schema.org/nmae> "x" .', "schema:nmae", "schema:name"),
    ],
)
def test_a_misspelt_term_is_found_and_the_right_one_named(turtle: str, path: str, meant: str) -> None:
    [(thing, found_path, _, text)] = terms(turtle)
    assert (thing, found_path) == ("a", path)
    assert (f"Did you mean {meant}?" in text) == bool(meant)


def test_right_terms_and_foreign_ones_are_left_alone() -> None:
    assert terms(
        ":a a bg:Measure ; bg:number 1 ; sh:class :C ; rdf:_1 :b ; rdf:_27 :c ; sh:or ( :e ) ;"
        " <http://purl.org/dc/terms/> <https://schema.org/> ; :own <http://www.w3.org/ns/dcat#anything> ;"
        ' :text "x"@nb , "<b>"^^rdf:HTML ; rdfs:isDefinedBy bg: .'
    ) == []  # fmt: skip


def test_terms_in_queries_are_looked_at_too_but_not_those_in_texts_and_comments() -> None:
    known = Vocabularies(quads("bg:number a :P ."), [])
    text = """# bg:comment <https://w3id.org/bibgraph/ontology#comment>
PREFIX bg: <https://w3id.org/bibgraph/ontology#>
PREFIX schema: <https://schema.org/>
SELECT ?bg WHERE {
    ?a bg:number ?n ; bg:nummber "bg:string" ; schema:name ?b , 'x' .
    ?a <https://w3id.org/bibgraph/ontology#nomber> ?c . FILTER (?n < 3 && ?c > 2)
}
"""
    found = unknown_terms_in_query(text, "queries/q.rq", known)
    assert [(each.file, each.line) for each in found] == [("queries/q.rq", 5), ("queries/q.rq", 6)]
    assert all("Did you mean bg:number?" in each.text("en") for each in found)


def test_a_query_that_is_no_sparql_names_its_file() -> None:
    with pytest.raises(QueryError) as raised:
        unknown_terms_in_query("SELECT {", "queries/q.rq", Vocabularies([], []))
    assert raised.value.where.startswith("queries/q.rq:1:")


GRAPH_PREFIX = "PREFIX graph: <https://w3id.org/bibgraph/graph/>"


@pytest.mark.parametrize(
    ("query", "asks"),
    [
        ("SELECT ?thing ?property ?value { ?thing ?property ?value }", False),
        (
            "PREFIX graph: <https://w3id.org/bibgraph/graph/> SELECT * { GRAPH graph:data { ?a ?b ?c } }",
            False,
        ),
        ("PREFIX graph: <http://x/> SELECT * { GRAPH graph:data { ?a ?b ?c } }", True),
        ("SELECT * { GRAPH ?file { ?a ?b ?c } }", True),
        ("SELECT * { graph<http://x/g>{ ?a ?b ?c } }", True),
        (f"{GRAPH_PREFIX} SELECT * {{ GRAPH graph:law {{ ?a ?b ?c }} }}", True),
        ("SELECT * FROM <http://x/g> { ?a ?b ?c }", True),
        ("#+ title-en: taken from a graph\nSELECT * { ?graph ?b ?c }", False),
    ],
)
def test_a_rule_that_may_look_into_single_files_is_known(query: str, asks: bool) -> None:  # noqa: FBT001
    rule = Rule("r", "r", {}, Severity.INFO, None, None, query)
    assert asks_for_files([rule]) == asks
