"""The terms of standard vocabularies, and which of them an IRI with a slip in its namespace stands for."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib import resources

from bibgraph.namespaces import PREFIXES, RDF, SDO, SH

_MORE: dict[str, str] = {
    # The list has the second version of DCAT; these came with the third (W3C 2024).
    PREFIXES["dcat"]: "DatasetSeries first hasCurrentVersion hasVersion inCatalog inSeries isDistributionOf "
    "isVersionOf last next nextVersion prev previousVersion resource seriesMember version",
    # RDF 1.2, and the elements of RDF/XML.
    RDF: "Proposition about dirLangString li nodeID parseType reifies resource ID",
    # SHACL Advanced Features.
    SH: "values",
}
_OTHERS: dict[str, str] = {
    # Not judged, since it is added to; only recognised where its namespace has a slip.
    PREFIXES["dcatap"]: "applicableLegislation availability hvdCategory",
}
SCHEMA = str(SDO)
SCHEMA_OTHER = "http://schema.org/"
"""The older spelling of the same vocabulary, still in wide use."""

_AROUND = re.compile(r"^https?://(www\.)?|[/#]+$")
_REMEMBERED = 1024
_MEMBER = re.compile(r"_[1-9]\d*")
_LONG_ENOUGH, _ALIKE_PART, _ALIKE = 5, 0.75, 0.85
_GROWING = {PREFIXES["dcat"], SCHEMA, SCHEMA_OTHER}


@cache
def standards() -> Mapping[str, frozenset[str]]:
    """The local names of the standard vocabularies, by namespace."""
    known: dict[str, set[str]] = {}
    names: set[str] = set()
    text = resources.files("bibgraph.validation").joinpath("standard_terms.txt").read_text("utf-8")
    for line in text.splitlines():
        if line.startswith(" "):
            names.update(line.split())
        elif not line.startswith("#"):
            names = known.setdefault(line, set())
    return {each: frozenset(found.union(_MORE.get(each, "").split())) for each, found in known.items()}


def standard_terms(namespace: str) -> frozenset[str]:
    """The local names of a standard vocabulary; none for any other namespace."""
    return standards().get(SCHEMA if namespace == SCHEMA_OTHER else namespace, frozenset())


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
        others = {namespace: frozenset(names.split()) for namespace, names in _OTHERS.items()}
        self._strict: dict[str, Collection[str]] = {**own}
        self._known: dict[str, Collection[str]] = {**others, **standards(), **own}
        self._right = {*self._known, SCHEMA_OTHER, *PREFIXES.values()}
        self._by_host: dict[str, list[str]] = {}
        for namespace in self._known:
            self._by_host.setdefault(_host(namespace), []).append(namespace)
        self._near: dict[str, tuple[str, ...]] = {}

    def meant(self, iri: str, namespace: str, name: str) -> str:
        """The IRI that was meant by ``iri``, which is ``namespace`` and ``name``; empty if it looks right."""
        candidates = self._by_host.get(_host(namespace), [])
        for each in candidates:
            # The slash or # at the end of the namespace is missing.
            if iri.startswith(each[:-1]) and iri[len(each) - 1 :] in self._known[each]:
                return each + iri[len(each) - 1 :]
        if namespace in self._right or not name:
            return ""
        return next((each + name for each in self._near_to(namespace) if name in self._known[each]), "")

    def is_silent_about(self, namespace: str) -> bool:
        """Whether nothing is meant by any IRI of this namespace."""
        stems = (each[:-1] for each in self._by_host.get(_host(namespace), []))
        if not namespace or any(namespace.startswith(each) or each.startswith(namespace) for each in stems):
            return False
        return namespace in self._right or not self._near_to(namespace)

    def _near_to(self, namespace: str) -> tuple[str, ...]:
        if namespace not in self._near:
            candidates = self._by_host.get(_host(namespace), [])
            self._near[namespace] = tuple(self._alike(namespace, candidates or self._known))
        return self._near[namespace]

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


@lru_cache(maxsize=_REMEMBERED)
def _bare(namespace: str) -> str:
    return _AROUND.sub("", namespace).casefold()


def _host(iri: str) -> str:
    return _bare(iri).partition("/")[0]
