"""National policy graphs of any size as N-Quads, in the shape of the project's own data.

That is the ontology, and for each unit of scale one plan, which is about as large as the project's own data:
see ``plans``. The same scale, seed and shape give the same bytes. One plan at a time is in memory.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from endpoints.plans import Plan, key_of, renamed
from endpoints.shape import PROJECT, shape_of

SEED = 4


@dataclass(frozen=True)
class Made:
    """A graph in files: the named graphs alone, and the same with their union as the default graph beside."""

    scale: int
    named: Path
    copied: Path
    triples: int
    graphs: int


def make(folder: Path, project: Path, scale: int, *, seed: int = SEED) -> Made:
    """Write the graph of ``scale`` plans into ``folder``; ontology and shape are those of ``project``."""
    named, copied = folder / f"{scale}x.nq", folder / f"{scale}x-with-union.nq"
    triples, graphs = 0, 0
    with named.open("wb") as one, copied.open("wb") as both:
        for quads in _parts(project, scale, seed):
            listed = list(dict.fromkeys(quads))
            union = list(dict.fromkeys(_in_default(quad) for quad in listed))
            text = _written(listed)
            one.write(text)
            both.write(text + _written(union))
            triples += len(union)
            graphs += len({quad.graph_name for quad in listed})  # no two parts share a graph
    return Made(scale, named, copied, triples, graphs)


def things(scale: int, count: int, *, project: Path = PROJECT) -> Iterator[str]:
    """IRIs of ``count`` measures, spread over the plans of a graph of ``scale``."""
    measures = shape_of(project).measures
    for each in range(count):
        plan = each * max(1, scale // count) % scale + 1
        yield renamed(measures[each % len(measures)].value, key_of(plan))


def _parts(project: Path, scale: int, seed: int) -> Iterator[Iterable[ox.Quad]]:
    shape = shape_of(project)
    yield shape.ontology
    for number in range(1, scale + 1):
        yield Plan(shape, number, seed).quads()


def _in_default(quad: ox.Quad) -> ox.Quad:
    return ox.Quad(quad.subject, quad.predicate, quad.object, ox.DefaultGraph())


def _written(quads: list[ox.Quad]) -> bytes:
    target = io.BytesIO()
    ox.serialize(quads, target, format=ox.RdfFormat.N_QUADS)
    return target.getvalue()
