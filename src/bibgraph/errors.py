"""What can go wrong, as one tree.

    BibgraphError
    ├── SourceError        a file is missing, unreadable or does not parse
    ├── SettingsError      a setting or argument has a value it cannot have
    ├── QueryError         a question or SPARQL text is malformed or not allowed
    │   ├── ParameterError a parameter is unknown, missing or has a value it cannot have
    │   ├── Forbidden      it asks for something that is never done here
    │   └── LimitError     it needs more than it may have
    ├── NotFound           no such question, thing or document
    ├── NotAcceptable      none of the media types asked for can be had
    └── StoreError         the store or a remote endpoint failed
        ├── StoreTimeout   it did not answer in time
        └── Unavailable    it will answer again in a moment

Each says what went wrong, where, and what to do. Code below the edge raises; only the command line and
the web application show errors to anybody. A failure outside this tree is a fault of ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Self

from bibgraph.messages import Message

_LINE_AND_COLUMN = re.compile(r"(\d+):(\d+)", re.ASCII)


class BibgraphError(Exception):
    """A failure that a reader can do something about.

    problem: what went wrong. where: the place, such as ``data/x.ttl:12:7``; empty when there is none.
    hint: what to do. outside: what is told in its place to those who do not run the program, where this says
    what is theirs to know only. The class attribute ``exit_code`` is what the command line ends with.
    """

    exit_code = 2
    outside: BibgraphError | None = None

    def __init__(self, problem: Message, *, where: str = "", hint: Message | None = None) -> None:
        super().__init__(problem, where, hint)
        self.problem = problem
        self.where = where
        self.hint = hint

    def at(self, where: str) -> Self:
        """The same error, at another place."""
        moved = type(self).__new__(type(self))
        moved.__dict__.update(self.__dict__, where=where)
        moved.args = (self.problem, where, self.hint)
        return moved

    def but_outside(self, told: BibgraphError) -> Self:
        """This error, of which strangers learn no more than ``told`` says."""
        self.outside = told
        return self

    def text(self, language: str) -> str:
        """Place, problem and hint in ``language``, the hint on a line of its own."""
        first = f"{self.where}: {self.problem.text(language)}" if self.where else self.problem.text(language)
        return f"{first}\n{self.hint.text(language)}" if self.hint else first

    def __str__(self) -> str:
        return self.text("en")


class SourceError(BibgraphError):
    """A file is missing, unreadable or does not parse."""


class SettingsError(BibgraphError):
    """A setting or argument has a value it cannot have."""


class QueryError(BibgraphError):
    """A question file or SPARQL text is malformed or not allowed."""

    @property
    def line_and_column(self) -> tuple[int, int] | None:
        """Where in the text of a query it is, both from 1; None where the place is none of such a text."""
        found = _LINE_AND_COLUMN.fullmatch(self.where)
        return (int(found[1]), int(found[2])) if found else None


class ParameterError(QueryError):
    """A question's parameter is unknown, missing or has a value it cannot have.

    members: the same for programs, such as ``parameter``, ``given`` and ``allowed``.
    """

    line_and_column = None  # the place is the name of a parameter, whatever that looks like

    def __init__(
        self,
        problem: Message,
        *,
        where: str = "",
        hint: Message | None = None,
        members: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(problem, where=where, hint=hint)
        self.members: Mapping[str, object] = members or {}


class Forbidden(QueryError):
    """A query asks for something that is never done here: an update, another server, a graph elsewhere."""


class LimitError(QueryError):
    """A query met a limit, and was not answered.

    limit: the name it is set by. value: what it is set to, for people. retry_after: seconds after which the
    same query may do better; 0 where it would not.
    """

    def __init__(
        self,
        problem: Message,
        *,
        limit: str,
        value: str,
        retry_after: int = 0,
        where: str = "",
        hint: Message | None = None,
    ) -> None:
        super().__init__(problem, where=where, hint=hint)
        self.limit = limit
        self.value = value
        self.retry_after = retry_after


class NotFound(BibgraphError):
    """There is no such question, thing or document."""


class NotAcceptable(BibgraphError):
    """None of the media types asked for can be had.

    available: those that can.
    """

    def __init__(
        self,
        problem: Message,
        *,
        where: str = "",
        hint: Message | None = None,
        available: Sequence[str],
    ) -> None:
        super().__init__(problem, where=where, hint=hint)
        self.available = available


class StoreError(BibgraphError):
    """The store or a remote endpoint failed to answer."""

    exit_code = 3


class StoreTimeout(StoreError):
    """The store or a remote endpoint did not answer in time."""


class Unavailable(StoreError):
    """The store cannot answer just now, and will again in a moment.

    retry_after: seconds after which the same query may do better.
    """

    def __init__(
        self, problem: Message, *, where: str = "", hint: Message | None = None, retry_after: int = 1
    ) -> None:
        super().__init__(problem, where=where, hint=hint)
        self.retry_after = retry_after
