"""N-Triples and N-Quads, read by the engine alone: millions of lines without a Python object for each.

Only lines with blank nodes go through Python, because the engine gives these other labels in every run.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pyoxigraph as ox

from bibgraph.turtle import label_blank_nodes
from bibgraph.turtle.reading import parse, syntax_error, too_long, unreadable

_FORMATS = {".nt": ox.RdfFormat.N_TRIPLES, ".nq": ox.RdfFormat.N_QUADS}
_PIECE = 1 << 20
_APART = re.compile(rb"_:|<<")
"""What stands in every line that has blank nodes; a text may have it too, and is then read as slowly."""


def read_lines(store: ox.Store, path: Path, home: str, scope: str) -> bool:
    """Put the quads of a file into ``store``, whose default graph must be empty; whether that was done.

    home: the IRI of the graph for triples without one. scope: what labels of blank nodes begin with. Raises
    SourceError for what cannot be read or does not parse.
    """
    format_ = _FORMATS.get(path.suffix)
    if format_ is None or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            split = _Split(file)
            store.bulk_load(split, format=format_)  # type: ignore[arg-type]  # it asks for no more than this
    except SyntaxError as error:
        raise syntax_error(error, str(path)) from error
    except MemoryError as error:
        raise too_long(str(path)) from error
    except OSError as error:
        raise unreadable(error, path, str(path)) from error
    store.update(f"ADD DEFAULT TO <{home}> ; CLEAR DEFAULT")
    apart = parse(split.apart(), format_, where=str(path), graph=home)[1]
    store.bulk_extend(label_blank_nodes(apart, scope))
    return True


class _Split:
    """A file without the lines that are to be read apart; these are empty, so that all keep their numbers."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        if file.read(len(BOM_UTF8)) != BOM_UTF8:
            file.seek(0)
        self._ready = BytesIO()
        self._apart: list[bytes] = []

    def read(self, most: int = -1) -> bytes:
        """The next bytes, as files give them; none at the end."""
        piece = self._ready.read(most)
        if not piece:
            self._ready = BytesIO(self._next())
            piece = self._ready.read(most)
        return piece

    def apart(self) -> bytes:
        """The other lines, at the same places."""
        return b"".join(self._apart)

    def _next(self) -> bytes:
        piece = self._file.read(_PIECE)
        if piece:
            piece += self._file.readline()
        if not _APART.search(piece):
            self._apart.append(b"\n" * piece.count(b"\n"))
            return piece
        lines = [(line, bool(_APART.search(line))) for line in piece.split(b"\n")]
        self._apart.append(b"\n".join(line if apart else b"" for line, apart in lines))
        return b"\n".join(b"" if apart else line for line, apart in lines)
