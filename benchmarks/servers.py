"""Which server takes in the requests best? The same application under several, one after another, over wrk.

    python benchmarks/servers.py [--seconds S] [--rounds N] [--output docs/benchmarks-servers.md]

``bibgraph serve`` runs its queries in workers and keeps answers; the others run Flask alone, and each query
in their own process. wrk (Debian package of that name) and the extra ``bench`` are needed.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import quote

HERE = Path(__file__).resolve().parent
PATIENCE = 30.0
QUERY = "SELECT ?p ?o { <https://w3id.org/bibgraph/id/measure/2023-2025/14> ?p ?o }"
NEW_TEXT = """
local n = 0
request = function()
  n = n + 1
  return wrk.format("GET", "/sparql?query=%s%%23" .. n)
end
"""
LOADS = ("look-up, same text", "look-up, new text", "page")


def commands(port: int) -> dict[str, Sequence[str]]:
    """How each server is started."""
    run = (sys.executable, "-m")
    granian = (
        *run,
        "granian",
        "--interface",
        "wsgi",
        "--blocking-threads",
        "8",
        "--port",
        str(port),
        "wsgi:app",
    )
    gunicorn = (*run, "gunicorn", "--threads", "8", "--bind", f"127.0.0.1:{port}", "wsgi:app")
    return {
        "`bibgraph serve`": (*run, "bibgraph", "serve", "--port", str(port)),
        "granian, WSGI, 8 threads": granian,
        "gunicorn, 8 threads": gunicorn,
        "waitress, 8 threads": (*run, "waitress", "--threads=8", f"--listen=127.0.0.1:{port}", "wsgi:app"),
    }


@contextmanager
def started(command: Sequence[str], port: int) -> Iterator[str]:
    """The address of a server, once it answers; it is ended at the end."""
    process = subprocess.Popen(  # noqa: S603  # our own commands
        command, cwd=HERE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    address = f"http://127.0.0.1:{port}"
    try:
        ends = time.monotonic() + PATIENCE
        while not answers(f"{address}/health"):
            if time.monotonic() > ends or process.poll() is not None:
                raise SystemExit(f"does not start: {' '.join(command)}")
            time.sleep(0.1)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(PATIENCE)


def answers(address: str) -> bool:
    """Whether there is an answer at an address."""
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310  # loopback
            return bool(answer.status)
    except (urllib.error.URLError, ConnectionError):
        return False


def rate(address: str, load: str, seconds: int, script: Path) -> float:
    """Requests answered in a second. Raises SystemExit if any answer is not right."""
    path = "/" if load == "page" else f"/sparql?query={quote(QUERY)}"
    told = ("-s", str(script), address) if load == "look-up, new text" else (f"{address}{path}",)
    command = ("wrk", "-t1", "-c8", f"-d{seconds}", *told)
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603  # our own
    if "Non-2xx" in said:
        raise SystemExit(said)
    return float(re.findall(r"Requests/sec:\s+([\d.]+)", said)[0])


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def measured(seconds: int, rounds: int) -> dict[str, dict[str, list[float]]]:
    """The rates by server and load, round by round."""
    rates: dict[str, dict[str, list[float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "new.lua"
        script.write_text(NEW_TEXT % quote(QUERY), encoding="utf-8")
        for _ in range(rounds):
            port = free_port()
            for name, command in commands(port).items():
                with started(command, port) as address:
                    for load in LOADS:
                        found = rate(address, load, seconds, script)
                        rates.setdefault(name, {}).setdefault(load, []).append(found)
    return rates


def page(rates: dict[str, dict[str, list[float]]], command: str) -> str:
    """The rates as a page in Markdown."""
    rows = [
        f"| {name} | " + " | ".join(f"{median(found[load]):,.0f}".replace(",", " ") for load in LOADS) + " |"
        for name, found in rates.items()
    ]
    lines = (
        "# Which server takes in the requests\n",
        (__doc__ or "").split("\n\n")[2].replace("``", "`") + "\n",
        (
            f"Requests per second from 8 connections, the median of rounds; {os.cpu_count()} cores for the "
            f"server and wrk together, over the project's own graph. Made by `{command}`.\n"
        ),
        "| server | " + " | ".join(LOADS) + " |",
        "|---|" + "---:|" * len(LOADS),
        *rows,
    )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--output", type=Path, default=HERE.parent / "docs" / "benchmarks-servers.md")
    told = parser.parse_args()
    command = f"python benchmarks/servers.py --seconds {told.seconds} --rounds {told.rounds}"
    told.output.write_text(page(measured(told.seconds, told.rounds), command), encoding="utf-8")


if __name__ == "__main__":
    main()
