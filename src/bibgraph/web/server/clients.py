"""Who asks: the address that limits are kept by; and by which scheme, where a proxy says so."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network

from bibgraph.web.server.request import Request

_NETWORK_OF_V6 = 64
_REMEMBERED = 1024
_LONGEST = len("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255")
"""What is longer is no address, or one with a zone of the client's own making: it is not remembered."""
_SCHEME, _SECURE = "x-forwarded-proto", "https"
_WITH_PORT = re.compile(r"\[([^\]]*)\](?::\d*)?|([^:]*):\d*")
"""An address as some proxies write it."""


class Clients:
    """Tells clients apart by address, of IPv6 by network; behind a proxy by what it says.

    proxies: the addresses, as networks, of those that may say for whom they ask.
    """

    def __init__(self, proxies: Sequence[IPv4Network | IPv6Network] = ()) -> None:
        self._proxies = tuple(proxies)
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._look_for)

    def of(self, request: Request) -> str:
        """The client of a request."""
        return network(self._way(request)[0])

    def settle(self, request: Request) -> None:
        """Leave of X-Forwarded-Proto what counts: ``https``, or no such header.

        A proxy sets it to the scheme that it was asked by, or writes that behind what it was told. So, of a
        list, that of the proxy counts which is nearest to the client, as with X-Forwarded-For: what stands
        before is the client's own. Who is no proxy of ours is not believed at all.
        """
        said = request.headers.get(_SCHEME)
        if said is None:
            return
        schemes = [part.strip().lower() for part in said.split(",") if part.strip()]
        proxies = min(self._way(request)[1], len(schemes))
        if proxies and schemes[-proxies] == _SECURE:
            request.headers.put(_SCHEME, _SECURE.encode())
        else:
            request.headers.drop(_SCHEME)

    def _way(self, request: Request) -> tuple[str, int]:
        """The address that a request comes from, and how many proxies of ours it came through."""
        address, proxies = request.peer, 0
        if not (self._proxies and self._is_proxy(address)):
            return address, 0
        said = request.headers.get("x-forwarded-for", "")
        for part in reversed([part.strip() for part in said.split(",") if part.strip()]):
            address, proxies = _without_port(part), proxies + 1
            if not self._is_proxy(address):
                return address, proxies
        return address, proxies + 1

    def _is_proxy(self, address: str) -> bool:
        return (self._look_for if len(address) > _LONGEST else self._remembered)(address)

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
