"""What follows for those who know only the standard vocabularies, and what must not: one case per file.

A case under ``cases/reasoning/`` has three graphs: ``<asserted>``; ``<expected>``, which must follow from it
with the ontology; ``<not-expected>``, which must not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest

from bibgraph.namespaces import ONTOLOGY
from bibgraph.reasoning import infer
from bibgraph.repository import Repository
from bibgraph.validation import Vocabularies

CASES = sorted((Path(__file__).parent / "cases" / "reasoning").glob("*.trig"))
BASE = "https://example.org/case/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
TYPE, PROPERTY = f"<{RDF}type>", f"<{RDF}Property>"
SUB_CLASS, SUB_PROPERTY = f"<{RDFS}subClassOf>", f"<{RDFS}subPropertyOf>"
OWN = f"<{ONTOLOGY}"

Fact = tuple[str, str, str]
"""A triple's three terms as N-Triples writes them."""


def facts(quads: Iterable[ox.Quad]) -> set[Fact]:
    return {(str(quad.subject), str(quad.predicate), str(quad.object)) for quad in quads}


@dataclass(frozen=True)
class Case:
    """The three graphs of a file."""

    asserted: list[ox.Quad]
    expected: set[Fact]
    not_expected: set[Fact]

    @classmethod
    def read(cls, path: Path) -> Case:
        """The case in a TriG file; the names of its graphs are relative."""
        parts: dict[str, list[ox.Quad]] = {name: [] for name in ("asserted", "expected", "not-expected")}
        for quad in ox.parse(path=path, base_iri=BASE):
            parts[str(quad.graph_name)[1:-1].removeprefix(BASE)].append(quad)
        return cls(parts["asserted"], facts(parts["expected"]), facts(parts["not-expected"]))


@pytest.fixture(scope="module")
def ontology(repository: Repository) -> list[ox.Quad]:
    return repository.quads("ontology")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_follows_and_what_does_not(ontology: list[ox.Quad], path: Path) -> None:
    case = Case.read(path)
    found = facts(infer([*ontology, *case.asserted]))
    assert case.expected, "the case expects nothing"
    assert case.not_expected, "the case rules out nothing"
    assert case.expected - found == set()
    assert case.not_expected & (found | facts(case.asserted)) == set()


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_must_not_follow_is_ruled_out_in_words_that_exist(
    repository: Repository, ontology: list[ox.Quad], path: Path
) -> None:
    """A slip in a triple that must not follow would make it never follow, and the test never fail."""
    case = Case.read(path)
    vocabularies = Vocabularies(ontology, repository.quads("shapes"))
    spoken_of = {node for subject, _, object_ in facts(case.asserted) for node in (subject, object_)}
    for subject, predicate, object_ in case.not_expected:
        terms = [predicate, object_] if predicate == TYPE else [predicate]
        assert [term for term in terms if vocabularies.lacks(term[1:-1])] == []
        assert subject in spoken_of


def test_every_alignment_with_another_vocabulary_is_expected_by_a_case(ontology: list[ox.Quad]) -> None:
    cases = [Case.read(path) for path in CASES]
    untried = {
        (lower, upper)
        for lower, kind, upper in facts(ontology)
        if (kind == SUB_CLASS and not any(tries_class(case, lower, upper) for case in cases))
        or (kind == SUB_PROPERTY and not any(tries_property(case, lower, upper) for case in cases))
    }
    assert untried == {(f"{OWN}VerbatimProperty>", PROPERTY)}


def tries_class(case: Case, lower: str, upper: str) -> bool:
    """Whether a thing of the ``lower`` class is expected to be of the ``upper``."""
    known = facts(case.asserted) | case.expected
    below = {subject for subject, predicate, object_ in known if (predicate, object_) == (TYPE, lower)}
    return any((thing, TYPE, upper) in case.expected for thing in below)


def tries_property(case: Case, lower: str, upper: str) -> bool:
    """Whether a value of the ``lower`` property is expected to be one of the ``upper``."""
    known = facts(case.asserted) | case.expected
    below = {(subject, object_) for subject, predicate, object_ in known if predicate == lower}
    return any((subject, upper, object_) in case.expected for subject, object_ in below)


def test_no_thing_becomes_of_a_class_of_ours_that_nobody_stated(repository: Repository) -> None:
    """A domain or range that is too narrow would do so, over the real data."""
    inferred = facts(infer(repository.quads("ontology", "data")))
    assert {fact for fact in inferred if fact[1] == TYPE and fact[2].startswith(OWN)} == set()
