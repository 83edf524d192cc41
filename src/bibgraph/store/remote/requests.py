"""Requests of the SPARQL 1.1 Protocol: queries as SPARQLWrapper makes them, and updates."""

from __future__ import annotations

from urllib.request import Request

from SPARQLWrapper import POST, SPARQLWrapper

from bibgraph.reasons import reason
from bibgraph.store.remote import failures

UPDATE = "application/sparql-update"
_LONGEST_ADDRESS = 2000
_ACCEPTED = {
    "SELECT": "application/sparql-results+json",
    "ASK": "application/sparql-results+json",
    "CONSTRUCT": "application/n-triples, text/turtle;q=0.9",
    "DESCRIBE": "application/n-triples, text/turtle;q=0.9",
}


def read_request(
    url: str, text: str, form: str, graphs: tuple[tuple[str, tuple[str, ...]], ...] = ()
) -> Request:
    """A query as the SPARQL 1.1 Protocol has it. graphs: values of default-graph-uri and named-graph-uri."""
    wrapper = SPARQLWrapper(url)
    # Not setQuery, whose own guess of the form takes a comment for a query: an update it never is.
    wrapper.queryString, wrapper.queryType = text, form
    wrapper.setOnlyConneg(True)
    wrapper.addCustomHttpHeader("Accept", _ACCEPTED[form])
    length = len(text)
    for name, values in graphs:
        for value in values:
            wrapper.addParameter(name, value)
            length += len(name) + len(value)
    if length > _LONGEST_ADDRESS or "?" in url:
        wrapper.setMethod(POST)
    return _made(wrapper, url)


def update_request(url: str, text: str) -> Request:
    """A SPARQL 1.1 Update, posted directly: forms are twice as long, and some services bound them tightly."""
    headers = {"Content-Type": UPDATE}
    return Request(url, data=text.encode(), method="POST", headers=headers)  # noqa: S310  # checked as a setting


def _made(wrapper: SPARQLWrapper, url: str) -> Request:
    # Not wrapper.query(): it sends with an opener that the whole process shares, follows every redirect, and
    # hands the credentials on to whoever that names.
    try:
        request: Request = wrapper._createRequest()  # noqa: SLF001
    except ValueError as error:
        raise failures.unreachable(url, reason(error)) from error
    return request
