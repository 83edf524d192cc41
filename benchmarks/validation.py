"""How fast checking is, beside pySHACL's own command line: whole processes, in turn, on the same files.

    python benchmarks/validation.py            all sizes; writes docs/benchmarks-validation.md
    python benchmarks/validation.py --short    a small graph, once; prints the page
    python benchmarks/validation.py --up-to 100000 --rounds 1    the smaller sizes, once; writes the page

Each round runs every command once, so that what slows the machine down slows down all of them. Before the
first, the modules of the program are compiled, as an installation does it for all packages.
"""

from __future__ import annotations

import argparse
import compileall
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import policies
import pyoxigraph as ox

CHECKOUT = Path(__file__).resolve().parent.parent
PAGE = CHECKOUT / "docs" / "benchmarks-validation.md"
SIZES = {10_000: 5, 100_000: 3, 1_000_000: 1}
"""Triples, and how many rounds are run."""

SHORT = 6_000
"""Triples of the short run."""

LONGEST = 900
"""Seconds after which a command is ended, which the page then says."""

COLD_STARTS = 15
PACKAGES = ("pyshacl", "rdflib", "pyoxigraph", "shacl-rust", "pyshifty")
BASE = "pySHACL"
INSTALLED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""The environment of the commands: where Python finds modules compiled, it takes them so."""

_KIB = 1024


@dataclass
class Series:
    """The runs of one command on one graph: seconds and peak memory in MiB; ended: one took too long.

    processor: seconds that the processors worked for it, whatever else they did meanwhile.
    """

    name: str
    command: Sequence[str]
    shown: str
    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    peak: float = 0
    ended: bool = False

    def run(self) -> None:
        """One run more. Raises RuntimeError for a command that neither passes nor finds faults."""
        began = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603  # the commands are our own
            self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=CHECKOUT, env=INSTALLED
        )
        timer = threading.Timer(LONGEST, process.kill)
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        self.ended = self.ended or process.returncode == -signal.SIGKILL
        if process.returncode not in (0, 1) and not self.ended:
            raise RuntimeError(f"{self.shown} ended with {process.returncode}")
        self.seconds.append(time.perf_counter() - began)
        self.processor.append(usage.ru_utime + usage.ru_stime)
        self.peak = max(self.peak, usage.ru_maxrss / _KIB)

    @property
    def median(self) -> float:
        """The median of the seconds."""
        return statistics.median(self.seconds)


def main(arguments: Sequence[str]) -> None:
    """Measure, and write or print the page."""
    parser = argparse.ArgumentParser(description="Measure how fast checking is.")
    parser.add_argument("--short", action="store_true", help="a small graph, once; nothing is written")
    parser.add_argument("--up-to", type=int, default=max(SIZES), help="leave out graphs of more triples")
    parser.add_argument(
        "--rounds", type=int, default=max(SIZES.values()), help="at most so many of each size"
    )
    told = parser.parse_args(arguments)
    compileall.compile_dir(CHECKOUT / "src", quiet=2)
    if told.short:
        print("\n".join(page([measured(SHORT, 1)], cold_starts(1))))
        return
    cold, tables = cold_starts(COLD_STARTS), []
    for size, rounds in SIZES.items():
        if size > told.up_to:
            continue
        # Written after each size: the largest takes long.
        tables.append(measured(size, min(rounds, told.rounds)))
        PAGE.write_text("\n".join(page(tables, cold)) + "\n", encoding="utf-8")


def measured(size: int, rounds: int) -> tuple[int, list[Series]]:
    """The triples of a generated graph of about ``size``, and what each command took."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "project"
        data, shapes = Path(name) / "data.ttl", Path(name) / "shapes.ttl"
        # Elsewhere, since the peak of a process counts from the memory of the one that starts it.
        with ProcessPoolExecutor(1) as apart:
            triples = apart.submit(generated, root, size, data, shapes).result()
        series = list(commands(root, data, shapes))
        for number in range(rounds):
            for each in series:
                print(f"{triples} triples, round {number + 1}: {each.name}", file=sys.stderr)
                each.run()
    return triples, series


def generated(root: Path, size: int, data: Path, shapes: Path) -> int:
    """Make a project of about ``size`` triples, and one file each of its data and shapes; how many it has."""
    policies.write(root, CHECKOUT, size)
    merged(root.glob("shapes/*.ttl"), shapes)
    return merged([*root.glob("ontology/*.ttl"), *root.glob("data/*.ttl")], data)


def commands(root: Path, data: Path, shapes: Path) -> Iterator[Series]:
    """The commands: the same two files, and then the whole check of a project."""
    ours = (sys.executable, "-m", "bibgraph", "check")
    pyshacl = str(Path(sys.executable).with_name("pyshacl"))
    yield Series(BASE, (pyshacl, "-s", str(shapes), str(data)), "pyshacl -s shapes.ttl data.ttl")
    for engine in ("pyshacl", "shacl-rust", "shifty"):
        options = () if engine == "pyshacl" else ("--engine", engine)
        words = " ".join(("", *options)).rstrip()
        yield Series(
            f"files, {engine}",
            (*ours, "--data", str(data), "--shapes", str(shapes), *options),
            f"bibgraph check --data data.ttl --shapes shapes.ttl{words}",
        )
    for engine in ("pyshacl", "shacl-rust"):
        options = () if engine == "pyshacl" else ("--engine", engine)
        words = " ".join(("", *options)).rstrip()
        yield Series(
            f"project, {engine}",
            (*ours, "--root", str(root), *options),
            f"bibgraph check --root project{words}",
        )


def cold_starts(count: int) -> list[Series]:
    """The check of this project itself, from cold start."""
    series = [
        Series(engine, (sys.executable, "-m", "bibgraph", "check", "--engine", engine), f"--engine {engine}")
        for engine in ("pyshacl", "shacl-rust")
    ]
    for _ in range(count):
        for each in series:
            each.run()
    return series


def merged(files: Iterable[Path], target: Path) -> int:
    """Write the union of Turtle files as one; how many triples it has."""
    store = ox.Store()
    for file in sorted(files):
        store.bulk_load(path=str(file))
    store.dump(str(target), format=ox.RdfFormat.TURTLE, from_graph=ox.DefaultGraph())
    return len(store)


def page(tables: list[tuple[int, list[Series]]], cold: list[Series]) -> Iterator[str]:
    """The page, line by line."""
    yield from (
        "# How fast checking is",
        "",
        (
            "Whole processes, from cold start to exit, one after another. A round runs every "
            "command once; `times as fast` is the median over the rounds of pySHACL's time "
            "divided by the command's in the same round. The graphs are made by "
            "`benchmarks/policies.py` in the shape of the project's own, one thing in a "
            "hundred with a fault. All packages are compiled beforehand, as an installation does it."
        ),
        "",
        (
            "The first four commands do the same work: one data file, one file of shapes. "
            "Those of bibgraph also look up file, line and column of every finding, hints, "
            "misspelt terms, and shapes that check nothing. The last two check a whole project of "
            "many files: lint queries, dates and the proof of every quotation too, which "
            "pySHACL does not do."
        ),
        "",
        (
            "Without `--engine` the verdict is pySHACL's here too. But it is only asked about things "
            "that may have a fault: what certainly conforms to the plain constraints of SHACL Core is "
            "told beforehand, in bulk. If nothing is left to ask, or only what is said of values that are "
            "missing altogether, it is not loaded at all; that holds for the project's own graph. And "
            "bibgraph runs its queries beside the shapes, in a second "
            "process; pySHACL uses one. `Processor` is what all processes of a command took of the "
            "processors (median), whatever else these did; peak memory is that of the larger process."
        ),
        "",
        f"Measured with `make bench-validation` on {os.cpu_count()} cores ({platform.machine()}), "
        f"{platform.python_implementation()} {platform.python_version()}; "
        + ", ".join(f"{name} {version(name)}" for name in PACKAGES)
        + ".",
        "",
    )
    for triples, series in tables:
        yield from _table(f"{triples:,} triples".replace(",", " "), series)
    yield from _growth(tables)
    yield from _cold(cold)


def _table(title: str, series: list[Series]) -> Iterator[str]:
    yield from (f"## {title}", "")
    yield "| Command | Min (s) | Median (s) | Max (s) | Times as fast | Processor (s) | Peak memory (MiB) |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    base = series[0]
    for each in series:
        pairs = zip(base.seconds, each.seconds, strict=True)
        times = statistics.median(one / other for one, other in pairs)
        figures = (min(each.seconds), each.median, max(each.seconds))
        cells = [f"{'> ' if each.ended else ''}{figure:.2f}" for figure in figures]
        cells.append(f"{'> ' if base.ended and not each.ended else ''}{times:.1f}")
        cells.append(f"{statistics.median(each.processor):.2f}")
        yield f"| `{each.shown}` | {' | '.join(cells)} | {each.peak:.0f} |"
    yield ""


def _growth(tables: list[tuple[int, list[Series]]]) -> Iterator[str]:
    if len(tables) == 1:
        return
    yield from (
        "## Growth",
        "",
        "Microseconds per triple, by the median: what grows linearly stays as it is.",
        "",
    )
    yield f"| Command | {' | '.join(f'{triples:,}'.replace(',', ' ') for triples, _ in tables)} |"
    yield f"|---|{'---:|' * len(tables)}"
    for row in zip(*(series for _, series in tables), strict=True):
        cells = (f"{each.median / tables[number][0] * 1e6:.0f}" for number, each in enumerate(row))
        yield f"| `{row[0].shown}` | {' | '.join(cells)} |"
    yield ""


def _cold(cold: list[Series]) -> Iterator[str]:
    yield from ("## The project's own graph, from cold start", "")
    yield "| `bibgraph check` | Min (s) | Median (s) | Max (s) | Processor (s) | Peak memory (MiB) |"
    yield "|---|---:|---:|---:|---:|---:|"
    for each in cold:
        yield (
            f"| `{each.shown}` | {min(each.seconds):.2f} | {each.median:.2f} | {max(each.seconds):.2f} "
            f"| {statistics.median(each.processor):.2f} | {each.peak:.0f} |"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
