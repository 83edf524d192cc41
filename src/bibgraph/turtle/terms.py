"""RDF terms as the project writes and sorts them in Turtle."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

import pyoxigraph as ox

from bibgraph.errors import SourceError
from bibgraph.messages import LANGUAGES, message
from bibgraph.namespaces import PREFIXES, XSD

_PLAIN_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DIGITS = re.compile(r"([0-9]+)")
_QUOTES_TO_ESCAPE = re.compile(r'"{3,}|"+\Z')
_ESCAPES = {"\t": "\\t", "\b": "\\b", "\r": "\\r", "\f": "\\f", "\\": "\\\\"}
_INVISIBLE = frozenset({"Cc", "Cf", "Zl", "Zp", "Co", "Cn"})
_LAST_OF_BMP = 0xFFFF


class Names:
    """IRIs as one file writes them: by the longest prefix that leaves a plain local name, else in full.

    local: the prefixes that the file declares. Those of the project's table have one meaning everywhere;
    SourceError, under the file's ``name``, for a file that gives one of them another.
    """

    def __init__(self, local: Mapping[str, str], name: str) -> None:
        for prefix, namespace in local.items():
            meaning = PREFIXES.get(prefix, namespace)
            if meaning != namespace:
                raise SourceError(
                    message(
                        "The prefix {prefix}: stands for <{iri}> in this project.", prefix=prefix, iri=meaning
                    ),
                    where=name,
                    hint=message("Correct its address, or choose another prefix for <{iri}>.", iri=namespace),
                )
        project = set(PREFIXES.values())
        own = {prefix: namespace for prefix, namespace in local.items() if namespace not in project}
        self._longest_first = sorted((PREFIXES | own).items(), key=lambda pair: (-len(pair[1]), pair[0]))
        self.used: dict[str, str] = {}

    def write(self, iri: str) -> str:
        """``iri`` as a prefixed name, the prefix noted in ``used``; in angle brackets if none fits."""
        for prefix, namespace in self._longest_first:
            if iri.startswith(namespace) and _PLAIN_LOCAL.fullmatch(iri, len(namespace)):
                self.used[prefix] = namespace
                return f"{prefix}:{iri[len(namespace) :]}"
        return f"<{iri}>"


def write_term(term: object, names: Names) -> str:
    """A term in Turtle: integers and booleans bare, texts with line breaks in triple quotes."""
    if isinstance(term, ox.NamedNode):
        return names.write(term.value)
    if not isinstance(term, ox.Literal):
        return str(term)
    datatype = term.datatype.value
    if datatype == str(XSD.integer) and _INTEGER.fullmatch(term.value):
        return term.value
    if datatype == str(XSD.boolean) and term.value in ("true", "false"):
        return term.value
    text = _quoted(term.value)
    if term.language:
        return f"{text}@{term.language}"
    return text if datatype == str(XSD.string) else f"{text}^^{names.write(datatype)}"


def natural(text: str) -> tuple[object, ...]:
    """A sort key that counts: ``m:2`` before ``m:14``."""
    parts = _DIGITS.split(text)
    # A number by its length and digits: Python refuses to make an int of very long ones.
    counted = ((len(part.lstrip("0")), part.lstrip("0")) if i % 2 else part for i, part in enumerate(parts))
    return (tuple(counted), text)


def iri_key(term: object) -> tuple[object, ...]:
    """The order of things: natural by IRI or label."""
    return natural(term.value if isinstance(term, ox.NamedNode) else str(term))


def object_key(term: object) -> tuple[object, ...]:
    """The order of objects: IRIs, blank nodes, then literals by language (nb, nn, en, others) and text."""
    if not isinstance(term, ox.Literal):
        return (isinstance(term, ox.BlankNode), 0, "", iri_key(term), "")
    language = term.language or ""
    rank = LANGUAGES.index(language) if language in LANGUAGES else len(LANGUAGES)
    return (2, rank, language, natural(term.value), term.datatype.value)


def _quoted(value: str) -> str:
    escaped = "".join(_escaped(character) for character in value)
    if "\n" not in value:
        return '"' + escaped.replace('"', '\\"') + '"'
    safe = _QUOTES_TO_ESCAPE.sub(lambda quotes: '\\"' * len(quotes.group()), escaped)
    return f'"""{safe}"""'


def _escaped(character: str) -> str:
    """Escapes what a reader of the file could not see, but for the line breaks."""
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character != "\n" and unicodedata.category(character) in _INVISIBLE:
        code = ord(character)
        return f"\\u{code:04X}" if code <= _LAST_OF_BMP else f"\\U{code:08X}"
    return character
