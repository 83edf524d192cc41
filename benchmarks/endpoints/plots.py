"""The plots of ``docs/benchmarks.md`` as SVG, the same for the same numbers. Needs matplotlib."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from matplotlib import rc_context
from matplotlib.figure import Figure

from endpoints.page import plot
from endpoints.results import FRESH, VARIANTS, AtScale, Grown, Growth, Loaded, Results

COLOURS = {
    "bibgraph": "#005b94",
    "bibgraph-bare": "#6ba7cc",
    "oxigraph-memory": "#b3541e",
    "oxigraph-disk": "#dd9c6f",
    "virtuoso": "#4b7a3d",
    "rdflib-endpoint": "#7a4b8c",
}
_SIZE = (8.0, 4.5)
_WIDTH = 0.38
_SMALL = 8


def draw(results: Results, page: Path) -> set[str]:
    """Draw what there is to draw, beside ``page``; the names of the files."""
    made = set()
    for at in results.scales:
        if at.cells:
            made.add(_save(throughput(at, results.names), page, plot("throughput", at.scale)))
    if len(results.growth) > 1:
        lines = {
            "time": (lambda grown, _: grown.mean, "ms: geometric mean over the questions"),
            "load": (lambda _, loaded: loaded.prepared + loaded.started, "s: loading to the first answer"),
            "memory": (lambda _, loaded: loaded.memory, "MiB after loading"),
        }
        for kind, (value, label) in lines.items():
            made.add(_save(growth(results.growth, results.names, value, label), page, plot(kind)))
    return made


def throughput(at: AtScale, names: Mapping[str, str]) -> Figure:
    """Bars: the geometric mean of requests per second over the questions."""
    figure = Figure(figsize=_SIZE, layout="tight")
    axes = figure.subplots()
    shown = [key for key in names if at.mean_rate(key, FRESH)]
    for place, variant in enumerate(VARIANTS):
        rates = [at.mean_rate(key, variant) for key in shown]
        spots = [spot + 0.4 * place for spot in range(len(shown))]
        colours = [COLOURS[key] for key in shown]
        bars = axes.bar(spots, rates, _WIDTH, color=colours, alpha=1.0 if place else 0.5)
        axes.bar_label(bars, [f"{rate:,.0f}".replace(",", " ") for rate in rates], fontsize=_SMALL)
    axes.set_yscale("log")
    axes.set_ylim(bottom=1)
    axes.set_xticks(
        [spot + 0.2 for spot in range(len(shown))], [names[key] for key in shown], fontsize=_SMALL
    )
    axes.set_ylabel("requests per second")
    size = f"{at.triples:,} triples".replace(",", " ")
    title = f"{size}, geometric mean over the questions; pale: {VARIANTS[0]}, full: {VARIANTS[1]}"
    axes.set_title(title, fontsize=_SMALL + 1)
    return figure


def growth(
    rows: Sequence[Growth], names: Mapping[str, str], value: Callable[[Grown, Loaded], float], label: str
) -> Figure:
    """Lines: one measure of every server by the number of triples, both axes logarithmic."""
    figure = Figure(figsize=_SIZE, layout="tight")
    axes = figure.subplots()
    for key, name in names.items():
        points = [
            (row.triples, value(grown, grown.loaded))
            for row in rows
            if (grown := row.servers.get(key)) and grown.loaded
        ]
        seen = [(triples, found) for triples, found in points if found > 0]
        if seen:
            across, up = zip(*seen, strict=True)
            axes.plot(across, up, marker="o", markersize=4, color=COLOURS[key], label=name)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("triples")
    axes.set_ylabel(label)
    axes.grid(visible=True, alpha=0.3)
    axes.legend(fontsize=_SMALL)
    return figure


def _save(figure: Figure, page: Path, name: str) -> str:
    with rc_context({"svg.hashsalt": "bibgraph", "svg.fonttype": "none"}):
        figure.savefig(page.with_name(name), format="svg", metadata={"Date": None})
    return name
