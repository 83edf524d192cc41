"""Answers of a service, read to their end at once, so that errors come now."""

from __future__ import annotations

import json
from collections import deque

import pyoxigraph as ox

from bibgraph.depth import deep_json, deep_triples
from bibgraph.messages import message
from bibgraph.namespaces import XSD
from bibgraph.store import Answer

_BOOLEAN = str(XSD.boolean)
_WORDS = {"1": "true", "0": "false"}
_NAMES = (b'"head"', b'"vars"', b'"results"', b'"bindings"', b'"boolean"')


def read_answer(form: str, media_type: str, content: bytes, *, bounded: bool = True) -> Answer:
    """The answer to a query of this form. Raises ValueError or SyntaxError for what is none.

    bounded: the service has said where the content ends. JSON tells that itself; triples may stop anywhere.
    """
    if form not in ("SELECT", "ASK"):
        if not bounded:
            raise ValueError(message("it is not said where it ends, so that a part of it may be missing"))
        return _triples(media_type, content)
    answer = _rows(media_type, content)
    if form == "SELECT" and isinstance(answer, ox.QueryBoolean):
        raise ValueError(message("a yes or no, where rows were asked for"))
    return _verdict(answer) if form == "ASK" and isinstance(answer, ox.QuerySolutions) else answer


def _rows(media_type: str, content: bytes) -> ox.QuerySolutions | ox.QueryBoolean:
    """An answer in SPARQL 1.1 Query Results JSON."""
    if media_type not in ("application/sparql-results+json", "application/json"):
        raise ValueError(message("not SPARQL results in JSON"))
    if deep_json(content):
        raise ValueError(message("it is built too deep, or has no end"))
    if any(content.count(name) > 1 for name in _NAMES):  # which texts of the answer may hold as well
        json.loads(content.decode("utf-8-sig"), object_pairs_hook=_each_once)
    if _BOOLEAN.encode() in content:
        content = _tidied(content)
    try:
        return _parsed(content)
    except SyntaxError:
        return _parsed(_tidied(content))


def _each_once(members: list[tuple[str, object]]) -> None:
    """Refuse an object with a name twice: which of them counts is open."""
    if len(dict(members)) < len(members):
        raise ValueError(message("it says the same twice"))


def _verdict(table: ox.QuerySolutions) -> ox.QueryBoolean:
    """The answer to an ASK that came as a table, as from Virtuoso: one cell that says it; no row is a no."""
    rows = [tuple(row) for row in table]
    cell = rows[0][0] if rows and rows[0] else None
    word = _WORDS.get(cell.value, cell.value) if isinstance(cell, ox.Literal) else ""
    if len(table.variables) != 1 or len(rows) > 1 or (rows and word not in _WORDS.values()):
        raise ValueError(message("a table, where a yes or no was asked for"))
    answer = _parsed(b'{"head":{},"boolean":%s}' % (word or "false").encode())
    if not isinstance(answer, ox.QueryBoolean):
        raise TypeError(answer)
    return answer


def _parsed(content: bytes) -> ox.QuerySolutions | ox.QueryBoolean:
    answer = ox.parse_query_results(content, ox.QueryResultsFormat.JSON)
    if isinstance(answer, ox.QueryBoolean):
        return answer
    try:
        deque(answer, maxlen=0)
    finally:
        # It must end in the thread it began in; the traceback of an error may be dropped in another one.
        del answer
    return ox.parse_query_results(content, ox.QueryResultsFormat.JSON)


def _tidied(content: bytes) -> bytes:
    """The same as other services write it.

    Blank nodes are labelled b0, b1 …, not ``nodeID://b10``; truth values are words, not 1 and 0.
    """
    labels: dict[str, str] = {}

    def tidy(cell: dict[str, object]) -> dict[str, object]:
        value = str(cell.get("value"))
        if cell.get("type") == "bnode":
            return cell | {"value": labels.setdefault(value, f"b{len(labels)}")}
        if cell.get("datatype") == _BOOLEAN:
            return cell | {"value": _WORDS.get(value, value)}
        return cell

    # Decoded here, for json would take it for UTF-16 as well, where the depth was not seen.
    return json.dumps(json.loads(content.decode("utf-8-sig"), object_hook=tidy)).encode()


def _triples(media_type: str, content: bytes) -> ox.QueryTriples:
    format_ = ox.RdfFormat.from_media_type(media_type)
    if format_ not in (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.TURTLE):
        raise ValueError(message("neither N-Triples nor Turtle"))
    if deep_triples(content):
        raise ValueError(message("it has too many triples in one another"))
    store = ox.Store()
    store.bulk_extend(ox.parse(content, format=format_))
    answer = store.query("CONSTRUCT WHERE { ?subject ?property ?value }")
    if not isinstance(answer, ox.QueryTriples):
        raise TypeError(answer)
    return answer
