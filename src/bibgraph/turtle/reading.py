"""Read RDF files; every failure names its file and, where the parser knows it, line and column."""

from __future__ import annotations

import codecs
import difflib
import re
import stat
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from bibgraph.errors import SourceError
from bibgraph.messages import Message, message
from bibgraph.namespaces import PREFIXES
from bibgraph.reasons import reason as reason_of
from bibgraph.turtle.bounds import check_bounds, look_alike

SUFFIXES = (".ttl", ".trig", ".nt", ".nq", ".rdf", ".jsonld")
"""The endings of the files that can be read; the ending decides the format."""

_POSITION = re.compile(r"^Parser error .*?column[^:]*: ")
_LINE = re.compile(r" \(line \d+\)$")
_UNDECLARED = re.compile(r"The prefix (\S*): has not been declared")


def read_text(path: Path, *, name: str = "") -> str:
    """The text of a UTF-8 file, a byte order mark left off.

    ``name`` stands for the file in errors; without it, the path. Raises SourceError for a file that is
    missing, unreadable or not UTF-8 (with the line of the first wrong byte).
    """
    where = name or str(path)
    content = _read_bytes(path, where)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        wrong = content[error.start]
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - (content.rfind(b"\n", 0, error.start) + 1) + 1
        raise SourceError(
            message("The file is not UTF-8: byte 0x{byte:02X} is not allowed here.", byte=wrong),
            where=f"{where}:{line}:{column}",
            hint=message("Save the file anew with the encoding UTF-8."),
        ) from error


def read_content(path: Path, *, name: str = "") -> bytes:
    """The bytes of a file but a byte order mark of UTF-8. Raises SourceError where it cannot be read."""
    return _read_bytes(path, name or str(path)).removeprefix(codecs.BOM_UTF8)


def read_quads(path: Path, *, name: str = "", graph: str = "", base: str = "") -> list[ox.Quad]:
    """All quads of one RDF file, in the order of the file.

    The ending decides the format (``SUFFIXES``). Triples without a graph of their own go to the graph
    named ``graph``, to the default graph if that is empty. Blank nodes get labels that no other file has
    (see ``label_blank_nodes`` for ones that stay the same). ``name`` stands for the file in errors. ``base``
    is the IRI that relative ones start from; without one they are a fault. Raises SourceError for a file that
    is missing, unreadable, of an unknown kind or that does not parse.
    """
    where = name or str(path)
    if path.suffix not in SUFFIXES:
        raise SourceError(
            message("The ending {ending!r} is not that of an RDF file.", ending=path.suffix),
            where=where,
            hint=message("Files that can be read end in {allowed}.", allowed=", ".join(SUFFIXES)),
        )
    format_ = ox.RdfFormat.from_extension(path.suffix[1:])
    # RDF/XML may be in other encodings than UTF-8, but none that the engine reads.
    content = read_text(path, name=name).encode()
    return parse(content, format_, where=where, graph=graph, base=base)[1]


def parse(
    content: bytes, format_: ox.RdfFormat | None, *, where: str, graph: str = "", base: str = ""
) -> tuple[dict[str, str], list[ox.Quad]]:
    """The prefixes that ``content`` declares, and its quads; otherwise as ``read_quads``."""
    home = ox.NamedNode(graph) if graph else ox.DefaultGraph()
    check_bounds(content, format_, where)
    try:
        parser = ox.parse(content, format=format_, base_iri=base or None, rename_blank_nodes=True)
        quads = list(parser)
    except SyntaxError as error:
        raise syntax_error(error, where) from error
    except MemoryError as error:
        raise too_long(where) from error
    for quad in quads:
        if isinstance(quad.object, ox.Triple):
            raise SourceError(
                message(
                    "A triple stands as an object; such statements about statements cannot be used here."
                ),
                where=where,
                hint=message("State it as a thing of its own, as observations and quotations are."),
            )
    placed = [
        ox.Quad(quad.subject, quad.predicate, quad.object, home)
        if isinstance(quad.graph_name, ox.DefaultGraph)
        else quad
        for quad in quads
    ]
    return dict(parser.prefixes), placed


def label_blank_nodes(quads: Iterable[ox.Quad], scope: str) -> list[ox.Quad]:
    """The same quads, the blank nodes named from what they say (RDFC-1.0) after ``scope``.

    So they are the same from run to run, and different in different scopes. Without blank nodes the quads
    come back in their order; otherwise sorted. Where many that look alike are linked, such as a list with one
    value many times, that would take for ever: these are named by their order.
    """
    quads = list(quads)
    if not any(isinstance(node, ox.BlankNode) for quad in quads for node in quad):
        return quads
    if look_alike(quads):
        numbers: dict[str, str] = {}
        for quad in quads:
            for node in (quad.subject, quad.object, quad.graph_name):
                if isinstance(node, ox.BlankNode):
                    numbers.setdefault(node.value, f"{scope}n{len(numbers)}")
        return sorted((_renamed(quad, numbers.__getitem__) for quad in quads), key=str)
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted((_renamed(quad, lambda label: f"{scope}{label}") for quad in dataset), key=str)


def _renamed(quad: ox.Quad, name: Callable[[str], str]) -> ox.Quad:
    def named(node: Any) -> Any:  # noqa: ANN401  # any kind of term in, the same kind out
        return ox.BlankNode(name(node.value)) if isinstance(node, ox.BlankNode) else node

    return ox.Quad(named(quad.subject), quad.predicate, named(quad.object), named(quad.graph_name))


def check_kind(path: Path, where: str) -> None:
    """Raise SourceError for a pipe, a device or a socket: nothing may ever come out of it, or no end."""
    try:
        kind = path.stat().st_mode
    except (OSError, ValueError):  # which is told of when it is read
        return
    if not stat.S_ISREG(kind) and not stat.S_ISDIR(kind):
        raise SourceError(
            message("This is no file but a pipe, a device or a socket."),
            where=where,
            hint=message("Write what comes out of it to a file first, and name that."),
        )


def unreadable(error: OSError | ValueError, path: Path, where: str) -> SourceError:
    """Why a file cannot be read."""
    if isinstance(error, FileNotFoundError):
        return SourceError(message("There is no such file."), where=where, hint=_similar(path))
    if isinstance(error, IsADirectoryError):
        return SourceError(message("This is a folder, not a file."), where=where)
    return SourceError(message("The file cannot be read: {reason}.", reason=reason_of(error)), where=where)


def too_long(where: str) -> SourceError:
    """The engine does not take in a file: it holds texts of some megabytes only."""
    return SourceError(
        message("A text or a line in the file is too long to be read, or there is not enough memory."),
        where=where,
        hint=message("Put what is longer than 10 MB into a file of its own, and its address here."),
    )


def _read_bytes(path: Path, where: str) -> bytes:
    check_kind(path, where)
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise unreadable(error, path, where) from error


def _similar(path: Path) -> Message:
    folder = path.parent
    if not folder.is_dir():
        return message("There is no folder {folder} either.", folder=folder)
    try:
        names = sorted(entry.name for entry in folder.iterdir() if entry.is_file())
    except OSError:
        names = []
    near = difflib.get_close_matches(path.name, names, n=3, cutoff=0.5)
    if near:
        return message("Did you mean {names}?", names=", ".join(near))
    return message("Files in {folder}: {names}.", folder=folder, names=", ".join(names[:10]) or "–")


def syntax_error(error: SyntaxError, where: str) -> SourceError:
    """The parser's complaint as ours: its place, its words, and what usually helps."""
    reason = _LINE.sub("", _POSITION.sub("", error.msg))
    place = f"{where}:{error.lineno}:{error.offset}" if error.lineno else where
    return SourceError(
        message("The file does not parse: {reason}.", reason=reason.rstrip(".")),
        where=place,
        hint=_advice(reason),
    )


def _advice(reason: str) -> Message:
    """What usually helps, by the words of the Oxigraph parser."""
    undeclared = _UNDECLARED.search(reason)
    if undeclared:
        prefix = undeclared.group(1)
        line = f"@prefix {prefix}: <{PREFIXES.get(prefix, '…')}> ."
        return message("Put this line at the top of the file, or correct the prefix: {line}", line=line)
    advice = {
        **dict.fromkeys(("UTF-8", "utf-8"), message("Save the file anew with the encoding UTF-8.")),
        "dot is expected": message("The statement before this place has no end: put « .» or « ;» after it."),
        "Unexpected end": message(
            'Something is opened and never closed: look for a missing ", > or ] and for the last « .».'
        ),
        "No scheme": message("Write the whole address between < and >, from https:// on, or use a prefix."),
        "IRI code point": message('An address between < and > cannot hold a space or any of " { } | ^ `.'),
        "escape": message("A backslash in a text is written twice: \\\\."),
        "not a valid subject": message("Here a new thing must begin: <address> or prefix:name."),
        "not a valid RDF object": message(
            'A value is missing or not quoted: write a thing, a number or "text".'
        ),
        "not a valid predicate": message("Here a property must stand, such as rdfs:label or bg:text."),
    }
    fallback = message("Look at this place and the line above it.")
    return next((hint for words, hint in advice.items() if words in reason), fallback)
