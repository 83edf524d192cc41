"""The dumps, made by a process of its own: ``python -m bibgraph.publish.making ROOT FOLDER VERSION``.

The graph comes in as N-Quads on standard input, what is inferred in the graph of that name. ROOT holds the
project's queries; VERSION names the graph. What goes wrong is told on standard error.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock

import pyoxigraph as ox

from bibgraph.errors import BibgraphError, SourceError
from bibgraph.messages import message
from bibgraph.namespaces import INFERRED
from bibgraph.publish import dumps, stratml
from bibgraph.repository import Repository
from bibgraph.store.embedded import EmbeddedStore

_FOLLOWS = ox.NamedNode(str(INFERRED))
_WHOLE = b"# whole\n"
"""The last line, a comment: who sends the graph may be ended before all of it is sent."""
_NICENESS = 10
"""Who reads pages goes first; a server that is busy all day still gives the files a tenth of a processor."""
_IN_ERRORS = "en"


class Maker:
    """Has other processes write dumps, until it is ended. ended: set when that begins."""

    def __init__(self) -> None:
        self.ended = Event()
        self._starting = Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def make(self, quads: Iterable[ox.Quad], root: Path, folder: Path, version: str) -> None:
        """Have another process write the dumps into ``folder``, and wait for it.

        Raises SourceError with what it says if it does not end well, CancelledError if this was ended.
        """
        command = [sys.executable, "-m", "bibgraph.publish.making", str(root), str(folder), version]
        with self._started(command) as process:
            if process.stdin is None or process.stderr is None:
                raise TypeError("both are pipes")
            try:
                with suppress(BrokenPipeError), process.stdin as pipe:  # it has ended, and says why
                    pipe.writelines(f"{quad} .\n".encode() for quad in self._while_wanted(quads))
                    pipe.write(_WHOLE)
                told = process.stderr.read().decode("utf-8", "replace").strip().splitlines()
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            self._check()
            reason = told[-1] if told else process.returncode
            raise SourceError(
                message("The dumps cannot be written: {reason}.", reason=reason), where=str(folder)
            )

    def end(self) -> None:
        """End what is under way, and start nothing any more; no file is written once this returns."""
        self.ended.set()
        with self._starting:
            if self._process is not None:
                self._process.kill()
                self._process.wait()

    def _started(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        with self._starting:
            self._check()
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603  # our own words, no shell
            return self._process

    def _while_wanted(self, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
        for quad in quads:
            self._check()
            yield quad

    def _check(self) -> None:
        if self.ended.is_set():
            raise CancelledError


def main(arguments: Sequence[str]) -> int:
    """Read the graph and write the files; 1 if that cannot be done."""
    root, folder, version = arguments
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    told = sys.stdin.buffer.read()
    try:
        if not told.endswith(_WHOLE):
            raise SourceError(message("The graph did not come whole."), where=folder)
        quads = list(ox.parse(told, format=ox.RdfFormat.N_QUADS))
        more = stratml.documents(EmbeddedStore(quads, version), Repository(Path(root)))
        inferred = [quad for quad in quads if quad.graph_name == _FOLLOWS]
        stated = [quad for quad in quads if quad.graph_name != _FOLLOWS]
        dumps.write(dumps.dump(stated, inferred, more), Path(folder))
    except BibgraphError as error:
        sys.stderr.write(error.text(_IN_ERRORS).partition("\n")[0] + "\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
