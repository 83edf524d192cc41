"""Who asks: the address that limits are kept by."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection

from bibgraph.web.server.request import Request

_NETWORK_OF_V6 = 64
_WITH_PORT = re.compile(r"\[([^\]]*)\](?::\d*)?|([^:]*):\d*")
"""An address as some proxies write it."""


class Clients:
    """Tells clients apart by address, of IPv6 by network; behind one of ``proxies`` by what these say."""

    def __init__(self, proxies: Collection[str] = ()) -> None:
        self._proxies = frozenset(proxies)

    def of(self, request: Request) -> str:
        """The client of a request."""
        address = request.peer
        if address in self._proxies:
            said = request.headers.get("x-forwarded-for", "")
            for part in reversed([part.strip() for part in said.split(",") if part.strip()]):
                address = hop = _without_port(part)
                if hop not in self._proxies:
                    break
        return network(address)


def network(address: str) -> str:
    """An address of IPv4 as it is; of IPv6 the network that one client has whole."""
    if ":" not in address:
        return address
    try:
        found = ipaddress.IPv6Address(address)
        mapped = found.ipv4_mapped  # so an address of IPv4 is told where both come in at one socket
        return str(mapped or ipaddress.IPv6Network((found, _NETWORK_OF_V6), strict=False))
    except ValueError:
        return address


def _without_port(hop: str) -> str:
    found = _WITH_PORT.fullmatch(hop)
    return (found[1] or found[2]) if found else hop
