"""Results of a SHACL report as findings, in the shapes' own words or in ours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pyoxigraph as ox
from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from bibgraph.findings import Finding, Severity, Text
from bibgraph.messages import SOURCE_LANGUAGE, Message
from bibgraph.validation.facts import Facts, Result
from bibgraph.validation.hints import Adviser
from bibgraph.validation.sentences import sentence
from bibgraph.validation.terms import full, show_node, show_path

_SEVERITIES: dict[Node | None, Severity] = {
    SH.Violation: Severity.VIOLATION,
    SH.Warning: Severity.WARNING,
    SH.Info: Severity.INFO,
}
_SLOT = re.compile(r"\{[?$][^}]*\}")
_SPEAKS_ITSELF = (SH.message, SH.labelTemplate)
_SOURCES = (SH.sourceShape, SH.sourceConstraint, SH.sourceConstraintComponent)
_COMPONENT = "ConstraintComponent"


def findings_of(report: Graph, shapes: Graph, data: ox.Store) -> list[Finding]:
    """The results of the report, without file and line, sorted; what only repeats another is left out.

    ``shapes`` and ``data`` are what the report was made of; they tell what things and properties are called,
    and what may help. Nested results (``sh:detail``) are no findings of their own.
    """
    speaker = _Speaker(report, shapes, Facts(shapes, data))
    found: dict[tuple[str, ...], tuple[Finding, Node]] = {}
    results = [
        (speaker.finding(result), result)
        for node in report.subjects(RDF.type, SH.ValidationReport)
        for result in report.objects(node, SH.result)
    ]
    for finding, result in sorted(results, key=lambda pair: pair[0].component):
        found.setdefault(_key(finding), (finding, result))
    adviser = Adviser(speaker.facts)
    return [
        replace(finding, hint=adviser.hint(speaker.result(result)))
        for _, (finding, result) in sorted(found.items(), key=lambda item: item[0])
    ]


def _key(finding: Finding) -> tuple[str, ...]:
    said = (
        str(finding.message)
        if isinstance(finding.message, Message)
        else "".join(f"{language}{text}" for language, text in finding.message.items())
    )
    return finding.rule, finding.thing, finding.path, finding.value, said


class _Speaker:
    """Reads results out of a report, with a look into the shapes that made it."""

    def __init__(self, report: Graph, shapes: Graph, facts: Facts) -> None:
        self._report = report
        self._shapes = shapes
        self.facts = facts
        # Read once: a graph of rdflib looks each triple up again and again, which is slow for many results.
        self._stated: dict[Node, dict[Node, list[Node]]] = {}
        for subject, predicate, value in report:
            self._stated.setdefault(subject, {}).setdefault(predicate, []).append(value)
        self._rules: dict[Node | None, str] = {}
        self._own_words: dict[tuple[Node | None, ...], bool] = {}

    def finding(self, result: Node) -> Finding:
        """One ``sh:result`` as a finding without file, line and hint."""
        severity = self._value(result, SH.resultSeverity)
        focus = self._value(result, SH.focusNode)
        path = self._value(result, SH.resultPath)
        return Finding(
            rule=self._rule(self._value(result, SH.sourceShape)),
            severity=_SEVERITIES.get(severity, Severity.VIOLATION),
            message=self._message(result),
            thing=str(focus) if isinstance(focus, URIRef) else show_node(focus),
            path=show_path(self._report, path),
            value=show_node(self._value(result, SH.value)),
            component=str(self._value(result, SH.sourceConstraintComponent) or ""),
            full_path=show_path(self._report, path, full) if isinstance(path, BNode) else "",
        )

    def result(self, result: Node) -> Result:
        """The nodes of an ``sh:result``."""
        component = str(self._value(result, SH.sourceConstraintComponent) or "")
        standard = component.startswith(str(SH)) and component.endswith(_COMPONENT)
        return Result(
            component.removeprefix(str(SH)).removesuffix(_COMPONENT) if standard else "",
            self._value(result, SH.sourceShape) or BNode(),
            self._value(result, SH.focusNode),
            self._value(result, SH.resultPath),
            self._value(result, SH.value),
        )

    def _message(self, result: Node) -> Text:
        """The shape's own words, if it or the query or component behind it has any."""
        sources = tuple(self._value(result, each) for each in _SOURCES)
        if sources not in self._own_words:
            self._own_words[sources] = any(
                (node, each, None) in self._shapes
                for node in self._sources(sources)
                for each in _SPEAKS_ITSELF
            )
        own = self._own_words[sources]
        return (own and self.messages(result)) or sentence(self.result(result), self.facts)

    def _sources(self, sources: Iterable[Node | None]) -> Iterator[Node]:
        for source in sources:
            if source is not None:
                yield source
                for validator in (SH.validator, SH.nodeValidator, SH.propertyValidator):
                    yield from self._shapes.objects(source, validator)

    def messages(self, result: Node) -> dict[str, str]:
        """The texts of a result by language; of several in one language the first by alphabet."""
        texts: dict[str, str] = {}
        for text in sorted(self._stated.get(result, {}).get(SH.resultMessage, ()), key=str):
            if isinstance(text, Literal):
                texts.setdefault(text.language or self._language_of(result, str(text)), str(text))
        return dict(sorted(texts.items()))

    def _value(self, result: Node, predicate: Node) -> Node | None:
        return next(iter(self._stated.get(result, {}).get(predicate, ())), None)

    def _rule(self, shape: Node | None) -> str:
        if shape not in self._rules:
            self._rules[shape] = self._speaking_shape(shape)
        return self._rules[shape]

    def _speaking_shape(self, shape: Node | None) -> str:
        """The IRI of a shape; of a blank one, that of the shape it stands in."""
        seen: set[Node] = set()
        while isinstance(shape, BNode) and shape not in seen:
            seen.add(shape)
            shape = next(iter(sorted(self._shapes.subjects(None, shape), key=str)), shape)
        return str(shape)

    def _language_of(self, result: Node, text: str) -> str:
        """The language of the template that fits; pySHACL loses it when it fills values into a message."""
        for source in (SH.sourceConstraint, SH.sourceShape):
            for template in self._shapes.objects(self._value(result, source), SH.message):
                fixed = _SLOT.split(str(template))
                pattern = re.compile(".*".join(re.escape(part) for part in fixed), re.DOTALL)
                if isinstance(template, Literal) and template.language and pattern.fullmatch(text):
                    return template.language
        return SOURCE_LANGUAGE
