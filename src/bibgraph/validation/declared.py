"""The namespaces that a given ontology speaks for, and the names that are known in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from bibgraph.namespaces import OWL, RDF, RDFS, SH, VANN
from bibgraph.turtle import to_store
from bibgraph.validation.stated import Asked

_KINDS = {
    str(kind)
    for kind in (
        OWL.Class,
        RDFS.Class,
        RDFS.Datatype,
        RDF.Property,
        OWL.ObjectProperty,
        OWL.DatatypeProperty,
        OWL.AnnotationProperty,
    )
}
_TERM_PLACES = {
    str(place)
    for place in (
        *(RDF.type, RDFS.domain, RDFS.range, RDFS.subClassOf, RDFS.subPropertyOf),
        *(OWL.inverseOf, OWL.equivalentClass, OWL.equivalentProperty, OWL.onProperty, OWL.disjointWith),
        *(SH.path, SH["class"], SH.datatype, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf),
        *(SH.inversePath, SH.zeroOrMorePath, SH.oneOrMorePath, SH.zeroOrOnePath),
        *(SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals),
    )
}
"""Properties whose values are terms; elsewhere a thing may be spoken of without being described."""


def declared_terms(
    ontology: Iterable[ox.Quad], others: Iterable[ox.Quad] | Asked
) -> dict[str, frozenset[str]]:
    """By namespace of ``ontology``: the names in it that are something.

    A namespace is the ontology's if it is that of its IRI or its vann:preferredNamespaceUri; failing both,
    the one that most of the declared terms are in. A name is something if anything is stated of it, here or
    in ``others`` (shapes, data), or if it stands where things, not terms, are expected.
    """
    ontology = list(ontology)
    declared = [
        quad.subject.value
        for quad in ontology
        if isinstance(quad.subject, ox.NamedNode)
        and quad.predicate.value == str(RDF.type)
        and isinstance(quad.object, ox.NamedNode)
        and quad.object.value in _KINDS
    ]
    known: dict[str, set[str]] = {namespace: set() for namespace in _namespaces(ontology, declared)}
    if not isinstance(others, Asked):
        others = Asked(to_store(others))
    for iri in (*_known(ontology), *_known_there(others)) if known else ():
        namespace, name = split(iri)
        if namespace in known:
            known[namespace].add(name)
    return {namespace: frozenset(names) for namespace, names in known.items()}


def split(iri: str) -> tuple[str, str]:
    """Namespace and local name: parted after the last ``#`` or ``/``."""
    end = max(iri.rfind("#"), iri.rfind("/")) + 1
    return iri[:end], iri[end:]


def _namespaces(ontology: Iterable[ox.Quad], declared: list[str]) -> set[str]:
    counts = Counter(namespace for namespace, _ in map(split, dict.fromkeys(declared)) if namespace)
    stated: set[str] = set()
    for quad in ontology:
        value = quad.object.value if isinstance(quad.object, ox.NamedNode | ox.Literal) else ""
        if quad.predicate.value == str(VANN.preferredNamespaceUri):
            stated.add(value)
        elif value == str(OWL.Ontology) and isinstance(quad.subject, ox.NamedNode):
            iri = quad.subject.value
            stated.update((iri, f"{iri}#", f"{iri}/"))
    stated &= counts.keys()
    if stated or not counts:
        return stated
    [(most, count)] = counts.most_common(1)
    return {most} if 2 * count > counts.total() else set()


def _known(ontology: Iterable[ox.Quad]) -> Iterator[str]:
    for quad in ontology:
        if isinstance(quad.subject, ox.NamedNode):
            yield quad.subject.value
        if isinstance(quad.object, ox.NamedNode) and quad.predicate.value not in _TERM_PLACES:
            yield quad.object.value


def _known_there(others: Asked) -> Iterator[str]:
    places = ", ".join(f"<{place}>" for place in sorted(_TERM_PLACES))
    for query in (
        "SELECT DISTINCT ?it { ?it ?has ?some FILTER ISIRI(?it) }",
        f"SELECT DISTINCT ?it {{ ?any ?has ?it FILTER (ISIRI(?it) && ?has NOT IN ({places})) }}",
    ):
        yield from (row["it"].value for row in others.rows(query))
