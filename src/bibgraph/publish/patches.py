"""Change sets as RDF Patch (https://afs.github.io/rdf-delta/rdf-patch.html).

A patch has a section for each thing that changed, which begins with a comment of the kind of change and the
thing: ``# Update <https://…/id/measure/2023-2025/14>``. Below it stand the statements that went (``D``) and
those that came (``A``) as N-Quads, those of the thing's blank nodes among them. So the file is a patch for
any program that knows the format, and a list of change sets for this one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

import pyoxigraph as ox

from bibgraph.errors import SourceError
from bibgraph.messages import message

MEDIA_TYPE = "application/rdf-patch"

_SECTION = re.compile(r"# (\w+) (<[^<>\s]+>|_:\S+)")
_HEADER = ("H ", "TX", "TC", "#")


class Kind(Enum):
    """What happened to a thing, by the names that Activity Streams 2.0 and the LD4 API have for it."""

    CREATE = "Create"
    UPDATE = "Update"
    DEPRECATE = "Deprecate"
    DELETE = "Delete"


@dataclass(frozen=True)
class Change:
    """The change set of one thing: what is no longer said of it, and what is said of it now."""

    kind: Kind
    thing: str
    removed: tuple[ox.Quad, ...] = ()
    added: tuple[ox.Quad, ...] = ()

    def lines(self) -> Iterator[str]:
        """Its section in a patch."""
        name = self.thing if self.thing.startswith("_:") else f"<{self.thing}>"
        yield f"# {self.kind.value} {name}\n"
        yield from sorted(f"D {quad} .\n" for quad in self.removed)
        yield from sorted(f"A {quad} .\n" for quad in self.added)


def write(changes: Iterable[Change], version: str, previous: str = "") -> str:
    """The patch that leads from the graph with the hash ``previous`` (none: the empty one) to ``version``."""
    head = [f"H id <urn:sha256:{version}> .\n"]
    head += [f"H prev <urn:sha256:{previous}> .\n"] if previous else []
    sections = (line for change in changes for line in change.lines())
    return "".join((*head, "TX .\n", *sections, "TC .\n"))


def read(text: str, where: str) -> list[Change]:
    """The change sets of a patch. Raises SourceError, under the name ``where``, for one that is not ours."""
    lines = text.removesuffix("\n").split("\n")  # no other sign ends a line
    statements = [line[2:] for line in lines if not line.startswith(_HEADER)]
    try:
        quads = iter(list(ox.parse("\n".join(statements).encode(), format=ox.RdfFormat.N_QUADS)))
    except SyntaxError as error:
        raise _damaged(where) from error
    found: list[Change] = []
    removed: list[ox.Quad] = []
    added: list[ox.Quad] = []
    about: tuple[Kind, str] | None = None
    for line in (*lines, "TC ."):
        section = _SECTION.fullmatch(line)
        if section or line.startswith("TC"):
            if about:
                found.append(Change(*about, tuple(removed), tuple(added)))
            removed, added = [], []
            about = _about(section, where) if section else None
        elif not line.startswith(_HEADER):
            if about is None or line[:2] not in ("A ", "D "):
                raise _damaged(where)
            (added if line.startswith("A") else removed).append(next(quads))
    return found


def apply(state: Iterable[ox.Quad], changes: Sequence[Change]) -> set[ox.Quad]:
    """The graph after the changes."""
    removed = {quad for change in changes for quad in change.removed}
    return {*state} - removed | {quad for change in changes for quad in change.added}


def _about(section: re.Match[str], where: str) -> tuple[Kind, str]:
    try:
        return Kind(section[1]), section[2].strip("<>")
    except ValueError as error:
        raise _damaged(where) from error


def _damaged(where: str) -> SourceError:
    return SourceError(
        message("This is no change set that bibgraph wrote."),
        where=where,
        hint=message("Files of a release are never edited: take this one from git again."),
    )
