"""How fast the SPARQL endpoint is, beside the servers that one would pick instead, on the same data.

    python benchmarks/endpoint.py            everything; writes docs/benchmarks.md, plots and numbers
    python benchmarks/endpoint.py --short    one graph, a moment for each load; prints the page
    python benchmarks/endpoint.py --scale 1 --only load --only cold --only hostile --rounds 1 --every 2
                                             all servers in some 20 minutes
    python benchmarks/endpoint.py --scale 8 --only load --server oxigraph-memory
    python benchmarks/endpoint.py --only growth --ten-million

Servers that are not installed are left out, and the page says so; those that are on PyPI are installed for
the run, in an environment of their own.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import json
import os
import platform
import shlex
import signal
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from endpoints import graphs, growing, load, page, rivals, workloads
from endpoints.measuring import measure, own_starts
from endpoints.results import Results
from endpoints.running import Cores, ServerError
from endpoints.servers import CHECKOUT, OwnGraph, Server
from endpoints.starting import Plan

PAGE = CHECKOUT / "docs" / "benchmarks.md"
STEPS = ("load", "cold", "hostile", "growth")
SCALES = (1, 8)
"""The project's own size, and about 150,000 triples."""
GROWING = (1, 3, 20, 80, 450)
"""To 1.4 million triples, and 8 million."""
TEN_MILLION = 560
EACH = 18_000
"""About so many triples are in a plan; the ontology, which is there once, has some 3,000 more."""
SHORT = ("bibgraph", "oxigraph-memory")
SHORT_SECONDS = 0.05
SHORT_OF = 8
"""Of so many questions one is timed in the short mode; all are compared."""


def main(arguments: Sequence[str]) -> None:
    """Measure, and write or print the page. Ends with 1 if bibgraph itself does not start."""
    chosen = _arguments(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # so that the servers are ended too
    with tempfile.TemporaryDirectory(prefix="bibgraph-benchmark-") as name:
        try:
            results = measured(chosen, Path(name))
        except ServerError as error:
            sys.exit(f"{rivals.BASE}: {error}")
    if chosen.output is None:
        print("\n".join(page.page(results, ())))
    else:
        write(results, chosen.output)


def measured(chosen: argparse.Namespace, folder: Path) -> Results:
    """All that is asked for."""
    cores, results = Cores.choose(), Results(_command(), machine())
    results.cores = len(cores.server)
    servers = chosen_servers(chosen, folder, results)
    smallest = graphs.make(folder, CHECKOUT, 1)
    asked = workloads.questions(CHECKOUT, smallest)
    first, expected = workloads.first(CHECKOUT, [smallest.copied])
    plan = Plan(folder, cores, servers, asked, asked, first, expected, rivals.BASE, frozenset(chosen.only))
    plan = dataclasses.replace(plan, seconds=chosen.seconds, rounds=chosen.rounds)
    plan = dataclasses.replace(plan, loaded=asked[:: chosen.every])
    if chosen.short:
        plan = dataclasses.replace(plan, seconds=SHORT_SECONDS, rounds=1, cold=1, hostile=1.0)
    results.questions = len(asked)
    results.every = chosen.every
    results.machine = {
        **results.machine,
        "cores": cores.told(),
        "load generator": load.generator(plan.seconds),
    }
    if "load" in chosen.only:
        results.null = load.nothing(plan.seconds, cores, folder)
    if {"load", "cold", "hostile"} & plan.steps:
        for scale in chosen.scale:
            results.scales.append(measure(plan, graphs.make(folder, CHECKOUT, scale), tell))
    if "cold" in plan.steps:
        results.own = own(plan, smallest)
    if "growth" in plan.steps:
        results.growth = growing.grow(plan, CHECKOUT, chosen.growing, tell)
    if chosen.ten_million:
        alone = dataclasses.replace(plan, servers=[each for each in servers if each.key == rivals.BASE])
        results.growth += growing.grow(alone, CHECKOUT, [TEN_MILLION], tell)
    return results


def own(plan: Plan, smallest: graphs.Made) -> list[float]:
    """Cold starts of ``bibgraph serve`` with the project's own graph."""
    files = [file for part in ("ontology", "data") for file in sorted((CHECKOUT / part).rglob("*.ttl"))]
    first, expected = workloads.first(CHECKOUT, files)
    plan = dataclasses.replace(plan, first=first, expected=expected)
    return own_starts(plan, OwnGraph("own", "bibgraph, the project's own graph"), smallest, tell)


def chosen_servers(chosen: argparse.Namespace, folder: Path, results: Results) -> list[Server]:
    """The servers that are asked for and there; the results get their names, and what is missing."""
    place = None
    if not chosen.short:
        tell("the rivals' packages are being installed")
        place = folder / "rivals"
        if problem := rivals.environment(place):
            results.skipped.append(problem)
    there = []
    for server in rivals.servers(place):
        if server.key != rivals.BASE and server.key not in chosen.server:
            continue
        if problem := server.missing():
            results.skipped.append(problem)
            tell(f"left out: {problem}")
            continue
        results.names[server.key], results.versions[server.key] = server.name, server.version()
        there.append(server)
    return there


def write(results: Results, output: Path) -> None:
    """Write the page to ``output``, and its plots, if they can be drawn, and numbers beside it."""
    output.parent.mkdir(parents=True, exist_ok=True)
    plots: set[str] = set()
    if find_spec("matplotlib"):
        plots = importlib.import_module("endpoints.plots").draw(results, output)
    else:
        tell("matplotlib is not installed: no plots")
    output.write_text("\n".join(page.page(results, plots)).rstrip() + "\n", encoding="utf-8")
    numbers = json.dumps(dataclasses.asdict(results), ensure_ascii=False, separators=(",", ":"))
    output.with_suffix(".json").write_text(numbers + "\n", encoding="utf-8")


def machine() -> dict[str, str]:
    """What is measured on, and when."""
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    models = [line.partition(":")[2].strip() for line in info.splitlines() if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": f"{models[0] if models else platform.machine()}, {memory:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
    }


def tell(sentence: str) -> None:
    """Say on stderr what is being done."""
    print(sentence, file=sys.stderr, flush=True)


def _command() -> str:
    words = [Path(word).name if word.endswith("endpoint.py") else word for word in sys.argv[1:]]
    return f"python benchmarks/endpoint.py {shlex.join(words)}".strip()


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure how fast the SPARQL endpoint is.")
    parser.add_argument(
        "--short", action="store_true", help="one graph, a moment for each load; print the page"
    )
    parser.add_argument(
        "--scale",
        type=int,
        action="append",
        help=f"plans in the graph, each of about {EACH} triples; {SCALES} unless told",
    )
    parser.add_argument(
        "--growing",
        type=int,
        nargs="+",
        default=GROWING,
        metavar="SCALE",
        help=f"plans in the graphs that grow; {GROWING} unless told: {GROWING[-2]} are 1.4 million triples",
    )
    parser.add_argument("--only", action="append", choices=STEPS, help="this step; several times for several")
    parser.add_argument("--server", action="append", help="beside bibgraph; all that are there unless told")
    parser.add_argument(
        "--seconds", type=float, default=1.0, help="of each load; the mixed one has three times"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--every",
        type=int,
        help=f"time only one of so many questions; 1 unless told, {SHORT_OF} if --short. All are compared",
    )
    parser.add_argument(
        "--ten-million",
        action="store_true",
        help=f"also load {TEN_MILLION} plans, 10 million triples, into bibgraph",
    )
    parser.add_argument(
        "--output", type=Path, help=f"the page; {PAGE.name} in docs/ unless told, or if --short"
    )
    chosen = parser.parse_args(arguments)
    everything = [each.key for each in rivals.servers(None)]
    chosen.scale = chosen.scale or ([1] if chosen.short else list(SCALES))
    chosen.every = max(1, chosen.every or (SHORT_OF if chosen.short else 1))
    chosen.only = chosen.only or (["load"] if chosen.short else list(STEPS))
    chosen.server = chosen.server or (list(SHORT) if chosen.short else everything)
    if not chosen.short:
        chosen.output = chosen.output or PAGE
    return chosen


if __name__ == "__main__":
    main(sys.argv[1:])
