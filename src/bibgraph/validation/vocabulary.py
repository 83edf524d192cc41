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

from bibgraph.errors import QueryError
from bibgraph.findings import Finding, Severity
from bibgraph.messages import message
from bibgraph.namespaces import ONTOLOGY, SHAPES
from bibgraph.sparql import Kind, in_file, place, tokens
from bibgraph.suggestions import NEAR_ENOUGH, nearest
from bibgraph.validation.standards import (
    SCHEMA,
    SCHEMA_OTHER,
    Misspelt,
    is_growing,
    is_standard_term,
    standard_terms,
)
from bibgraph.validation.terms import show

_NEARLY_SAME = 0.75


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

    def lacks(self, iri: str) -> bool:
        """Whether ``iri`` lies in one of the namespaces, or was meant to, and is no term of it."""
        if iri not in self._meant:
            self._meant[iri] = self._look_up(iri)
        return self._meant[iri] is not None

    def similar(self, iri: str) -> str:
        """The term that was perhaps meant; empty if there is none near."""
        return (self._meant[iri] or "") if self.lacks(iri) else ""

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


def unknown_terms(quads: Iterable[ox.Quad], vocabularies: Vocabularies) -> list[Finding]:
    """A Violation for each thing and each term used of it, in any place, that its vocabulary lacks."""
    found: dict[tuple[str, str], Finding] = {}
    spellings = _Spellings()
    for quad in quads:
        thing = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else show(quad.subject)
        for term in (quad.predicate, quad.object, _datatype(quad.object)):
            if not isinstance(term, ox.NamedNode):
                continue
            spellings.note(term.value, thing, quad)
            if not vocabularies.lacks(term.value):
                continue
            in_object = term is not quad.predicate
            found.setdefault(
                (thing, term.value),
                replace(
                    _finding(term.value, vocabularies),
                    thing=thing,
                    path=show(quad.predicate),
                    value=show(quad.object) if in_object else "",
                ),
            )
    return [*(found[key] for key in sorted(found)), *spellings.findings()]


class _Spellings:
    """Notices when one graph spells schema.org in both ways, so that the two do not meet."""

    def __init__(self) -> None:
        self._first: dict[str, tuple[str, str]] = {}

    def note(self, iri: str, thing: str, quad: ox.Quad) -> None:
        """Keep the first use of each spelling."""
        if "://schema.org/" in iri:
            namespace = SCHEMA if iri.startswith(SCHEMA) else SCHEMA_OTHER
            use = (thing, show(quad.predicate))
            self._first[namespace] = min(use, self._first.get(namespace, use))

    def findings(self) -> list[Finding]:
        """One if both are used, at a use of the spelling that the project has not."""
        if len(self._first) == 1 or not self._first:
            return []
        thing, path = self._first[SCHEMA_OTHER]
        sentence = message(
            "Both {one} and {other} are used, which are different terms to a program.",
            one=SCHEMA,
            other=SCHEMA_OTHER,
        )
        hint = message("Write {one} everywhere, as this project does.", one=SCHEMA)
        return [Finding("namespace-spelling", Severity.WARNING, sentence, thing=thing, path=path, hint=hint)]


def unknown_terms_in_query(text: str, name: str, vocabularies: Vocabularies) -> list[Finding]:
    """The same for a SPARQL query; ``name`` is its file. Raises QueryError for what is no SPARQL."""
    findings: dict[str, Finding] = {}
    try:
        for line, iri in _iris(text):
            if vocabularies.lacks(iri) and iri not in findings:
                findings[iri] = replace(_finding(iri, vocabularies), file=name, line=line)
    except QueryError as error:
        raise in_file(error, name) from error
    return list(findings.values())


def _finding(iri: str, vocabularies: Vocabularies) -> Finding:
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


def _iris(text: str) -> Iterator[tuple[int, str]]:
    """Line and full form of each IRI and prefixed name of a query."""
    prefixes: dict[str, str] = {}
    declared = ""
    for token in tokens(text):
        line = int(place(text, token.start).partition(":")[0])
        if token.is_word("PREFIX"):
            declared = "PREFIX"
        elif declared and token.kind is Kind.NAME:
            declared = token.text
        elif declared and token.kind is Kind.IRI:
            prefixes[declared[:-1]] = token.text[1:-1]
            declared = ""
        elif token.kind is Kind.IRI:
            yield line, token.text[1:-1]
        elif token.kind is Kind.NAME:
            prefix, _, local = token.text.partition(":")
            yield line, prefixes.get(prefix, "") + local


def _local(quads: Iterable[ox.Quad], namespace: str) -> frozenset[str]:
    return frozenset(
        quad.subject.value.removeprefix(namespace)
        for quad in quads
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(namespace)
    )


def _split(iri: str) -> tuple[str, str]:
    end = max(iri.rfind("#"), iri.rfind("/")) + 1
    return iri[:end], iri[end:]


def _datatype(term: object) -> object:
    return term.datatype if isinstance(term, ox.Literal) else None
