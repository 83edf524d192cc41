"""The page ``docs/benchmarks.md``, line by line."""

from __future__ import annotations

import statistics
from collections.abc import Container, Iterable, Iterator, Sequence

from endpoints import prose
from endpoints.measuring import DESCRIBE, LOOK_UP, MIXED
from endpoints.results import FRESH, VARIANTS, AtScale, Cell, Growth, Hostile, Results
from endpoints.rivals import BARE, BASE

PLOTS = {
    "throughput": "benchmarks-throughput.svg",
    "time": "benchmarks-growth-time.svg",
    "load": "benchmarks-growth-load.svg",
    "memory": "benchmarks-growth-memory.svg",
}
NOT_MEASURED = "–"
MILLISECOND = 1000
"""A core that answers so many a second spends a millisecond on each."""


def page(results: Results, plots: Container[str]) -> Iterator[str]:
    """The page. ``plots``: the names of those that there are."""
    yield from ("# How fast the SPARQL endpoint is", "")
    yield from _how(results)
    for at in results.scales:
        yield from (f"## {number(at.triples)} triples ({at.scale}x, {number(at.graphs)} named graphs)", "")
        yield from _summary(at, results)
        if plot("throughput", at.scale) in plots:
            yield from (f"![Requests per second]({plot('throughput', at.scale)})", "")
        yield from _questions(at, results)
        yield from _wrong(at, results)
        yield from _starts(at, results)
        yield from _hostile(at, results)
    if results.own:
        yield from ("## The project's own graph", "")
        median, least, most = (f(results.own) for f in (statistics.median, min, max))
        yield (
            "From the start of `bibgraph serve` to its first right answer: "
            f"{median:.2f} s in the median of {len(results.own)} starts ({least:.2f} to {most:.2f} s)."
        )
        yield ""
    if results.growth:
        yield from _growth(results.growth, results, plots)


def plot(kind: str, scale: int = 0) -> str:
    """The file name of a plot, of one scale if it is of one."""
    return PLOTS[kind].replace(".svg", f"-{scale}x.svg") if scale else PLOTS[kind]


def number(value: float) -> str:
    """A number with as many digits as it deserves, in groups of three."""
    shown = f"{value:,.0f}" if value >= 100 else f"{value:.3g}"  # noqa: PLR2004  # three digits
    return shown.replace(",", " ")


def _how(results: Results) -> Iterator[str]:
    for paragraph in (prose.DATA, prose.CHECKED, prose.LOAD, prose.SETTINGS):
        yield from (paragraph, "")
    if results.every > 1 and results.scales:
        timed = len(results.scales[0].questions)
        yield from (prose.SAMPLE.format(count=results.questions, timed=timed, every=results.every), "")
    yield from ("| | |", "|---|---|")
    yield from (f"| {name} | {value} |" for name, value in results.machine.items())
    yield f"| servers | {', '.join(dict.fromkeys(results.versions.values()))} |"
    yield f"| command | `{results.command}` |"
    if results.null:
        yield f"| the generator, from a server that does nothing | {number(results.null.rate)} requests/s |"
    yield ""
    for each in results.skipped:
        yield from (f"Not measured: {each}.", "")


def _summary(at: AtScale, results: Results) -> Iterator[str]:
    if not at.cells:
        return
    yield from (prose.SUMMARY, "")
    kinds = ("questions", LOOK_UP, DESCRIBE, MIXED)
    yield from _head(
        ["server", *(f"{kind}, {variant}" for kind in kinds for variant in VARIANTS), "p50", "p99"]
    )
    for key in _keys(at, results):
        rates = [number(at.mean_rate(key, variant)) for variant in VARIANTS]
        rates += [_rate(at, name, variant, key) for name in kinds[1:] for variant in VARIANTS]
        mix = at.cells.get(MIXED, {}).get(FRESH, {}).get(key)
        times = (
            [f"{statistics.median(each):.1f}" for each in (mix.p50, mix.p99)]
            if mix and mix.rates
            else ["", ""]
        )
        yield _row([results.names[key], *rates, *times])
    yield from ("", prose.RATIOS, "")
    yield from _head(
        ["beside", *(f"{kind}, {variant}" for kind in kinds for variant in VARIANTS), "of questions"]
    )
    for key in _keys(at, results):
        if key != BASE:
            ratios = [at.ratio(BASE, key, variant) for variant in VARIANTS]
            singles = [_times_as_fast(at, name, variant, key) for name in kinds[1:] for variant in VARIANTS]
            counted = f"{ratios[0][1]} of {len(at.questions)}"
            yield _row([results.names[key], *(number(times) for times, _ in ratios), *singles, counted])
    yield ""
    yield from _ahead(at, results)


def _times_as_fast(at: AtScale, name: str, variant: str, key: str) -> str:
    cells = at.cells.get(name, {}).get(variant, {})
    if not {BASE, key} <= cells.keys() or not cells[key].median or name in at.wrong.get(key, {}):
        return NOT_MEASURED
    return number(cells[BASE].median / cells[key].median)


def _ahead(at: AtScale, results: Results) -> Iterator[str]:
    """On which questions others are ahead, and on which of those that cost them over a millisecond."""
    for key in _keys(at, results):
        if key in (BASE, BARE):
            continue
        rates = {
            name: (cells[BASE].median, cells[key].median)
            for name in at.questions
            if {BASE, key} <= (cells := at.cells.get(name, {}).get(FRESH, {})).keys()
            if name not in at.wrong.get(key, {})
        }
        behind = [name for name, (ours, theirs) in rates.items() if theirs > ours]
        costly = [name for name in behind if rates[name][1] < MILLISECOND * results.cores]
        if behind:
            listed = ", ".join(f"`{name}`" for name in costly) or "none"
            yield (
                f"With new texts {results.names[key]} is ahead of bibgraph on {len(behind)} questions; "
                "of those that cost it over 1 ms of a core "
                f"(under {number(MILLISECOND * results.cores)} a second): {listed}."
            )
            yield ""


def _questions(at: AtScale, results: Results) -> Iterator[str]:
    if not at.cells:
        return
    keys = list(_keys(at, results))
    for variant in VARIANTS:
        yield from (f"### Each question, {variant}", "")
        yield from (prose.SPREAD, "")
        yield from _head(["question", "rows", *(results.names[key] for key in keys)])
        for name in [*at.questions, LOOK_UP, DESCRIBE, MIXED]:
            cells = [_spread(at, name, variant, key) for key in keys]
            yield _row([f"`{name}`", number(at.rows[name]) if name in at.rows else "", *cells])
        yield ""


def _wrong(at: AtScale, results: Results) -> Iterator[str]:
    found: dict[tuple[str, str], list[str]] = {}
    for key, wrong in at.wrong.items():
        for name, reason in wrong.items():
            found.setdefault((key, reason), []).append(f"`{name}`")
    yield from ("Answers that are not bibgraph's: " + ("" if found or at.failed else "none."), "")
    for (key, reason), names in found.items():
        yield f"- {results.names[key]}: {', '.join(names)}: {reason}"
    yield from (f"- {results.names[key]} did not start: {reason}" for key, reason in at.failed.items())
    if found or at.failed:
        yield ""
    failed = [
        f"{results.names[key]}, {name}, {variant}: {cell.refused} and {cell.broken}"
        for name, variants in at.cells.items()
        for variant, cells in variants.items()
        for key, cell in cells.items()
        if cell.refused or cell.broken
    ]
    if failed:
        yield from ("Requests refused, and broken off, under load: " + "; ".join(failed) + ".", "")


def _starts(at: AtScale, results: Results) -> Iterator[str]:
    yield from ("### Start and memory", "")
    yield from (prose.STARTS, "")
    heads = ["server", "loaded onto disk (s)", "cold start (s): median", "least", "most"]
    yield from _head([*heads, "memory after loading (MiB)", "after the work (MiB)"])
    for key in _keys(at, results):
        one, starts = at.loaded[key], at.cold.get(key, [])
        cold = [f"{f(starts):.2f}" for f in (statistics.median, min, max)] if starts else [NOT_MEASURED] * 3
        worked = number(at.worked[key]) if key in at.worked else NOT_MEASURED
        memory = f"{number(one.memory)} ({number(one.resident)})"
        prepared = f"{one.prepared:.1f}" if one.prepared >= 0.01 else NOT_MEASURED  # noqa: PLR2004
        yield _row([results.names[key], prepared, *cold, memory, worked])
    yield ""


def _hostile(at: AtScale, results: Results) -> Iterator[str]:
    if not at.hostile:
        return
    yield from ("### Simple queries while hostile ones run", "")
    yield from (prose.HOSTILE, "")
    alone = ["answered alone", "p50 (ms)", "p99 (ms)"]
    yield from _head(["server", *alone, "answered beside", "p50 (ms)", "p99 (ms)", "hostile got", "server"])
    for key, one in at.hostile.items():
        yield _row([results.names[key], *_times(one, quiet=True), *_times(one, quiet=False), *_fate(one)])
    yield ""


def _times(one: Hostile, *, quiet: bool) -> list[str]:
    load = one.quiet if quiet else one.beside
    shown = [number(time) if time < 1000 * load.seconds else "no answer" for time in (load.p50, load.p99)]
    return [f"{min(1.0, load.answered / one.due):.1%}", *shown]


def _fate(one: Hostile) -> list[str]:
    got = ", ".join(f"{status}: {count}" for status, count in sorted(one.hostile.items()))
    return [got or "nothing", one.ended or "stays up"]


def _growth(rows: Sequence[Growth], results: Results, plots: Container[str]) -> Iterator[str]:
    yield from ("## Growth", "")
    yield from (prose.GROWTH, "")
    yield from _head(["triples", "server", "loading (s)", "memory (MiB)", "questions (ms)", "wrong or none"])
    for row in rows:
        for key, one in row.servers.items():
            name = results.names[key]
            if one.loaded is None:
                yield _row([number(row.triples), name, one.skipped, "", "", ""])
                continue
            took = f"{one.loaded.prepared:.1f} + {one.loaded.started:.1f}"
            cells = [took, number(one.loaded.memory), number(one.mean), ", ".join(sorted(one.wrong))]
            yield _row([number(row.triples), name, *cells])
    yield ""
    titles = {"time": "Time of the questions", "load": "Loading", "memory": "Memory"}
    for kind, title in titles.items():
        if plot(kind) in plots:
            yield from (f"![{title} by the number of triples]({plot(kind)})", "")


def _keys(at: AtScale, results: Results) -> Iterator[str]:
    return (key for key in results.names if key in at.loaded)


def _rate(at: AtScale, name: str, variant: str, key: str) -> str:
    cell = at.cells.get(name, {}).get(variant, {}).get(key)
    return _marked(at, name, key, number(cell.median) if cell and cell.rates else NOT_MEASURED)


def _spread(at: AtScale, name: str, variant: str, key: str) -> str:
    cell: Cell | None = at.cells.get(name, {}).get(variant, {}).get(key)
    if not cell or not cell.rates:
        return _marked(at, name, key, NOT_MEASURED)
    spread = f" ({number(min(cell.rates))}–{number(max(cell.rates))})" if len(cell.rates) > 1 else ""
    return _marked(at, name, key, f"{number(cell.median)}{spread}")


def _marked(at: AtScale, name: str, key: str, shown: str) -> str:
    return prose.WRONG if name in at.wrong.get(key, {}) else shown


def _head(names: Sequence[str]) -> Iterator[str]:
    yield _row(names)
    yield f"|---|{'---:|' * (len(names) - 1)}"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
