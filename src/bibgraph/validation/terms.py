"""Terms as findings show them: short where a prefix of the project fits, as N-Triples otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import pyoxigraph as ox

from bibgraph.namespaces import SH, XSD, shorten
from bibgraph.reasons import harmless
from bibgraph.validation.triples import Term, Triples

_STEPS = {SH.inversePath: "^{}", SH.zeroOrMorePath: "{}*", SH.oneOrMorePath: "{}+", SH.zeroOrOnePath: "{}?"}

_BEYOND_ASCII = re.compile("[\x7f-\uffff]")

_short = lru_cache(maxsize=4096)(shorten)


def show(term: object) -> str:
    """A term; empty for None."""
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return _short(term.value)
    if isinstance(term, ox.Literal) and not term.language and term.datatype.value != XSD.string:
        return f"{ox.Literal(term.value)}^^{_short(term.datatype.value)}"
    return str(term)


def show_path(graph: Triples, path: Term | None, name: Callable[[object], str] = show) -> str:
    """A SHACL property path in SPARQL's notation, its properties written by ``name``."""
    if not isinstance(path, ox.BlankNode):
        return name(path)
    for predicate, form in _STEPS.items():
        inner = graph.value(path, predicate)
        if inner is not None:
            return form.format(_grouped(show_path(graph, inner, name), graph, inner))
    alternatives = graph.value(path, SH.alternativePath)
    if alternatives is not None:
        return "(" + "|".join(show_path(graph, each, name) for each in graph.members(alternatives)) + ")"
    return "/".join(show_path(graph, each, name) for each in graph.members(path))


def full(term: object) -> str:
    """A term as N-Triples writes it; empty for None."""
    return "" if term is None else str(term)


def escaped(written: str) -> str:
    """JSON or Turtle, with their own escapes for what could steer a terminal, or is half a sign."""
    # They have written the controls of ASCII so themselves.
    return _BEYOND_ASCII.sub(
        lambda sign: sign[0] if harmless(sign[0]) == sign[0] else f"\\u{ord(sign[0]):04X}", written
    )


def _grouped(shown: str, graph: Triples, path: Term) -> str:
    """``shown`` in brackets if the path is more than one property, and has none yet."""
    bare = not isinstance(path, ox.BlankNode) or graph.has(path, SH.alternativePath)
    return shown if bare else f"({shown})"
