"""Answers written out in the W3C's formats for programs.

Rows are written as SPARQL 1.1 Query Results JSON, XML, CSV and TSV; triples as Turtle, N-Triples, JSON-LD,
RDF/XML, TriG and N-Quads. CSV holds raw values, as its standard wants; TSV and JSON tell an IRI from a text.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from itertools import islice
from xml.parsers import expat
from xml.sax.saxutils import unescape

import pyoxigraph as ox

from bibgraph.errors import LimitError, NotAcceptable
from bibgraph.limits import show_size
from bibgraph.media import BY_NAME, with_aliases
from bibgraph.messages import Message, message
from bibgraph.namespaces import PREFIXES
from bibgraph.store import Answer

ROWS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
"""Formats of answers to SELECT and ASK, by name. CSV and TSV have no standard for ASK: «true» or «false»."""
TRIPLES = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS,
}
"""Formats of answers to CONSTRUCT and DESCRIBE, by name."""

PAGE = "html"
"""The name of the format of which ``beginning`` gives what it needs."""
SHOWN = 200
"""So many rows or triples a page shows."""

_XML = ("xml", "rdf")
_NOT_IN_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_PROPERTY = re.compile(rb'\s*<(\w+):([^\s>]*) xmlns:\1="([^"]*)"')
_LINES = ("nt", "nq")
_BEGINNINGS = [(prefix, iri, f"<{iri}".encode()) for prefix, iri in PREFIXES.items()]
_AS_TRIPLES = 4
"""So many times larger than its result may be what a result is made of, as N-Triples."""


def render(answer: Answer, format_: str, *, most: int = 0) -> bytes:
    """The answer in a format of ``ROWS`` or ``TRIPLES``, by name.

    most: bytes that it may have; 0 is without bound. Triples come sorted, each once. Raises NotAcceptable for
    a format that holds no such answer, and for what XML cannot hold (control characters; in RDF/XML,
    properties whose names do not end as an XML name); LimitError for more than ``most``.
    """
    offered = TRIPLES if isinstance(answer, ox.QueryTriples) else ROWS
    if format_ not in offered:
        raise _unwritable(format_, [*offered])
    if isinstance(answer, ox.QueryTriples):
        content = _in_format(_lines(answer, most), format_)
    else:
        counted = _Counted(most)
        if format_ == "csv" and isinstance(answer, ox.QuerySolutions):
            _write_csv(answer, counted)
        else:
            answer.serialize(counted, format=ROWS[format_])  # type: ignore[arg-type]
        content = counted.content()
    if most and len(content) > most:
        raise _too_large(most)
    return sound_xml(content, format_) if format_ in _XML else content


def beginning(answer: Answer, *, most: int = 0) -> bytes:
    """The number of all rows or triples in a line, and the first ``SHOWN`` as TSV or N-Triples.

    Yes or no comes as JSON. Raises LimitError where all of them would have more than ``most`` bytes.
    """
    if isinstance(answer, ox.QueryBoolean):
        return render(answer, "json")
    format_, heads = ("nt", 0) if isinstance(answer, ox.QueryTriples) else ("tsv", 1)
    whole = render(answer, format_, most=most)
    first = b"".join(islice(BytesIO(whole), heads + SHOWN))
    return b"%d\n%b" % (whole.count(b"\n") - heads, first)


class _Counted:
    """What Oxigraph writes to, until it is more than ``times`` ``most`` bytes; 0 is without bound."""

    def __init__(self, most: int, times: int = 1) -> None:
        self._pieces: list[bytes] = []
        self._most = most
        self._room = most * times
        self._size = 0

    def write(self, piece: bytes) -> int:
        """Take the piece. Raises LimitError."""
        self._pieces.append(piece)
        self._size += len(piece)
        if self._size > self._room > 0:
            raise _too_large(self._most)
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def content(self) -> bytes:
        """All of it."""
        return b"".join(self._pieces)


def _write_csv(answer: ox.QuerySolutions, counted: _Counted) -> None:
    """SPARQL 1.1 Query Results CSV. Oxigraph's own puts no quotes around an IRI that holds a comma."""
    rows = csv.writer(_Encoded(counted))
    rows.writerow(variable.value for variable in answer.variables)
    rows.writerows(map(_raw, row) for row in answer)


def _raw(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> str:
    """A term as its value alone; a triple as those of its three parts."""
    if isinstance(term, ox.Triple):
        return " ".join(map(_raw, term))
    if isinstance(term, ox.BlankNode):
        return str(term)
    return "" if term is None else term.value


class _Encoded:
    """Takes in texts, and gives them on in UTF-8."""

    def __init__(self, counted: _Counted) -> None:
        self._counted = counted

    def write(self, text: str) -> int:
        """See ``_Counted.write``."""
        return self._counted.write(text.encode())


def _lines(answer: ox.QueryTriples, most: int) -> bytes:
    """The triples as N-Triples, sorted, each once."""
    counted = _Counted(most, _AS_TRIPLES)
    answer.serialize(counted, format=ox.RdfFormat.N_TRIPLES)  # type: ignore[arg-type]
    return b"".join(sorted(set(counted.content().splitlines(keepends=True))))


def _in_format(lines: bytes, format_: str) -> bytes:
    if format_ in _LINES:
        return lines
    # To look for the prefixes in the text is much faster than to look at every term.
    prefixes = {prefix: iri for prefix, iri, beginning in _BEGINNINGS if beginning in lines}
    triples = ox.parse(lines, format=ox.RdfFormat.N_TRIPLES)
    try:
        return ox.serialize(triples, format=TRIPLES[format_], prefixes=prefixes) or b""
    except OSError as error:  # triples about triples, which JSON-LD has not got yet
        others = [name for name in TRIPLES if name != format_]
        raise _unwritable(format_, others) from error


def _unwritable(format_: str, others: Sequence[str]) -> NotAcceptable:
    return NotAcceptable(
        message("This answer cannot be written as {format}.", format=format_),
        hint=message("There is: {offered}.", offered=", ".join(others)),
        available=types_of(others),
    )


def types_of(formats: Iterable[str]) -> Sequence[str]:
    """The media types of formats of answers, and of pages, which there are of any answer."""
    return [*with_aliases([BY_NAME[name].type for name in formats]), BY_NAME[PAGE].type]


def _too_large(most: int) -> LimitError:
    return LimitError(
        message("The answer is larger than the {limit} that an answer may have.", limit=show_size(most)),
        limit="result-bytes",
        value=show_size(most),
        hint=message("Ask for less at a time, with LIMIT and OFFSET, or take the dumps."),
    )


def sound_xml(content: bytes, format_: str) -> bytes:
    """XML that readers get the same values from, or NotAcceptable. format_: ``xml`` of rows, ``rdf``."""
    # Readers of XML take a bare carriage return for a line feed; Oxigraph writes it bare.
    content = content.replace(b"\r", b"&#13;")
    try:
        expat.ParserCreate(namespace_separator=" ").Parse(content, True)  # noqa: FBT003  # expat's own signature
    except expat.ExpatError as error:
        others = [name for name in (TRIPLES if format_ == "rdf" else ROWS) if name != format_]
        raise NotAcceptable(
            _unspeakable(content, error.lineno),
            hint=message("There is: {offered}.", offered=", ".join(BY_NAME[name].type for name in others)),
            available=types_of(others),
        ) from error
    return content


def _unspeakable(content: bytes, line: int) -> Message:
    """What to say of XML that is none, where a reader stumbles in this line."""
    written = content.split(b"\n")[line - 1]
    if character := _NOT_IN_XML.search(written.decode()):
        reason = message("the character {character}", character=f"U+{ord(character[0]):04X}")
    elif found := _PROPERTY.match(written):
        reason = message("the property {property}", property=unescape((found[3] + found[2]).decode()))
    else:
        return message("The answer holds something that XML cannot hold.")
    return message("The answer holds something that XML cannot hold: {reason}.", reason=reason)
