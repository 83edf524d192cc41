"""Addresses on the web that people give: looked at before anything is asked there."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, urlsplit

from bibgraph.errors import SettingsError
from bibgraph.messages import Message, message

HIGHEST_PORT = 65535

_AUTHORITY = re.compile(r"[^:/?#]*:?/*([^/?#]*)")
_PORT = re.compile(r".*?(?::([^:\]]*))?", re.DOTALL)
_HALF_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_AS_THEY_ARE = "!#$%&'()*+,/:;=?@[]~"


def checked_address(name: str, value: str, *, fragment: bool = True) -> str:
    """The address as it can be sent: letters beyond ASCII are encoded as RFC 3987 and IDNA have it.

    name: where it was given, for people. fragment: whether there may be one. Raises SettingsError, which
    never shows an address with a name and a password in it.
    """
    given = _AUTHORITY.match(value)
    if given and "@" in given[1]:
        raise SettingsError(
            message("{name} cannot have a name or a password in the address.", name=name),
            hint=message("Set BIBGRAPH_ENDPOINT_USER and BIBGRAPH_ENDPOINT_PASSWORD."),
        )
    try:
        parts = urlsplit(value)
    except ValueError as error:
        raise _wrong(name, value, _allowed()) from error
    fault = _fault(value, parts)
    if not fault and "#" in value and not fragment:
        fault = message("Leave out # and what follows it: that is not sent.")
    if fault:
        raise _wrong(name, value, fault)
    return _encoded(name, value, parts)


def _fault(value: str, parts: SplitResult) -> Message | None:
    """What is wrong with an address, as far as that can be seen."""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return _allowed()
    if not value.isprintable() or " " in value:
        return message("There is a space, a line break or another sign in it that no address can have.")
    if not _port_is_one(parts):
        return message(
            "The port behind the host is a whole number from 1 to {highest}.", highest=HIGHEST_PORT
        )
    if _HALF_ESCAPE.search(value):
        return message("A % stands before two of the signs 0–9 and A–F; write % itself as %25.")
    return None


def _allowed() -> Message:
    return message(
        "Allowed: {allowed}.", allowed=message("a web address that begins with http:// or https://")
    )


def _wrong(name: str, value: str, hint: Message) -> SettingsError:
    return SettingsError(message("{name} cannot be {value!r}.", name=name, value=value), hint=hint)


def _port_is_one(parts: SplitResult) -> bool:
    stated = _PORT.fullmatch(parts.netloc)
    digits = stated[1] if stated else None
    return not digits or (digits.isascii() and digits.isdigit() and 1 <= int(digits[:9]) <= HIGHEST_PORT)


def _encoded(name: str, value: str, parts: SplitResult) -> str:
    host = parts.hostname or ""
    if ":" not in host:  # no IPv6 address
        try:
            ascii_ = host.encode("idna").decode()
        except UnicodeError as error:
            hint = message("{host} cannot be the name of a host.", host=host)
            raise _wrong(name, value, hint) from error
        if not host.isascii():
            _, colon, port = parts.netloc.partition(":")
            parts = parts._replace(netloc=f"{ascii_}{colon}{port}")
            value = parts.geturl()
    return value if value.isascii() else quote(value, safe=_AS_THEY_ARE)
