"""A zygote whose store refuses nothing and does what it is told: ``python unguarded_nursery.py SOCKET``."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pyoxigraph as ox

from bibgraph.errors import QueryError
from bibgraph.limits import Limits
from bibgraph.messages import Message
from bibgraph.store import Answer
from bibgraph.store.sandbox.zygote import Zygote

MEMORY = 64 * 1024 * 1024


class Unguarded:
    """Oxigraph as it is, and some commands that no store has."""

    version = "unguarded"

    def __init__(self) -> None:
        self._store = ox.Store()

    def query(
        self, text: str, *, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> Answer:
        """The answer, with no look at what is asked."""
        del default_graphs, named_graphs
        if "<x:y>" in text:
            raise QueryError(Message("The rehearsal is not for this store.", {}))
        word, _, rest = text.partition(" ")
        if word in _COMMANDS:
            _COMMANDS[word](rest)
        try:
            return self._store.query("ASK {}" if word in _COMMANDS else text)
        except SyntaxError as error:
            raise QueryError(Message(str(error), {})) from error


def _connect(port: str) -> None:
    socket.create_connection(("127.0.0.1", int(port)))


def _fault(_: str) -> None:
    raise LookupError("a fault of ours")


_COMMANDS: dict[str, Callable[[str], object]] = {
    "open": lambda path: Path(path).read_bytes(),
    "write": lambda path: Path(path).write_bytes(b"x"),
    "list": os.listdir,
    "connect": _connect,
    "start": os.system,
    "abort": lambda _: os.abort(),
    "overflow": lambda _: os.kill(os.getpid(), signal.SIGSEGV),
    "exit": lambda _: os._exit(3),
    "hoard": lambda _: bytearray(MEMORY * 4),
    "fault": _fault,
}


if __name__ == "__main__":
    Zygote(socket.socket(fileno=int(sys.argv[1])), Unguarded(), Limits(memory=MEMORY)).run()
