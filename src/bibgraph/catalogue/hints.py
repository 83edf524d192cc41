"""What a question says for whoever shows it: how to draw its answer, which columns hold codes or choices."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bibgraph.catalogue.header import Header
from bibgraph.errors import QueryError
from bibgraph.messages import message
from bibgraph.suggestions import suggestion

CHARTS = ("bar", "line", "network", "timeline")
"""Bars and lines: y for each x. Timeline: spans from x to y. Network: from x to y."""

_ROLES = ("x", "y", "series")
_ROLE = re.compile(r"([a-z]+)=(\w+)")
_CHOICE = re.compile(r"([a-z][a-z0-9_]*)=(\w+(?: +\w+)*)")


@dataclass(frozen=True)
class Chart:
    """How to draw an answer: the columns that are the axes, and one that parts the rows into series."""

    kind: str
    x: str
    y: str
    series: str = ""

    def members(self) -> Mapping[str, str]:
        """The same for programs; without what is not said."""
        told = {"kind": self.kind, "x": self.x, "y": self.y, "series": self.series}
        return {name: value for name, value in told.items() if value}


def read_chart(header: Header, variables: Sequence[str]) -> Chart | None:
    """The chart that the header names; None if it names none.

    variables: the columns of the answer. Raises QueryError for what is no chart of these.
    """
    kind, *parts = header.values.get("chart", "").split() or [""]
    if not kind:
        return None
    if kind not in CHARTS:
        raise QueryError(
            message("There is no chart of the kind «{kind}».", kind=kind),
            where=header.where("chart"),
            hint=suggestion(kind, CHARTS),
        )
    found = [match for match in map(_ROLE.fullmatch, parts) if match]
    roles = {match[1]: match[2] for match in found}
    if len(roles) < len(parts) or not {"x", "y"} <= set(roles) <= set(_ROLES):
        raise QueryError(
            message("The chart does not say which columns it shows."),
            where=header.where("chart"),
            hint=message("Write its kind and its columns: bar x=status y=count series=main_line"),
        )
    _refuse_unknown(header, "chart", tuple(roles.values()), variables)
    return Chart(kind, **roles)


def read_coded(header: Header, variables: Sequence[str]) -> tuple[str, ...]:
    """The columns whose values are codes: few values that many rows share. Raises QueryError for others."""
    coded = header.listed("coded")
    _refuse_unknown(header, "coded", coded, variables)
    return coded


def read_choices(header: Header, variables: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """By parameter, the columns of the open answer whose things can be chosen for it.

    variables: the columns of the answer. Raises QueryError for parameters that are no things, and for others
    than columns.
    """
    found = {}
    things = [parameter.name for parameter in header.parameters if parameter.type == "thing"]
    for part in header.listed("choices"):
        match = _CHOICE.fullmatch(part)
        if not match or match[1] not in things:
            raise QueryError(
                message("«{part}» does not say which columns a parameter is chosen from.", part=part),
                where=header.where("choices"),
                hint=message("Write a parameter that is a thing, and columns: thing=law"),
            )
        found[match[1]] = tuple(match[2].split())
        _refuse_unknown(header, "choices", found[match[1]], variables)
    return found


def _refuse_unknown(header: Header, key: str, named: Sequence[str], variables: Sequence[str]) -> None:
    for name in named:
        if name not in variables:
            raise QueryError(
                message("The answer has no column «{name}».", name=name),
                where=header.where(key),
                hint=suggestion(name, variables),
            )
