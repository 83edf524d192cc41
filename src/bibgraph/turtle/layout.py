"""The one layout of the project's Turtle files, so that a change of one fact is a change of one line.

Header comments, a blank line, the prefixes used by name, then a block per subject in natural order (``m:2``
before ``m:14``): ``a`` first, then the names, then the other predicates by prefixed name; one predicate a
line, and one object a line where there are several. Text is in Unicode's normal form NFC.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from bibgraph.errors import SourceError
from bibgraph.messages import message
from bibgraph.namespaces import DCTERMS, RDF, RDFS, SKOS
from bibgraph.turtle.reading import label_blank_nodes, parse
from bibgraph.turtle.terms import Names, iri_key, object_key, write_term

_FIRST = tuple(str(term) for term in (RDF.type, RDFS.label, SKOS.prefLabel, DCTERMS["title"]))
_INDENT = " " * 4
_TOKEN = re.compile(
    r"""(?P<comment>\#[^\r\n]*) | (?P<space>\s+)
    | <(?:[^\x00-\x20<>"{}|^`\\]|\\.)*>
    | \"{3}(?:\"{0,2}(?:[^\"\\]|\\.))*\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
    | \"(?:[^\"\\\r\n]|\\.)*\" | '(?:[^'\\\r\n]|\\.)*'
    | \\. | .""",
    re.VERBOSE | re.DOTALL,
)

_Subject = ox.NamedNode | ox.BlankNode | ox.Triple
_Object = _Subject | ox.Literal
_Properties = dict[ox.NamedNode, set[_Object]]


def canonical(text: str, *, name: str) -> str:
    """The Turtle document ``text`` in the project's layout: the same graph, its texts in NFC.

    ``name`` stands for the file in errors. Raises SourceError for text that does not parse, for a prefix of
    the project's table used otherwise, and for a comment after the first statement, which would be lost.
    """
    declared, quads = parse(text.encode(), ox.RdfFormat.TURTLE, where=name)
    header = _header(text, name)
    names = Names(declared, name)
    things: dict[_Subject, _Properties] = defaultdict(lambda: defaultdict(set))
    for quad in label_blank_nodes(map(_in_nfc, quads), ""):
        things[quad.subject][quad.predicate].add(quad.object)
    blocks = [_block(thing, things[thing], names) for thing in sorted(things, key=_subject_key)]
    prefixes = [f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in sorted(names.used.items())]
    parts = ["\n".join(lines) for lines in (header, prefixes) if lines] + blocks
    return "\n\n".join(parts) + "\n" if parts else ""


def _subject_key(thing: _Subject) -> tuple[object, ...]:
    return (isinstance(thing, ox.BlankNode), iri_key(thing))


def _block(thing: _Subject, properties: _Properties, names: Names) -> str:
    written = {predicate: _verb(predicate, names) for predicate in properties}

    def order(predicate: ox.NamedNode) -> tuple[object, ...]:
        if predicate.value in _FIRST:
            return (_FIRST.index(predicate.value), "")
        return (len(_FIRST), written[predicate])

    lines = [
        _INDENT + _statements(written[predicate], properties[predicate], names)
        for predicate in sorted(properties, key=order)
    ]
    return f"{write_term(thing, names)}\n" + " ;\n".join(lines) + " ."


def _verb(predicate: ox.NamedNode, names: Names) -> str:
    return "a" if predicate.value == str(RDF.type) else names.write(predicate.value)


def _statements(verb: str, objects: Iterable[_Object], names: Names) -> str:
    terms = [write_term(term, names) for term in sorted(objects, key=object_key)]
    if len(terms) == 1:
        return f"{verb} {terms[0]}"
    return verb + "\n" + " ,\n".join(_INDENT * 2 + term for term in terms)


def _in_nfc(quad: ox.Quad) -> ox.Quad:
    literal = quad.object
    if not isinstance(literal, ox.Literal) or unicodedata.is_normalized("NFC", literal.value):
        return quad
    value = unicodedata.normalize("NFC", literal.value)
    kept = {"language": literal.language} if literal.language else {"datatype": literal.datatype}
    return ox.Quad(quad.subject, quad.predicate, ox.Literal(value, **kept), quad.graph_name)


def _header(text: str, name: str) -> list[str]:
    """The comments before the first statement; SourceError for a later one."""
    header: list[str] = []
    begun = False
    for line, token in _tokens(text):
        if token.lastgroup == "comment" and begun:
            raise SourceError(
                message("A comment in the middle of the file would be lost when the file is laid out."),
                where=f"{name}:{line}",
                hint=message("Move it above the first line, or say it as skos:editorialNote of the thing."),
            )
        if token.lastgroup == "comment":
            header.append(unicodedata.normalize("NFC", token.group().rstrip()))
        begun = begun or token.lastgroup is None
    return header


def _tokens(text: str) -> Iterator[tuple[int, re.Match[str]]]:
    line = 1
    for token in _TOKEN.finditer(text):
        yield line, token
        line += token.group().count("\n")
