"""All mutants put to the shapes at once: each is a thing of its own, beside the valid world it points to."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox
from rdflib import Graph, URIRef

from bibgraph.turtle import from_rdflib
from bibgraph.validation.engines import REFERENCE, choose
from bibgraph.validation.results import Result
from bibgraph.validation.stated import Stated as Data
from bibgraph.validation.triples import Triples
from mutation.operators import Mutant, Operators
from mutation.world import Stated, World


@dataclass(frozen=True)
class Outcome:
    """What became of the mutants; untouched: things that a rule speaks about though nothing is wrong."""

    killed: Sequence[Mutant]
    survived: Sequence[Mutant]
    excused: Sequence[Mutant]
    untouched: Sequence[str]

    @property
    def score(self) -> float:
        """The share caught, of those that are faults."""
        faults = len(self.killed) + len(self.survived)
        return len(self.killed) / faults if faults else 0.0


def breed(world: World) -> list[Mutant]:
    """All mutants of all things, for every rule that is about them."""
    operators = Operators(world)
    # rdflib logs each ill-formed value with a traceback, and many mutants have one.
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    return [
        mutant
        for rule in world.rules
        for thing in world.things
        if world.is_about(rule.owner, thing.stated)
        for mutant in operators.mutants(rule, thing)
    ]


def sample(mutants: Iterable[Mutant], each: int) -> list[Mutant]:
    """The first of them, at most ``each`` for every shape, constraint and way, and every excuse."""
    seen: Counter[tuple[str, ...]] = Counter()
    chosen = []
    for mutant in mutants:
        kind = (mutant.rule.owner, mutant.rule.shape, mutant.constraint, mutant.way, mutant.excused)
        seen[kind] += 1
        if seen[kind] <= each:
            chosen.append(mutant)
    return chosen


def run(world: World, mutants: Sequence[Mutant], engine: str = REFERENCE) -> Outcome:
    """Put them, and unchanged copies of their things, to the shapes."""
    data = ox.Store()
    data.extend(from_rdflib(world.graph))
    faults = [mutant for mutant in mutants if not mutant.excused]
    copies = sorted({mutant.thing for mutant in mutants}, key=lambda thing: (thing.iri, thing.case))
    for number, mutant in enumerate(faults):
        data.extend(_copy(_mutant(number), mutant.stated))
    for number, thing in enumerate(copies):
        data.extend(_copy(_untouched(number), thing.stated))
    shapes = Triples.of(from_rdflib(world.shapes))
    stated = Data.of(data)
    found = _found(choose(engine).begin(stated, shapes).ended(stated, shapes))
    killed: list[Mutant] = []
    survived: list[Mutant] = []
    for number, mutant in enumerate(faults):
        caught = (_mutant(number), str(mutant.rule.shape), mutant.component) in found
        (killed if caught else survived).append(mutant)
    about = {focus for focus, _, _ in found}
    return Outcome(
        killed,
        survived,
        [mutant for mutant in mutants if mutant.excused],
        [str(thing.iri) for number, thing in enumerate(copies) if _untouched(number) in about],
    )


def _mutant(number: int) -> str:
    return f"https://w3id.org/bibgraph/id/mutant/{number}"


def _untouched(number: int) -> str:
    return f"https://w3id.org/bibgraph/id/copy/{number}"


def _copy(iri: str, stated: Stated) -> list[ox.Quad]:
    graph = Graph(bind_namespaces="none")
    for predicate, value in stated:
        graph.add((URIRef(iri), predicate, value))
    return from_rdflib(graph)


def _found(results: Iterable[Result]) -> set[tuple[str, str, str]]:
    """Focus node, shape and component of each result."""
    return {(result.focus.value, result.shape.value, result.component) for result in results}
