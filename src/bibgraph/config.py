"""Settings: an argument wins over ``BIBGRAPH_<NAME>`` in the environment, which wins over the default."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bibgraph.errors import SettingsError
from bibgraph.messages import LANGUAGES, Message, message
from bibgraph.webaddresses import HIGHEST_PORT, checked_address

_MAILBOX = re.compile(r"[A-Za-z0-9.!#$&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True)
class Settings:
    """What a run was told.

    root: folder with ontology/, data/, shapes/ and queries/; None means: look for it.
    language: of all talk and, where they have several, of answers. endpoint: URL of a SPARQL service to use
    instead of the files; empty for none. endpoint_user and endpoint_password, or endpoint_token: who asks it.
    update, graph_store: where it is filled, by SPARQL Update or by the Graph Store Protocol. host, port:
    where ``serve`` listens. cache: folder for results of long work that may be thrown away; None keeps
    nothing. contact: the e-mail address of whoever runs the service, for the catalogue; empty for none.
    accessibility_statement: where the statement stands that the law asks of public bodies; empty for none.
    """

    root: Path | None = None
    language: str = "nb"
    endpoint: str = ""
    endpoint_user: str = ""
    endpoint_password: str = field(default="", repr=False)
    endpoint_token: str = field(default="", repr=False)
    update: str = ""
    graph_store: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    cache: Path | None = None
    contact: str = ""
    accessibility_statement: str = ""

    @classmethod
    def load(cls, **arguments: object) -> Settings:
        """Settings from ``arguments`` (None counts as not given), the environment and the defaults.

        An empty environment variable counts as not set. Raises SettingsError for a value that a setting
        cannot have, and for an argument that is no setting.
        """
        for name in arguments:
            if name not in _CAST:
                raise SettingsError(
                    message("There is no setting named {name}.", name=name),
                    hint=message("The settings are: {allowed}.", allowed=", ".join(_CAST)),
                )
        values: dict[str, object] = {"cache": default_cache()}
        for name, cast in _CAST.items():
            variable = f"BIBGRAPH_{name.upper()}"
            given, where = arguments.get(name), name
            if given is None and os.environ.get(variable):
                given, where = os.environ[variable], variable
            if given is not None:
                values[name] = cast(where, str(given))
        return cls(**values)  # type: ignore[arg-type]  # each value comes from the cast of its own field


def default_cache(environment: Mapping[str, str] = os.environ) -> Path | None:
    """The user's cache folder by the XDG Base Directory Specification; None where there is no home."""
    stated = environment.get("XDG_CACHE_HOME", "")
    if stated and Path(stated).is_absolute():  # the specification: a relative path is to be ignored
        return Path(stated) / "bibgraph"
    home = environment.get("HOME", "")
    return Path(home) / ".cache" / "bibgraph" if home else None


def _wrong(name: str, value: str, allowed: Message | str) -> SettingsError:
    return SettingsError(
        message("{name} cannot be {value!r}.", name=name, value=value),
        hint=message("Allowed: {allowed}.", allowed=allowed),
    )


def _path(name: str, value: str) -> Path:
    if "\0" in value:
        raise _wrong(name, value, message("the path of a folder"))
    try:
        return Path(value).expanduser()
    except RuntimeError as error:
        hint = message(
            "Whose folder {start} is, is not known here: write the whole path.", start=value.partition("/")[0]
        )
        raise SettingsError(
            message("{name} cannot be {value!r}.", name=name, value=value), hint=hint
        ) from error


def _language(name: str, value: str) -> str:
    if value not in LANGUAGES:
        raise _wrong(name, value, ", ".join(LANGUAGES))
    return value


def _address(name: str, value: str) -> str:
    return checked_address(name, value) if value else value


def _service(name: str, value: str) -> str:
    return checked_address(name, value, fragment=False) if value else value


def _secret(name: str, value: str) -> str:
    if not value.isprintable():
        raise SettingsError(
            message("{name} has a line break or another sign in it that cannot be sent.", name=name),
            hint=message("Look at how it is set, and at the end of the file that it may come from."),
        )
    return value


def _host(name: str, value: str) -> str:
    if value.startswith("[") and value.endswith("]"):  # as an IPv6 address stands in web addresses
        value = value[1:-1]
    if not value or any(character.isspace() or character == "/" for character in value):
        raise _wrong(name, value, message("a host name or an IP address, such as 127.0.0.1"))
    return value


def _port(name: str, value: str) -> int:
    if not (value.isascii() and value.isdigit() and int(value) <= HIGHEST_PORT):
        raise _wrong(name, value, message("a whole number from 0 to {highest}", highest=HIGHEST_PORT))
    return int(value)


def _mailbox(name: str, value: str) -> str:
    address = value.removeprefix("mailto:")
    if address and not _MAILBOX.fullmatch(address):
        raise _wrong(name, value, message("an e-mail address, such as {example}", example="post@example.org"))
    return address


_CAST: dict[str, Callable[[str, str], object]] = {
    "root": _path,
    "language": _language,
    "endpoint": _service,
    "endpoint_user": _secret,
    "endpoint_password": _secret,
    "endpoint_token": _secret,
    "update": _service,
    "graph_store": _service,
    "host": _host,
    "port": _port,
    "cache": _path,
    "contact": _mailbox,
    "accessibility_statement": _address,
}
