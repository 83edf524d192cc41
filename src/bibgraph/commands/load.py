"""``bibgraph load``: fill a SPARQL service with the graph."""

from __future__ import annotations

from pathlib import Path

import click
import pyoxigraph as ox
from rich.console import Console

from bibgraph.commands.help import Command, option
from bibgraph.commands.shared import data_option, say, show, with_settings
from bibgraph.config import Settings
from bibgraph.errors import SettingsError
from bibgraph.graph import inferences, read_unchanged
from bibgraph.messages import message
from bibgraph.publish.loading import Cargo, Loading
from bibgraph.repository import Repository, locate
from bibgraph.store.remote import Login, RemoteStore


@click.command("load", cls=Command)
@option("--update", metavar="URL", help="Where the service takes SPARQL updates, if not where it is asked.")
@option(
    "--graph-store",
    metavar="URL",
    help="Where the service takes whole graphs (Graph Store Protocol), if it takes no updates.",
)
@data_option("Load these RDF files instead of the project's graph.")
@option("--dry-run", is_flag=True, help="Print what would be sent, and send nothing.")
@with_settings("endpoint")
def command(
    settings: Settings,
    update: str | None,
    graph_store: str | None,
    data: tuple[Path, ...],
    more: tuple[Path, ...],
    *,
    dry_run: bool,
) -> None:
    """Fill the SPARQL service at --endpoint with the graph.

    It gets what is stated, and what follows from it. What an earlier load left there is replaced. All
    commands that take --endpoint then answer from it as from the files. Who asks is taken from
    BIBGRAPH_ENDPOINT_USER and BIBGRAPH_ENDPOINT_PASSWORD, or from BIBGRAPH_ENDPOINT_TOKEN.
    """
    if more and not data:
        raise SettingsError(
            message("{found} is no option.", found=str(more[0])), hint=message("Name files with --data.")
        )
    if not settings.endpoint:
        raise SettingsError(
            message("There is no service to fill."),
            hint=message("Name it with --endpoint, or in BIBGRAPH_ENDPOINT."),
        )
    ways = Settings.load(update=update, graph_store=graph_store)
    console = Console(stderr=True)
    with console.status(message("Reading …").text(settings.language)) as status:
        cargo = _cargo(settings, (*data, *more))
        login = Login(settings.endpoint_user, settings.endpoint_password, settings.endpoint_token)
        store = RemoteStore(settings.endpoint, login=login)
        loading = Loading(cargo, store, login=login, update=ways.update, graph_store=ways.graph_store)
        if dry_run:
            show(_plan(loading))
            return

        def tell(sent: int, total: int) -> None:
            told = message("Loading: {sent} of {total} triples …", sent=sent, total=total)
            status.update(told.text(settings.language))

        tell(0, len(cargo.quads))
        found = loading.run(tell)
    _report(cargo, found, settings, terminal=console.is_terminal)


def _cargo(settings: Settings, data: tuple[Path, ...]) -> Cargo:
    if data:
        return Cargo.of(*read_unchanged(data))
    repository = Repository(locate(settings.root))
    quads: list[ox.Quad] = [
        *repository.quads("ontology", "data"),
        *inferences(repository, settings.cache),
    ]
    return Cargo.of(quads, repository.version)


def _plan(loading: Loading) -> str:
    """A line for each graph: what is done to it, its IRI, and how many triples it has then."""
    lines = [f"DROP\t{graph}\t0" for graph in loading.gone]
    lines += [f"PUT\t{graph}\t{count}" for graph, count in loading.cargo.counts().items()]
    return "".join(f"{line}\n" for line in lines)


def _report(cargo: Cargo, found: int, settings: Settings, *, terminal: bool) -> None:
    if found != cargo.distinct:
        few = message(
            "The service has {found} different triples, of {sent} sent: it takes some of them for the same.",
            found=found,
            sent=cargo.distinct,
        )
        say(few, settings)
    if terminal:
        done = message(
            "Loaded: {graphs} graphs with {triples} different triples, version {version}.",
            graphs=len(cargo.graphs),
            triples=found,
            version=cargo.version,
        )
        say(done, settings)
