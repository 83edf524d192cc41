"""The rules that data are measured by, also those that find nothing: shapes, lint queries, own checks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyoxigraph as ox

from bibgraph.findings import Criterion, Severity
from bibgraph.messages import Message, message
from bibgraph.namespaces import RDF, RDFS, SH
from bibgraph.validation.lint import Rule

_SHAPES = {str(SH.NodeShape), str(SH.PropertyShape)}
_MARKS = {
    str(each)
    for each in (SH.path, SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
}  # fmt: skip
_SEVERITIES = {str(SH.Warning): Severity.WARNING, str(SH.Info): Severity.INFO}

_EVERYWHERE: dict[str, Message] = {
    "shapes-unusable": message("The shapes can be run."),
    "unknown-term": message("Terms exist in their vocabulary."),
}
_ELSEWHERE: dict[str, Message] = {
    "no-data": message("There are data to check."),
    "no-shapes": message("There are shapes to check with."),
    "no-shapes-in-file": message("Files taken as shapes hold shapes."),
}
_HERE: dict[str, Message] = {
    "date-format": message("Dates are written in Extended Date/Time Format."),
    "date-reversed": message("Periods begin before they end."),
    "date-earliest": message("The earliest day stated is that of the date."),
    "date-latest": message("The latest day stated is that of the date."),
    "document-file": message("The text of each document is there."),
    "document-hash": message("The text of each document is unchanged."),
    "quotation-without-document": message("Quotations name their document."),
    "quotation-lines": message("Quotations name lines that their document has."),
    "quotation-misplaced": message("Quotations stand in the lines they name."),
    "quotation-differs": message("Quotations are word for word."),
    "broken-word": message("Words broken at the end of a line are joined as they should be."),
    "verbatim-without-evidence": message("Words said to be verbatim name their quotation."),
    "verbatim-differs": message("Words said to be verbatim stand in their quotation."),
}
_WARNINGS: dict[str, Message] = {"namespace-spelling": message("One vocabulary has one spelling.")}
_WARNINGS_HERE: dict[str, Message] = {
    "lines-uncovered": message("Every line of a document is quoted or marked as layout."),
    "lines-twice": message("No line of a document is quoted twice."),
}


def criteria(shapes: Iterable[ox.Quad], rules: Sequence[Rule], *, here: bool = True) -> list[Criterion]:
    """The shapes with an IRI that are not switched off, the lint rules, and what is checked in any case.

    here: what is checked is this project, with its documents and dates, and not somebody else's graph.
    """
    violations = {**_EVERYWHERE, **(_HERE if here else _ELSEWHERE)}
    warnings = {**_WARNINGS, **(_WARNINGS_HERE if here else {})}
    return [
        *(Criterion(key, Severity.VIOLATION, name, name) for key, name in violations.items()),
        *(Criterion(key, Severity.WARNING, name, name) for key, name in warnings.items()),
        *(Criterion(rule.id, rule.severity, {}, rule.messages) for rule in rules),
        *_shapes(shapes),
    ]


def _shapes(quads: Iterable[ox.Quad]) -> Iterable[Criterion]:
    stated: dict[str, dict[str, list[ox.NamedNode | ox.Literal]]] = {}
    for quad in quads:
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode | ox.Literal):
            of_shape = stated.setdefault(quad.subject.value, {})
            of_shape.setdefault(quad.predicate.value, []).append(quad.object)
        elif isinstance(quad.subject, ox.NamedNode):
            stated.setdefault(quad.subject.value, {}).setdefault(quad.predicate.value, [])
    for iri, of_shape in sorted(stated.items()):
        kinds = {kind.value for kind in of_shape.get(str(RDF.type), ())}
        off = any(value.value == "true" for value in of_shape.get(str(SH.deactivated), ()))
        if (kinds & _SHAPES or _MARKS & of_shape.keys()) and not off:
            severity = next((each.value for each in of_shape.get(str(SH.severity), ())), "")
            names, texts = (
                _texts([value for each in predicates for value in of_shape.get(str(each), ())])
                for predicates in ((SH.name, RDFS.label), (SH.message, SH.description, RDFS.comment))
            )
            yield Criterion(iri, _SEVERITIES.get(severity, Severity.VIOLATION), names, texts)


def _texts(values: Iterable[ox.NamedNode | ox.Literal]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for value in values:
        if isinstance(value, ox.Literal):
            texts.setdefault(value.language or "en", value.value)
    return texts
