"""What a request asks of the SPARQL service, by the letter of the SPARQL 1.1 Protocol, section 2.1."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from bibgraph.errors import Forbidden, NotAcceptable, ParameterError, QueryError
from bibgraph.media import ALIASES, BY_NAME, BY_TYPE, GRAPHS, RESULTS, meant
from bibgraph.messages import message
from bibgraph.store.sandbox.frames import Job
from bibgraph.suggestions import suggestion
from bibgraph.web.http.decoding import Fields, decode_utf8, fields
from bibgraph.web.http.formats import HTML, pick
from bibgraph.web.http.problems import UnsupportedType

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
UPDATE = "application/sparql-update"
TRIPLES = (*GRAPHS, BY_NAME["trig"].type, BY_NAME["nq"].type)
_FORMATS = tuple(BY_TYPE[type_].name for type_ in (*RESULTS, *TRIPLES, HTML))
_UTF8 = ("utf-8", "utf8")
_REMEMBERED = 512
_MEMORABLE = 1000
"""Characters of an Accept header of which it is remembered what it means."""
_NUMBER = re.compile(r"\s*+\+?(?:\d++\.?\d*+|\.\d++)(?:[eE][+-]?\d++)?\s*+", re.ASCII)


@dataclass(frozen=True)
class Incoming:
    """A request as it came, whatever took it in.

    query_string: as in the address, still encoded. type: of the body, without parameters. charset, encoding:
    of the body; empty where the request says nothing.
    """

    method: str
    query_string: str
    accept: str = ""
    type: str = ""
    charset: str = ""
    encoding: str = ""
    body: bytes = b""


class Asked(NamedTuple):
    """One request of the protocol: the query, its data set, and what is said of its answer.

    format: named in the request, else empty. timeout: seconds that the client will wait; 0 if it says none.
    """

    query: str
    default_graphs: Sequence[str]
    named_graphs: Sequence[str]
    format: str
    timeout: float

    def types(self, accept: str) -> tuple[str, str]:
        """The media types of an answer in rows and of one in triples; empty where there is none.

        If there is neither, the query is still to be asked: what is wrong with it is told before that, and
        that there is no answer is for the worker to say. Raises NotAcceptable for a format that is none.
        """
        return (_types if len(accept) > _MEMORABLE else _remembered)(self.format, accept)

    def others(self, accept: str, rows: str, triples: str) -> tuple[str, str] | None:
        """The next best of these media types, where the first cannot hold the answer; None if none is wanted.

        What cannot be is control characters in XML, and some names of properties in RDF/XML.
        """
        if self.format:
            return None
        left_out = frozenset(ALIASES.get(type_, type_) for type_ in (rows, triples, HTML))
        try:
            found = _types("", accept, left_out)
        except NotAcceptable:
            return None
        return found if any(found) else None

    def job(self, rows: str, triples: str) -> Job:
        """The work to be done for an answer in one of these media types."""
        return Job(
            self.query, _name(rows), _name(triples), tuple(self.default_graphs), tuple(self.named_graphs)
        )


def _types(named: str, accept: str, left_out: frozenset[str] = frozenset()) -> tuple[str, str]:
    found = []
    for offered in (RESULTS, TRIPLES):
        aliases = [alias for alias, meant in ALIASES.items() if meant in offered]
        types = [type_ for type_ in (*offered, *aliases, HTML) if ALIASES.get(type_, type_) not in left_out]
        try:
            found.append(pick(named, accept, types))
        except NotAcceptable:
            found.append("")
    if named and not any(found):
        pick(named, accept, (*RESULTS, *TRIPLES, HTML))  # so that the error names all that there is
    return found[0], found[1]


_remembered = lru_cache(maxsize=_REMEMBERED)(_types)


def told(incoming: Incoming) -> Fields:
    """What the request says, in its address and its body. Raises QueryError."""
    said = fields(incoming.query_string.encode("latin-1"), "URL")
    if incoming.method != "POST":
        return said
    if incoming.encoding.lower() not in ("", "identity"):
        raise UnsupportedType(
            message("Packed bodies are not unpacked here: send it without Content-Encoding.")
        )
    if incoming.charset.lower() not in ("", *_UTF8):
        raise UnsupportedType(message("The body must be UTF-8."))
    if incoming.type == FORM:
        return said + fields(incoming.body, "POST")
    if incoming.type == DIRECT:
        return said + Fields([("query", decode_utf8(incoming.body, "POST"))])
    if incoming.type == UPDATE:
        raise _no_update()
    raise UnsupportedType(
        message(
            "A query comes as {form} or as {direct}, not as {found}.",
            form=FORM,
            direct=DIRECT,
            found=incoming.type or "–",
        ),
        hint=message("Set the header Content-Type."),
    )


def asked(said: Fields) -> Asked:
    """The one query of a request, with its data set. Raises QueryError for none or several."""
    if said.all("update") or said.all("using-graph-uri") or said.all("using-named-graph-uri"):
        raise _no_update()
    queries = said.all("query")
    if not queries:
        raise no_query()
    if len(queries) > 1:
        raise QueryError(message("There are {count} queries in one request; send one.", count=len(queries)))
    return Asked(
        queries[0],
        _graphs("default-graph-uri", said),
        _graphs("named-graph-uri", said),
        format_named(said),
        timeout(said),
    )


def format_named(said: Fields) -> str:
    """The format that the request names; empty if it names none. Raises ParameterError for several."""
    return _one("format", said, lambda text: meant(text) or text, allowed=_FORMATS)


def _graphs(name: str, said: Fields) -> list[str]:
    """The graphs that a parameter names. Raises ParameterError for one without a name."""
    found = said.all(name)
    if not all(found):
        raise ParameterError(
            message("The parameter needs a value."), where=name, members={"parameter": name, "given": ""}
        )
    return found


def timeout(said: Fields) -> float:
    """Seconds that the client will wait; 0 if it says none. Raises ParameterError."""
    text = _one("timeout", said, _seconds)
    return _seconds(text) if text else 0.0


def _one(name: str, said: Fields, meaning: Callable[[str], object], allowed: Sequence[str] = ()) -> str:
    """The value of a parameter; empty if it has none. Raises ParameterError for values that differ."""
    values = [value for value in said.all(name) if value]
    if len({meaning(value) for value in values}) > 1:
        raise ParameterError(
            message("There are several values of {name}; send one.", name=name),
            hint=suggestion("", allowed) if allowed else None,
            members={"parameter": name, "given": values} | ({"allowed": list(allowed)} if allowed else {}),
        )
    return values[0] if values else ""


def _seconds(text: str) -> float:
    seconds = float(text) if _NUMBER.fullmatch(text) else 0.0
    if not (math.isfinite(seconds) and seconds > 0):
        raise ParameterError(
            message("The timeout cannot be {value!r}.", value=text),
            hint=message("Allowed: {allowed}.", allowed=message("seconds, such as {example}", example="2.5")),
            members={"parameter": "timeout", "given": text},
        )
    return seconds


def no_query() -> QueryError:
    """The error for a request without a query."""
    return QueryError(
        message("The request holds no query."),
        hint=message(
            "Send it as the parameter «query», or as the body of a POST. Without one there is only the "
            "description of the service: {offered}.",
            offered=", ".join((*TRIPLES, HTML)),
        ),
    )


def _no_update() -> Forbidden:
    return Forbidden(
        message("The graph is only for reading here; it takes no updates."),
        hint=message("Ask with SELECT, ASK, CONSTRUCT or DESCRIBE in the parameter «query»."),
    )


def _name(media_type: str) -> str:
    """The name of the format that an answer in this media type is written in; empty for none."""
    found = BY_TYPE.get(ALIASES.get(media_type, media_type))
    return found.name if found else ""
