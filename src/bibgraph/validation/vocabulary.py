"""Terms that their vocabulary does not have: misspelt properties, classes, and words of SHACL.

A misspelt term is silently legal RDF: a shape with ``sh:MinCount`` demands nothing, a measure with
``bg:nummber`` has no number. The terms of our own namespaces are those that the ontology and the shapes
declare; those of the standard vocabularies are the closed lists in ``standards``. Terms of other namespaces
are not judged, unless the namespace is that of a known vocabulary with a slip and the name one of its terms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import pyoxigraph as ox

from bibgraph.findings import Finding, Severity
from bibgraph.messages import message
from bibgraph.namespaces import ONTOLOGY, SHAPES
from bibgraph.suggestions import NEAR_ENOUGH, nearest
from bibgraph.turtle import to_store
from bibgraph.validation.standards import (
    SCHEMA,
    SCHEMA_OTHER,
    Misspelt,
    is_growing,
    is_standard_term,
    standard_terms,
)
from bibgraph.validation.stated import Asked
from bibgraph.validation.terms import show

_NEARLY_SAME = 0.75
_PREDICATES = "SELECT DISTINCT ?predicate (DATATYPE(?object) AS ?datatype) { ?subject ?predicate ?object }"
_OBJECTS = "SELECT DISTINCT ?object { ?subject ?predicate ?object FILTER ISIRI(?object) }"
_TYPED = """SELECT ?subject ?predicate ?object
{{ ?subject ?predicate ?object FILTER (DATATYPE(?object) = {datatype}) }}"""


class Vocabularies:
    """Namespaces whose terms are all known: the standard ones, and our own."""

    def __init__(
        self,
        ontology: Iterable[ox.Quad],
        shapes: Iterable[ox.Quad],
        own: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        """Our own terms are the subjects of ``ontology`` and ``shapes`` in our two namespaces.

        own: in their place, names by namespace.
        """
        self._own = (
            own
            if own is not None
            else {
                str(ONTOLOGY): _local(ontology, str(ONTOLOGY)),
                str(SHAPES): _local(shapes, str(SHAPES)),
            }
        )
        self._misspelt = Misspelt({**self._own})
        self._meant: dict[str, str | None] = {}
        self._silent: dict[str, bool] = {}

    def lacks(self, iri: str) -> bool:
        """Whether ``iri`` lies in one of the namespaces, or was meant to, and is no term of it."""
        if iri not in self._meant:
            self._meant[iri] = self._look_up(iri)
        return self._meant[iri] is not None

    def similar(self, iri: str) -> str:
        """The term that was perhaps meant; empty if there is none near."""
        return (self._meant[iri] or "") if self.lacks(iri) else ""

    def lacking(self, iris: Iterable[str]) -> Iterator[str]:
        """Those of many IRIs that their vocabulary lacks."""
        for iri in iris:
            namespace, _ = _split(iri)
            if namespace not in self._silent:
                known = namespace in self._own or bool(standard_terms(namespace))
                self._silent[namespace] = not known and self._misspelt.is_silent_about(namespace)
            if not self._silent[namespace] and self.lacks(iri):
                yield iri

    def _look_up(self, iri: str) -> str | None:
        """None for a right term and what is not known here; else what was perhaps meant, if anything."""
        namespace, name = _split(iri)
        own = self._own.get(namespace)
        names = own if own is not None else standard_terms(namespace)
        if not name or name in names or is_standard_term(namespace, name):
            return None
        if own is None and not names:
            return self._misspelt.meant(iri, namespace, name) or None
        enough = _NEARLY_SAME if is_growing(namespace) else NEAR_ENOUGH
        near = nearest(name, names, enough=enough)
        if is_growing(namespace) and not near:
            return None
        return namespace + near[0] if near else ""


def unknown_terms(data: Iterable[ox.Quad] | Asked, vocabularies: Vocabularies) -> list[Finding]:
    """A Violation for each thing and each term used of it, in any place, that its vocabulary lacks."""
    asked = data if isinstance(data, Asked) else Asked(to_store(data))
    found: dict[tuple[str, str], Finding] = {}
    used = _Used(asked)
    for iri in vocabularies.lacking(sorted(used.iris)):
        for triple in used.uses(iri):
            thing = _name(triple.subject)
            found.setdefault(
                (thing, iri),
                replace(
                    finding_of(iri, vocabularies),
                    thing=thing,
                    path=show(triple.predicate),
                    value=show(triple.object),
                ),
            )
    return [*(found[key] for key in sorted(found)), *_spellings(used)]


class _Used:
    """The IRIs of all predicates, objects and datatypes, and where they are used."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._datatypes: set[str] = set()
        self.iris = {_name(row["object"]) for row in asked.rows(_OBJECTS)}
        for row in asked.rows(_PREDICATES):
            self.iris.add(_name(row["predicate"]))
            if row["datatype"] is not None:
                self._datatypes.add(_name(row["datatype"]))
        self.iris |= self._datatypes

    def uses(self, iri: str) -> list[ox.Triple]:
        """The statements that use a term: as predicate, then as object or datatype."""
        term = ox.NamedNode(iri)
        found = {*self._asked.matching(predicate=term), *self._asked.matching(value=term)}
        for row in self._asked.rows(_TYPED.format(datatype=term)) if iri in self._datatypes else ():
            found.add(ox.Triple(row["subject"], row["predicate"], row["object"]))
        return sorted(found, key=lambda triple: (triple.predicate != term, str(triple)))


def _spellings(used: _Used) -> list[Finding]:
    """One if the graph spells schema.org in both ways, so that the two do not meet; at a use of the other."""
    others = [iri for iri in used.iris if iri.startswith(SCHEMA_OTHER)]
    if not others or not any(iri.startswith(SCHEMA) for iri in used.iris):
        return []
    uses = (triple for iri in others for triple in used.uses(iri))
    thing, path = min((_name(triple.subject), show(triple.predicate)) for triple in uses)
    sentence = message(
        "Both {one} and {other} are used, which are different terms to a program.",
        one=SCHEMA,
        other=SCHEMA_OTHER,
    )
    hint = message("Write {one} everywhere, as this project does.", one=SCHEMA)
    return [Finding("namespace-spelling", Severity.WARNING, sentence, thing=thing, path=path, hint=hint)]


def finding_of(iri: str, vocabularies: Vocabularies) -> Finding:
    """What there is to say of a term that its vocabulary lacks, wherever it stands."""
    meant = vocabularies.similar(iri)
    term = show(ox.NamedNode(iri))
    sentence = (
        message("There is no term {term}. Did you mean {meant}?", term=term, meant=show(ox.NamedNode(meant)))
        if meant
        else message("There is no term {term}. Correct the name, or define the term.", term=term)
    )
    namespace, _ = _split(meant)
    slip = bool(meant) and not iri.startswith(namespace)
    hint = (
        message("The vocabulary is at {namespace}; correct the prefix.", namespace=namespace)
        if slip
        else None
    )
    return Finding("unknown-term", Severity.VIOLATION, sentence, hint=hint)


def _local(quads: Iterable[ox.Quad], namespace: str) -> frozenset[str]:
    return frozenset(
        quad.subject.value.removeprefix(namespace)
        for quad in quads
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(namespace)
    )


def _split(iri: str) -> tuple[str, str]:
    end = max(iri.rfind("#"), iri.rfind("/")) + 1
    return iri[:end], iri[end:]


def _name(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else show(term)
