"""A process over a copy of another one's store: ``python -m bibgraph.store.sandbox.copy``.

Its standard input brings the length of a line of JSON, the line, as many bytes of N-Quads as that says, and
then jobs; to its standard output it says that it is ready, and then the answers.
"""

from __future__ import annotations

import json
import os
import signal
import sys

import pyoxigraph as ox

from bibgraph.store.embedded import EmbeddedStore
from bibgraph.store.sandbox.apart import UNBOUND
from bibgraph.store.sandbox.child import READY
from bibgraph.store.sandbox.frames import JOB
from bibgraph.store.sandbox.worker import Standard, serve

_PIECE = 1 << 20


def main() -> None:
    """Take the copy and serve."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whom it serves, and it ends with that
    (length,) = JOB.unpack(_taken(JOB.size))
    members = json.loads(_taken(length))
    quads = ox.parse(_taken(members.pop("size")), format=ox.RdfFormat.N_QUADS)
    store = EmbeddedStore(quads, **members)
    link = Standard(sys.stdin.buffer, sys.stdout.buffer)
    link.sendall(READY)
    serve(link, store, UNBOUND)


def _taken(length: int) -> bytes:
    """So many bytes of standard input, and no more. Raises EOFError."""
    held = bytearray()
    while len(held) < length:
        piece = os.read(sys.stdin.fileno(), min(_PIECE, length - len(held)))
        if not piece:
            raise EOFError
        held += piece
    return bytes(held)


if __name__ == "__main__":
    main()
