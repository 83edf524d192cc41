"""Who asks: the address that limits are kept by."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network

from bibgraph.web.server.request import Request

_NETWORK_OF_V6 = 64
_REMEMBERED = 1024
_WITH_PORT = re.compile(r"\[([^\]]*)\](?::\d*)?|([^:]*):\d*")
"""An address as some proxies write it."""


class Clients:
    """Tells clients apart by address, of IPv6 by network; behind a proxy by what it says.

    proxies: the addresses, as networks, of those that may say for whom they ask.
    """

    def __init__(self, proxies: Sequence[IPv4Network | IPv6Network] = ()) -> None:
        self._proxies = tuple(proxies)
        self._is_proxy = lru_cache(maxsize=_REMEMBERED)(self._look_for)

    def of(self, request: Request) -> str:
        """The client of a request."""
        address = request.peer
        if self._proxies and self._is_proxy(address):
            said = request.headers.get("x-forwarded-for", "")
            for part in reversed([part.strip() for part in said.split(",") if part.strip()]):
                address = hop = _without_port(part)
                if not self._is_proxy(hop):
                    break
        return network(address)

    def _look_for(self, address: str) -> bool:
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        if isinstance(found, ipaddress.IPv6Address):
            found = found.ipv4_mapped or found
        return any(found in proxies for proxies in self._proxies)


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
