"""Documents that have cells, by the endings of their names, as paragraphs and tables."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path

from docx.opc.exceptions import OpcError
from lxml import etree

from bibgraph.errors import SourceError
from bibgraph.ingest.heads import Heads
from bibgraph.ingest.parts import Part, TooMuch, Unreadable
from bibgraph.messages import Message, message

Reader = Callable[[bytes, Heads], Iterable[Part]]
"""Takes a document and the labels that it must know."""

MOST_UNPACKED = 50_000_000
"""More bytes than this are not unpacked from a document, whatever its own size."""

_BROKEN = (
    Unreadable,
    zipfile.BadZipFile,
    zlib.error,
    csv.Error,
    etree.LxmlError,
    OpcError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    NotImplementedError,
    RecursionError,
    OSError,
)
"""What the libraries raise for documents that are not what their formats want; they promise nothing less."""

_OLD = b"\xd0\xcf\x11\xe0"
_SIGNATURES = {b"%PDF": "PDF", b"PK\x03\x04": "DOCX, ODT, XLSX", _OLD: "DOC, XLS", b"{\\rtf": "RTF"}
_BEGINNING = 1024
"""A PDF may have other bytes before its own signature, but no more than these (ISO 32000, annex H)."""
_EXPECTED = {".pdf": b"%PDF", ".docx": b"PK", ".odt": b"PK", ".xlsx": b"PK"}


def read_parts(path: Path, content: bytes, heads: Heads) -> list[Part]:
    """The document's parts; heads: the labels that readers must know.

    The ending of the name decides how it is read. Raises SourceError for one that is unknown, for a document
    that cannot be read, and for one that has, or would unpack to, more than is allowed.
    """
    reader = _reader(path.suffix.casefold())
    if reader is None:
        raise SourceError(
            message("Documents that end in {ending!r} cannot be read.", ending=path.suffix),
            where=str(path),
            hint=message("Files that can be read end in {allowed}.", allowed=", ".join((".txt", *READERS))),
        )
    _check_kind(path, content)
    try:
        if zipfile.is_zipfile(io.BytesIO(content)):
            _weigh(path, content)
        return list(reader(content, heads))
    except TooMuch as error:
        raise _refused(path, _too_much(error)) from error
    except MemoryError as error:
        told = message("It takes more memory to read the document than it may have.")
        raise _refused(path, told) from error
    except _BROKEN as error:
        raise broken(path, error) from error


def broken(path: Path, error: Exception) -> SourceError:
    """What is said of a document that a library could not read."""
    told, cause = str(error).rstrip(".") or type(error).__name__, error.__cause__
    if isinstance(cause, UnicodeDecodeError):
        problem = message(
            "The file is not UTF-8: byte 0x{byte:02X} is not allowed here.", byte=cause.object[cause.start]
        )
        hint = message("Save the file anew with the encoding UTF-8.")
    elif told == "encrypted":
        problem = message("The document is encrypted.")
        hint = message("Take its password away in the program it was made with, and import that.")
    elif told == "no text layer":
        problem = message("The document has no text, only pictures of it.")
        hint = message("Import the file that it was printed from, or have its text recognised first (OCR).")
    else:
        problem = message("The document cannot be read: {reason}.", reason=told)
        hint = message("Open it in the program it was made with, save it anew, and import that.")
    return SourceError(problem, where=str(path), hint=hint)


def _too_much(error: TooMuch) -> Message:
    if error.what == "pages":
        return message(
            "The document has {found} pages, and a status report at most {most}.",
            found=error.found,
            most=error.most,
        )
    return message("A table has more rows than a status report: over {most}.", most=error.most)


def _refused(path: Path, problem: Message) -> SourceError:
    return SourceError(
        problem,
        where=str(path),
        hint=message("Check that it is the status report, and nothing else with it."),
    )


def _check_kind(path: Path, content: bytes) -> None:
    """Raise SourceError for a document that begins as one of another kind than its ending says."""
    expected = _EXPECTED.get(path.suffix.casefold(), b"")
    found = next((kind for signature, kind in _SIGNATURES.items() if content.startswith(signature)), "")
    if expected in content[:_BEGINNING] if expected else not found:
        return
    if expected == b"PK" and content.startswith(_OLD):  # so Office packs what has a password
        raise broken(path, Unreadable("encrypted"))
    raise SourceError(
        message(
            "The name of the document ends in {ending}, but its content is of another kind: {kind}.",
            ending=path.suffix,
            kind=found or message("text, or something unknown"),
        ),
        where=str(path),
        hint=message("Give it the ending of its kind, or save it anew as what its name says."),
    )


def _weigh(path: Path, content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        size = sum(entry.file_size for entry in packed.infolist())
        locked = any(entry.flag_bits & 1 for entry in packed.infolist())
    if locked:
        raise Unreadable("encrypted")
    if size > MOST_UNPACKED:
        raise SourceError(
            message("The document would unpack to {size} bytes.", size=size),
            where=str(path),
            hint=message("At most {most} bytes are read.", most=MOST_UNPACKED),
        )


def _reader(ending: str) -> Reader | None:
    """The function that reads documents with this ending; what it needs is loaded only now."""
    if ending not in READERS:
        return None
    module, _, name = READERS[ending].partition(".")
    return getattr(import_module(f"bibgraph.ingest.{module}"), name)  # type: ignore[no-any-return]  # all alike


READERS = {
    ".csv": "sheets.read_csv",
    ".docx": "word.read_docx",
    ".htm": "pages.read_html",
    ".html": "pages.read_html",
    ".md": "pages.read_markdown",
    ".odt": "opendocument.read_odt",
    ".pdf": "pdf.read_pdf",
    ".xlsx": "sheets.read_xlsx",
}
"""What reads documents, by the endings of their names; plain text is read elsewhere."""
