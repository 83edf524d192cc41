"""Findings as a validation report of SHACL (W3C 2017, section 3.6), in Turtle.

What speaks of other rules than shapes is a result too: its source shape is the IRI of the rule.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

import pyoxigraph as ox
from rdflib import RDF, SH, XSD, URIRef
from rdflib.paths import AlternativePath, InvPath, MulPath, Path, SequencePath
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery

from bibgraph.findings import Finding, Severity
from bibgraph.messages import LANGUAGES, Message
from bibgraph.namespaces import ONTOLOGY, PREFIXES
from bibgraph.turtle import label_blank_nodes
from bibgraph.validation.render.context import PLAIN_RUN, Run
from bibgraph.validation.terms import escaped

_SEVERITIES = {Severity.VIOLATION: SH.Violation, Severity.WARNING: SH.Warning, Severity.INFO: SH.Info}
_REPEATED = {"*": SH.zeroOrMorePath, "+": SH.oneOrMorePath, "?": SH.zeroOrOnePath}
_TYPED = re.compile(r'("(?:[^"\\]|\\.)*")\^\^(\S+)', re.DOTALL)
_LABEL = re.compile(r"_:[A-Za-z0-9]+")
_IRI = re.compile(r'[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>"{}|^`\\]*')

_Node = ox.NamedNode | ox.BlankNode
_Term = _Node | ox.Literal


def render_turtle(findings: Sequence[Finding], language: str, run: Run = PLAIN_RUN) -> str:  # noqa: ARG001
    """One ``sh:ValidationReport``; messages in all languages. Canonical: the same for the same findings."""
    report = ox.BlankNode()
    conforms = ox.Literal("false" if findings else "true", datatype=ox.NamedNode(XSD.boolean))
    quads = [_quad(report, RDF.type, ox.NamedNode(SH.ValidationReport)), _quad(report, SH.conforms, conforms)]
    for finding in findings:
        result = ox.BlankNode()
        quads.append(_quad(report, SH.result, result))
        quads.extend(_result(result, finding))
    prefixes = {name: iri for name, iri in PREFIXES.items() if _used(iri, quads)}
    text = ox.serialize(label_blank_nodes(quads, ""), format=ox.RdfFormat.TURTLE, prefixes=prefixes)
    return "" if text is None else escaped(text.decode())


def term(shown: str) -> _Term | None:
    """What ``terms.show`` has made a text of; None for text that no term is written so."""
    if shown.startswith("_:"):
        return ox.BlankNode(shown[2:]) if _LABEL.fullmatch(shown) else None
    if shown.startswith('"'):
        typed = _TYPED.fullmatch(shown)
        written = f"{typed[1]}^^<{_expand(typed[2].strip('<>'))}>" if typed else shown
        try:
            [quad] = ox.parse(f"<x:s> <x:p> {written} .", format=ox.RdfFormat.N_TRIPLES)
        except (SyntaxError, ValueError):
            return None
        return quad.object if isinstance(quad.object, ox.Literal) else None
    return _named(_expand(shown.strip("<>")))


def _result(result: ox.BlankNode, finding: Finding) -> Iterator[ox.Quad]:
    yield _quad(result, RDF.type, ox.NamedNode(SH.ValidationResult))
    yield _quad(result, SH.resultSeverity, ox.NamedNode(_SEVERITIES[finding.severity]))
    yield _quad(result, SH.sourceShape, _rule(finding.rule))
    if finding.component:
        yield _quad(result, SH.sourceConstraintComponent, ox.NamedNode(finding.component))
    else:
        yield _quad(result, SH.sourceConstraintComponent, ONTOLOGY.RuleConstraintComponent)
    # The standard demands a focus node; a finding about no thing is about its file or rule.
    focus = term(finding.thing) or (_file(finding.file) if finding.file else _rule(finding.rule))
    yield _quad(result, SH.focusNode, focus)
    value = term(finding.value) if finding.value else None
    if value is not None:
        yield _quad(result, SH.value, value)
    yield from _path(result, finding)
    for text, language in _messages(finding):
        said = ox.Literal(text, language=language) if language else ox.Literal(text)
        yield _quad(result, SH.resultMessage, said)


def _messages(finding: Finding) -> list[tuple[str, str]]:
    if isinstance(finding.message, Message):
        return [(finding.text(language), language) for language in LANGUAGES]
    return [(text, language) for language, text in sorted(finding.message.items())]


def _path(result: ox.BlankNode, finding: Finding) -> Iterator[ox.Quad]:
    if finding.full_path:
        query = translateQuery(parseQuery(f"SELECT * {{ ?s {finding.full_path} ?o }}"))
        [triple] = query.algebra.p.p.triples
        head, quads = _steps(triple[1])
        yield from quads
        yield _quad(result, SH.resultPath, head)
        return
    path = term(finding.path) if finding.path else None
    if isinstance(path, ox.NamedNode):
        yield _quad(result, SH.resultPath, path)


def _steps(path: Path | URIRef) -> tuple[_Node, list[ox.Quad]]:
    """A path as SHACL writes it in RDF (section 2.3.1): its node and what is stated of that."""
    if isinstance(path, URIRef):
        return ox.NamedNode(path), []
    if isinstance(path, SequencePath):
        return _list([_steps(each) for each in path.args])
    node = ox.BlankNode()
    if isinstance(path, AlternativePath):
        inner, quads = _list([_steps(each) for each in path.args])
        return node, [_quad(node, SH.alternativePath, inner), *quads]
    if isinstance(path, InvPath):
        inner, quads = _steps(path.arg)
        return node, [_quad(node, SH.inversePath, inner), *quads]
    if isinstance(path, MulPath):
        inner, quads = _steps(path.path)
        return node, [_quad(node, _REPEATED[str(path.mod)], inner), *quads]
    raise TypeError(f"SHACL has no such path: {path!r}")


def _list(items: Sequence[tuple[_Node, list[ox.Quad]]]) -> tuple[_Node, list[ox.Quad]]:
    head: _Node = ox.NamedNode(RDF.nil)
    quads: list[ox.Quad] = []
    for item, stated in reversed(items):
        cell = ox.BlankNode()
        quads += [_quad(cell, RDF.first, item), _quad(cell, RDF.rest, head), *stated]
        head = cell
    return head, quads


def _rule(rule: str) -> ox.NamedNode:
    return _named(rule) or ox.NamedNode(f"{ONTOLOGY}{quote(rule, safe='-')}")


def _file(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"urn:bibgraph:file:{quote(os.fsencode(name))}")


def _named(iri: str) -> ox.NamedNode | None:
    try:
        return ox.NamedNode(iri) if _IRI.fullmatch(iri) else None
    except ValueError:
        return None


def _expand(shown: str) -> str:
    prefix, colon, local = shown.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES else shown


def _quad(subject: _Node, predicate: str, value: _Term | str) -> ox.Quad:
    object_ = ox.NamedNode(value) if isinstance(value, str) else value
    return ox.Quad(subject, ox.NamedNode(predicate), object_)


def _used(namespace: str, quads: Sequence[ox.Quad]) -> bool:
    return any(
        isinstance(node, ox.NamedNode) and node.value.startswith(namespace)
        for quad in quads
        for node in (quad.predicate, quad.object)
    )
