"""One plan of a generated graph: a strategy, and the law, bodies, projects, money and reports around it.

The first plan is linked as the project's own data is, so that each ready question has its answer in it. The
others are linked a little differently, and larger or smaller. Every plan has its own mark in all names, and
other words in the texts, other amounts and other addresses; the years go back from plan to plan.
"""

from __future__ import annotations

import random
import re
import string
from collections.abc import Iterator

import pyoxigraph as ox

from endpoints.shape import GRAPHS, THINGS, WORD, Shape

YEARS = 15
"""So many plans in turn are a year older each; the first is of the newest."""
DATES = {
    ox.NamedNode(name)
    for name in (
        "http://www.w3.org/2001/XMLSchema#date",
        "http://www.w3.org/2001/XMLSchema#gYear",
        "http://id.loc.gov/datatypes/edtf/EDTF",
    )
}
INTEGER = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")
LARGE = 10_000
"""Numbers from here on are amounts, not places, counts or years."""
REDRAWN = 0.1
"""The share of the links that lead elsewhere in all plans but the first."""
MOST_CHANGED = 0.3
"""Of the things to which nothing leads at most this share is left out, and as much comes twice."""

_YEAR = re.compile(r"(?<!\d)(\d{4})(-02-29)?(?!\d)")
_CODE = re.compile(r"\d{6,}")
_ONCE = ("",)


def key_of(number: int) -> str:
    """What tells the names of a plan from those of the others."""
    return f"plan-{number:05}"


def renamed(iri: str, key: str) -> str:
    """The name that a thing, graph or page has in a plan; one that is no name of ours or page is kept."""
    for base in (THINGS, GRAPHS):
        if iri.startswith(base):
            kind, slash, rest = iri.removeprefix(base).partition("/")
            return f"{base}{kind}/{key}{slash}{rest}"
    scheme, found, rest = iri.partition("://")
    return f"{scheme}://{key}.library.example/{rest}" if found else iri


class Plan:
    """The statements of one plan. The same shape, number and seed give the same ones in the same order."""

    def __init__(self, shape: Shape, number: int, seed: int) -> None:
        self.key = key_of(number)
        self._shape, self._first = shape, number == 1
        self._random = random.Random(f"{seed}/{number}")  # noqa: S311  # repeatable, not secret
        self._older = (number - 1) % YEARS
        self._per_mille = self._random.randint(500, 1500)
        digits = "".join(self._random.sample(string.digits, len(string.digits)))
        self._digits = str.maketrans(string.digits, digits)
        self._words = {
            language: dict(zip(words, self._random.sample(words, len(words)), strict=True))
            for language, words in shape.words.items()
        }
        self._named: dict[tuple[ox.NamedNode, str], ox.NamedNode] = {}
        self._said: dict[tuple[ox.Literal, bool], ox.Literal] = {}

    def quads(self) -> Iterator[ox.Quad]:
        """What the plan says. What is said of things that all plans share is in the first alone."""
        copies = {} if self._first else dict(self._copies())
        for quad in self._shape.data:
            subject = quad.subject
            if isinstance(subject, ox.NamedNode):
                if subject.value in self._shape.fixed and not self._first:
                    continue
                for copy in copies.get(subject, _ONCE):
                    yield self._quad(self._name(subject, copy), quad)
            elif isinstance(subject, ox.BlankNode):
                yield self._quad(self._blank(subject), quad)

    def _copies(self) -> Iterator[tuple[ox.NamedNode, tuple[str, ...]]]:
        """The things that are left out, without a copy, and those that come twice, with two."""
        share = self._random.uniform(0, MOST_CHANGED), self._random.uniform(0, MOST_CHANGED)
        for thing in self._shape.leaves:
            drawn = self._random.random()
            if drawn < share[0]:
                yield thing, ()
            elif drawn > 1 - share[1]:
                yield thing, ("", "-2")

    def _quad(self, subject: ox.NamedNode | ox.BlankNode, quad: ox.Quad) -> ox.Quad:
        graph = quad.graph_name
        placed = self._name(graph) if isinstance(graph, ox.NamedNode) else graph
        value = quad.object
        if isinstance(value, ox.NamedNode):
            return ox.Quad(subject, quad.predicate, self._name(self._led(quad.predicate, value)), placed)
        if isinstance(value, ox.BlankNode):
            return ox.Quad(subject, quad.predicate, self._blank(value), placed)
        if isinstance(value, ox.Literal):
            return ox.Quad(subject, quad.predicate, self._literal(quad.predicate, value), placed)
        return ox.Quad(subject, quad.predicate, value, placed)

    def _led(self, predicate: ox.NamedNode, target: ox.NamedNode) -> ox.NamedNode:
        """What a link leads to: mostly what it does in the project's own data."""
        if self._first or target.value in self._shape.fixed or predicate not in self._shape.targets:
            return target
        drawn = self._random.random() < REDRAWN
        return self._random.choice(self._shape.targets[predicate]) if drawn else target

    def _name(self, node: ox.NamedNode, copy: str = "") -> ox.NamedNode:
        if node.value in self._shape.fixed:
            return node
        name = self._named.get((node, copy))
        if name is None:
            name = self._named[node, copy] = ox.NamedNode(renamed(node.value, self.key) + copy)
        return name

    def _blank(self, node: ox.BlankNode) -> ox.BlankNode:
        return ox.BlankNode(f"{self.key.replace('-', '')}{node.value}")

    def _literal(self, predicate: ox.NamedNode, literal: ox.Literal) -> ox.Literal:
        is_year = predicate.value.endswith("Year")
        said = self._said.get((literal, is_year))
        if said is None:
            said = self._said[literal, is_year] = self._anew(literal, is_year=is_year)
        return said

    def _anew(self, literal: ox.Literal, *, is_year: bool) -> ox.Literal:
        """The same sort of value: what are equal values in the project's own data are equal here."""
        text, datatype = literal.value, literal.datatype
        if literal.language:
            return ox.Literal(self._text(text, literal.language), language=literal.language)
        if is_year or datatype in DATES:
            return ox.Literal(_YEAR.sub(self._moved, text), datatype=datatype)
        if datatype == INTEGER:
            return ox.Literal(str(self._amount(int(text))), datatype=datatype)
        if text.startswith(THINGS) and text not in self._shape.fixed:
            return ox.Literal(renamed(text, self.key), datatype=datatype)
        return ox.Literal(_CODE.sub(lambda found: found[0].translate(self._digits), text), datatype=datatype)

    def _amount(self, number: int) -> int:
        return number * self._per_mille // 1000 if number >= LARGE else number

    def _moved(self, found: re.Match[str]) -> str:
        day = found[2] or ""
        return f"{int(found[1]) - self._older:04}{'-02-28' if day and self._older % 4 else day}"

    def _text(self, text: str, language: str) -> str:
        words = self._words[language]

        def other(found: re.Match[str]) -> str:
            word = words.get(found[0].casefold(), found[0])
            return word.capitalize() if found[0][0].isupper() else word

        return WORD.sub(other, text)
