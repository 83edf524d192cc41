"""The process that holds the data for a server: ``python -m bibgraph.nursery SETTINGS [SOCKET]``.

SETTINGS is what ``store.sandbox.nursery.command`` makes of them. With SOCKET, the number of a socket that is
open, it is a zygote; without, it is a worker that reads jobs from its standard input, for systems that cannot
fork.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import BinaryIO

from bibgraph.config import Settings
from bibgraph.errors import BibgraphError
from bibgraph.graph import load
from bibgraph.limits import Limits
from bibgraph.store.embedded import EmbeddedStore
from bibgraph.store.sandbox.frames import encode_error

_PIECE = 65536


def main(arguments: Sequence[str]) -> None:
    """Load the data, say so or what is wrong with them, and serve."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whom it serves, and it ends with that
    members = json.loads(arguments[0])
    limits = Limits(**members["limits"])
    folders = {name: Path(path) for name, path in members["folders"].items()}
    settings = replace(Settings(), root=folders.get("root"), cache=folders.get("cache"))
    out = socket.socket(fileno=int(arguments[1])) if len(arguments) > 1 else None
    try:
        store = load(settings, [Path(path) for path in members["data"]], limits)
    except BibgraphError as error:
        _say(out, b"X " + encode_error(error) + b"\n")
        return
    if out is not None:
        from bibgraph.store.sandbox.zygote import Zygote  # noqa: PLC0415  # needs a system that can fork

        Zygote(out, store, limits).run()
    else:
        _serve_alone(store, limits)


def _serve_alone(store: EmbeddedStore, limits: Limits) -> None:
    from bibgraph.store.sandbox.worker import bound, rehearse, serve  # noqa: PLC0415

    rehearse(store, limits)
    pipes = _Pipes(sys.stdin.buffer, sys.stdout.buffer)
    bound(limits.memory)
    _say(None, f"R {store.version}\n".encode())
    serve(pipes, store, limits)


class _Pipes:
    """Standard input and output, as a worker uses a socket.

    A thread reads, so that on every system the process ends with whom it serves, even in a query.
    """

    def __init__(self, source: BinaryIO, sink: BinaryIO) -> None:
        self._sink = sink
        self._pieces: SimpleQueue[bytes] = SimpleQueue()
        Thread(target=self._read, args=(source.fileno(),), daemon=True).start()

    def _read(self, descriptor: int) -> None:
        while piece := os.read(descriptor, _PIECE):
            self._pieces.put(piece)
        os._exit(0)

    def recv(self, _: int) -> bytes:
        return self._pieces.get()

    def sendall(self, data: bytes) -> None:
        self._sink.write(data)
        self._sink.flush()


def _say(out: socket.socket | None, line: bytes) -> None:
    if out is not None:
        out.sendall(line)
    else:
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
