"""The process that holds the data for a server: ``python -m bibgraph.nursery SETTINGS SOCKET``.

SETTINGS is what ``store.sandbox.nursery.command`` makes of them. SOCKET is the number of a socket that is
open; the process is a zygote. On systems that cannot fork there are two kinds of processes instead:
``SETTINGS keep FILE`` writes the data to this file and ends, ``SETTINGS serve FILE VERSION`` is a worker over
what was written, which reads jobs from its standard input.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from bibgraph.config import Settings
from bibgraph.errors import BibgraphError, SourceError
from bibgraph.graph import load
from bibgraph.limits import Limits
from bibgraph.messages import message
from bibgraph.reasons import reason
from bibgraph.store.embedded import EmbeddedStore
from bibgraph.store.sandbox.frames import encode_error
from bibgraph.store.sandbox.worker import Standard, bound, end_with_parent, rehearse, serve

_PEER = struct.Struct("3i")
"""Process, user and group of who made a pair of sockets (``unix(7)``)."""


def main(arguments: Sequence[str]) -> None:
    """Load the data, say so or what is wrong with them, and serve."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whom it serves, and it ends with that
    members = json.loads(arguments[0])
    limits = Limits(**members["limits"])
    data = [Path(path) for path in members["data"]]
    folders = {name: Path(path) for name, path in members["folders"].items()}
    settings = replace(Settings(), root=folders.get("root"), cache=folders.get("cache"))
    match arguments[1:]:
        case ["keep", file]:
            store = _loaded(None, lambda: _kept(load(settings, data, limits), Path(file)))
            if store is not None:
                _say(None, f"R {store.version}\n".encode())
        case ["serve", file, version]:
            store = _loaded(None, lambda: _read(Path(file), version, limits))
            if store is not None:
                _serve_alone(store, limits)
        case [number]:
            _fork_from(socket.socket(fileno=int(number)), settings, data, limits)


def _fork_from(out: socket.socket, settings: Settings, data: Sequence[Path], limits: Limits) -> None:
    """Be a zygote."""
    end_with_parent(_parent(out))  # much data take minutes to load, for nobody
    store = _loaded(out, lambda: _settled(load(settings, data, limits)))
    if store is not None:
        from bibgraph.store.sandbox.zygote import Zygote  # noqa: PLC0415  # needs a system that can fork

        Zygote(out, store, limits).run()


def _loaded(out: socket.socket | None, made: Callable[[], EmbeddedStore]) -> EmbeddedStore | None:
    """The store that is made; None if there is none, and then it is said why."""
    try:
        return made()
    except BibgraphError as error:
        told = error
    except Exception as error:  # noqa: BLE001  # whom it serves can tell of it, this process cannot
        told = SourceError(message("The data cannot be loaded: {reason}.", reason=reason(error)))
    _say(out, b"X " + encode_error(told) + b"\n")
    return None


def _settled(store: EmbeddedStore) -> EmbeddedStore:
    """The store, made ready for many queries."""
    store.settle()
    return store


def _kept(store: EmbeddedStore, file: Path) -> EmbeddedStore:
    """The store, once what it holds is in the file."""
    file.write_bytes(store.lines())
    return store


def _read(file: Path, version: str, limits: Limits) -> EmbeddedStore:
    """A store of what is in the file."""
    quads = ox.parse(path=file, format=ox.RdfFormat.N_QUADS)
    return _settled(EmbeddedStore(quads, version, longest=limits.query_bytes, deepest=limits.nesting))


def _serve_alone(store: EmbeddedStore, limits: Limits) -> None:
    rehearse(store, limits)
    pipes = Standard(sys.stdin.buffer, sys.stdout.buffer)
    bound(limits.memory)
    _say(None, f"R {store.version}\n".encode())
    serve(pipes, store, limits)


def _parent(control: socket.socket) -> int:
    """Who holds the other end of this socket; it may have ended since."""
    if not hasattr(socket, "SO_PEERCRED"):
        return os.getppid()
    told: bytes = control.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size)
    return int(_PEER.unpack(told)[0])


def _say(out: socket.socket | None, line: bytes) -> None:
    if out is None:
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
        return
    with suppress(BrokenPipeError, ConnectionResetError):  # whom it serves has ended
        out.sendall(line)


if __name__ == "__main__":
    main(sys.argv[1:])
