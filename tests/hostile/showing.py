"""Group show: texts of the data, and of strangers, as they come back."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree as ET

from hostile.cases import SHORT, Target, bounded, case, refused
from hostile.data import BASE, LINKS, TEXTS

_RESULTS = "{http://www.w3.org/2005/sparql-results#}"
_ALL = f"SELECT ?text {{ ?s <{BASE}says> ?text }} ORDER BY ?s"
_FIT = f"SELECT ?text {{ ?s <{BASE}says> ?text FILTER (?s != <{BASE}text/control>) }}"


@case("show", "json-is-exact")
def _json(target: Target) -> None:
    assert sorted(row["text"] for row in target.client.rows(_ALL)) == sorted(TEXTS.values())


@case("show", "csv-is-exact-and-saved")
def _csv(target: Target) -> None:
    answer = target.client.query(_ALL, "text/csv")
    rows = list(csv.reader(io.StringIO(answer.body.decode(), newline="")))
    assert sorted(row[0] for row in rows[1:]) == sorted(TEXTS.values())
    _saved(answer.headers)


@case("show", "tsv-is-saved")
def _tsv(target: Target) -> None:
    answer = target.client.query(_ALL, "text/tab-separated-values")
    assert len(answer.body.decode().strip("\n").split("\n")) == len(TEXTS) + 1
    _saved(answer.headers)


def _saved(headers: object) -> None:
    assert isinstance(headers, dict)
    assert headers["content-disposition"].startswith("attachment"), headers
    assert headers["x-content-type-options"] == "nosniff", headers


@case("show", "xml-that-cannot-be")
def _unfit(target: Target) -> None:
    refused(target.client.query(_ALL, "application/sparql-results+xml"), 406)
    construct = f"CONSTRUCT WHERE {{ ?s <{BASE}says> ?text }}"
    refused(target.client.query(construct, "application/rdf+xml"), 406)


@case("show", "xml-is-exact")
def _xml(target: Target) -> None:
    answer = target.client.query(_FIT, "application/sparql-results+xml")
    found = [node.text for node in ET.fromstring(answer.body).iter(f"{_RESULTS}literal")]  # noqa: S314  # of ours
    assert sorted(map(str, found)) == sorted(text for name, text in TEXTS.items() if name != "control")


@case("show", "triples-are-exact")
def _triples(target: Target) -> None:
    answer = target.client.query(f"CONSTRUCT WHERE {{ ?s <{BASE}says> ?text }}", "application/n-triples")
    assert len(answer.body.decode().strip().split("\n")) == len(TEXTS)


@case("show", "pages-escape")
def _page(target: Target) -> None:
    answer = target.client.query(
        f"SELECT * {{ {{ ?s <{BASE}says> ?o }} UNION {{ ?s <{BASE}seeAlso> ?o }} }}", "text/html"
    )
    assert answer.status == 200
    page = answer.body.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "49" not in page.partition("7*7")[0][-5:]
    for name in ("javascript", "data"):
        assert f'href="{LINKS[name]}' not in page
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert policy.partition("script-src")[2].partition(";")[0].split() in ([], ["'self'"])
    assert answer.headers["x-content-type-options"] == "nosniff"


@case("show", "texts-of-strangers-escape")
def _reflected(target: Target) -> None:
    hurt = "<script>alert(1)</script>"
    for path in ("/sparql?query=", "/id/", "/doc/", "/queries/", "/sparql?format=", "/queries?lang="):
        answer = target.client.get(path + quote(hurt), "text/html")
        assert hurt.encode() not in answer.body, path
        assert answer.headers["x-content-type-options"] == "nosniff", path
        answer = target.client.get(path + quote(hurt), "application/json")
        assert "html" not in answer.headers.get("content-type", "") or hurt.encode() not in answer.body, path


@case("show", "no-header-is-injected")
def _injection(target: Target) -> None:
    hurt = "x%0d%0aSet-Cookie:%20a=b%0d%0a%0d%0ahello"
    for path in (
        "/id/",
        "/doc/",
        "/sparql?format=",
        "/queries/",
        "/sparql?query=ASK{}&format=",
        "//",
        "/queries?lang=",
    ):
        answer = target.client.get(path + hurt)
        assert "set-cookie" not in answer.headers, path
        assert answer.status in (200, 301, 303, 308, 400, 404, 406), (path, answer.status)


@case("show", "no-redirect-leads-away")
def _redirects(target: Target) -> None:
    paths = (
        "//evil.example",
        "//evil.example/",
        "/%2f%2fevil.example",
        "/\\evil.example",
        "/%5cevil.example",
        "/id//evil.example",
        "/id/http://evil.example/",
        "/id/%2f%2fevil.example",
        "/id/..//evil.example",
        "/id/javascript:alert(1)",
        "/?next=//evil.example",
        "///evil.example/%2e%2e",
        "/id/@evil.example",
    )
    for path in paths:
        for host in (target.client.name, "evil.example"):
            with target.client.connection() as connection:
                connection.send(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
                answer = connection.answer()
            where = answer.headers.get("location", "/")
            assert where.startswith(("/", f"http://{target.client.name}/")), (path, where)
            assert not where.startswith(("//", "/\\")), (path, where)  # browsers take both for another host
            assert urlsplit(where).netloc in ("", target.client.name), (path, where)


@case("show", "errors-keep-their-counsel")
def _errors(target: Target) -> None:
    for text in ("SELECT * {", "SELECT (COUNT(*) AS ?n) { SERVICE <a:b> {} }", "ASK { nope:a ?b ?c }"):
        for accept in ("application/problem+json", "text/html", "text/plain", "image/png"):
            answer = target.client.query(text, accept)
            assert answer.status in (400, 403, 406), answer.status
            for word in (b"Traceback", b".py", b"site-packages", b"pyoxigraph", b"/usr/"):
                assert word not in answer.body, (word, answer.body)


@case("show", "errors-in-three-kinds")
def _kinds(target: Target) -> None:
    for accept, kind in (
        ("application/json", "application/problem+json"),
        ("text/html", "text/html; charset=utf-8"),
        ("text/plain", "text/plain; charset=utf-8"),
    ):
        answer = target.client.query("SELECT", accept)
        assert answer.headers["content-type"] == kind, (accept, answer.headers)
        assert answer.headers["x-content-type-options"] == "nosniff"


@case("show", "cors-without-credentials")
def _cors(target: Target) -> None:
    for method in ("GET", "OPTIONS"):
        stated = [("Origin", "https://evil.example"), ("Access-Control-Request-Method", "POST")]
        answer = target.client.request(method, "/sparql?query=ASK%7B%7D", stated)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers


@case("show", "limits-in-the-service-description")
def _limits(target: Target) -> None:
    answer = target.client.get("/sparql", "text/turtle")
    assert answer.status == 200
    assert f'"{target.timeout:g} s"' in answer.body.decode()


@case("show", "a-problem-has-a-number")
def _number(target: Target) -> None:
    text = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    answer = target.client.query(text, more=f"&timeout={SHORT}")
    bounded(target, answer, "timeout", "memory")
    assert str(answer.members()["instance"]).startswith("urn:")
    assert json.loads(answer.body)["title"]
