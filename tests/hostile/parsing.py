"""Group parse: queries that are made to hurt those who read them."""

from __future__ import annotations

from collections.abc import Callable

from hostile.cases import SHORT, Target, bounded, case

_MANY = 3000


def _nested(before: str, opened: str, middle: str, closed: str, after: str, count: int = _MANY) -> str:
    return before + opened * count + middle + closed * count + after


DEEP = {
    "groups": _nested("SELECT * ", "{", "", "}", ""),
    "groups-barely": _nested("SELECT * ", "{", "", "}", "", 55),
    "parentheses": _nested("SELECT * { FILTER ", "(", "1", ")", " }"),
    "functions": _nested("SELECT (", "STR(", "1", ")", " AS ?x) {}"),
    "coalesce": _nested("SELECT (", "COALESCE(", "1", ")", " AS ?x) {}"),
    "exists": _nested("SELECT * { ", "FILTER EXISTS { ", "", "} ", "}"),
    "not-exists": _nested("SELECT * { ", "FILTER NOT EXISTS { ", "", "} ", "}"),
    "optionals-nested": _nested("SELECT * { ", "OPTIONAL { ?a ?b ?c ", "", "} ", "}"),
    "minus-nested": _nested("SELECT * { ?a ?b ?c ", "MINUS { ?a ?b ?c ", "", "} ", "}"),
    "subselects": _nested("", "SELECT * { {", "", "} }", ""),
    "graphs": _nested("SELECT * { ", "GRAPH ?g { ", "", "} ", "}"),
    "collections-small": _nested("SELECT * { ?s ?p ", "( ", "", ") ", "}", 50),
    "collections-128": _nested("SELECT * { ?s ?p ", "( ", "", ") ", "}", 128),
    "collections-512": _nested("SELECT * { ?s ?p ", "( ", "", ") ", "}", 512),
    "blank-nodes": _nested("SELECT * { ?s ?p ", "[ ?p ", "1", "] ", "}"),
    "blank-nodes-small": _nested("SELECT * { ?s ?p ", "[ ?p ", "1", "] ", "}", 55),
    "annotations": _nested("SELECT * { ?s ?p ?o ", "{| ?p ?o ", "", "|} ", "}", 64),
    "annotations-small": _nested("SELECT * { ?s ?p ?o ", "{| ?p ?o ", "", "|} ", "}", 32),
    "triple-terms": _nested("SELECT * { ?s ?p ", "<<( ?a ?b ", "?c", " )>> ", "}", 64),
    "paths-nested": _nested("SELECT * { ?s ", "(", "<a:b>", ")*", " ?o }"),
    "path-inverses": "SELECT * { ?s " + "^" * _MANY + "<a:b> ?o }",
    "path-alternatives": "SELECT * { ?s " + "|".join(["<a:b>"] * _MANY) + " ?o }",
    "path-sequence": "SELECT * { ?s " + "/".join(["<a:b>"] * _MANY) + " ?o }",
    "path-stars": "SELECT * { ?s <a:b>" + "*" * _MANY + " ?o }",
    "negations": "SELECT * { FILTER (" + "!" * 9000 + "true) }",
    "minuses": "SELECT (" + "- " * 9000 + "1 AS ?x) {}",
    "ors": "SELECT * { FILTER (" + "||".join(["true"] * 9000) + ") }",
    "ands": "SELECT * { FILTER (" + "&&".join(["true"] * 9000) + ") }",
    "sums": "SELECT (" + "+".join(["1"] * 20000) + " AS ?x) {}",
    "sums-of-900": "SELECT (" + "+".join(["1"] * 900) + " AS ?x) {}",
    "unions": "SELECT * { " + "UNION".join(["{}"] * 9000) + " }",
    "unions-of-450": "SELECT * { " + "UNION".join(["{}"] * 450) + " }",
    "optionals": "SELECT * { " + "OPTIONAL { ?a ?b ?c } " * 3000 + "}",
    "optionals-of-250": "SELECT * { " + "OPTIONAL { ?a ?b ?c } " * 250 + "}",
    "triples": "SELECT * { " + "?a ?b ?c . " * 9000 + "}",
    "joins-of-400": "SELECT * { " + " ".join(f"?a{n} ?b ?a{n + 1} ." for n in range(400)) + " } LIMIT 1",
    "binds": "SELECT * { " + " ".join(f"BIND({n} AS ?x{n})" for n in range(5000)) + " }",
    "binds-of-280": "SELECT * { " + " ".join(f"BIND({n} AS ?x{n})" for n in range(280)) + " }",
    "filters": "SELECT * { " + "FILTER (1 = 1) " * 5000 + "}",
    "in-list": "SELECT * { FILTER (1 IN (" + ",".join(map(str, range(30000))) + ")) }",
    "values-long": "SELECT (COUNT(*) AS ?n) { VALUES ?x { " + " ".join(map(str, range(15000))) + " } }",
    "values-too-long": "SELECT * { VALUES ?x { " + " ".join(map(str, range(40000))) + " } }",
    "variables": "SELECT " + " ".join(f"?v{n}" for n in range(9000)) + " {}",
    "prefixes": "".join(f"PREFIX p{n}: <a:{n}> " for n in range(9000)) + "ASK {}",
    "order-by": "SELECT * { ?a ?b ?c } ORDER BY " + " ".join(["?a"] * 9000),
    "group-by": "SELECT ?a { ?a ?b ?c } GROUP BY " + " ".join(["?a"] * 900),
    "spaces": "ASK {" + " " * 4_000_000 + "}",
    "comments": "ASK {" + "#\n" * 2_000_000 + "}",
    "long-literal": "ASK { BIND('" + "a" * 90_000 + "' AS ?x) }",
    "long-iri": "ASK { <http://e/" + "a" * 90_000 + "> ?p ?o }",
    "long-name": "ASK { ?" + "a" * 90_000 + " ?p ?o }",
    "long-number": "SELECT (" + "9" * 90_000 + " AS ?x) {}",
    "long-open-string": "ASK { BIND('" + "a\\" * 45_000,
    "many-open-strings": "ASK { " + "'a\n" * 20_000,
    "many-open-iris": "ASK { " + "<a " * 20_000,
    "many-long-quotes": "ASK { " + "'''" * 30_000,
}
"""Queries by name."""

BROKEN = {
    "empty": "",
    "space": "   \n",
    "comment-only": "# nothing",
    "half": "SELECT * {",
    "twice": "ASK {} ASK {}",
    "other-language": "SELECT name FROM users WHERE 1=1; --",
    "controls": "ASK {\x00\x01\x02}",
    "null-in-literal": "ASK { BIND('\x00' AS ?x) }",
    "right-to-left": "ASK { \u202e}{ }",
    "bad-escape": "ASK { BIND('\\uD800' AS ?x) }",
    "bad-big-escape": "ASK { BIND('\\UFFFFFFFF' AS ?x) }",
    "unknown-prefix": "ASK { nope:a ?p ?o }",
    "unknown-function": "SELECT (<http://e/f>(1) AS ?x) {}",
    "bad-iri": "ASK { <http://e/ a{b}> ?p ?o }",
    "bad-language": "ASK { ?s ?p 'x'@123 }",
    "aggregate-in-aggregate": "SELECT (SUM(COUNT(?a)) AS ?n) { ?a ?b ?c }",
    "byte-order-mark": "\ufeffASK {}",
    "form-feeds": "ASK\x0c{\x0b}",
    "names-of-everything": "SELECT * { ?\U000effff ?p ?o }",
}
"""Texts that are no queries, or just so."""


def _deep(text: str) -> Callable[[Target], None]:
    return lambda target: bounded(target, target.client.query(text, more=f"&timeout={SHORT}"))


def _broken(text: str) -> Callable[[Target], None]:
    def run(target: Target) -> None:
        answer = target.client.query(text)
        bounded(target, answer)
        if answer.status != 200:
            assert answer.status == 400, answer.status

    return run


for _name, _text in DEEP.items():
    case("parse", _name)(_deep(_text))
for _name, _text in BROKEN.items():
    case("parse", _name)(_broken(_text))
