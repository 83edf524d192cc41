"""The parts of a thing's page: which its kind has, and what each holds, stands in ``queries/pages/``.

The header of such a file says which classes it is ``of`` (``*`` for all), which template ``shows`` its rows,
its ``place`` on the page and its ``title`` in each language. The page does not tell again what properties of
the thing it ``covers``, and which that point to it (``covers-incoming``). A row's ``?witness`` is the thing
whose evidence stands beside it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from bibgraph.describe import Describer, Row, select, value_of
from bibgraph.messages import LANGUAGES
from bibgraph.namespaces import PREFIXES
from bibgraph.repository import Repository
from bibgraph.sparql import in_sparql

_LINE = re.compile(r"#\+[ \t]*([a-z-]+):[ \t]*(.*?)[ \t]*")
_BLOCK = re.compile(r"VALUES \?(\w+) \{ \}")
_ANY = "*"


@dataclass(frozen=True)
class Section:
    """A part that pages of things of some classes have. told: all that its header says."""

    name: str
    text: str
    classes: frozenset[str]
    shows: str
    place: int
    titles: Mapping[str, str]
    covers: frozenset[str]
    covers_incoming: frozenset[str]
    told: Mapping[str, str]

    def columns(self, language: str) -> dict[str, str]:
        """The headings by variable."""
        pairs = (part.split("=", 1) for part in self.told.get(f"columns-{language}", "").split(","))
        return {pair[0].strip(): pair[1].strip() for pair in pairs if len(pair) > 1}

    def suits(self, kinds: Collection[str]) -> bool:
        """Whether a thing of these classes has it."""
        return _ANY in self.classes or not self.classes.isdisjoint(kinds)


@dataclass(frozen=True)
class Filled:
    """A section with its rows."""

    section: Section
    rows: Sequence[Row]

    def title(self, language: str) -> str:
        """Its heading."""
        return self.section.titles.get(language, "")

    def column(self, name: str) -> list[str]:
        """The values of one variable, each once, in order; none that are unbound."""
        return list(dict.fromkeys(value_of(row[name]) for row in self.rows if row.get(name) is not None))

    def groups(self, *names: str) -> list[tuple[Row, list[Row]]]:
        """The rows that have the same values of these variables, in order, with the first of each."""
        found: dict[tuple[str, ...], list[Row]] = {}
        for row in self.rows:
            found.setdefault(tuple(value_of(row[name]) for name in names), []).append(row)
        return [(rows[0], rows) for rows in found.values()]

    def iris(self) -> set[str]:
        """Every IRI in the rows."""
        return {term.value for row in self.rows for term in row.values() if isinstance(term, ox.NamedNode)}


def read_sections(repository: Repository) -> list[Section]:
    """The sections of things' pages, in their places."""
    return [section for section in all_sections(repository) if section.classes]


def all_sections(repository: Repository) -> list[Section]:
    """All queries for pages whose header tells what to do with the answer, in their places."""
    folder = repository.root / "queries" / "pages"
    names = sorted(path.stem for path in folder.glob("page-*.rq"))
    found = [_section(name, repository.query(f"pages/{name}")) for name in names]
    return sorted((section for section in found if section.told), key=lambda each: each.place)


def overview_keys(repository: Repository) -> list[str]:
    """The keys of the overviews, in their places."""
    return [section.told["overview"] for section in all_sections(repository) if "overview" in section.told]


def _section(name: str, text: str) -> Section:
    told = {key: value for line in text.splitlines() for key, value in _matches(line)}
    return Section(
        name=name,
        text=text,
        classes=frozenset(map(_iri, told.get("of", "").split())),
        shows=told.get("shows", ""),
        place=int(told.get("place", "0")),
        titles={tag: told[f"title-{tag}"] for tag in LANGUAGES if f"title-{tag}" in told},
        covers=frozenset(map(_iri, told.get("covers", "").split())),
        covers_incoming=frozenset(map(_iri, told.get("covers-incoming", "").split())),
        told=told,
    )


def _matches(line: str) -> Iterable[tuple[str, str]]:
    match = _LINE.fullmatch(line)
    return [(match[1], match[2])] if match else []


def _iri(name: str) -> str:
    prefix, colon, local = name.partition(":")
    return PREFIXES[prefix] + local if colon else name


def fill(text: str, **terms: Iterable[ox.NamedNode | ox.Literal]) -> str:
    """The query with ``terms`` written into its empty ``VALUES ?name { }``; those not given are left open."""

    def block(found: re.Match[str]) -> str:
        written = " ".join(map(in_sparql, terms.get(found[1], ())))
        return f"VALUES ?{found[1]} {{ {written or 'UNDEF'} }}"

    return _BLOCK.sub(block, text)


def filled(sections: Iterable[Section], thing: str, describer: Describer) -> list[Filled]:
    """The sections that have something to say of the thing."""
    found = []
    for section in sections:
        rows = list(select(describer.store, fill(section.text, thing=[ox.NamedNode(thing)])))
        if rows:
            found.append(Filled(section, rows))
    return found
