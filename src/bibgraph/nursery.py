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
import struct
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

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
    folders = {name: Path(path) for name, path in members["folders"].items()}
    settings = replace(Settings(), root=folders.get("root"), cache=folders.get("cache"))
    out = socket.socket(fileno=int(arguments[1])) if len(arguments) > 1 else None
    if out is not None:
        end_with_parent(_parent(out))  # much data take minutes to load, for nobody
    try:
        store = load(settings, [Path(path) for path in members["data"]], limits)
        store.settle()
    except BibgraphError as error:
        _say(out, b"X " + encode_error(error) + b"\n")
        return
    except Exception as error:  # noqa: BLE001  # whom it serves can tell of it, this process cannot
        told = SourceError(message("The data cannot be loaded: {reason}.", reason=reason(error)))
        _say(out, b"X " + encode_error(told) + b"\n")
        return
    if out is not None:
        from bibgraph.store.sandbox.zygote import Zygote  # noqa: PLC0415  # needs a system that can fork

        Zygote(out, store, limits).run()
    else:
        _serve_alone(store, limits)


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
