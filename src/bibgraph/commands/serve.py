"""``bibgraph serve``: the graph on the web, until a signal ends it."""

from __future__ import annotations

import logging
import signal
import socket
from pathlib import Path
from types import FrameType
from typing import Any

import click
import waitress

from bibgraph.commands.shared import say, with_settings
from bibgraph.config import Settings
from bibgraph.errors import BibgraphError, SettingsError
from bibgraph.graph import open_graph
from bibgraph.messages import message
from bibgraph.web import create_app

THREADS = 8
LARGEST_BODY = 256 * 1024
LARGEST_HEADER = 64 * 1024
LONGEST_IDLE = 60


class ListenError(BibgraphError):
    """The address to listen at cannot be had."""

    exit_code = 3


@click.command("serve")
@click.option(
    "--data",
    "data",
    metavar="FILE...",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Serve these RDF files instead of the project's graph.",
)
@click.argument("more", metavar="", nargs=-1, type=click.Path(path_type=Path))
@with_settings("endpoint", "host", "port")
def command(settings: Settings, data: tuple[Path, ...], more: tuple[Path, ...]) -> None:
    """Serve the graph as web pages, linked data and a SPARQL endpoint.

    Prints its address on stderr and runs until it is ended (Ctrl-C or SIGTERM). Port 0 picks a free port.
    """
    if more and not data:
        raise SettingsError(
            message("{found} is no option.", found=str(more[0])), hint=message("Name files with --data.")
        )
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    app = create_app(settings, open_graph(settings, data=(*data, *more)))
    with listen(settings) as heard:
        server = waitress.create_server(
            app,
            sockets=[heard],
            threads=THREADS,
            max_request_body_size=LARGEST_BODY,
            max_request_header_size=LARGEST_HEADER,
            channel_timeout=LONGEST_IDLE,
            ident="bibgraph",
        )
        say(message("Serving at {address}", address=address_of(heard)), settings)
        run(server)


def listen(settings: Settings) -> socket.socket:
    """A socket that listens where the settings say. Raises ListenError if that cannot be had."""
    try:
        family, _, _, _, place = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server(place[:2], family=family)
    except OSError as error:
        raise ListenError(
            message("Cannot listen there: {reason}.", reason=error.strerror or error),
            where=f"{settings.host}:{settings.port}",
            hint=message("Choose another port with --port; 0 picks a free one."),
        ) from error


def address_of(heard: socket.socket) -> str:
    """The web address at which a socket listens."""
    host, port = heard.getsockname()[:2]
    return f"http://[{host}]:{port}/" if heard.family == socket.AF_INET6 else f"http://{host}:{port}/"


def run(server: Any) -> None:  # noqa: ANN401  # waitress has no types
    """Answer requests until SIGTERM or SIGINT; then finish what is under way and let go of the socket."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    try:
        server.run()  # ends by itself on KeyboardInterrupt
    finally:
        server.close()


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
