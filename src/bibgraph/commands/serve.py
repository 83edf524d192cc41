"""``bibgraph serve``: the graph on the web, until a signal ends it."""

from __future__ import annotations

import asyncio
import errno
import importlib.util
import logging
import signal
import socket
import sys
from collections.abc import Callable, Iterable
from contextlib import closing
from functools import partial
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

import click

from bibgraph.commands.help import Command, option
from bibgraph.commands.room import MEMORY_TO_SERVE, check_files, check_memory
from bibgraph.commands.shared import data_option, say, with_settings
from bibgraph.config import Settings
from bibgraph.errors import BibgraphError, SettingsError
from bibgraph.limits import Limits
from bibgraph.messages import Message, message
from bibgraph.reasons import reason
from bibgraph.store.sandbox.nursery import nursery
from bibgraph.store.sandbox.room import give_back_room
from bibgraph.store.sandbox.slices import run_in_batches

_OTHER_PORT = message(
    "Choose another port with --port; 0 picks a free one. Those below 1024 may need rights."
)
_OTHER_HOST = message(
    "Give --host an address that this machine has: 127.0.0.1 for itself alone, 0.0.0.0 for all that reach it."
)


class ListenError(BibgraphError):
    """The address to listen at cannot be had."""

    exit_code = 3


@click.command("serve", cls=Command)
@data_option("Serve these RDF files instead of the project's graph.")
@option(
    "--limit",
    "stated",
    metavar="NAME=VALUE",
    multiple=True,
    help="Set a limit. Without it: {defaults}. The last two can be turned off: cache=off",
    values={
        "defaults": ", ".join(f"{name}={value.replace(' ', '')}" for name, value in Limits().shown().items())
    },
)
@option(
    "--behind",
    "proxies",
    metavar="ADDRESS",
    multiple=True,
    help="The address of a proxy, or the network of some, that may say who asks, and by which scheme.",
)
@option("--watch", is_flag=True, help="Serve files anew when they change and pass the checks.")
@with_settings("endpoint", "host", "port")
def command(
    settings: Settings,
    data: tuple[Path, ...],
    more: tuple[Path, ...],
    stated: tuple[str, ...],
    proxies: tuple[str, ...],
    *,
    watch: bool,
) -> None:
    """Serve the graph as web pages, linked data and a SPARQL endpoint.

    Prints its address on stderr, then a line of JSON for each query, and runs until it is ended (Ctrl-C or
    SIGTERM). SIGHUP has the files checked and, if they pass, served anew. Port 0 picks a free port.
    """
    if more and not data:
        raise SettingsError(
            message("{found} is no option.", found=str(more[0])), hint=message("Name files with --data.")
        )
    limits, believed, files = Limits.parse(stated), _networks(proxies), (*data, *more)
    if files and settings.endpoint:
        raise SettingsError(
            message("Either files are served or a service, not both."),
            hint=message("Leave out --data, or --endpoint and BIBGRAPH_ENDPOINT."),
        )
    check_files()
    check_memory(MEMORY_TO_SERVE)
    _heed_signals()
    with listen(settings) as heard:
        run_in_batches()
        give_back_room()
        first = None if settings.endpoint else nursery(settings, files, limits)
        from bibgraph.web.server.journal import Journal, Outlet  # noqa: PLC0415  # likewise
        from bibgraph.web.server.running import Server  # noqa: PLC0415  # while this loads, the other process does too

        with closing(Outlet(sys.stderr.fileno())) as log:
            logging.basicConfig(
                level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=log
            )
            server = Server(settings, files, limits, believed, first, Journal(log))
            told = partial(say, message("Serving at {address}", address=address_of(heard)), settings)
            with asyncio.Runner(loop_factory=_loop_factory()) as runner:
                runner.run(server.run(heard, told, watch=watch))


def _networks(proxies: Iterable[str]) -> list[IPv4Network | IPv6Network]:
    found = []
    for text in proxies:
        try:
            found.append(ip_network(text.strip(), strict=False))
        except ValueError as error:
            raise SettingsError(
                message("{text} is neither an address nor a network.", text=text),
                where="--behind",
                hint=message("Write one such as {example}.", example="10.0.0.1, 10.0.0.0/8, 2001:db8::1"),
            ) from error
    return found


def _heed_signals() -> None:
    """Until the server heeds them itself: it can be ended at any time, and has nothing to serve anew yet."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, lambda *_: None)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The loop of uvloop where there is one: not on Windows."""
    return importlib.import_module("uvloop").new_event_loop if importlib.util.find_spec("uvloop") else None


def listen(settings: Settings) -> socket.socket:
    """A socket that listens where the settings say. Raises ListenError if that cannot be had."""
    try:
        family, _, _, _, place = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:  # the latter for what cannot be the name of a host
        raise _cannot_listen(settings, error, _OTHER_HOST) from error
    try:
        return socket.create_server(place, family=family, backlog=1024)
    except OSError as error:
        port = error.errno in (errno.EADDRINUSE, errno.EACCES)
        raise _cannot_listen(settings, error, _OTHER_PORT if port else _OTHER_HOST) from error


def _cannot_listen(settings: Settings, error: Exception, hint: Message) -> ListenError:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return ListenError(
        message("Cannot listen there: {reason}.", reason=reason(error)),
        where=f"{host}:{settings.port}",
        hint=hint,
    )


def address_of(heard: socket.socket) -> str:
    """The web address at which a socket listens."""
    host, port = heard.getsockname()[:2]
    return f"http://[{host}]:{port}/" if heard.family == socket.AF_INET6 else f"http://{host}:{port}/"
