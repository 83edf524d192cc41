r"""Help in the reader's language: click's commands, groups and options, their help translated as it is read.

It stands in English in docstrings and ``help=``, and in nb and nn in ``help.po``, a paragraph an entry. The
lines of a paragraph are joined; one that begins with ``\b`` keeps them, as click has it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from inspect import cleandoc
from types import MappingProxyType
from typing import Any, TypeVar

import click

from bibgraph.messages import HELP, spoken, translate

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_KEPT = "\b\n"


def paragraphs(text: str) -> list[tuple[str, str]]:
    """The paragraphs of a help text: what has click keep its lines, and the paragraph as it is translated."""
    found = cleandoc(text).split("\n\n")
    return [
        (_KEPT, each.removeprefix(_KEPT)) if each.startswith(_KEPT) else ("", " ".join(each.split()))
        for each in found
    ]


class _Speaking:
    """What has help. english: that as it was given. values: what fills its ``{names}``."""

    english: str | None = None
    values: Mapping[str, object] = MappingProxyType({})

    @property
    def help(self) -> str | None:
        """The help in the language that click speaks now."""
        if self.english is None:
            return None
        return "\n\n".join(
            mark + translate(paragraph, spoken(), self.values, HELP)
            for mark, paragraph in paragraphs(self.english)
        )

    @help.setter
    def help(self, text: str | None) -> None:
        self.english = text


class Command(_Speaking, click.Command):
    """A command with its help in the reader's language."""


class Group(_Speaking, click.Group):
    """A group of commands with its help in the reader's language."""

    command_class = Command


class Option(_Speaking, click.Option):
    """An option with its help in the reader's language."""

    def __init__(
        self,
        names: Sequence[str] | None = None,
        values: Mapping[str, object] = MappingProxyType({}),
        **attributes: Any,  # noqa: ANN401  # as click has it
    ) -> None:
        self.values = values
        super().__init__(names, **attributes)


def option(*names: str, **attributes: Any) -> Callable[[Decorated], Decorated]:  # noqa: ANN401  # as click has it
    """``click.option``, but an ``Option``, which has ``values`` too."""
    return click.option(*names, cls=Option, **attributes)
