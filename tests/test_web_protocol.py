"""The SPARQL service: the protocol, what it refuses, and how it says so."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from bibgraph.config import Settings
from bibgraph.errors import QueryError, StoreError
from bibgraph.limits import Limits
from bibgraph.media import BY_NAME
from bibgraph.messages import message
from bibgraph.store import Answer
from bibgraph.web import create_app
from bibgraph.web.http.decoding import decode_percent, fields, iri_path, url_path
from web_world import BASE, VERSION, CountingStore, Response, client, graph, header_values, quads

SITE = "http://localhost/"
TURTLE = {"Accept": "text/turtle"}

SELECT = "SELECT ?n WHERE { ?m <https://w3id.org/bibgraph/ontology#number> ?n } ORDER BY ?n"
CONSTRUCT = "CONSTRUCT WHERE { ?m <https://w3id.org/bibgraph/ontology#number> ?n }"
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(scope="module")
def web() -> FlaskClient:
    return client(language="en")


def ask(web: FlaskClient, query: str, accept: str = "*/*", more: str = "") -> Response:
    return web.get(f"/sparql?query={quote(query)}{more}", headers={"Accept": accept})


def numbers(response: Response) -> list[str]:
    rows = json.loads(response.data)["results"]["bindings"]
    return [row["n"]["value"] for row in rows]


def test_a_query_is_answered_by_get_by_form_and_by_body(web: FlaskClient) -> None:
    answers = [
        ask(web, SELECT),
        web.post("/sparql", data={"query": SELECT}),
        web.post("/sparql", data=SELECT.encode(), content_type=DIRECT),
        web.post("/sparql", data=SELECT.encode(), content_type=f"{DIRECT}; charset=UTF-8"),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert numbers(answer) == ["2", "10"]


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        (SELECT, "*/*", "application/sparql-results+json"),
        (SELECT, "", "application/sparql-results+json"),
        (SELECT, "application/sparql-results+xml", "application/sparql-results+xml"),
        (SELECT, "text/csv;q=0.9, text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        (SELECT, "text/*", "text/csv; charset=utf-8"),
        (SELECT, "application/json", "application/json"),
        (SELECT, BROWSER, "text/html; charset=utf-8"),
        ("ASK {}", "application/sparql-results+xml", "application/sparql-results+xml"),
        ("ASK {}", "text/csv", "text/csv; charset=utf-8"),
        (CONSTRUCT, "*/*", "text/turtle; charset=utf-8"),
        (CONSTRUCT, "application/n-triples", "application/n-triples"),
        (CONSTRUCT, "application/ld+json", "application/ld+json"),
        (CONSTRUCT, "application/rdf+xml", "application/rdf+xml"),
        (CONSTRUCT, "application/trig", "application/trig"),
        (CONSTRUCT, "application/n-quads", "application/n-quads"),
        (CONSTRUCT, "application/json", "application/ld+json"),
        (CONSTRUCT, "application/xml", "application/rdf+xml"),
        (CONSTRUCT, "text/xml", "application/rdf+xml"),
        (CONSTRUCT, "text/xml;q=0.5, text/turtle;q=0.6", "text/turtle; charset=utf-8"),
        (CONSTRUCT, "text/xml;q=0.6, text/turtle;q=0.5", "application/rdf+xml"),
        (
            CONSTRUCT,
            "application/xml, application/rdf+xml;q=0.1, text/turtle;q=0.5",
            "text/turtle; charset=utf-8",
        ),
        (CONSTRUCT, "text/html;q=0.1, text/xml", "application/rdf+xml"),
        (SELECT, "application/xml", "application/xml"),
        (SELECT, "text/xml", "application/sparql-results+xml"),
        (SELECT, "text/xml;q=0.1, text/csv;q=0.2", "text/csv; charset=utf-8"),
        (f"DESCRIBE <{BASE}id/measure/2030/2>", "text/turtle;q=0.3, */*;q=0.1", "text/turtle; charset=utf-8"),
    ],
)
def test_the_accept_header_chooses_the_format(
    web: FlaskClient, query: str, accept: str, media_type: str
) -> None:
    answer = ask(web, query, accept)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, media_type)
    assert header_values(answer, "Vary") >= {"Accept"}


@pytest.mark.parametrize(
    ("name", "format_"),
    [
        ("ttl", ox.RdfFormat.TURTLE),
        ("nt", ox.RdfFormat.N_TRIPLES),
        ("rdf", ox.RdfFormat.RDF_XML),
        ("jsonld", ox.RdfFormat.JSON_LD),
        ("trig", ox.RdfFormat.TRIG),
        ("nq", ox.RdfFormat.N_QUADS),
    ],
)
def test_a_constructed_graph_is_the_same_in_every_format(
    web: FlaskClient, name: str, format_: ox.RdfFormat
) -> None:
    found = {str(quad) for quad in ox.parse(ask(web, CONSTRUCT, more=f"&format={name}").data, format=format_)}
    number = "<https://w3id.org/bibgraph/ontology#number>"
    assert found == {f"<{BASE}id/measure/2030/{n}> {number} {ox.Literal(n)}" for n in (2, 10)}


def test_the_format_parameter_overrules_the_header(web: FlaskClient) -> None:
    answer = ask(web, SELECT, "application/sparql-results+xml", "&format=csv")
    assert answer.text.split() == ["n", "2", "10"]


@pytest.mark.parametrize(
    ("named", "rows", "triples"),
    [
        ("turtle", "", "ttl"),
        ("n3", "", "ttl"),
        ("rdf%2Bxml", "", "rdf"),
        ("rdf+xml", "", "rdf"),
        ("RDF%20XML", "", "rdf"),
        ("json-ld", "", "jsonld"),
        ("ntriples", "", "nt"),
        ("n-triples", "", "nt"),
        ("nquads", "", "nq"),
        ("N-Quads", "", "nq"),
        ("json", "json", "jsonld"),
        ("XML", "xml", "rdf"),
        ("text/xml", "xml", "rdf"),
        ("CSV", "csv", ""),
        ("application/sparql-results%2Bjson", "json", ""),
        ("application/sparql-results+json", "json", ""),
        ("application/rdf+xml", "", "rdf"),
        ("application/x-json%2Bld,application/ld%2Bjson", "", "jsonld"),
        ("turtle-ish", "", ""),
        ("xml+rdf", "", ""),
    ],
)
def test_a_format_goes_by_the_names_that_clients_have_for_it(
    web: FlaskClient, named: str, rows: str, triples: str
) -> None:
    for query, name in ((SELECT, rows), (CONSTRUCT, triples)):
        answer = ask(web, query, "image/png", f"&format={named}")
        assert (answer.status_code, answer.mimetype) == (
            (200, BY_NAME[name].type) if name else (406, "application/problem+json")
        )


def test_a_format_that_nobody_has_is_406_with_the_names_of_all(web: FlaskClient) -> None:
    told = json.loads(ask(web, SELECT, more="&format=foo").data)
    assert "foo" in told["detail"]
    assert told["hint"] == f"There is: {', '.join(BY_NAME)}."


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ("format=csv&format=xml", "format"),
        ("format=csv&format=nonsense", "format"),
        ("timeout=1&timeout=2", "timeout"),
        ("timeout=x&timeout=2", "timeout"),
        ("format=csv&format=csv", ""),
        ("format=&format=CSV&format=text/csv", ""),
        ("timeout=2&timeout=2.0&timeout=", ""),
        ("timeout=1e0&timeout=%2B1.", ""),
        ("timeout=%D9%A3", "timeout"),
        ("timeout=1_0", "timeout"),
        ("timeout=1e999", "timeout"),
        ("timeout=" + "1" * 20_000 + "x", "timeout"),
    ],
)
def test_a_parameter_has_one_value_however_often_it_is_sent(web: FlaskClient, more: str, wrong: str) -> None:
    for answer in (
        ask(web, "ASK {}", more=f"&{more}"),
        web.post(f"/sparql?{more}", data=b"ASK {}", content_type=DIRECT),
        web.post("/sparql", data=f"query=ASK%7B%7D&{more}", content_type=FORM),
        web.post(
            f"/sparql?{more.partition('&')[0]}",
            data=f"query=ASK%7B%7D&{more.partition('&')[2]}",
            content_type=FORM,
        ),
    ):
        assert answer.status_code == (400 if wrong else 200)
        if wrong:
            assert json.loads(answer.data)["parameter"] == wrong


def test_a_long_list_of_formats_is_not_read_to_its_end(web: FlaskClient) -> None:
    assert ask(web, "ASK {}", more="&format=" + "x," * 9 + "csv").mimetype == "text/csv"
    assert ask(web, "ASK {}", more="&format=" + "x," * 10 + "csv").status_code == 406


@pytest.mark.parametrize(
    ("query", "accept", "more"),
    [
        (SELECT, "image/png", ""),
        (SELECT, "text/turtle", ""),
        (CONSTRUCT, "text/csv", ""),
        (SELECT, "*/*", "&format=ttl"),
    ],
)
def test_406_lists_what_there_is(web: FlaskClient, query: str, accept: str, more: str) -> None:
    answer = ask(web, query, accept, more)
    assert answer.status_code == 406
    assert answer.mimetype == "application/problem+json"
    offered = json.loads(answer.data)["hint"]
    assert ("csv" if query == SELECT else "n-triples") in offered


IN_ROWS = {f"application/{name}" for name in ("json", "xml", "sparql-results+json", "sparql-results+xml")} | {
    "text/csv",
    "text/tab-separated-values",
}
IN_TRIPLES = {f"application/{name}" for name in ("n-triples", "ld+json", "rdf+xml", "trig", "n-quads")} | {
    "text/turtle"
}
UNWRITABLE = 'SELECT (STRLANG("\\u0001", "nb") AS ?x) {}'


@pytest.mark.parametrize(
    ("address", "accept", "available"),
    [
        (f"?query={quote(SELECT)}", "image/png", IN_ROWS),
        (f"?query={quote(SELECT)}&format=ttl", "*/*", IN_ROWS),
        ("?query=ASK{}", "image/png", IN_ROWS),
        ("?query=ASK{}&format=png", "*/*", IN_ROWS | IN_TRIPLES),
        (f"?query={quote(CONSTRUCT)}", "image/png", IN_TRIPLES),
        (f"?query={quote(CONSTRUCT)}&format=csv", "*/*", IN_TRIPLES),
        ("", "image/png", IN_TRIPLES),
        ("?format=png", "*/*", IN_TRIPLES),
        (
            f"?query={quote(UNWRITABLE)}&format=xml",
            "*/*",
            IN_ROWS - {"application/xml", "application/sparql-results+xml"},
        ),
    ],
)
def test_406_lists_to_programs_all_media_types_that_there_are(
    web: FlaskClient, address: str, accept: str, available: set[str]
) -> None:
    answer = web.get(f"/sparql{address}", headers={"Accept": accept})
    assert answer.status_code == 406
    told = json.loads(answer.data)["available"]
    assert len(told) == len(set(told))
    assert set(told) == available | {"text/html"}
    for type_ in told if "format" not in address else ():
        given = web.get(f"/sparql{address}", headers={"Accept": type_})
        assert (given.status_code, given.mimetype) == (200, type_)


@pytest.mark.parametrize(
    ("query", "members"),
    [
        ("SELECT * WHERE { ?s ?p }", {"line": 1, "column": 24, "where": "1:24"}),
        ("SELECT * WHERE {\n ?s ?p ?o FILTRE(?s) }", {"line": 2, "column": 11}),
        ("SELECT * WHERE {\n\n ?s foo:bar ?o }", {"line": 3, "column": 5, "expected": None}),
        ("SELECT *\nWHERE { ?s ?p ?o", {"line": 2, "column": 7, "expected": None}),
        ("SELECT * WHERE { SERVICE <x:y> {} }", {"line": 1, "column": 18}),
        (f"ASK {'{' * 100}{'}' * 100}", {"line": 1, "limit": "nesting"}),
    ],
)
def test_the_place_of_an_error_is_told_in_numbers(
    web: FlaskClient, query: str, members: dict[str, object]
) -> None:
    told = json.loads(ask(web, query).data)
    assert {name: told.get(name) for name in members} == members
    assert told["where"] == f"{told['line']}:{told['column']}"


@pytest.mark.parametrize("query", ["SELECT * WHERE { ?s ?p }", "SELECT * WHERE { ?s ?p ?o FILTRE(?s) }"])
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_what_could_stand_there_is_told_apart_from_the_hint(
    web: FlaskClient, query: str, language: str
) -> None:
    told = json.loads(ask(web, query, more=f"&lang={language}").data)
    assert told["expected"]
    assert told["hint"].endswith(f": {told['expected']}")


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
def test_a_graph_without_a_name_is_a_wrong_value(web: FlaskClient, name: str) -> None:
    answer = ask(web, SELECT, more=f"&{name}=")
    assert answer.status_code == 400
    told = json.loads(answer.data)
    assert (told["parameter"], told["detail"]) == (name, f"{name}: The parameter needs a value.")


def test_several_formats_are_refused_with_those_that_there_are(web: FlaskClient) -> None:
    told = json.loads(ask(web, SELECT, more="&format=csv&format=json").data)
    assert (told["parameter"], told["given"]) == ("format", ["csv", "json"])
    assert set(told["allowed"]) == {
        "html",
        "json",
        "xml",
        "csv",
        "tsv",
        "ttl",
        "nt",
        "jsonld",
        "rdf",
        "trig",
        "nq",
    }
    assert "tsv" in told["hint"]


def test_what_is_no_place_in_a_query_has_no_numbers(web: FlaskClient) -> None:
    for address in ("/sparql?query=%zz", "/sparql?update=x", "/id/nothing", "/sparql?query=ASK{}&timeout=x"):
        assert not {"line", "column"} & set(json.loads(web.get(address).data))


@pytest.mark.parametrize("accept", ["application/problem+json", "text/plain", "image/png"])
def test_what_is_wrong_with_a_query_is_told_before_that_its_answer_cannot_be_had(
    web: FlaskClient, accept: str
) -> None:
    answer = ask(web, "SELECT * { ?s ?p", accept)
    assert answer.status_code == 400
    assert answer.mimetype == ("text/plain" if accept == "text/plain" else "application/problem+json")
    if answer.is_json:
        assert json.loads(answer.data)["where"] == "1:10"


def test_who_wants_text_more_than_a_page_gets_it(web: FlaskClient) -> None:
    accept = "text/html;q=0.1, text/plain;q=0.9, */*;q=0.05"
    assert ask(web, "SELECT * { ?s ?p", accept).mimetype == "text/plain"


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/sparql?query=SELECT", "1:7"),
        ("/sparql?query=SELECT%20%2A%20%7B%0A%20%3Fs%20%3Fp%20%7D", "2:"),
        ("/sparql?query=", "query"),
        ("/sparql?query=ASK%7B%7D&query=ASK%7B%7D", "2 queries"),
        ("/sparql?default-graph-uri=x:y", "no query"),
        ("/sparql?timeout=0", "timeout"),
        ("/sparql?query=ASK%7B%7D%zz", "percent-encoding"),
        ("/sparql?query=ASK%7B%7D%2", "percent-encoding"),
        ("/sparql?query=SELECT%20%22%ff%22", "query: Not UTF-8: byte 9"),
        ("/sparql?query=ASK%7B%7D&default-graph-uri=a%ff", "default-graph-uri: Not UTF-8: byte 2"),
        ("/sparql?query=ASK%7B%7D&%ff=a", "URL: Not UTF-8: byte 1"),
        ("/sparql?query=SELECT%20%22%c3%28%22", "UTF-8"),
        ("/sparql?" + "&".join(f"a{n}=1" for n in range(1001)), "fields"),
    ],
)
def test_what_cannot_be_read_is_400_and_says_why(web: FlaskClient, address: str, says: str) -> None:
    answer = web.get(address)
    assert answer.status_code == 400
    assert says in json.loads(answer.data)["detail"]


def test_every_graph_of_many_can_be_named(web: FlaskClient) -> None:
    graphs = "&".join(f"named-graph-uri={BASE}graph/status/2030-05-01" for _ in range(999))
    query = quote("SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    answer = web.post("/sparql", data=f"query={query}&{graphs}", content_type=FORM)
    assert numbers(answer) == ["1"]


@pytest.mark.parametrize("body", [b"query=%ff", b"query=ASK%7B%7D%", b"query=\xff"])
def test_a_form_is_decoded_as_strictly_as_an_address(web: FlaskClient, body: bytes) -> None:
    assert web.post("/sparql", data=body, content_type=FORM).status_code == 400


def test_a_body_that_is_not_utf8_is_400(web: FlaskClient) -> None:
    answer = web.post("/sparql", data=b'SELECT ("\xff" AS ?x) {}', content_type=DIRECT)
    assert answer.status_code == 400
    assert "byte 10" in json.loads(answer.data)["detail"]


@pytest.mark.parametrize("text", ["%25", "100%", "%", "a+b", "æøå", "%2525"])
def test_percent_signs_are_decoded_exactly_once(web: FlaskClient, text: str) -> None:
    query = f"SELECT ({ox.Literal(text)} AS ?n) {{}}"
    for answer in (
        ask(web, query),
        web.post("/sparql", data={"query": query}),
        web.post("/sparql", data=query.encode(), content_type=DIRECT),
    ):
        assert numbers(answer) == [text]


@pytest.mark.parametrize(
    "query",
    [
        "INSERT DATA { <a:a> <a:b> 1 }",
        "DELETE WHERE { ?s ?p ?o }",
        "LOAD <http://example.org/>",
        "DROP ALL",
        "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }",
        "SELECT * { sErViCe SILENT <http://example.org/> { ?s ?p ?o } }",
    ],
)
def test_updates_and_calls_elsewhere_are_403_and_say_why(web: FlaskClient, query: str) -> None:
    answer = ask(web, query)
    assert answer.status_code == 403
    assert (
        "not allowed here" in json.loads(answer.data)["detail"]
        or "reading" in json.loads(answer.data)["detail"]
    )


def test_an_update_by_the_update_protocol_is_403(web: FlaskClient) -> None:
    update = "INSERT DATA { <a:a> <a:b> 1 }"
    assert web.post("/sparql", data={"update": update}).status_code == 403
    assert web.post("/sparql", data=update, content_type="application/sparql-update").status_code == 403


def test_words_that_only_look_forbidden_pass(web: FlaskClient) -> None:
    query = 'SELECT ?n { BIND ("SERVICE <x> INSERT" AS ?n) } # DROP ALL'
    assert numbers(ask(web, query)) == ["SERVICE <x> INSERT"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_405_with_those_allowed(web: FlaskClient, method: str) -> None:
    answer = web.open("/sparql", method=method)
    assert answer.status_code == 405
    assert header_values(answer, "Allow") == {"GET", "HEAD", "POST", "OPTIONS"}


@pytest.mark.parametrize(
    ("content_type", "encoding"),
    [
        ("text/plain", ""),
        ("", ""),
        ("application/json", ""),
        (f"{DIRECT}; charset=latin-1", ""),
        (DIRECT, "gzip"),
    ],
)
def test_other_bodies_are_415(web: FlaskClient, content_type: str, encoding: str) -> None:
    headers = {"Content-Encoding": encoding} if encoding else {}
    answer = web.post("/sparql", data=SELECT.encode(), content_type=content_type, headers=headers)
    assert answer.status_code == 415


def test_a_body_that_is_too_large_is_413(web: FlaskClient) -> None:
    assert web.post("/sparql", data=b" " * 300_000, content_type=DIRECT).status_code == 413


def test_head_is_get_without_the_body(web: FlaskClient) -> None:
    address = f"/sparql?query={quote(SELECT)}"
    got, head = web.get(address), web.head(address)
    assert head.data == b""
    for name in ("Content-Type", "Content-Length", "ETag", "Vary"):
        assert head.headers[name] == got.headers[name]


def test_anybody_may_ask_from_any_page(web: FlaskClient) -> None:
    preflight = web.options("/sparql", headers={"Origin": "https://example.org"})
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert header_values(preflight, "Access-Control-Allow-Methods") == header_values(preflight, "Allow")
    assert header_values(preflight, "Allow") == {"GET", "HEAD", "POST", "OPTIONS"}
    assert {"Content-Type", "If-None-Match", "X-Requested-With"} <= header_values(
        preflight, "Access-Control-Allow-Headers"
    )
    assert "Access-Control-Allow-Credentials" not in preflight.headers


@pytest.mark.parametrize("address", ["/", "/sparql", "/sparql?query=x", "/nothing", "/health", "/id/measure"])
def test_nothing_is_sniffed_scripted_or_framed(web: FlaskClient, address: str) -> None:
    headers = web.get(address).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert policy.count("script-src") == policy.count("script-src 'self'; connect-src 'self'")


def test_the_data_set_of_the_request_is_the_data_set(web: FlaskClient) -> None:
    measures, status = (quote(f"{BASE}graph/{name}") for name in ("measures/report", "status/2030-05-01"))
    query = "SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/bibgraph/ontology#StatusObservation> }"
    assert numbers(ask(web, query)) == ["1"]
    assert numbers(ask(web, query, more=f"&default-graph-uri={measures}")) == ["0"]
    assert numbers(ask(web, query, more=f"&default-graph-uri={measures}&default-graph-uri={status}")) == ["1"]
    in_graphs = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert numbers(ask(web, in_graphs, more=f"&named-graph-uri={status}")) == ["1"]
    assert ask(web, query, more="&default-graph-uri=http://example.org/").status_code in (400, 403)


def test_the_default_graph_is_the_union_in_which_a_triple_counts_once(web: FlaskClient) -> None:
    kind = f"<{BASE}id/measure/2030/2> a <https://w3id.org/bibgraph/ontology#Measure>"
    assert numbers(ask(web, f"SELECT (COUNT(*) AS ?n) {{ {kind} }}")) == ["1"]
    assert numbers(ask(web, f"SELECT (COUNT(*) AS ?n) {{ GRAPH ?g {{ {kind} }} }}")) == ["2"]


@pytest.mark.parametrize(
    "accept",
    ["*/*", "text/turtle", "application/rdf+xml", "application/trig", "application/n-quads, text/csv;q=0.9"],
)
def test_without_a_query_programs_get_a_description_of_the_service(web: FlaskClient, accept: str) -> None:
    answer = web.get("/sparql", headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.mimetype == ("text/turtle" if accept == "*/*" else accept.partition(",")[0])
    format_ = ox.RdfFormat.from_media_type(answer.mimetype)
    assert format_
    store = ox.Store()
    store.extend(ox.Quad(*quad.triple) for quad in ox.parse(answer.data, format=format_))
    assert store.query(
        "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> ASK {"
        f" <{SITE}sparql> a sd:Service ; sd:endpoint <{SITE}sparql> ; sd:supportedLanguage sd:SPARQL11Query ;"
        " sd:feature sd:UnionDefaultGraph ; sd:defaultDataset ?set . ?set sd:defaultGraph ?default ;"
        f" sd:namedGraph [ sd:name <{BASE}graph/status/2030-05-01> ; sd:graph ?graph ] ."
        " ?graph <http://rdfs.org/ns/void#triples> 5 }"
    )


def described(web: FlaskClient, path: str) -> ox.Store:
    answer = web.get(path, headers=TURTLE)
    assert answer.status_code == 200
    store = ox.Store()
    store.extend(ox.Quad(*quad.triple) for quad in ox.parse(answer.data, format=ox.RdfFormat.TURTLE))
    return store


def test_data_of_others_are_described_where_they_are_served_whatever_their_names() -> None:
    names = "<http://e/a#b> { <http://e/s> <http://e/ns#p> <http://[::1]/x#y> } _:g { _:g <http://e/p> 1 }"
    web = client(names)
    assert described(web, "/sparql").query(
        "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> ASK {"
        f" <{SITE}sparql> sd:endpoint <{SITE}sparql> ; sd:defaultDataset [ sd:namedGraph ?graph ] ."
        " ?graph sd:name <http://e/a#b> "
        "FILTER NOT EXISTS { ?other sd:name ?name FILTER (?other != ?graph) } }"
    )
    assert described(web, "/.well-known/void").query(
        "PREFIX void: <http://rdfs.org/ns/void#> ASK {"
        f" <{SITE}.well-known/void#dataset> void:sparqlEndpoint <{SITE}sparql> ; void:triples 2 ;"
        " void:propertyPartition [ void:property <http://e/ns#p> ], [ void:property <http://e/p> ] ."
        f" FILTER NOT EXISTS {{ ?s ?p ?o FILTER (STRSTARTS(STR(?s), '{BASE}')) }} }}"
    )
    assert numbers(ask(web, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")) == ["2"]
    assert numbers(ask(web, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")) == ["2"]


def beyond(web: FlaskClient) -> set[str]:
    """What the description says that queries can have beyond the standard, by the end of its IRI."""
    found = described(web, "/sparql").query(
        "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> SELECT ?what {"
        f" <{SITE}sparql> sd:languageExtension|sd:extensionFunction ?what }}"
    )
    assert isinstance(found, ox.QuerySolutions)
    return {row["what"].value.rpartition("#")[2] for row in found}


LANGUAGE = {"triple-terms", "lateral", "durations"}


def test_the_description_says_what_can_be_asked_beyond_the_standard(web: FlaskClient) -> None:
    found = beyond(web)
    assert found > LANGUAGE
    for name in found - LANGUAGE:
        query = (
            f"SELECT (STR(<http://www.w3.org/2001/XMLSchema#{name}>(?x)) AS ?n) {{ VALUES ?x {{ 'no' }} }}"
        )
        assert ask(web, query).status_code == 200, name


class Plainer(CountingStore):
    """A store whose engine knows fewer words."""

    def query(
        self, text: str, *, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> Answer:
        if "LATERAL" in text or "gMonth" in text:
            raise QueryError(message("It is not known."))
        if "ADJUST" in text:
            raise StoreError(message("It fails."))
        return super().query(text, default_graphs=default_graphs, named_graphs=named_graphs)


def test_the_description_says_nothing_of_what_the_engine_has_not() -> None:
    plain = replace(graph(), store=Plainer(quads(), VERSION))
    assert beyond(create_app(Settings(), plain).test_client()) == {"triple-terms"}


def test_the_tag_of_a_description_is_another_one_for_other_limits() -> None:
    tags = [
        create_app(Settings(), graph(), limits).test_client().get("/sparql", headers=TURTLE).headers["ETag"]
        for limits in (Limits(), Limits(timeout=3.0), Limits())
    ]
    assert tags[0] == tags[2] != tags[1]


@pytest.mark.parametrize(
    "accept",
    [
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/csv, image/png;q=0.5",
    ],
)
def test_who_asks_for_rows_without_a_query_is_told_that_it_is_missing_and_what_there_is_without(
    web: FlaskClient, accept: str
) -> None:
    answer = web.get("/sparql", headers={"Accept": accept})
    assert answer.status_code == 400
    assert {"application/trig", "text/html"} <= set(re.findall(r"[a-z]+/[a-z-]+", answer.text))
    assert web.post("/sparql", data={"query2": "x"}, headers={"Accept": accept}).status_code == 400


@pytest.mark.parametrize("address", ["/sparql", "/sparql?lang=nn"])
def test_a_description_of_the_service_in_a_format_that_it_has_not_is_406(
    web: FlaskClient, address: str
) -> None:
    answer = web.get(address, headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert {"text/turtle", "application/n-quads"} <= set(re.findall(r"[a-z]+/[a-z-]+", answer.text))


def test_people_get_a_form_with_examples(web: FlaskClient) -> None:
    page = web.get("/sparql", headers={"Accept": BROWSER}).text
    assert '<form class="form sect" action="/sparql" method="get"' in page
    assert 'href="/queries/status-as-of' in page


def test_people_get_their_query_back_with_what_is_wrong_in_it(web: FlaskClient) -> None:
    answer = ask(web, "SELECT * WHERE { ?s ?p <b> & }", BROWSER)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (400, "no-store")
    assert "SELECT * WHERE { ?s ?p &lt;b&gt; &amp; }</textarea>" in answer.text
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize("query", ["", "ASK {", "ASK {}", "DROP ALL", 'SELECT ("\\ud800" AS ?x) {}'])
@pytest.mark.parametrize(("more", "language"), [("", "en"), ("&lang=nn", "nn")])
def test_every_page_says_its_language(web: FlaskClient, query: str, more: str, language: str) -> None:
    answer = ask(web, query, BROWSER, more)
    assert answer.mimetype == "text/html"
    assert answer.headers.getlist("Content-Language") == [language]
    assert f'<html lang="{language}"' in answer.text


def test_an_answer_page_shows_texts_as_texts(web: FlaskClient) -> None:
    page = ask(web, "SELECT ?l { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l }", BROWSER).text
    assert "&lt;script&gt;alert(" in page
    assert "<script>" not in page


def test_the_same_answer_is_not_sent_twice(web: FlaskClient) -> None:
    address = f"/sparql?query={quote(SELECT)}"
    tag = web.get(address).headers["ETag"]
    assert not tag.startswith("W/")
    again = web.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert web.get(address + "&format=csv").headers["ETag"] != tag


def test_answers_that_change_by_themselves_have_no_tag(web: FlaskClient) -> None:
    assert "ETag" not in ask(web, "SELECT (NOW() AS ?n) {}").headers


def test_what_xml_cannot_hold_is_not_sent_as_xml(web: FlaskClient) -> None:
    query = 'SELECT ("\\u0001" AS ?n) {}'
    answer = ask(web, query, "application/sparql-results+xml")
    assert answer.status_code == 406
    told = json.loads(answer.data)
    assert told["detail"] == "The answer holds something that XML cannot hold: the character U+0001."
    assert told["hint"] == f"There is: {', '.join(BY_NAME[name].type for name in ('json', 'csv', 'tsv'))}."
    assert numbers(ask(web, query)) == ["\x01"]


@pytest.mark.parametrize(
    ("query", "accept", "mimetype"),
    [
        (
            'SELECT ("\\u0001" AS ?n) {}',
            "application/sparql-results+xml, application/json;q=0.5",
            "application/json",
        ),
        ('SELECT ("\\u0001" AS ?n) {}', "application/xml, text/csv;q=0.5, text/turtle;q=0.6", "text/csv"),
        (
            "CONSTRUCT { <x:a> <http://e/p/> 1 } WHERE {}",
            "application/rdf+xml, text/turtle;q=0.5",
            "text/turtle",
        ),
        ('SELECT ("\\u0001" AS ?n) {}', "application/sparql-results+xml, text/html;q=0.5", ""),
        ('SELECT ("\\u0001" AS ?n) {}', "application/xml, application/sparql-results+xml", ""),
    ],
)
def test_where_xml_cannot_hold_an_answer_the_next_best_format_is_sent(
    web: FlaskClient, query: str, accept: str, mimetype: str
) -> None:
    answer = ask(web, query, accept)
    assert (answer.status_code, answer.mimetype if mimetype else "") == (200 if mimetype else 406, mimetype)
    assert ask(web, query, accept, "&format=xml").status_code == 406


def test_csv_has_quotes_where_a_comma_is_part_of_a_value(web: FlaskClient) -> None:
    query = """SELECT ?x ?y {
        VALUES (?x ?y) {
            (<http://a/b,c> 1) (UNDEF "d, \\"e\\"\\n") (<<(<x:a> <x:b> "f,")>> "æ"@nb) ("g" UNDEF)
        }
    }"""
    answer = ask(web, query, "text/csv")
    assert answer.data.decode() == ('x,y\r\n"http://a/b,c",1\r\n,"d, ""e""\n"\r\n"x:a x:b f,",æ\r\ng,\r\n')
    assert ask(web, "SELECT ?x { VALUES ?x { 1 UNDEF } }", "text/csv").data == b'x\r\n1\r\n""\r\n'


@given(st.binary(max_size=60))
def test_a_form_is_read_or_refused_and_never_repaired(body: bytes) -> None:
    try:
        found = fields(body, "POST")
    except QueryError:
        return
    assert all("\ufffd" not in value or b"%" in body or b"\xef\xbf\xbd" in body for _, value in found.pairs)
    assert len(found.pairs) <= body.count(b"&") + 1


@given(st.text())
def test_what_is_encoded_comes_back(text: str) -> None:
    assert decode_percent(quote(text, safe="").encode(), "URL") == text


@given(st.text(alphabet=st.characters(min_codepoint=33, exclude_categories=["Cs", "Cn", "Co", "Cc"])))
def test_an_iris_path_leads_back_to_the_iri(text: str) -> None:
    tail = iri_path(text)
    if "?" not in tail and "#" not in tail:
        assert iri_path(decode_percent(url_path(tail).encode(), "URL")) == tail
