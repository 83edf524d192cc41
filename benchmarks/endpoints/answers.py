"""Answers of any server, as bags of rows or triples that can be compared."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping

import pyoxigraph as ox

JSON = "application/sparql-results+json"
TRIPLES = "application/n-triples"

_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"

Answer = Counter[str]
"""Rows or triples, written out, each with how often it is there."""


def read(body: bytes, accept: str) -> Answer:
    """What stands in the content of an answer. Raises ValueError, KeyError, SyntaxError if it is none."""
    return _triples(body) if accept == TRIPLES else _rows(body)


def rows_of(answer: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples) -> Answer:
    """The rows of an answer that a store of our own gave."""
    if isinstance(answer, ox.QueryTriples):
        return Counter(map(str, answer))
    return _rows(answer.serialize(format=ox.QueryResultsFormat.JSON) or b"")


def differs(right: Answer | None, given: Answer, accept: str) -> str:
    """In which way an answer is wrong; empty if it is not.

    A description is wrong only if it lacks a triple: how much more it says is free.
    """
    if right is None:
        return "there is no answer to compare with"
    if not right:
        return "the right answer is empty, so nothing is compared"
    lacking, needless = (right - given).total(), (given - right).total()
    if accept == TRIPLES:
        needless = 0
    return f"{lacking} rows lacking, {needless} needless" if lacking or needless else ""


def _rows(body: bytes) -> Answer:
    found = json.loads(body)
    if "boolean" in found:
        return Counter([str(found["boolean"])])
    return Counter(
        " ".join(f"{name}={_term(term)}" for name, term in sorted(row.items()))
        for row in found["results"]["bindings"]
    )


def _term(term: Mapping[str, str]) -> str:
    """A term on its own: engines differ in how they say that a literal is a plain string."""
    if term["type"] in ("uri", "bnode"):
        return f"<{term['value']}>" if term["type"] == "uri" else "_:"
    datatype = term.get("datatype", _XSD_STRING)
    suffix = f"@{term['xml:lang'].lower()}" if term.get("xml:lang") else f"^^{datatype}"
    return f'"{term["value"]}"{suffix}'


def _triples(body: bytes) -> Answer:
    # rdflib-endpoint describes in RDF/XML whatever it is asked for.
    format_ = ox.RdfFormat.RDF_XML if body.lstrip().startswith(b"<?xml") else ox.RdfFormat.TURTLE
    return Counter(str(quad.triple) for quad in ox.parse(body, format=format_))
