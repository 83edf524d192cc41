"""``bibgraph build``: write the dumps."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from bibgraph.commands.help import Command, option
from bibgraph.commands.shared import PATH, say, with_settings
from bibgraph.config import Settings
from bibgraph.messages import message
from bibgraph.publish.dumps import dump, write
from bibgraph.publish.stratml import documents
from bibgraph.reasoning import close
from bibgraph.repository import Repository, locate
from bibgraph.store.embedded import EmbeddedStore


@click.command("build", cls=Command)
@option(
    "--output",
    metavar="FOLDER",
    type=PATH,
    default=Path("dist"),
    help="Where to write; dist unless told otherwise.",
)
@with_settings()
def command(settings: Settings, output: Path) -> None:
    """Write the graph as files, with their SHA-256 sums.

    They are N-Quads, TriG, Turtle, JSON-LD and RDF/XML, and the strategies as StratML. What follows from the
    graph is in them, and by itself; all is there packed (.gz) as well. The same graph gives the same bytes.
    Ends with 1, and writes nothing, if the graph contradicts itself.
    """
    console = Console(stderr=True)
    with console.status(message("Reading …").text(settings.language)) as status:
        repository = Repository(locate(settings.root))
        stated = repository.quads("ontology", "data")
        status.update(message("Reasoning over {count} triples …", count=len(stated)).text(settings.language))
        closure = close(stated)
        if not closure.contradictions:
            status.update(message("Writing …").text(settings.language))
            plans = documents(EmbeddedStore(stated, repository.version), repository)
            write(dump(stated, closure.inferred, plans), output)
    for contradiction in closure.contradictions:
        say(message("The graph contradicts itself: {reason}", reason=contradiction), settings)
    if closure.contradictions:
        click.get_current_context().exit(1)
    if console.is_terminal:
        done = message(
            "Written to {folder}: {stated} stated and {inferred} inferred triples.",
            folder=output,
            stated=len(stated),
            inferred=len(closure.inferred),
        )
        say(done, settings)
