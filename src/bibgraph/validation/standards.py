"""The terms of standard vocabularies, and which of them an IRI with a slip in its namespace stands for."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

from rdflib import DCAT, DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, VANN, VOID, XSD

from bibgraph.namespaces import PREFIXES

_VOCABULARIES = (DCAT, DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, VANN, VOID, XSD)
_MORE: dict[str, str] = {
    # rdflib has the second version of DCAT; these came with the third (W3C 2024).
    str(
        DCAT
    ): "DatasetSeries first hasCurrentVersion hasVersion inCatalog inSeries isDistributionOf isVersionOf "
    "last next nextVersion prev previousVersion resource seriesMember version",
    # RDF 1.2, and the elements of RDF/XML.
    str(RDF): "Proposition about dirLangString li nodeID parseType reifies resource ID",
    # SHACL Advanced Features.
    str(SH): "values",
}
_OTHERS: dict[str, str] = {
    # Not judged, since it is added to; only recognised where its namespace has a slip.
    PREFIXES["dcatap"]: "applicableLegislation availability hvdCategory",
}
SCHEMA = str(SDO)
SCHEMA_OTHER = "http://schema.org/"
"""The older spelling of the same vocabulary, still in wide use."""

_MEMBER = re.compile(r"_[1-9]\d*")
_LONG_ENOUGH, _ALIKE_PART, _ALIKE = 5, 0.75, 0.85
_GROWING = {str(DCAT), SCHEMA, SCHEMA_OTHER}


@lru_cache
def standard_terms(namespace: str) -> frozenset[str]:
    """The local names of a standard vocabulary; none for any other namespace."""
    if namespace == SCHEMA_OTHER:
        return standard_terms(SCHEMA)
    for vocabulary in _VOCABULARIES:
        if str(vocabulary) == namespace:
            plain = {str(term).removeprefix(namespace) for term in dir(vocabulary)}
            unusual = vocabulary._extras  # noqa: SLF001  # such as sh:class, which Python could not name
            return frozenset(plain.union(unusual, _MORE.get(namespace, "").split()))
    return frozenset()


def is_standard_term(namespace: str, name: str) -> bool:
    """Whether a standard vocabulary has the term; ``rdf:_1`` and on are terms too."""
    return name in standard_terms(namespace) or (namespace == str(RDF) and bool(_MEMBER.fullmatch(name)))


def is_growing(namespace: str) -> bool:
    """Whether terms are added to the vocabulary so often that one may be missing here that exists."""
    return namespace in _GROWING


class Misspelt:
    """Finds the vocabulary that was meant where an IRI's namespace is unknown, but its name is not."""

    def __init__(self, own: dict[str, Collection[str]]) -> None:
        """own: further vocabularies, names by namespace."""
        standards = {str(each): standard_terms(str(each)) for each in _VOCABULARIES}
        others = {namespace: frozenset(names.split()) for namespace, names in _OTHERS.items()}
        self._strict: dict[str, Collection[str]] = {**own}
        self._known: dict[str, Collection[str]] = {**others, **standards, **own}
        self._right = {*self._known, SCHEMA_OTHER, *PREFIXES.values()}
        self._by_host: dict[str, list[str]] = {}
        for namespace in self._known:
            self._by_host.setdefault(_host(namespace), []).append(namespace)
        self._near: dict[str, tuple[str, ...]] = {}

    def meant(self, iri: str, namespace: str, name: str) -> str:
        """The IRI that was meant by ``iri``, which is ``namespace`` and ``name``; empty if it looks right."""
        candidates = self._by_host.get(_host(iri), [])
        for each in candidates:
            # The slash or # at the end of the namespace is missing.
            if iri.startswith(each[:-1]) and iri[len(each) - 1 :] in self._known[each]:
                return each + iri[len(each) - 1 :]
        if namespace in self._right or not name:
            return ""
        if namespace not in self._near:
            self._near[namespace] = tuple(self._alike(namespace, candidates or self._known))
        return next((each + name for each in self._near[namespace] if name in self._known[each]), "")

    def _alike(self, namespace: str, candidates: Iterable[str]) -> Iterator[str]:
        for each in candidates:
            same = _bare(each) == _bare(namespace)
            if same or (each not in self._strict and _is_slip(_bare(namespace), _bare(each))):
                yield each


def _is_slip(written: str, right: str) -> bool:
    """Whether one namespace is the other with a slip: its end is right, or one long part of it is off."""
    one, other = written.split("/"), right.split("/")
    if one[-1] == other[-1]:
        return difflib.SequenceMatcher(None, written, right).ratio() >= _ALIKE
    differing = [(mine, its) for mine, its in zip(one, other, strict=False) if mine != its]
    if len(one) != len(other) or len(differing) != 1:
        return False
    [(mine, its)] = differing
    alike = difflib.SequenceMatcher(None, mine, its).ratio() >= _ALIKE_PART
    return min(len(mine), len(its)) >= _LONG_ENOUGH and alike


def _bare(namespace: str) -> str:
    return re.sub(r"^https?://(www\.)?|[/#]+$", "", namespace).casefold()


def _host(iri: str) -> str:
    return _bare(iri).partition("/")[0]
