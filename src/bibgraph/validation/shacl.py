"""SHACL on asserted data, by one of the engines; its results as findings."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from bibgraph.findings import Finding, Severity
from bibgraph.messages import message
from bibgraph.namespaces import RDF, SH, XSD
from bibgraph.validation.engines import REFERENCE, Unusable, choose
from bibgraph.validation.results import Begun
from bibgraph.validation.speaking import findings_of
from bibgraph.validation.stated import Stated
from bibgraph.validation.triples import Term, Triple, Triples

_TRUTH = {"0": "false", "1": "true"}
_NO_PARAMETERS = (SH.hasValue, RDF.first)


def validate(
    data: Iterable[ox.Quad] | ox.Store | Stated, shapes: Iterable[ox.Quad], engine: str = REFERENCE
) -> list[Finding]:
    """What ``shapes`` have to say about ``data`` (ontology and data; of a store, its default graph).

    A finding's rule is the IRI of the property shape or node shape that speaks, its messages are those of the
    shape by language, or tell in our words what its constraint asks for. Shapes that cannot be run are one
    finding, with the rule ``shapes-unusable``. Raises SettingsError for an engine that is not there.
    """
    stated = data if isinstance(data, Stated) else Stated.of(data)
    rules = read_shapes(shapes)
    return end(begin(stated, rules, engine), stated, rules)


def read_shapes(shapes: Iterable[ox.Quad]) -> Triples:
    """The shapes as engines want them."""
    return Triples(map(_with_plain_truth, Triples.of(shapes)))


def begin(data: Stated, rules: Triples, engine: str) -> Begun:
    """What an engine finds. That can be done in another process. Raises SettingsError as ``validate``."""
    try:
        return choose(engine).begin(data, rules)
    except Unusable as error:
        return Begun([], unusable=_reason(error))


def end(begun: Begun, data: Stated, rules: Triples) -> list[Finding]:
    """The findings of what an engine has found: see ``validate``."""
    reason, results = begun.unusable, begun.results
    try:
        results = begun.ended(data, rules)
    except Unusable as error:
        reason = _reason(error)
    if reason:
        sentence = message("The shapes cannot be run: {reason}", reason=reason)
        return [Finding("shapes-unusable", Severity.VIOLATION, sentence)]
    return findings_of(results, rules, data.asked) if results else []


def _reason(error: Unusable) -> str:
    return " ".join(str(error).split())


def _with_plain_truth(triple: Triple) -> Triple:
    """1 and 0, where they mean true and false, in the words that engines look for."""
    subject, predicate, value = triple
    if predicate in _NO_PARAMETERS or not isinstance(value, ox.Literal):
        return triple
    if value.datatype.value != XSD.boolean or value.value not in _TRUTH:
        return triple
    plain: Term = ox.Literal(_TRUTH[value.value], datatype=value.datatype)
    return subject, predicate, plain
