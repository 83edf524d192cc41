"""Refuse queries that would reach beyond the data, change it, or end the process.

Nothing is parsed here, so that nothing can overflow: tokens are enough, because no word of SPARQL's grammar
is anything but itself outside texts, comments, addresses and names. What holds the wall in the end are limits
of the process that runs the query; this gives the clear answer before it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import pyoxigraph as ox

from bibgraph.errors import Forbidden, LimitError, QueryError
from bibgraph.messages import message
from bibgraph.sparql.complaints import complaint, foreseen
from bibgraph.sparql.spelling import character, decoded
from bibgraph.sparql.tokens import Kind, Token, place, tokens
from bibgraph.sparql.words import FORMS, UPDATES, WORDS
from bibgraph.suggestions import nearest

LONGEST = 100_000
"""Bytes of a query in UTF-8."""
DEEPEST = 60
"""Brackets open at one time. Engines recurse; a few hundred cost seconds, some thousand end the process."""
MOST_TOKENS = 2000
"""Words, names and signs, those in the data of VALUES not counted: long chains are recursed into as well."""

_REMEMBERED = 128
_MEMORABLE = 4000
"""Characters of a query that is remembered: many longer ones would take up what memory a worker may have."""
_MEMORABLE_WITH_GRAPHS = 1000
"""Of one that may name graphs: of a prefix and many names, the IRIs in full are far longer than the query."""

_OPENING = frozenset(("(", "[", "{", "{|"))
_CLOSING = frozenset((")", "]", "}", "|}"))
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_PAIR = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = frozenset("tbnrfuU\\\"'_~.-!$&()*+,;=/?#@%")
"""What can stand after a backslash."""
_BEGINS_SERVICE = re.compile(r"(?:.*\..*)?SERVICE", re.DOTALL)


@dataclass(frozen=True)
class Clauses:
    """What a query names: its form (``SELECT`` …) and the graphs of its FROM and FROM NAMED clauses.

    graph: whether GRAPH may be in it as a keyword.
    """

    form: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    graph: bool


def check(text: str) -> None:
    """Raise QueryError, with line and column, if ``text`` may not be run.

    Refused are updates and SERVICE, in whatever case or escape (Forbidden); texts longer, deeper or with more
    steps than the limits above (LimitError); and what is no SPARQL token. The grammar is left to the engine.
    """
    clauses(text)


def clauses(text: str, longest: int = LONGEST, deepest: int = DEEPEST) -> Clauses:
    """What the query names, once it is checked (see ``check``) against these limits."""
    return (_remembered if _is_memorable(text) else _clauses)(text, longest, deepest)


def _is_memorable(text: str) -> bool:
    if len(text) <= _MEMORABLE_WITH_GRAPHS:
        return True
    return len(text) <= _MEMORABLE and "\\" not in text and "from" not in text.lower()


def _clauses(text: str, longest: int, deepest: int) -> Clauses:
    _refuse_length(text, longest)
    text = decoded(text)
    # By the letter of SPARQL 1.1 (section 19.2) escapes are replaced before a text's end is looked for.
    unescaped = _unescaped(text)
    try:
        found = _checked(text, deepest)
    except QueryError as error:
        if unescaped != text:
            _refuse_hidden(unescaped, deepest)
        raise foreseen(error, text) from None
    if unescaped != text:
        _checked(unescaped, deepest)
    form = next((token for token in found if token.is_word(*FORMS)), None)
    if form is None:
        none = message("This is no query: it has none of {forms}.", forms=", ".join(FORMS))
        raise foreseen(QueryError(none, where="1:1"), text)
    default_graphs, named_graphs = _graphs(text, found, form)
    graph = any(token.kind in (Kind.WORD, Kind.NAME) and "GRAPH" in token.text.upper() for token in found)
    return Clauses(form.text.upper(), default_graphs, named_graphs, graph)


def _refuse_hidden(unescaped: str, deepest: int) -> None:
    """Raise Forbidden for what the text would do by its escapes; that they cannot stand there says less."""
    try:
        _checked(unescaped, deepest)
    except Forbidden:
        raise
    except QueryError:
        return


_remembered = lru_cache(maxsize=_REMEMBERED)(_clauses)


def _checked(text: str, deepest: int) -> list[Token]:
    """All tokens, each looked at before the next is read, so that a bad text costs little."""
    found: list[Token] = []
    depth = count = data = 0  # data: the depth of the bracket around the data of VALUES, while inside it
    announced = False
    for token in tokens(text):
        found.append(token)
        if token.kind is Kind.WORD:
            _refuse_word(text, token)
            announced = announced or token.is_word("VALUES")
        elif token.text in _OPENING:
            depth += 1
            _refuse_depth(text, token, depth, deepest)
            if token.text == "{":
                if depth > 1:  # before the outermost group there is nothing that the keyword could begin
                    _refuse_hidden_service(text, found)
                    _refuse_split_name(text, found)
                announced, data = False, depth if announced else data
        elif token.text in _CLOSING:
            data = 0 if depth == data else data
            depth -= 1
        if not data:
            count += 1
            _refuse_count(text, token, count)
    return found


def _refuse_depth(text: str, token: Token, depth: int, deepest: int) -> None:
    if depth > deepest:
        raise LimitError(
            message("Brackets are nested deeper than the {limit} that are allowed.", limit=deepest),
            limit="nesting",
            value=str(deepest),
            where=place(text, token.start),
        )


def _refuse_count(text: str, token: Token, count: int) -> None:
    if count > MOST_TOKENS:
        raise LimitError(
            message(
                "The query has more than the {limit} words and signs that are allowed.", limit=MOST_TOKENS
            ),
            limit="words",
            value=str(MOST_TOKENS),
            where=place(text, token.start),
            hint=message("Ask in several smaller queries, or put the values into VALUES."),
        )


def _refuse_length(text: str, longest: int) -> None:
    try:
        length = len(text.encode())
    except UnicodeEncodeError as error:
        raise QueryError(
            message("The query has half a character (U+{code:04X}) in it.", code=ord(text[error.start])),
            where=place(text, error.start),
        ) from error
    if length > longest:
        raise LimitError(
            message("The query has {length} bytes; {limit} are allowed.", length=length, limit=longest),
            limit="query-bytes",
            value=f"{longest} bytes",
            hint=message("Ask in several smaller queries."),
        )


def _refuse_word(text: str, token: Token) -> None:
    word = token.text.upper()
    if word in WORDS and word != "SERVICE":
        return
    where = place(text, token.start)
    if word == "SERVICE":
        raise _no_service(where)
    if word in UPDATES:
        raise Forbidden(
            message("{word} would change the graph, which is only for reading here.", word=word),
            where=where,
            hint=message("Ask with {forms}.", forms=", ".join(FORMS)),
        )
    near = ", ".join(nearest(word, WORDS))
    raise QueryError(
        message("«{word}» is no word of SPARQL.", word=token.text),
        where=where,
        hint=message("Did you mean {near}?", near=near) if near else None,
    )


def _refuse_hidden_service(text: str, found: Sequence[Token]) -> None:
    """Refuse ``SERVICE:x {``: a name to the standard, the keyword and ``:x`` to Oxigraph.

    Only after GRAPH, and where a group follows an object without a full stop, can a name with such a prefix
    stand before «{» at all. After «a» and «,» it is an object to both; the other objects are refused.
    """
    name, before = found[-2], found[max(0, len(found) - 3)]
    if name.kind is not Kind.NAME or "SERVICE" not in name.text.partition(":")[0].upper():
        return
    if before.is_word("GRAPH") or before.text in ("a", ","):
        return
    raise _no_service(place(text, name.start))


def _refuse_split_name(text: str, found: Sequence[Token]) -> None:
    """Refuse ``x:SERVICE <…> {``, which is no query to the standard.

    To Oxigraph it is the name ``x:`` and the keyword where the two together are no IRI: with ``<http://a:>``
    for ``x:`` the keyword would be a port. And a full stop in a name may end the statement or begin a number,
    and after that the keyword may come: ``x:a.b.SERVICE <…> {``.
    """
    before, asked = found[:-2][-2:], found[-2]
    if before and before[-1].is_word("SILENT"):
        before = before[:1]
    for name in (*before[-1:], asked):
        local = name.text.partition(":")[2].upper()
        if name.kind is not Kind.NAME or not _BEGINS_SERVICE.match(local):
            continue
        if name is asked and ":" not in local:
            continue
        if name is asked or asked.kind in (Kind.IRI, Kind.NAME, Kind.VARIABLE):
            raise _no_service(place(text, name.start))


def _no_service(where: str) -> Forbidden:
    return Forbidden(
        message("SERVICE would ask another server, which is not allowed here."),
        where=where,
        hint=message("Ask the other server yourself and put its answer into VALUES."),
    )


def _unescaped(text: str) -> str:
    r"""The text as whoever replaces escapes before reading sees it.

    Of ``"\\u0041"``, where the backslash itself is escaped, that leaves an escape that is none. It is taken
    for the character, so that what comes after it is looked at too.
    """
    replaced = _ESCAPED.sub(_unescape, text)
    return text if replaced == text else _PAIR.sub(_known, replaced)


def _known(match: re.Match[str]) -> str:
    return match[0] if match[1] in _ESCAPES else match[1]


def _unescape(match: re.Match[str]) -> str:
    return character(int(match[1] or match[2], 16)) or match[0]


def _graphs(text: str, found: Sequence[Token], form: Token) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The IRIs of FROM and of FROM NAMED, in full."""
    default: list[Token] = []
    named: list[Token] = []
    for before, token, after in zip(found, found[1:], [*found[2:], form], strict=False):
        if before.is_word("FROM") and token.kind in (Kind.IRI, Kind.NAME):
            default.append(token)
        elif before.is_word("FROM") and token.is_word("NAMED"):
            named.append(after)
    prologue = text[: form.start]
    return _in_full(prologue, default, text), _in_full(prologue, named, text)


def _in_full(prologue: str, names: Sequence[Token], text: str) -> tuple[str, ...]:
    """IRIs as the engine reads them, by the query's own BASE and PREFIX lines."""
    if not names:
        return ()
    listed = " ".join(dict.fromkeys(name.text for name in names))
    query = f"{prologue} SELECT ?iri {{ VALUES ?iri {{ {listed} }} }}"
    try:
        answer = ox.Store().query(query)
    except SyntaxError as error:
        problem = complaint(error, query)
        raise QueryError(problem.problem, where=place(text, names[0].start), hint=problem.hint) from error
    return tuple(row["iri"].value for row in answer) if isinstance(answer, ox.QuerySolutions) else ()
