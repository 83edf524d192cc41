"""What goes between the web process and a worker: frames with a length before them.

A job is a line of JSON with the query's text after it; an outcome is the answer's bytes, or JSON about an
error. Nothing is unpickled, so that a worker that has been taken over can say nothing but wrong answers.
"""

from __future__ import annotations

import json
import signal
import struct
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from bibgraph import errors
from bibgraph.errors import BibgraphError, LimitError, NotAcceptable
from bibgraph.messages import Message

JOB = struct.Struct("!I")
"""The head of a job: how long it is."""
OUTCOME = struct.Struct("!BdI")
"""The head of an outcome: its kind, the seconds of processing used since the worker's start, its length."""

KINDS = ("rows", "boolean", "triples", "error", "fault")
"""Kinds of outcomes: three of answers, an error that is told to the client, a fault that is logged."""


_REMEMBERED = 16
_MEMORABLE = 200
"""Bytes of a line of which it is remembered what it says."""
_Line: TypeAlias = tuple[str, str, tuple[str, ...], tuple[str, ...]]
_FROM_OUTSIDE = (1, 2, 9, 15)  # SIGHUP, SIGINT, SIGKILL and SIGTERM: Windows does not name them all

OUT_OF_MEMORY = b"memory allocation"
"""With these words Rust ends a process that gets no memory, and so do we."""
_OUT_OF_NOTES = b"Out of memory trying to allocate"
"""With these tcmalloc does, if it has no room for its own notes."""
_OUT_OF_STACK = b"overflowed its stack"


def cause(said: bytes, number: int) -> str:
    """Why a worker ended: ``memory``, ``stack``, ``killed`` (by anybody) or ``crash``.

    said: on its standard error. number: of the signal that ended it; 0 for none.
    """
    if OUT_OF_MEMORY in said or _OUT_OF_NOTES in said:
        return "memory"
    if _OUT_OF_STACK in said or number == signal.SIGSEGV:
        return "stack"
    return "killed" if number in _FROM_OUTSIDE else "crash"


class Job(NamedTuple):
    """A query with its data set, and the format of its answer.

    rows: a format of ``writing.ROWS`` for SELECT and ASK. triples: one of ``writing.TRIPLES``. Either may be
    ``writing.PAGE``; or empty: then such an answer is not acceptable.
    """

    text: str
    rows: str = "json"
    triples: str = "nt"
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()

    def encoded(self) -> bytes:
        """The job as a frame."""
        of_all = not self.default_graphs and not self.named_graphs
        line = (_remembered_line if of_all else _line)(*self[1:])
        text = self.text.encode("utf-8", "surrogatepass")
        return b"".join((JOB.pack(len(line) + len(text)), line, text))

    @classmethod
    def decode(cls, body: bytes) -> Job:
        """The job that a frame's body holds."""
        line, _, text = body.partition(b"\n")
        told = (_remembered if len(line) <= _MEMORABLE else _told)(line)
        return cls(text.decode("utf-8", "surrogatepass"), *told)


def _line(rows: str, triples: str, default_graphs: tuple[str, ...], named_graphs: tuple[str, ...]) -> bytes:
    """What a job says beside its text."""
    return json.dumps((rows, triples, default_graphs, named_graphs)).encode() + b"\n"


def _told(line: bytes) -> _Line:
    rows, triples, default_graphs, named_graphs = json.loads(line)
    return rows, triples, tuple(default_graphs), tuple(named_graphs)


# Nearly always the same, and short.
_remembered_line = lru_cache(maxsize=_REMEMBERED)(_line)
_remembered = lru_cache(maxsize=_REMEMBERED)(_told)


def outcome(kind: str, seconds: float, body: bytes) -> tuple[bytes, bytes]:
    """An outcome as a frame, in two pieces, of which the second may be large."""
    return OUTCOME.pack(KINDS.index(kind), seconds, len(body)), body


def encode_error(error: BibgraphError) -> bytes:
    """An error as JSON: its class by name, its sentences untranslated."""
    members: dict[str, Any] = {
        "class": type(error).__name__,
        "problem": _plain(error.problem),
        "where": error.where,
        "hint": _plain(error.hint),
    }
    if isinstance(error, LimitError):
        members |= {"limit": error.limit, "value": error.value, "retry_after": error.retry_after}
    if isinstance(error, NotAcceptable):
        members["available"] = [*error.available]
    return json.dumps(members).encode()


def decode_error(body: bytes) -> BibgraphError:
    """The error that ``encode_error`` wrote. Raises ValueError for a class that is none of ours."""
    members = json.loads(body)
    class_ = getattr(errors, members.pop("class"), None)
    if not (isinstance(class_, type) and issubclass(class_, BibgraphError)):
        raise ValueError(  # noqa: TRY004  # of what came, not of what was passed
            f"no class of errors: {class_!r}"
        )
    problem, hint = _message(members.pop("problem")), _message(members.pop("hint"))
    error: BibgraphError = class_(problem, hint=hint, **members)
    return error


def _plain(value: object) -> object:
    """Messages as lists; what else a sentence holds as JSON can hold it."""
    if isinstance(value, Message):
        return [value.sentence, {name: _plain(inner) for name, inner in value.values.items()}]
    return value if isinstance(value, str | int | float | None) else str(value)


def _message(value: Any) -> Any:  # noqa: ANN401  # JSON
    if isinstance(value, list):
        sentence, values = value
        return Message(sentence, {name: _message(inner) for name, inner in values.items()})
    return value
