"""Group eval: queries that cost more than they may."""

from __future__ import annotations

from collections.abc import Callable

from hostile.cases import SHORT, Target, bounded, case
from hostile.data import BASE, ITEMS

_TEN = " ".join(str(number) for number in range(40))
_PRODUCT = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
_VALUES = " ".join(f"VALUES ?v{number} {{ {_TEN} }}" for number in range(7))
_DOUBLED = " ".join(f"BIND(CONCAT(?s{n}, ?s{n}) AS ?s{n + 1})" for n in range(34))

NEVER = {
    "product-order": f"SELECT * {{ {_PRODUCT} }} ORDER BY ?l LIMIT 1",
    "product-count": f"SELECT (COUNT(*) AS ?n) {{ {_PRODUCT} }}",
    "product-count-distinct": f"SELECT (COUNT(DISTINCT ?c) AS ?n) {{ {_PRODUCT} }}",
    "product-distinct": f"SELECT DISTINCT ?a ?d ?g ?j {{ {_PRODUCT} }}",
    "product-concat": f"SELECT (GROUP_CONCAT(?c) AS ?n) {{ {_PRODUCT} }}",
    "product-group": f"SELECT ?a ?d ?g (COUNT(*) AS ?n) {{ {_PRODUCT} }} GROUP BY ?a ?d ?g",
    "product-false": f"SELECT * {{ {_PRODUCT} FILTER (STRLEN(STR(?c)) + STRLEN(STR(?l)) < 0) }}",
    "product-construct": f"CONSTRUCT {{ ?a ?e ?l }} WHERE {{ {_PRODUCT} }}",
    "product-regex": f"SELECT * {{ {_PRODUCT} "
    "FILTER REGEX(CONCAT(STR(?c), STR(?f), STR(?i), STR(?l)), '^(([a-z])+)+$') }",
    "product-minus": f"SELECT (COUNT(*) AS ?n) {{ {_PRODUCT} MINUS {{ ?a ?b ?l }} }}",
    "product-exists": f"SELECT (COUNT(*) AS ?n) {{ {_PRODUCT} FILTER NOT EXISTS {{ ?a ?b ?l . ?d ?e ?l }} }}",
    "product-subselect": f"SELECT (COUNT(*) AS ?n) {{ {{ SELECT * {{ {_PRODUCT} }} }} ?x ?y ?z }}",
    "values-product": f"SELECT (COUNT(*) AS ?n) {{ {_VALUES} }}",
    "values-order": f"SELECT * {{ {_VALUES} }} ORDER BY ?v3 LIMIT 1",
    "doubled-string": f"SELECT (STRLEN(?s34) AS ?n) {{ BIND('aaaaaaaa' AS ?s0) {_DOUBLED} }}",
    "grown-string": "SELECT (STRLEN(?z) AS ?n) { BIND('" + "a" * 300 + "' AS ?x) "
    "BIND(REPLACE(?x, 'a', ?x) AS ?y) BIND(REPLACE(?y, 'a', ?x) AS ?w) BIND(REPLACE(?w, 'a', ?y) AS ?z) }",
    "optional-product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c OPTIONAL { ?d ?e ?f OPTIONAL { ?g ?h ?i "
    "OPTIONAL { ?j ?k ?l } } } }",
    "union-product": "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"{{ ?a{n} ?b{n} ?c{n} }} UNION {{ ?d{n} ?e{n} ?f{n} }}" for n in range(5))
    + " }",
    "ask-never": f"ASK {{ {_PRODUCT} FILTER (?a = ?l && ?a != ?l) }}",
    "describe-product": f"DESCRIBE ?a ?d ?g ?j {{ {_PRODUCT} FILTER (?c != ?f) }}",
    "graph-product": "SELECT (COUNT(*) AS ?n) "
    "{ GRAPH ?p { ?a ?b ?c . ?d ?e ?f } GRAPH ?q { ?g ?h ?i . ?j ?k ?l } }",
}
"""Queries that nobody can answer within the limits, by name."""


def _never(text: str) -> Callable[[Target], None]:
    def run(target: Target) -> None:
        limits = ("timeout", "memory", "result-bytes", "client-budget")
        bounded(target, target.client.query(text, "*/*", more=f"&timeout={SHORT}"), *limits)

    return run


for _name, _text in NEVER.items():
    case("eval", _name)(_never(_text))


@case("eval", "closure")
def _closure(target: Target) -> None:
    text = f"SELECT (COUNT(*) AS ?n) {{ ?a <{BASE}next>* ?b . ?b <{BASE}far>* ?c }}"
    bounded(target, target.client.query(text, more=f"&timeout={SHORT}"), "200", "timeout", "memory")


@case("eval", "closure-of-closures")
def _closures(target: Target) -> None:
    text = f"ASK {{ <{BASE}item/0> ((<{BASE}next>*)*/<{BASE}far>+)* <{BASE}item/9> }}"
    answer = target.client.query(text, more=f"&timeout={SHORT}")
    bounded(target, answer, "200", "timeout", "memory")


@case("eval", "regex-that-backtracks")
def _regex(target: Target) -> None:
    text = f"SELECT (COUNT(*) AS ?n) {{ ?a <{BASE}label> ?b FILTER REGEX(?b, '^(([a-z])+)+$') }}"
    assert [row["n"] for row in target.client.rows(text)] == ["0"]


@case("eval", "regex-that-is-huge")
def _huge(target: Target) -> None:
    text = f"SELECT * {{ ?a <{BASE}label> ?b FILTER REGEX(?b, '((a{{1,1000}}){{1,1000}}){{1,1000}}') }}"
    bounded(target, target.client.query(text), "200", "400", "timeout", "memory")


@case("eval", "large-answer")
def _large(target: Target) -> None:
    text = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
    bounded(target, target.client.query(text), "result-bytes", "timeout")


@case("eval", "large-answer-counts-every-row")
def _counted(target: Target) -> None:
    text = f"SELECT ?x ?y {{ ?a <{BASE}number> ?x . ?b <{BASE}number> ?y FILTER (?x < 50) }}"
    answer = target.client.query(text, "text/csv")
    if answer.status != 200:
        bounded(target, answer, "timeout", "result-bytes")
        return
    lines = answer.body.decode().split("\r\n")
    assert len(set(lines[1:-1])) == 50 * ITEMS
    assert len(answer.body) == int(answer.headers["content-length"])


@case("eval", "a-client-may-ask-for-less-time")
def _less(target: Target) -> None:
    answer = target.client.query(NEVER["product-count"], more=f"&timeout={SHORT}")
    bounded(target, answer, "timeout", "client-budget")
    if answer.members()["limit"] == "timeout":
        assert answer.members()["value"] == f"{SHORT:g} s"


@case("eval", "a-client-may-not-ask-for-more-time")
def _more(target: Target) -> None:
    answer = target.client.query(NEVER["product-count"], more="&timeout=100000")
    bounded(target, answer, "timeout", "client-budget")
    if answer.members()["limit"] == "timeout":
        assert answer.members()["value"] == f"{target.timeout:g} s"


@case("eval", "times-that-are-none")
def _times(target: Target) -> None:
    for value in ("nan", "inf", "-1", "0", "1e400", "x", "1_0", "%00"):
        answer = target.client.query("ASK {}", more=f"&timeout={value}")
        assert answer.status in ((200, 400) if value == "1_0" else (400,)), (value, answer.status)


@case("eval", "for-a-page")
def _page(target: Target) -> None:
    answer = target.client.query(NEVER["product-count"], "text/html", more=f"&timeout={SHORT}")
    assert answer.status in (429, 503, 504), answer.status
    assert answer.headers["content-type"].startswith("text/html")
