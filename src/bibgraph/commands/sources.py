"""``bibgraph sources``: how much of each source document the graph accounts for."""

from __future__ import annotations

from collections.abc import Sequence

import click

from bibgraph.commands.help import Command
from bibgraph.commands.shared import say, show, tell, with_settings
from bibgraph.config import Settings
from bibgraph.findings import Finding
from bibgraph.messages import message
from bibgraph.repository import Repository, locate
from bibgraph.sources import Coverage, coverage, prove, read_sources


@click.command("sources", cls=Command)
@with_settings()
def command(settings: Settings) -> None:
    """Say how much of each source document the graph accounts for.

    That is the share of its lines that a statement cites or that are mere layout. Blank lines do not count.
    The lines that nothing accounts for are listed. Ends with 1 if there are any, or if a quotation is not
    what stands in its document.
    """
    repository = Repository(locate(settings.root))
    sources = read_sources(repository.quads("ontology", "data"), repository)
    coverages = coverage(sources)
    for each in coverages:
        show(_report(each, settings.language), nl=True)
    faults = prove(sources)
    _explain(faults, settings)
    if not coverages:
        say(message("There is no source document whose text can be read."), settings)
    if faults or not coverages or any(each.uncovered for each in coverages):
        click.get_current_context().exit(1)


def _report(each: Coverage, language: str) -> str:
    head = message(
        "{share} of {file}: {lines} lines, {quoted} cited, {layout} layout, {rest} unaccounted for",
        share=show_share(each),
        file=each.document.file,
        lines=each.lines,
        quoted=len(each.quoted),
        layout=len(each.layout),
        rest=len(each.uncovered),
    )
    lines = [f"{number:>6}: {line.strip()}" for number, line in each.uncovered]
    return "\n".join((head.text(language), *lines))


def show_share(each: Coverage) -> str:
    """The share in per cent with one decimal, cut and not rounded: 100 means all."""
    permille = (each.lines - len(each.uncovered)) * 1000 // each.lines if each.lines else 1000
    return f"{permille // 10} %" if permille % 10 == 0 else f"{permille / 10:.1f} %"


def _explain(faults: Sequence[Finding], settings: Settings) -> None:
    for fault in faults:
        tell(f"{fault.thing}: {fault.text(settings.language)}")
