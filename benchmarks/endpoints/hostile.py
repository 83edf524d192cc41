"""Hostile clients in a process of their own: each sends its queries one after another until it is ended.

    python hostile.py PORT PATH_FILE CLIENTS

PATH_FILE has a path with a query on each line; "@N@" in it is made a number that is new every time. Each
client has an address of its own on loopback, 127.0.0.2 and so on. On SIGTERM the counts by status are
printed.
"""

from __future__ import annotations

import itertools
import json
import signal
import sys
import threading
import time
from collections import Counter
from http.client import HTTPConnection, HTTPException
from pathlib import Path

_WITHIN = 6.0
"""A second more than a query may take: who waits no longer leaves its work to the server, and sends more."""

_PAUSE = 0.1


def attack(port: int, paths: list[str], client: int, counts: Counter[str]) -> None:
    """Send every query in turn, for ever; the clients begin with different ones."""
    for number in itertools.count(client):
        connection = HTTPConnection(
            "127.0.0.1", port, timeout=_WITHIN, source_address=(f"127.0.0.{client + 2}", 0)
        )
        try:
            connection.request("GET", paths[number % len(paths)].replace("@N@", f"h{client}x{number}"))
            response = connection.getresponse()
            response.read()
            counts[str(response.status)] += 1
        except (OSError, HTTPException) as error:
            counts[type(error).__name__] += 1
            time.sleep(_PAUSE)
        finally:
            connection.close()


def main(port: int, file: Path, clients: int) -> None:
    """Attack until SIGTERM; then print the counts."""
    counts: Counter[str] = Counter()
    paths = file.read_text(encoding="utf-8").splitlines()
    for client in range(clients):
        threading.Thread(target=attack, args=(port, paths, client, counts), daemon=True).start()
    signal.sigwait([signal.SIGTERM])
    print(json.dumps(counts), flush=True)


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    main(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
