"""Shapes catch what they exist to catch: a sample of all mutants; ``make mutants`` runs every one."""

from __future__ import annotations

import re
from collections import Counter
from copy import copy
from pathlib import Path

import pytest
from rdflib import SH, Graph, Literal, URIRef

from bibgraph.repository import Repository
from mutation.meaning import Meaning
from mutation.operators import LEGAL, OTHER, UNCHANGED, Mutant, Operators, component
from mutation.report import kinds, known_survivors, page
from mutation.running import Outcome, breed, run, sample
from mutation.world import World

BGS = "https://w3id.org/bibgraph/shapes#"
ID = "https://w3id.org/bibgraph/id/"
CODE = f"{ID}code/"


@pytest.fixture(scope="module")
def world(repository: Repository) -> World:
    return World(repository)


@pytest.fixture(scope="module")
def mutants(world: World) -> list[Mutant]:
    return breed(world)


@pytest.fixture(scope="module")
def outcome(world: World, mutants: list[Mutant]) -> Outcome:
    return run(world, sample(mutants, 1))


def test_a_mutant_of_every_kind_is_caught_by_the_very_shape(outcome: Outcome) -> None:
    listed = known_survivors()
    assert {kind for kind in kinds(outcome.survived) if kind not in listed} == set()
    assert len(outcome.killed) > 500


def test_nothing_is_found_about_what_is_not_broken(outcome: Outcome) -> None:
    assert outcome.untouched == []


def test_every_constraint_of_every_shape_has_a_mutant(world: World, mutants: list[Mutant]) -> None:
    silent = {"path", "name", "message", "description", "severity", "property", "ignoredProperties"}
    silent |= {"targetClass", "targetSubjectsOf", "qualifiedValueShape", "deactivated"}
    asked = {
        (rule.owner, rule.shape, str(constraint).removeprefix(str(SH)))
        for rule in world.rules
        for constraint in world.shapes.predicates(rule.shape)
        if str(constraint).startswith(str(SH))
    }
    broken = {
        (mutant.rule.owner, mutant.rule.shape, mutant.constraint) for mutant in mutants if not mutant.excused
    }
    assert {each for each in asked - broken if each[2] not in silent} == set()


def test_the_components_are_those_that_shacl_has() -> None:
    assert component("minCount") == str(SH.MinCountConstraintComponent)
    assert component("or") == str(SH.OrConstraintComponent)


def test_excuses_are_given_by_rule_only(mutants: list[Mutant]) -> None:
    assert {mutant.excused for mutant in mutants} == {"", LEGAL, OTHER, UNCHANGED}
    assert all(set(each.stated) == set(each.thing.stated) for each in mutants if each.excused == UNCHANGED)
    assert all(set(each.stated) != set(each.thing.stated) for each in mutants if not each.excused)


def with_other_shapes(world: World) -> World:
    """The same world, with a copy of the shapes that may be changed."""
    other = copy(world)
    other.shapes = Graph()
    other.shapes += world.shapes
    return other


def test_weaker_shapes_let_mutants_through(world: World, mutants: list[Mutant]) -> None:
    """Otherwise the score would say nothing."""
    weaker = with_other_shapes(world)
    weaker.shapes.remove((URIRef(f"{BGS}Measure-number"), SH.maxCount, None))
    weaker.shapes.remove((URIRef(f"{BGS}StatusObservation-status"), SH["and"], None))
    assert kinds(run(weaker, sample(mutants, 1)).survived) == {
        ("bgs:Measure-number", "maxCount", "duplicated"),
        ("bgs:StatusObservation-status", "and", "misdirected"),
    }


def test_stronger_shapes_find_fault_with_what_is_valid(world: World, mutants: list[Mutant]) -> None:
    stronger = with_other_shapes(world)
    stronger.shapes.add((URIRef(f"{BGS}Measure-number"), SH.minCount, Literal(2)))
    numbered = [mutant for mutant in mutants if mutant.rule.shape == URIRef(f"{BGS}Measure-number")]
    assert f"{ID}measure/2030-2032/1" in run(stronger, numbered).untouched


def test_a_constraint_that_nothing_can_break_is_not_passed_over(world: World) -> None:
    other = with_other_shapes(world)
    other.shapes.add((URIRef(f"{BGS}Measure-number"), SH.minLength, Literal(1)))
    rule = next(rule for rule in other.rules if rule.shape == URIRef(f"{BGS}Measure-number"))
    thing = next(thing for thing in other.things if thing.iri == URIRef(f"{ID}measure/2030-2032/1"))
    with pytest.raises(KeyError):
        list(Operators(other).mutants(rule, thing))


@pytest.mark.parametrize(
    ("shape", "value", "expected"),
    [
        ("is-body", URIRef(f"{ID}organisation/library"), True),
        ("is-body", URIRef(f"{ID}unit/rooms"), False),
        ("is-described", URIRef(f"{ID}unit/rooms"), True),
        ("is-described", URIRef(f"{ID}nowhere"), False),
        ("is-described", Literal("x"), False),
        ("in-status-scheme", URIRef(f"{CODE}closed"), True),
        ("in-status-scheme", URIRef(f"{CODE}high"), False),
        ("in-nb", Literal("x", lang="nb"), True),
        ("in-nb", Literal("x", lang="nb-NO"), True),
        ("in-nb", Literal("x", lang="nn"), False),
        ("in-nb", Literal("x"), False),
        ("has-half-a-status", URIRef(f"{ID}status/2031-05-02/1"), False),
    ],
)
def test_what_conditions_mean(
    world: World,
    shape: str,
    value: URIRef | Literal,
    expected: bool,  # noqa: FBT001  # a row of the table
) -> None:
    assert Meaning(world).conforms(URIRef(BGS + shape), value) is expected


def test_the_page_is_up_to_date(mutants: list[Mutant], outcome: Outcome, checkout: Path) -> None:
    """Its figures are those of all mutants, which are bred here though only a sample is run."""
    text = (checkout / "docs" / "mutants.md").read_text(encoding="utf-8")
    faults = Counter(f"`sh:{mutant.constraint}`" for mutant in mutants if not mutant.excused)
    rows = re.findall(r"^\| (`sh:\w+`) \| (\d+) \| (\d+) \|$", text, re.MULTILINE)
    assert {name: int(number) for name, number, _ in rows} == dict(faults), "run `make mutants`"
    [score] = re.findall(r"Score: ([\d.]+)%", text)
    assert float(score) == pytest.approx(100 * outcome.score, abs=0.1)


def test_the_page_is_the_same_for_the_same_outcome(outcome: Outcome) -> None:
    assert page(outcome) == page(outcome)
    assert "Score: 100.00%" in page(outcome)
