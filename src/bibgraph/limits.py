"""What one query may use: each limit by the name it has on the command line and in answers.

The defaults follow what was measured on hostile queries: they let every ready question through on millions of
triples, and stop each query that is made to hurt.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace

from bibgraph.errors import SettingsError
from bibgraph.messages import Message, message
from bibgraph.suggestions import suggestion

OFF = "off"
_MIB = 1024 * 1024
_BESIDES_QUERY = 64 * 1024
_UNITS = {
    "": 1,
    "b": 1,
    "bytes": 1,
    "kb": 1000,
    "mb": 1000**2,
    "gb": 1000**3,
    "kib": 1024,
    "mib": _MIB,
    "gib": 1024**3,
}
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Za-z]*)", re.ASCII)
_SECONDS = {"": 1.0, "s": 1.0, "ms": 0.001, "min": 60.0}
_MOST = 2**53
_LONGEST = 366 * 86400
"""Seconds: longer times the clocks of the system cannot all take."""


@dataclass(frozen=True)
class Limits:
    """The limits of a service.

    timeout: seconds of wall clock for a query, from its start to its whole answer. memory: bytes that it may
    take beyond what the data take. result_bytes: of an answer. query_bytes: of a query as UTF-8. nesting:
    brackets open at one time. workers: queries that run at one time; long ones may hold half of these.
    queue, wait: how many may wait for a worker, and how many seconds. client_budget: seconds of processing
    that one client may use in a minute; 0 is without bound. cache: bytes of answers kept; 0 keeps none.
    """

    timeout: float = 5.0
    memory: int = 256 * _MIB
    result_bytes: int = 16 * _MIB
    query_bytes: int = 100_000
    nesting: int = 60
    workers: int = max(4, 2 * (os.cpu_count() or 1))
    queue: int = 64
    wait: float = 5.0
    client_budget: float = 120.0
    cache: int = 64 * _MIB

    @classmethod
    def parse(cls, stated: Iterable[str]) -> Limits:
        """The defaults, changed by texts such as ``timeout=10`` or ``memory=1GiB``.

        Raises SettingsError for a name that no limit has, and for a value that a limit cannot have.
        """
        changed: dict[str, float] = {}
        for text in stated:
            name, equals, value = (part.strip() for part in text.partition("="))
            if name not in _PARSE:
                raise SettingsError(
                    message("There is no limit {text}.", text=name or text), hint=suggestion(name, _PARSE)
                )
            if not equals:
                raise SettingsError(
                    message("The limit {name} is given no value.", name=name),
                    hint=message(
                        "Write it behind the name: {example}",
                        example=f"{name}={cls().shown()[name].replace(' ', '')}",
                    ),
                )
            changed[name.replace("-", "_")] = _PARSE[name](name, value)
        return replace(cls(), **changed)  # type: ignore[arg-type]  # each value comes from its own parser

    @property
    def request_bytes(self) -> int:
        """Bytes that the body of a request may have: a query, percent-encoded all through, and some more."""
        return 3 * self.query_bytes + _BESIDES_QUERY

    def shown(self) -> dict[str, str]:
        """Each limit by name, as it is told to people: ``5 s``, ``256 MiB``, ``off``."""
        return {field.name.replace("_", "-"): self.value(field.name) for field in fields(self)}

    def value(self, name: str) -> str:
        """One limit as it is told to people."""
        number = getattr(self, name)
        if not number and name in _MAY_BE_OFF:
            return OFF
        return _SHOW.get(name, str)(number)


def _size(name: str, value: str) -> int:
    match = _NUMBER.fullmatch(value)
    factor = _UNITS.get(match[2].lower()) if match else None
    if match is None or factor is None or not 1 <= float(match[1]) * factor <= _MOST:
        raise _wrong(name, value, message("a size, such as {example}", example="16MiB"))
    return int(float(match[1]) * factor)


def _count(least: int) -> Callable[[str, str], int]:
    def parse(name: str, value: str) -> int:
        if not (value.isascii() and value.isdigit() and least <= float(value) <= _MOST):
            raise _wrong(name, value, message("a whole number from {least}", least=least))
        return int(value)

    return parse


def _duration(name: str, value: str) -> float:
    match = _NUMBER.fullmatch(value)
    factor = _SECONDS.get(match[2].lower()) if match else None
    if match is None or factor is None or not 0.001 <= float(match[1]) * factor <= _LONGEST:  # noqa: PLR2004  # a tick
        raise _wrong(name, value, message("seconds, such as {example}", example="2.5"))
    return float(match[1]) * factor


def _share(name: str, value: str) -> float:
    return _duration(name, value.removesuffix("/min"))


def _or_off(parse: Callable[[str, str], float]) -> Callable[[str, str], float]:
    return lambda name, value: 0 if value == OFF else parse(name, value)


def _wrong(name: str, value: str, allowed: Message) -> SettingsError:
    return SettingsError(
        message("The limit {name} cannot be {value!r}.", name=name, value=value),
        hint=message("Allowed: {allowed}.", allowed=allowed),
    )


_MAY_BE_OFF = ("client_budget", "cache")
_PARSE: dict[str, Callable[[str, str], float]] = {
    "timeout": _duration,
    "memory": _size,
    "result-bytes": _size,
    "query-bytes": _size,
    "nesting": _count(1),
    "workers": _count(1),
    "queue": _count(0),
    "wait": _duration,
    "client-budget": _or_off(_share),
    "cache": _or_off(_size),
}


def show_size(number: int) -> str:
    """Bytes as people write them: whole MiB and KiB as such, else plain bytes."""
    for unit, factor in (("GiB", 1024**3), ("MiB", _MIB), ("KiB", 1024)):
        if number >= factor and number % factor == 0:
            return f"{number // factor} {unit}"
    return f"{number} bytes"


_SHOW: dict[str, Callable[[float], str]] = {
    "timeout": lambda number: f"{number:.10g} s",
    "wait": lambda number: f"{number:.10g} s",
    "client_budget": lambda number: f"{number:.10g} s/min",
    "memory": lambda number: show_size(int(number)),
    "result_bytes": lambda number: show_size(int(number)),
    "query_bytes": lambda number: show_size(int(number)),
    "cache": lambda number: show_size(int(number)),
}
