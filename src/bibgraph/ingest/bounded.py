"""Documents read in a process of their own, which may take so long and so much memory, and no more."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import bibgraph
from bibgraph.errors import SourceError
from bibgraph.ingest.heads import Heads
from bibgraph.ingest.parts import Part
from bibgraph.messages import Message, message

SECONDS = 60.0
_OUT_OF_MEMORY = ("MemoryError", "SystemError", "annot allocate", "failed to map segment")
"""What Python and the loader of libraries say when there is no more of it."""
MEMORY = 1_500_000_000
"""Bytes of address space, the libraries included."""


def read_bounded(path: Path, content: bytes, heads: Heads) -> list[Part]:
    """The document's parts, as ``readers.read_parts`` gives them.

    Raises SourceError as that does, and for a document that it takes too long or too much memory to read.
    """
    order = json.dumps([str(path), dict(heads), MEMORY]).encode() + b"\n"
    paths = (str(Path(bibgraph.__file__).parents[1]), os.environ.get("PYTHONPATH"))
    try:
        done = subprocess.run(  # our own program
            [sys.executable, "-m", "bibgraph.ingest.worker"],
            input=order + content,
            capture_output=True,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(filter(None, paths)),
                "PYTHONWARNINGS": "ignore",
            },
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        told = message("It takes longer than {seconds} seconds to read the document.", seconds=int(SECONDS))
        raise _refused(path, told) from error
    if done.returncode != 0:
        raise _refused(path, _end_of(done.stderr.decode(errors="replace"), done.returncode))
    answer = json.loads(done.stdout)
    if isinstance(answer, dict):
        problem, hint = (_said(answer[name]) for name in ("problem", "hint"))
        raise SourceError(problem, where=str(path), hint=hint if hint.sentence else None)
    return [Part(text, tuple(map(tuple, rows)), page) for text, rows, page in answer]


def _end_of(said: str, code: int) -> Message:
    """What is said of a process that ended before its time; ``said``: its last words."""
    last = said.strip().rpartition("\n")[2]
    if not last and -code in (signal.SIGSEGV, signal.SIGFPE):
        return message("The document cannot be read: {reason}.", reason=signal.Signals(-code).name)
    if not last or any(words in last for words in _OUT_OF_MEMORY):
        return message("It takes more memory to read the document than it may have.")
    return message("The document cannot be read: {reason}.", reason=last.rstrip("."))


def _refused(path: Path, problem: Message) -> SourceError:
    hint = message("Check that it is the status report, and nothing else with it.")
    return SourceError(problem, where=str(path), hint=hint)


def told(sentence: Message | None) -> list[object]:
    """A message as data, which ``_said`` reads."""
    if sentence is None:
        return ["", {}]
    values = {
        name: told(value) if isinstance(value, Message) else value for name, value in sentence.values.items()
    }
    return [sentence.sentence, values]


def _said(data: list[object]) -> Message:
    sentence, values = data
    if not isinstance(sentence, str) or not isinstance(values, dict):
        raise TypeError(data)
    return Message(
        sentence, {name: _said(value) if isinstance(value, list) else value for name, value in values.items()}
    )
