"""The one place where failures become HTTP answers, in the form and language the reader asked for."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from bibgraph.errors import (
    BibgraphError,
    Forbidden,
    LimitError,
    NotAcceptable,
    NotFound,
    QueryError,
    StoreError,
    StoreTimeout,
    Unavailable,
)
from bibgraph.media import negotiate
from bibgraph.messages import Message, message
from bibgraph.web.http.addresses import Gone
from bibgraph.web.http.formats import HTML
from bibgraph.web.http.members import members_of
from bibgraph.web.http.reader import reader

JSON = "application/problem+json"
TEXT = "text/plain"
WRONG = 400
FAULT = 500
_LOG = logging.getLogger(__name__)


class TooLarge(QueryError):
    """The request is larger than this service reads."""


class UnsupportedType(QueryError):
    """The body of the request is in a format that this service does not read."""


class UnknownVersion(QueryError):
    """The request is written in a version of HTTP that is not spoken here (RFC 9110, section 15.6.6)."""


class UnknownMethod(QueryError):
    """The request is by a method that this service does not know (RFC 9110, section 15.6.2)."""


class PreconditionFailed(QueryError):
    """The request is for another state of a thing than the present one (RFC 9110, section 13)."""


class NoSuchPart(QueryError):
    """The request is for a part that what it asks for has not got (RFC 9110, section 15.5.17)."""


_STATUS: dict[type[BibgraphError], int] = {
    Gone: 410,
    NotFound: 404,
    NotAcceptable: 406,
    Forbidden: 403,
    PreconditionFailed: 412,
    TooLarge: 413,
    UnsupportedType: 415,
    NoSuchPart: 416,
    UnknownMethod: 501,
    UnknownVersion: 505,
    QueryError: WRONG,
    Unavailable: 503,
    StoreTimeout: 504,
    StoreError: 502,
    BibgraphError: FAULT,
}

_STATUS_OF_LIMIT = {
    "nesting": 400,
    "words": 400,
    "query-bytes": 413,
    "result-bytes": 413,
    "result-rows": 413,
    "engine-bytes": 413,
    "address": 414,
    "headers": 431,
    "header-time": 408,
    "body-time": 408,
    "client-budget": 429,
    "timeout": 504,
    "engine-timeout": 504,
}
"""By the name of the limit that was met; 503 for the others, which are the service's own."""
_UNAVAILABLE = 503

_TITLES = {
    400: message("The request cannot be read"),
    403: message("Not allowed here"),
    404: message("Not found"),
    405: message("This address does not take that method"),
    406: message("Not to be had in that format"),
    410: message("No longer there"),
    408: message("The request did not come in time"),
    412: message("It has changed since"),
    413: message("Too large"),
    414: message("The address is too long"),
    415: message("This format is not read here"),
    416: message("The file has no such range"),
    429: message("Too much for one client"),
    431: message("The headers are too large"),
    500: message("Something failed on our side"),
    501: message("That is not done here"),
    502: message("The graph’s store did not answer"),
    503: message("Not available just now"),
    504: message("It took too long"),
    505: message("This version of HTTP is not spoken here"),
}


@dataclass(frozen=True)
class Problem:
    """What is told of a failure (RFC 9457): status, sentence and hint; ``number`` finds it in the log.

    more: further members, for programs; a message among them is told in the reader's language.
    """

    status: int
    detail: Message | None = None
    where: str = ""
    hint: Message | None = None
    number: str = ""
    retry_after: int = 0
    more: Mapping[str, object] = field(default_factory=dict)

    def title(self, language: str) -> str:
        """A few words for this kind of failure."""
        return _TITLES.get(self.status, _TITLES[FAULT if self.status >= FAULT else WRONG]).text(language)

    def sentence(self, language: str) -> str:
        """What went wrong, and where."""
        text = self.detail.text(language) if self.detail else ""
        return f"{self.where}: {text}" if self.where and text else text

    @property
    def met(self) -> str:
        """The limit that was met, and its value; empty where it was none."""
        return f"{self.more['limit']}: {self.more['value']}" if "limit" in self.more else ""

    @property
    def instance(self) -> str:
        """What finds this failure in the log; empty for one that is not there."""
        return f"urn:bibgraph:problem:{self.number}" if self.number else ""

    def headers(self) -> dict[str, str]:
        """Headers that say when to try again."""
        return {"Retry-After": str(self.retry_after)} if self.retry_after else {}

    def members(self, language: str) -> dict[str, object]:
        """The members of ``application/problem+json``."""
        members: dict[str, object] = {
            "type": "about:blank",
            "title": self.title(language),
            "status": self.status,
            **{name: _spoken(value, language) for name, value in self.more.items()},
        }
        if self.where:
            members["where"] = self.where
        if self.sentence(language):
            members["detail"] = self.sentence(language)
        if self.hint:
            members["hint"] = self.hint.text(language)
        if self.instance:
            members["instance"] = self.instance
        return members


def _spoken(value: object, language: str) -> object:
    return value.text(language) if isinstance(value, Message) else value


FAILURE = "bibgraph.failure"
"""The key in a WSGI environment of an error that has arisen before the application, if any, and a number."""


def install(app: Flask) -> None:
    """Answer every failure of ``app`` here, and those that have arisen before it."""
    app.before_request(_raise_failure)
    app.register_error_handler(BibgraphError, _ours)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _unexpected)


def _raise_failure() -> None:
    failure, _ = request.environ.get(FAILURE, (None, ""))
    if failure is not None:
        raise failure


def told_of(error: BibgraphError) -> Problem:
    """``problem_of`` for the current request; what is not told goes into the log, under its number."""
    _, number = request.environ.get(FAILURE, (None, ""))
    if error.outside is not None:
        number = number or _new_number()
        _LOG.error("problem %s: %r", number, error.text("en"))
    return replace(problem_of(error), number=number)


def problem_of(error: BibgraphError) -> Problem:
    """What strangers are told of ``error``, with the status that its kind has."""
    error = error.outside or error
    status = next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)
    retry_after = error.retry_after if isinstance(error, LimitError | Unavailable) else 0
    if isinstance(error, LimitError):
        status = _STATUS_OF_LIMIT.get(error.limit, _UNAVAILABLE)
    return Problem(
        status, error.problem, error.where, error.hint, retry_after=retry_after, more=members_of(error)
    )


def _ours(error: BibgraphError) -> Response:
    problem = told_of(error)
    return _unexpected(error) if problem.status == FAULT else show(problem)


def _new_number() -> str:
    return secrets.token_hex(6)


def _of_http(error: HTTPException) -> Response:
    problem = Problem(error.code or FAULT, _DETAILS.get(error.code or FAULT))
    response = show(problem)
    for name, value in error.get_headers(request.environ):
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


_DETAILS = {
    404: message("There is nothing at this address."),
    405: message("The header Allow names the methods that it takes."),
    413: message("The body of the request is larger than this service reads."),
}


def _unexpected(error: Exception) -> Response:
    number = _new_number()
    _LOG.error("problem %s: %s %r", number, request.method, request.path, exc_info=error)
    told = message("The fault is ours, and is written in the log under {number}.", number=number)
    return show(Problem(FAULT, told, number=number))


def show(problem: Problem) -> Response:
    """The answer about ``problem`` as JSON, text or HTML."""
    language = reader().language
    try:
        kind = negotiate(request.headers.get("Accept", ""), (JSON, HTML, TEXT))
    except NotAcceptable:
        kind = JSON
    if kind == HTML:
        body = render_template("problem.html", problem=problem)
    elif kind == TEXT:
        lines = (
            problem.title(language),
            problem.sentence(language),
            problem.hint.text(language) if problem.hint else "",
            problem.met,
            problem.instance,
        )
        body = "\n".join(line for line in lines if line) + "\n"
    else:
        body = json.dumps(problem.members(language), ensure_ascii=False, indent=2) + "\n"
    content_type = kind if kind == JSON else f"{kind}; charset=utf-8"
    response = Response(body, status=problem.status, content_type=content_type)
    response.headers.update(problem.headers())
    response.vary.update(["Accept", "Accept-Language"])
    response.content_language.add(language)
    response.cache_control.no_store = True
    return response
