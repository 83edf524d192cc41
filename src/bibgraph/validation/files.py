"""Files whose statements are to be checked: read into Python only where somebody wants to look at each."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from contextlib import suppress
from functools import cached_property

import pyoxigraph as ox

from bibgraph.repository import SourceFile
from bibgraph.turtle import name_blank_nodes, read_quads

WITH_OUTLINE = (".ttl", ".nt")
"""Files of one graph, which are Turtle: their text can be handed on, and told apart thing by thing."""

_ODD = b"<<"
_BLANK = (b"_:", b"[", b"(")
_LONG = b'"""'
_RELATIVE = re.compile(rb"<(?![A-Za-z][A-Za-z0-9+.-]*:)[^<>\"{}|^`\x00-\x20]*>")
_ESCAPE = re.compile(rb"\\.")
_SHORT = re.compile(rb'"[^"]*"')


class ReadFile:
    """A file and the quads that it holds."""

    def __init__(
        self, file: SourceFile, quads: Iterable[ox.Quad] | None = None, content: bytes | None = None
    ) -> None:
        """quads: those of the file, blank nodes named for good; else they are read when they are wanted.

        content: Turtle, as far as can be told yet without blank nodes; none where ``quads`` are given.
        """
        self.file = file
        self.content = content
        self._quads = None if quads is None else tuple(quads)

    @classmethod
    def of(cls, file: SourceFile, quads: Iterable[ox.Quad]) -> ReadFile:
        """The file with its quads, the blank nodes named so that they can be found in another reading."""
        return cls(file, named(file, quads))

    @classmethod
    def later(cls, file: SourceFile, content: bytes) -> ReadFile:
        """A file of Turtle with this content, unread if its text can stand for its quads.

        Raises SourceError for text that must be read at once and cannot.
        """
        if (
            file.path.suffix not in WITH_OUTLINE
            or _ODD in content
            or (file.base and _RELATIVE.search(content))
        ):
            return cls.of(file, _quads(file))
        return cls(file, content=content)

    @property
    def format(self) -> ox.RdfFormat:
        """That of ``content``."""
        return ox.RdfFormat.N_TRIPLES if self.file.path.suffix == ".nt" else ox.RdfFormat.TURTLE

    @cached_property
    def may_have_blanks(self) -> bool:
        """Whether there may be blank nodes, by the signs that they are written with."""
        return self.content is None or _may_have_blanks(self.content)

    @property
    def quads(self) -> tuple[ox.Quad, ...]:
        """The quads, blank nodes named for good. Raises SourceError if the file cannot be read."""
        if self._quads is None:
            found = _quads(self.file)
            self._quads = tuple(named(self.file, found) if self.may_have_blanks else found)
        return self._quads

    def settle(self) -> None:
        """Take the quads for what the file says, not its text."""
        self._quads = self.quads
        self.content = None

    @property
    def text(self) -> bytes:
        """Turtle, or N-Triples, that says the same, and the names of blank nodes with it."""
        if self.content is not None:
            return self.content
        return ox.serialize((quad.triple for quad in self.quads), format=ox.RdfFormat.N_TRIPLES) or b""

    def triples(self) -> Iterable[ox.Quad]:
        """The quads, in whatever graph: faster, where only their triples matter."""
        if self._quads is None and self.content is not None:
            with suppress(SyntaxError):
                return list(ox.parse(self.content, format=self.format))
        return self.quads


def _quads(file: SourceFile) -> list[ox.Quad]:
    return read_quads(file.path, name=file.name, graph=file.graph, base=file.base)


def _may_have_blanks(content: bytes) -> bool:
    """False only if all signs of blank nodes stand within texts or comments."""
    for sign in _BLANK:
        position = content.find(sign)
        if position >= 0 and _LONG in content:
            return True
        while position >= 0:
            before = content[content.rfind(b"\n", 0, position) + 1 : position]
            # Without escapes and whole texts, one text is left that begins before the sign.
            head, opened, rest = _SHORT.sub(b"", _ESCAPE.sub(b"", before)).partition(b'"')
            if not opened or b'"' in rest or b"'" in head:
                return True
            position = content.find(sign, position + 1)
    return False


def named(file: SourceFile, quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """The quads with blank nodes named so that they can be found in another reading of the file."""
    return name_blank_nodes(quads, f"b{hashlib.sha256(file.graph.encode()).hexdigest()[:8]}")
