"""What is asked: the ready questions, look-ups, descriptions, a mix of them all, and what the hostile send.

A ``Request`` is a query for any server. Made ``fresh``, it declares a prefix that it does not use and whose
name is new every time: another text, so that no cache of texts or answers can have it, for the same work.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from bibgraph.catalogue import Catalogue
from endpoints.answers import JSON, TRIPLES, Answer, rows_of
from endpoints.graphs import SEED, Made, things
from endpoints.plans import key_of
from endpoints.shape import THINGS

NUMBER = "@N@"
"""Stands in the text of a fresh request where its number goes."""

_PLAN = key_of(1)

VALUES = {
    "act-history": {"law": f"{THINGS}law/{_PLAN}/folkebibliotekloven"},
    "law-timeline": {"thing": f"{THINGS}law/{_PLAN}/folkebibliotekloven"},
    "measure-lineage": {"measure": f"{THINGS}measure/{_PLAN}/2023-2025/14"},
    "milestones": {"from": "2024-01-01", "to": "2024-12-31"},
    "quotations": {"thing": f"{THINGS}measure/{_PLAN}/2023-2025/3"},
    "status-history": {"strategy": "2023-2025"},
    "unit-history": {"thing": f"{THINGS}organisation/{_PLAN}/akershus-fylkeskommune"},
}
"""What stands in for the defaults where these leave everything. A strategy is that of the first plan."""

FIRST, OF = "measures", {"strategy": "2023-2025"}
"""What a server has to answer rightly to count as started; the answer is the same at all scales.

There is such a strategy in the project's own graph too.
"""

LOOKED_UP = 500
_PER_QUESTION = 2


@dataclass(frozen=True)
class Request:
    """A query by name, and the media type of its answer."""

    name: str
    query: str
    accept: str = JSON

    def fresh(self) -> Request:
        """The same with a place for a number that makes the text new."""
        return Request(self.name, f"PREFIX n{NUMBER}: <urn:n>\n{self.query}", self.accept)

    def numbered(self, number: int) -> str:
        """The text with a number in its place, if it has one."""
        return self.query.replace(NUMBER, str(number))


class _Asked:
    """A store in memory as ``bibgraph.parameters`` asks for it."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._store = ox.Store()
        for file in files:
            self._store.bulk_load(path=str(file))

    def query(self, text: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        return self._store.query(text)


def questions(project: Path, smallest: Made) -> list[Request]:
    """All ready questions, bound in the graph of scale 1, whose things every other has too."""
    store = _Asked([smallest.copied])
    bound = ((each.id, each.bind(VALUES.get(each.id, {}), store)) for each in _catalogue(project))
    return [Request(name, _bare(text)) for name, text in bound]


def first(project: Path, data: Sequence[Path]) -> tuple[Request, Answer]:
    """The question by whose right answer a server counts as started, and that answer from these files."""
    store = _Asked(data)
    request = Request(FIRST, _bare(_catalogue(project)[FIRST].bind(OF, store)))
    return request, rows_of(store.query(request.query))


def look_ups(scale: int) -> list[Request]:
    """All that is said of one thing, for many things."""
    return [
        Request("look-up", f"SELECT ?p ?o WHERE {{ <{each}> ?p ?o }}") for each in things(scale, LOOKED_UP)
    ]


def descriptions(scale: int) -> list[Request]:
    """DESCRIBE of one thing, for many things."""
    return [Request("describe", f"DESCRIBE <{each}>", TRIPLES) for each in things(scale, LOOKED_UP)]


def mixed(asked: Sequence[Request], scale: int) -> list[Request]:
    """Each question once, and for each two look-ups and a description, always in the same order."""
    few = len(asked)
    mix = [*asked, *look_ups(scale)[: few * _PER_QUESTION], *descriptions(scale)[:few]]
    random.Random(SEED).shuffle(mix)  # noqa: S311  # repeatable, not secret
    return [Request("mixed", each.query, each.accept) for each in mix]


def simple(scale: int) -> list[Request]:
    """What a polite visitor asks while others are hostile: look-ups, each text new."""
    return [each.fresh() for each in look_ups(scale)]


def hostile() -> Iterator[str]:
    """Queries that take all the time and memory they are given."""
    products = " ".join(f"?s{n} ?p{n} ?o{n} ." for n in range(4))
    yield f"SELECT * WHERE {{ {products} }} ORDER BY ?o3 ?o2 ?o1 LIMIT 1"
    yield f"SELECT (COUNT(*) AS ?n) WHERE {{ {products} }}"
    steps = "|".join(f"!<urn:x{n}>" for n in range(3))
    yield f"SELECT (COUNT(*) AS ?n) WHERE {{ ?a (({steps})+/({steps})+)+ ?b }}"
    doubled = "\n".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1})" for n in range(34))
    yield f'SELECT (STRLEN(?v34) AS ?n) WHERE {{ BIND("abcdefgh" AS ?v0)\n{doubled} }}'
    yield f"SELECT DISTINCT ?o0 ?o1 ?o2 WHERE {{ {products} FILTER(REGEX(STR(?o0), STR(?o1))) }}"


def _catalogue(project: Path) -> Catalogue:
    return Catalogue.load(sorted((project / "queries" / "questions").glob("*.rq")), root=project)


def _bare(text: str) -> str:
    """A question without the header of its file, which no server needs to read."""
    return "\n".join(line for line in text.splitlines() if line.strip() and not line.startswith("#"))
