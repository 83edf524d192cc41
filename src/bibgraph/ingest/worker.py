"""The process in which one document is read: ``python -m bibgraph.ingest.worker``, for ``bounded``."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

from bibgraph.errors import SourceError
from bibgraph.ingest.bounded import told
from bibgraph.messages import message


def main() -> None:
    """Read an order (path, heads, memory) and a document; write its parts, or what is wrong."""
    order, _, content = sys.stdin.buffer.read().partition(b"\n")
    path, heads, memory = json.loads(order)
    logging.disable()  # the libraries' remarks on documents are not ours to show
    try:
        from bibgraph.ingest.readers import read_parts  # noqa: PLC0415  # what it needs is an extra

        _hold(memory)
        parts = read_parts(Path(path), content, heads)
        answer: object = [[part.text, part.rows, part.page] for part in parts]
    except SourceError as error:
        answer = {"problem": told(error.problem), "hint": told(error.hint)}
    except ModuleNotFoundError as error:
        problem = message("This command needs {name}.", name=error.name)
        hint = message("Install it with: pip install 'bibgraph[ingest]'")
        answer = {"problem": told(problem), "hint": told(hint)}
    sys.stdout.write(json.dumps(answer))


def _hold(memory: int) -> None:
    """Take no more memory than this. Where the system has no such limit only the time is held."""
    if sys.platform == "linux":
        import resource  # noqa: PLC0415  # not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
