"""The bytes of a report as text, within bounds, and the language it is written in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bibgraph.errors import SourceError
from bibgraph.ingest.aligned import read_aligned
from bibgraph.ingest.bounded import read_bounded
from bibgraph.ingest.heads import Heads
from bibgraph.ingest.parts import Part, clean
from bibgraph.ingest.setting import Setting, typeset
from bibgraph.messages import message
from bibgraph.turtle import read_content

MOST_BYTES = 2_000_000
"""A report is some ten kilobytes of text; this is five hundred pages and more."""
MOST_LINES = 5_000
"""A report has some hundreds of lines."""
MOST_PACKED = 20_000_000
"""Documents of other kinds have fonts and pictures with them."""

_SIGNATURES = {b"%PDF": "PDF", b"PK\x03\x04": "DOCX, ODT, XLSX", b"\xd0\xcf\x11\xe0": "DOC, XLS"}
_NYNORSK = re.compile(
    r"(?<!\w)(?:ikkje|eit|ein|frå|vart|dei|korleis|mellom|noko|òg|skulen?|løpande|tiltaka)(?!\w)"
)
_BOKMAAL = re.compile(
    r"(?<!\w)(?:ikke|et|en|fra|ble|de|hvordan|mellom|noe|også|skolen?|løpende|tiltakene)(?!\w)"
)


@dataclass(frozen=True)
class Read:
    """A document: the bytes of the text that is kept of it, that text, and its cells if it has such."""

    content: bytes
    text: str
    setting: Setting | None = None


def read_document(path: Path, heads: Heads) -> Read:
    """The document at ``path``; heads: the labels that readers must know.

    Plain text (``.txt``) is kept as it is, if its cells stand one after another; of other kinds, what
    ``typeset`` makes of their parts. Signs that nobody sees, and letters in pieces, are put right. Raises
    SourceError for a file that is missing, empty, larger than allowed, or no such document.
    """
    plain = path.suffix.casefold() == ".txt"
    _bound(path, path.stat().st_size if path.is_file() else 0, MOST_BYTES if plain else MOST_PACKED)
    beside: list[Part] = []
    content = b"" if read_content(path) == b"" else path.read_bytes()
    if plain or not content:
        text = clean(_plain(path, content))
        _refuse_empty(path, text)
        beside = read_aligned(text, heads)
        if not beside:
            return Read(text.encode(), text)
    setting = typeset(beside or read_bounded(path, content, heads), heads)
    _refuse_empty(path, setting.text)
    _bound(path, len(setting.text.encode()), MOST_BYTES)
    return Read(setting.text.encode(), setting.text, setting)


def _refuse_empty(path: Path, text: str) -> None:
    if not text.strip():
        raise SourceError(message("The file is empty."), where=str(path))


def _bound(path: Path, size: int, most: int) -> None:
    if size > most:
        raise SourceError(
            message("The file is larger than a status report: {size} bytes.", size=size),
            where=str(path),
            hint=message("At most {most} bytes are read.", most=most),
        )


def _plain(path: Path, content: bytes) -> str:
    kind = next((kind for signature, kind in _SIGNATURES.items() if content.startswith(signature)), "")
    if kind:
        raise SourceError(
            message("This is no plain text but another kind of document: {kind}.", kind=kind),
            where=str(path),
            hint=message("Save it as plain text in UTF-8, and import that."),
        )
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise SourceError(
            message(
                "The file is not UTF-8: byte 0x{byte:02X} is not allowed here.", byte=content[error.start]
            ),
            where=f"{path}:{content.count(10, 0, error.start) + 1}",
            hint=message("Save the file anew with the encoding UTF-8."),
        ) from error
    if text.count("\n") > MOST_LINES:
        raise SourceError(
            message("The text has more lines than a status report: {lines}.", lines=text.count("\n")),
            where=str(path),
            hint=message("At most {most} lines are read.", most=MOST_LINES),
        )
    if "\0" in text:
        raise SourceError(
            message("This is no plain text: it has characters that stand for nothing."),
            where=str(path),
            hint=message("Save it as plain text in UTF-8, and import that."),
        )
    return text


def language_of(text: str) -> str:
    """``nn`` if the words that nynorsk alone has are more than those that bokmål alone has; else ``nb``."""
    folded = text.casefold()
    return "nn" if len(_NYNORSK.findall(folded)) > len(_BOKMAAL.findall(folded)) else "nb"
