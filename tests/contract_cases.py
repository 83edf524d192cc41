"""What every store must answer: small data beside the project's graph, questions, and their right answers."""

from __future__ import annotations

from dataclasses import dataclass

E = "https://example.org/"

TRIG = f"""
@prefix : <{E}> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

:one {{
    :a :says "shared" , "only one" ; :next :b ; :number 1 ; :day "2025-10-14"^^xsd:date .
    :b :next :c ; :number 2.50 ; :day "2025-09-30"^^xsd:date ; :moment "2025-01-01T12:00:00Z"^^xsd:dateTime .
    :c :next :d ; :number 10 ; :day "2026-01-01"^^xsd:date .
    :c :moment "2025-01-01T13:30:00+01:00"^^xsd:dateTime .
    :d :true true ; :also _:knot . _:knot :next :a .
}}
:two {{
    :a :says "shared" , "bare" , "på bokmål"@nb , "på nynorsk"@nn , "in English"@en-GB .
    :b :says "only two"@nb ; :next :c .
    :composed :says "blå" . :decomposed :says "bla\\u030A" .
    :odd :says "a \\"quote\\" and a \\\\ and \\\\u0022" , "two\\nlines\\tand a tab" , "𝔸 😀 ø" , "" .
    <{E}å/ø> :says "an IRI" .
}}
"""

GRAPHS = (f"{E}one", f"{E}two")
PREFIX = f"PREFIX : <{E}> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "


@dataclass(frozen=True)
class Case:
    """A query and its answer.

    rows: of a SELECT, each row as its texts joined by a space (a dash where unbound), in the order of the
    answer if ``ordered``, else sorted; of an ASK «true» or «false»; of CONSTRUCT and DESCRIBE the sorted
    triples. default, named: the data set beside the query.
    """

    name: str
    text: str
    rows: tuple[str, ...]
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    ordered: bool = False


def case(name: str, text: str, *rows: str, default: str = "", named: str = "", ordered: bool = False) -> Case:
    """A case; graphs by the last word of their names."""
    return Case(
        name,
        PREFIX + text,
        rows,
        tuple(E + graph for graph in default.split()),
        tuple(E + graph for graph in named.split()),
        ordered,
    )


_SHARED = "{ :a :says 'shared' }"
_NUMBERS = "SELECT ?s { ?s :number ?n FILTER (%s) }"
_DAYS = "SELECT ?s { ?s :day ?d FILTER (%s) }"
_SAYS = "SELECT ?o { ?s :says ?o FILTER (%s) }"
_SOURCES = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s :says ?o } }"
_COUNT = "SELECT (COUNT(*) AS ?n) %s { ?s :says ?o }"

CASES = (
    # The data set: the default graph is the union, each triple once; GRAPH tells the sources.
    case("union-count", _COUNT % "", "14"),
    case("union-row-once", "SELECT ?o { :a :says ?o FILTER (?o = 'shared') }", "shared"),
    case("union-edge-once", "SELECT (COUNT(*) AS ?n) { :b :next ?o }", "1"),
    case("sources-count", _SOURCES, "15"),
    case("sources-of-a-triple", f"SELECT ?g {{ GRAPH ?g {_SHARED} }}", "one", "two"),
    case("graph-by-name", "SELECT (COUNT(*) AS ?n) { GRAPH :one { ?s :says ?o } }", "2"),
    case("graph-that-is-not", "ASK { GRAPH :three { ?s ?p ?o } }", "false"),
    case("graph-and-union", "SELECT DISTINCT ?g { ?s :number 10 . GRAPH ?g { ?s :next ?n } }", "one"),
    case("nothing-of-ours-beside", "SELECT ?g { GRAPH ?g { } FILTER (CONTAINS(STR(?g), 'loaded')) }"),
    case("from", _COUNT % "FROM :one", "2"),
    case("from-two", _COUNT % "FROM :one FROM :two", "14"),
    case("from-named-only", _COUNT % "FROM NAMED :one", "0"),
    case("from-named", _SOURCES.replace("{", "FROM NAMED :one {", 1), "2"),
    case("from-and-graph", _SOURCES.replace("{", "FROM :one {", 1), "0"),
    case("from-and-from-named", _SOURCES.replace("{", "FROM :one FROM NAMED :two {", 1), "13"),
    case("dataset-default", _COUNT % "", "2", default="one"),
    case("dataset-two-defaults", _COUNT % "", "14", default="one two"),
    case("dataset-named", _SOURCES, "13", named="two"),
    case("dataset-named-has-no-default", _COUNT % "", "0", named="two"),
    case("dataset-default-has-no-named", _SOURCES, "0", default="one"),
    case("dataset-both", _SOURCES, "15", default="one", named="one two"),
    case("dataset-overrules-from", _COUNT % "FROM :one", "13", default="two"),
    case("dataset-overrules-from-named", _SOURCES.replace("{", "FROM NAMED :one {", 1), "13", named="two"),
    # Forms.
    case("ask-yes", f"ASK {_SHARED}", "true"),
    case("ask-no", "ASK { :a :says 'nothing' }", "false"),
    case("construct", "CONSTRUCT { ?b :before ?a } WHERE { ?a :next ?b . ?a :number 1 }", "b before a"),
    case(
        "construct-once",
        "CONSTRUCT { :x :says ?o } WHERE { GRAPH ?g { :a :says ?o } FILTER (?o = 'shared') }",
        "x says shared",
    ),
    case("construct-where", "CONSTRUCT WHERE { :c :next ?o }", "c next d"),
    case("describe", "DESCRIBE :composed", "composed says blå"),
    case("describe-where", "DESCRIBE ?s { ?s :says 'blå' }", "composed says blå"),
    # Numbers, dates and times are compared by value.
    case("number-less", _NUMBERS % "?n < 10", "a", "b"),
    case("number-equal-by-value", _NUMBERS % "?n = 2.5", "b"),
    case("number-order", "SELECT ?s { ?s :number ?n } ORDER BY ?n", "a", "b", "c", ordered=True),
    case("number-sum", "SELECT (SUM(?n) AS ?sum) { ?s :number ?n }", "13.5"),
    case("number-average", "SELECT (AVG(?n) AS ?mean) { ?s :number ?n FILTER (?n != 2.5) }", "5.5"),
    case("date-less", _DAYS % "?d < '2025-10-14'^^xsd:date", "b"),
    case("date-at-most", _DAYS % "?d <= '2025-10-14'^^xsd:date", "a", "b"),
    case("date-equal", _DAYS % "?d = '2025-10-14'^^xsd:date", "a"),
    case("date-order", "SELECT ?s { ?s :day ?d } ORDER BY DESC(?d)", "c", "a", "b", ordered=True),
    case("date-latest", "SELECT (MAX(?d) AS ?latest) { ?s :day ?d }", "2026-01-01"),
    case(
        "date-latest-by-order",
        "SELECT ?d { ?s :day ?d FILTER (?d <= '2025-12-01'^^xsd:date) } ORDER BY DESC(?d) LIMIT 1",
        "2025-10-14",
    ),
    case(
        "date-datatype",
        "SELECT DISTINCT ?t { ?s :day ?d BIND (DATATYPE(?d) AS ?t) }",
        "http://www.w3.org/2001/XMLSchema#date",
    ),
    case("date-year", "SELECT ?s { ?s :day ?d FILTER (YEAR(?d) = 2026) }", "c"),
    case(
        "moment-across-zones",
        "SELECT ?s { ?s :moment ?m FILTER (?m > '2025-01-01T12:15:00Z'^^xsd:dateTime) }",
        "c",
    ),
    case("boolean", "SELECT ?s { ?s :true true }", "d"),
    # Texts and languages.
    case("language", _SAYS % "LANG(?o) = 'nn'", "på nynorsk"),
    case("language-matches", _SAYS % "LANGMATCHES(LANG(?o), 'en')", "in English"),
    case("language-in-the-term", "SELECT ?s { ?s :says 'only two'@nb }", "b"),
    case("language-is-part-of-the-term", "ASK { ?s :says 'only two' }", "false"),
    case("language-other-case", "ASK { ?s :says 'in English'@en-gb }", "true"),
    case("plain-text-has-none", _SAYS % "LANG(?o) = '' && STRSTARTS(?o, 'sha')", "shared"),
    case("composed-is-not-decomposed", "SELECT ?s { ?s :says 'blå' }", "composed"),
    case("decomposed-stays-so", "SELECT (STRLEN(?o) AS ?n) { :decomposed :says ?o }", "4"),
    case(
        "signs",
        "SELECT ?o { :odd :says ?o }",
        "",
        'a "quote" and a \\ and \\u0022',
        "two\nlines\tand a tab",
        "𝔸 😀 ø",
    ),
    case("length-in-characters", _SAYS % "STRLEN(?o) = 5 && CONTAINS(?o, '😀')", "𝔸 😀 ø"),
    case("upper-case", "SELECT (UCASE(?o) AS ?u) { :composed :says ?o }", "BLÅ"),
    case("made-text", "SELECT (STRLANG(CONCAT(STR(?o), '!'), 'nb') AS ?x) { :composed :says ?o }", "blå!"),
    case("made-text-with-letters", "SELECT (CONCAT(STR(?o), 'ø') AS ?x) { :composed :says ?o }", "blåø"),
    case("regex", _SAYS % "REGEX(?o, '^ONLY', 'i')", "only one", "only two"),
    case("replace", "SELECT (REPLACE(STR(:composed), '^.*/', '') AS ?name) {}", "composed"),
    case("iri-beyond-ascii", f"SELECT ?o {{ <{E}å/ø> :says ?o }}", "an IRI"),
    case("encode", "SELECT (ENCODE_FOR_URI('å b') AS ?x) {}", "%C3%A5%20b"),
    # Paths and patterns.
    case("path-sequence", "SELECT ?o { :a :next/:next ?o }", "c"),
    case("path-plus", "SELECT ?o { :a :next+ ?o }", "b", "c", "d"),
    case("path-star", "SELECT ?o { :c :next* ?o }", "c", "d"),
    case("path-optional", "SELECT ?o { :c :next? ?o }", "c", "d"),
    case("path-inverse", "SELECT ?s { :c ^:next ?s }", "b"),
    case("path-either", "SELECT ?o { :d :true|:next|^:next ?o }", "c", "true"),
    case("path-negated", "SELECT ?o { :d !:also ?o }", "true"),
    case("path-from-the-end", "SELECT ?s { ?s :next+ :d FILTER (isIRI(?s)) }", "a", "b", "c"),
    case("path-cycle", "SELECT (COUNT(*) AS ?n) { :a (:next|:also)+ ?o }", "5"),
    case("optional", "SELECT ?s ?n { ?s :next :d OPTIONAL { ?s :says ?n } }", "c -"),
    case("minus", "SELECT ?s { ?s :day ?d MINUS { ?s :says 'shared' } }", "b", "c"),
    case("exists", "SELECT ?s { ?s :day ?d FILTER EXISTS { ?s :moment ?m } }", "b", "c"),
    case("not-exists", "SELECT ?s { ?s :day ?d FILTER NOT EXISTS { ?s :moment ?m } }", "a"),
    case("union", "SELECT ?x { { :a :next ?x } UNION { ?x :next :d } }", "b", "c"),
    case(
        "union-of-which-one-binds",
        "SELECT ?x { VALUES ?s { :a :unmet } { ?s :next ?x } UNION { ?s :number ?n BIND (STR(?n) AS ?x) } }",
        "1",
        "b",
    ),
    case("values", "SELECT ?s { VALUES ?n { 1 10 } ?s :number ?n }", "a", "c"),
    case("values-undef", "SELECT ?s { VALUES (?s ?n) { (:a UNDEF) (UNDEF 10) } ?s :number ?n }", "a", "c"),
    case("values-after", "SELECT ?s ?o { ?s :next ?o } VALUES ?o { :d }", "c d"),
    case("bind", "SELECT ?twice { ?s :number ?n BIND (?n * 2 AS ?twice) FILTER (?n = 10) }", "20"),
    case(
        "coalesce",
        "SELECT ?x { :d :true ?t OPTIONAL { :d :says ?o } BIND (COALESCE(?o, 'none') AS ?x) }",
        "none",
    ),
    case("if-error-unbound", "SELECT ?x { :a :number ?n BIND (?n / 0 AS ?x) }", "-"),
    case("subselect", "SELECT ?s { { SELECT (MAX(?n) AS ?most) { ?x :number ?n } } ?s :number ?most }", "c"),
    case(
        "subselect-limit",
        "SELECT ?s { { SELECT ?n { ?x :number ?n } ORDER BY ?n LIMIT 1 } ?s :number ?n }",
        "a",
    ),
    case(
        "group",
        "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s :says ?o } } GROUP BY ?g ORDER BY ?g",
        "one 2",
        "two 13",
        ordered=True,
    ),
    case("having", "SELECT ?s { ?s :says ?o } GROUP BY ?s HAVING (COUNT(?o) > 4)", "a"),
    case("having-without-group", "SELECT (COUNT(?o) AS ?n) { ?s :nothing ?o } HAVING (COUNT(?o) > 0)"),
    case("aggregate-of-nothing", "SELECT (COUNT(?o) AS ?n) { ?s :nothing ?o }", "0"),
    case("group-of-nothing", "SELECT (MAX(?o) AS ?n) { ?s :nothing ?o } GROUP BY ?s"),
    case(
        "concat",
        "SELECT (GROUP_CONCAT(?o; SEPARATOR='+') AS ?x) { :composed :says ?o }",
        "blå",
    ),
    case("distinct", "SELECT DISTINCT ?p { :a ?p ?o }", "day", "next", "number", "says"),
    case("offset", "SELECT ?s { ?s :number ?n } ORDER BY ?n LIMIT 1 OFFSET 1", "b", ordered=True),
    case(
        "order-of-texts",
        "SELECT ?o { :a :says ?o FILTER (LANG(?o) = '') } ORDER BY ?o",
        "bare",
        "only one",
        "shared",
        ordered=True,
    ),
    case(
        "order-unbound-first",
        "SELECT ?s ?m { ?s :day ?d OPTIONAL { ?s :moment ?m } } ORDER BY ?m ?s LIMIT 1",
        "a -",
        ordered=True,
    ),
    case("blank-node", "SELECT (isBlank(?k) AS ?yes) { :d :also ?k }", "true"),
    case("blank-node-in-both", "SELECT ?o { :d :also ?k . GRAPH :one { ?k :next ?o } }", "a"),
    case(
        "hash",
        "SELECT (SHA256('bibgraph') AS ?h) {}",
        "09cf0a6d6c7e00a00f75cb2a737055804809ed3a6314bd3e1cd861ebf20c6fe0",
    ),
)
