"""RDF terms as SPARQL writes them."""

from __future__ import annotations

import re

import pyoxigraph as ox

_STRING = "http://www.w3.org/2001/XMLSchema#string"
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_LOOKS_LIKE_CODE_POINT = re.compile(r"\\([uU])")


def in_sparql(term: ox.NamedNode | ox.Literal) -> str:
    r"""The term, complete with datatype or language, so that every engine reads it as that term.

    A text may hold ``\u0022`` as six characters of its own. By the letter of SPARQL 1.1 (section 19.2) code
    point escapes are replaced before anything else is looked at, so a doubled backslash does not protect
    them; the letter u is therefore written as an escape itself, which both kinds of engine read alike (with
    eight digits, because rdflib takes up to eight after a small u as well).
    """
    if isinstance(term, ox.NamedNode):
        return f"<{term.value}>"
    escaped = _LOOKS_LIKE_CODE_POINT.sub(
        lambda match: f"\\\\U{ord(match[1]):08X}", term.value.translate(_ESCAPES)
    )
    if term.language:
        return f'"{escaped}"@{term.language}'
    return f'"{escaped}"' if term.datatype.value == _STRING else f'"{escaped}"^^<{term.datatype.value}>'
