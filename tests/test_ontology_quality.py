"""Pitfalls of ontologies: terms that nothing uses, and prefixes that are declared for nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from bibgraph.namespaces import ONTOLOGY, OWL, RDF
from bibgraph.repository import Repository
from conftest import CHECKOUT

PREFIX = re.compile(r"^\s*@?prefix\s+([\w-]*):\s*<", re.IGNORECASE | re.MULTILINE)
WORDS = re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|<[^<>\s]*>|#[^\n]*')
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
FILES = sorted(
    path
    for folder in ("ontology", "shapes", "queries", "tests/cases")
    for ending in ("ttl", "rq", "trig")
    for path in (CHECKOUT / folder).rglob(f"*.{ending}")
)
# base.ttl lends its prefixes to the cases.
LENDING = {CHECKOUT / "tests/cases/base.ttl"}
OF_THE_ONTOLOGY = {"VerbatimProperty", "expectedEmpty"}
"""What is said of properties and shapes, not of things."""

AWAITED = {"wording"}
"""What only a later report can bring: the new wording of a measure."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(CHECKOUT).as_posix())
def test_no_prefix_is_declared_for_nothing(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    declared = set(PREFIX.findall(text))
    # Mappings declare the prefixes of the files they make.
    if path in LENDING or "queries/tables/" in path.as_posix():
        return
    plain = WORDS.sub(" ", PREFIX.sub(" ", text))
    unused = {prefix for prefix in declared if not re.search(rf"(?<![\w-]){prefix}:", plain)}
    assert unused == set()


def own_terms(repository: Repository) -> set[str]:
    return {
        quad.subject.value.removeprefix(ONTOLOGY)
        for quad in repository.quads("ontology")
        if isinstance(quad.subject, ox.NamedNode)
        and quad.subject.value.startswith(ONTOLOGY)
        and quad.predicate.value == RDF.type
        and isinstance(quad.object, ox.NamedNode)
        and quad.object.value in KINDS
    }


def test_every_term_of_ours_is_used_in_the_data(repository: Repository) -> None:
    used = {
        term.value.removeprefix(ONTOLOGY)
        for quad in repository.quads("data")
        for term in (quad.predicate, quad.object)
        if isinstance(term, ox.NamedNode) and term.value.startswith(ONTOLOGY)
    }
    terms = own_terms(repository)
    assert len(terms) > 100
    assert terms - used - OF_THE_ONTOLOGY == AWAITED


def test_every_term_of_ours_is_asked_for(repository: Repository) -> None:
    """In a ready question."""
    texts = [path.read_text(encoding="utf-8") for path in (CHECKOUT / "queries/questions").glob("*.rq")]
    asked = {name for text in texts for name in re.findall(r"\bbg:(\w+)", text)}
    assert own_terms(repository) - asked == OF_THE_ONTOLOGY
