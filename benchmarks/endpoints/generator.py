"""A load generator in a process of its own: a closed loop, or requests at a steady rate.

    python generator.py PORT FILE LABEL --seconds S [--connections C] [--rate R]

FILE is as ``wrk.lua`` reads it, and so is what is printed. With a rate, each request has its moment, and its
time counts from there, whether or not the server was ready for it: a server that stalls is not asked less.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

HOST = "127.0.0.1"
NUMBER = b"@N@"
_BAD = 400
_PAUSE = 0.02


@dataclass
class Load:
    """What is sent, and what came of it. ``rate``: requests per second; as many as possible if 0."""

    requests: Sequence[bytes]
    label: str
    rate: float
    seconds: float
    sent: int = 0
    refused: int = 0
    broken: int = 0
    times: list[float] = field(default_factory=list)
    start: float = field(default_factory=time.perf_counter)

    @property
    def over(self) -> bool:
        """Whether nothing more is to be sent."""
        if self.rate and self.sent >= self.rate * self.seconds:
            return True
        return time.perf_counter() - self.start > self.seconds

    def next(self) -> tuple[float, bytes]:
        """The moment of the next request, and the request."""
        moment = self.start + self.sent / self.rate if self.rate else time.perf_counter()
        request = self.requests[self.sent % len(self.requests)]
        self.sent += 1
        return moment, request.replace(NUMBER, f"{self.label}x{self.sent}".encode())

    def summary(self) -> dict[str, float]:
        """The counts, and times in milliseconds. With a rate, what had no answer took all of the time."""
        due = max(0, round(self.rate * self.seconds) - len(self.times))
        times = sorted([*self.times, *[self.seconds] * due]) or [0.0]
        return {
            "answered": len(self.times),
            "refused": self.refused,
            "broken": self.broken,
            "seconds": min(self.seconds, time.perf_counter() - self.start),
            "p50": 1000 * times[len(times) // 2],
            "p99": 1000 * times[min(len(times) - 1, int(len(times) * 0.99))],
            "most": 1000 * times[-1],
        }


class Connection(asyncio.Protocol):
    """One connection: sends a request when its moment comes, and the next when the answer is whole."""

    def __init__(self, load: Load, lost: asyncio.Future[None]) -> None:
        self._load, self._lost = load, lost
        self._loop = asyncio.get_running_loop()
        self._got = b""
        self._length = -1
        self._moment = 0.0
        self._waits = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See ``asyncio.Protocol``."""
        self._transport = transport
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        """See ``asyncio.Protocol``. A request without its answer counts as broken."""
        del exc
        self._load.broken += self._waits
        if not self._lost.done():
            self._lost.set_result(None)

    def data_received(self, data: bytes) -> None:
        """See ``asyncio.Protocol``."""
        self._got += data
        head, gap, body = self._got.partition(b"\r\n\r\n")
        if not gap or not _whole(head.lower(), body):
            return
        self._waits, self._got = False, b""
        if int(head[9:12]) >= _BAD:
            self._load.refused += 1
        else:
            self._load.times.append(time.perf_counter() - self._moment)
        self._next()

    def _next(self) -> None:
        if self._load.over:
            self._transport.close()
            return
        self._moment, request = self._load.next()
        self._loop.call_later(max(0.0, self._moment - time.perf_counter()), self._send, request)

    def _send(self, request: bytes) -> None:
        if isinstance(self._transport, asyncio.WriteTransport) and not self._transport.is_closing():
            self._waits = True
            self._transport.write(request)


def _whole(head: bytes, body: bytes) -> bool:
    _, found, rest = head.partition(b"content-length:")
    if found:
        return len(body) >= int(rest.split(b"\r\n", 1)[0])
    return body.endswith(b"\r\n0\r\n\r\n") or body == b"0\r\n\r\n"


def read(file: Path, port: int) -> list[bytes]:
    """The requests of a file."""
    pairs = (line.split("\t", 1) for line in file.read_text(encoding="utf-8").splitlines())
    return [
        f"GET {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nAccept: {accept}\r\n\r\n".encode()
        for accept, path in pairs
    ]


async def _client(load: Load, port: int) -> None:
    """One client, which connects again when its connection is lost."""
    loop = asyncio.get_running_loop()
    while not load.over:
        lost = loop.create_future()
        try:
            await loop.create_connection(functools.partial(Connection, load, lost), HOST, port)
        except OSError:
            _, _ = load.next()
            load.broken += 1
            await asyncio.sleep(_PAUSE)
        else:
            await lost


async def _run(load: Load, port: int, connections: int, grace: float) -> None:
    clients = [asyncio.create_task(_client(load, port)) for _ in range(connections)]
    _, late = await asyncio.wait(clients, timeout=load.seconds + grace)
    for each in late:
        each.cancel()


def main(arguments: Sequence[str]) -> None:
    """Send, and print what came of it."""
    parser = argparse.ArgumentParser(description="Load a SPARQL service.")
    parser.add_argument("port", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("label")
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--rate", type=float, default=0.0)
    parser.add_argument("--grace", type=float, default=0.5)
    chosen = parser.parse_args(arguments)
    load = Load(read(chosen.file, chosen.port), chosen.label, chosen.rate, chosen.seconds)
    asyncio.run(_run(load, chosen.port, chosen.connections, chosen.grace))
    print(json.dumps(load.summary()))


if __name__ == "__main__":
    main(sys.argv[1:])
