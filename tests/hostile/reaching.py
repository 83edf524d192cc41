"""Group reach: queries that would have the server ask others or read files. Group write: updates."""

from __future__ import annotations

from collections.abc import Callable

from hostile.cases import Target, case, refused

REACH = {
    "service": "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "service-silent": "SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } }",
    "service-odd-case": "SELECT * { sErViCe <URL> { ?s ?p ?o } }",
    "service-escaped": "SELECT * { \\u0053ERVICE <URL> { ?s ?p ?o } }",
    "service-escaped-iri": "SELECT * { SERVICE <\\u0068ttpREST> { ?s ?p ?o } }",
    "service-in-subselect": "SELECT * { { SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } } } }",
    "service-in-exists": "ASK { FILTER EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
    "service-in-optional": "SELECT * { OPTIONAL { SERVICE SILENT <URL> { ?s ?p ?o } } }",
    "service-in-construct": "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
    "service-in-describe": "DESCRIBE ?s { SERVICE <URL> { ?s ?p ?o } }",
    "service-variable": "SELECT * { VALUES ?g { <URL> } SERVICE ?g { ?s ?p ?o } }",
    "service-bound": "SELECT * { BIND(IRI('URL') AS ?g) SERVICE SILENT ?g { ?s ?p ?o } }",
    "service-prefixed": "PREFIX e: <URL> SELECT * { SERVICE e: { ?s ?p ?o } }",
    "service-as-prefix": "PREFIX : <URL> PREFIX SERVICE: <a:b> SELECT * { SERVICE:x {} }",
    "service-glued": "SELECT * { ?s ?p trueSERVICE <URL> {} }",
    "service-after-comment": "SELECT * { #\rSERVICE <URL> { ?s ?p ?o }\n }",
    "service-after-less-than": "SELECT * { VALUES (?a ?b) {(1 2)} "
    "FILTER (?b<?a+'x>') SERVICE <URL> {} FILTER ('a'='a') }",
    "service-after-quote": 'SELECT * { VALUES ?x { """a" } SERVICE <URL> {} } #\\q """',
    "service-file": "SELECT * { SERVICE <file:///etc/passwd> { ?s ?p ?o } }",
    "from": "SELECT * FROM <URL> { ?s ?p ?o }",
    "from-named": "SELECT * FROM NAMED <URL> { GRAPH ?g { ?s ?p ?o } }",
    "from-file": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "from-odd-case": "SELECT * fRoM\n<URL> { ?s ?p ?o }",
    "from-escaped": "SELECT * FR\\u004FM <URL> { ?s ?p ?o }",
    "load": "LOAD <URL>",
    "load-into": "LOAD SILENT <URL> INTO GRAPH <a:b>",
    "load-file": "LOAD <file:///etc/passwd>",
}
"""Queries by name; URL stands for an address where somebody counts."""

WRITE = {
    "insert-data": "INSERT DATA { <a:a> <a:b> <a:c> }",
    "delete-where": "DELETE WHERE { ?s ?p ?o }",
    "delete-insert": "DELETE { ?s ?p ?o } INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
    "clear": "CLEAR ALL",
    "drop": "DROP SILENT ALL",
    "create": "CREATE GRAPH <a:g>",
    "copy": "COPY DEFAULT TO <a:g>",
    "after-a-query": "ASK {} ; DROP ALL",
    "escaped": "\\u0044ROP ALL",
}
"""Updates by name."""


def _reach(text: str) -> Callable[[Target], None]:
    def run(target: Target) -> None:
        url = f"{target.listener}{abs(hash(text))}"
        written = text.replace("URL", url).replace("REST", url.removeprefix("http"))
        refused(target.client.query(written), 400, 403)
        refused(target.client.post(written.encode()), 400, 403)
        page = target.client.query(written, "text/html")
        assert page.status in (400, 403), page.status

    return run


def _write(text: str) -> Callable[[Target], None]:
    def run(target: Target) -> None:
        refused(target.client.query(text), 400, 403)
        kinds = (
            ("application/sparql-update", text),
            ("application/x-www-form-urlencoded", f"update={text}"),
            ("application/sparql-query", text),
        )
        for kind, body in kinds:
            stated = [("Content-Type", kind)]
            refused(
                target.client.request(
                    "POST",
                    "/sparql",
                    stated,
                    body.replace(" ", "+").encode() if "form" in kind else body.encode(),
                ),
                400,
                403,
            )

    return run


for _name, _text in REACH.items():
    case("reach", _name)(_reach(_text))
for _name, _text in WRITE.items():
    case("write", _name)(_write(_text))


@case("reach", "dataset-parameters")
def _dataset(target: Target) -> None:
    for name in ("default-graph-uri", "named-graph-uri"):
        for graph in (f"{target.listener}x", "file:///etc/passwd", "http://169.254.169.254/latest/meta-data"):
            refused(target.client.query("SELECT * { ?s ?p ?o }", more=f"&{name}={graph}"), 400, 403)


@case("reach", "words-that-only-look-so")
def _words(target: Target) -> None:
    text = (
        "PREFIX service: <https://example.org/> SELECT ?load ?n { # SERVICE <http://e/> {} \n"
        "service:text\\/words service:says ?load . <https://example.org/text/words> service:says ?from "
        "BIND(STRLEN('SERVICE <http://e/> { } FROM INSERT') AS ?n) }"
    )
    assert [row["n"] for row in target.client.rows(text)] == ["35"]


@case("write", "graph-store-protocol")
def _graph_store(target: Target) -> None:
    body = [("Content-Type", "text/turtle")]
    for target_path in ("/sparql?graph=http://a/b", "/sparql?default", "/graph/items", "/"):
        for method in ("PUT", "DELETE", "PATCH"):
            refused(target.client.request(method, target_path, body, b"<a:a> <a:b> <a:c> ."), 404, 405)


@case("write", "rdf-by-post")
def _rdf(target: Target) -> None:
    for kind in (
        "text/turtle",
        "application/rdf+xml",
        "application/ld+json",
        "application/xml",
        "multipart/form-data",
    ):
        refused(
            target.client.request("POST", "/sparql", [("Content-Type", kind)], b"<a:a> <a:b> <a:c> ."), 415
        )


@case("reach", "entities-and-contexts")
def _entities(target: Target) -> None:
    url = f"{target.listener}entity"
    bodies = {
        "application/rdf+xml": f'<!DOCTYPE a [<!ENTITY x SYSTEM "{url}">]><a>&x;</a>',
        "application/ld+json": f'{{"@context": "{url}", "a": 1}}',
        "application/json": f'{{"@context": "{url}"}}',
    }
    for kind, body in bodies.items():
        refused(target.client.request("POST", "/sparql", [("Content-Type", kind)], body.encode()), 415)


@case("reach", "forwarding-headers")
def _forwarding(target: Target) -> None:
    for name in ("X-Forwarded-Host", "X-Original-URL", "X-Rewrite-URL", "Forwarded", "X-Forwarded-Proto"):
        answer = target.client.request("GET", "/", [(name, "evil.example"), ("Accept", "text/html")])
        assert answer.status == 200
        assert b"evil.example" not in answer.body
        assert "evil.example" not in str(answer.headers)
