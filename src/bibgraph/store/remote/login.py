"""Who asks: credentials for one service, which nobody else is ever shown."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPMessage, HTTPResponse
from typing import IO
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    HTTPRedirectHandler,
    OpenerDirector,
    Request,
    build_opener,
    parse_http_list,
    parse_keqv_list,
)

from bibgraph.store.remote.timely import handlers

_HEADER = "Authorization"
_MUCH = 16 * 1024
_READING = ("GET", "HEAD")


@dataclass(frozen=True)
class Login:
    """A name and a password, sent when the service asks for them, basic or digest; or a bearer token.

    If there is a token, it is sent and the name is not. All empty: nobody in particular asks.
    """

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    def __bool__(self) -> bool:
        return bool(self.token or self.user)

    def open(self, request: Request, timeout: float) -> HTTPResponse:
        """Send a request and tell who asks, if the service wants to know.

        Only reading is redirected, and never from https to http; another host gets no credentials. timeout:
        seconds for the whole of the answer.
        Raises what urllib raises.
        """
        request.remove_header(_HEADER)
        opener = build_opener(_Redirects(), *handlers(timeout))
        if self.token:
            request.add_unredirected_header(_HEADER, f"Bearer {self.token}")
        elif self.user and isinstance(request.data, bytes) and len(request.data) > _MUCH:
            self._introduce(request, opener, timeout)
        try:
            response: HTTPResponse = opener.open(request, timeout=timeout)
        except HTTPError as error:
            if not self._answered(request, error):
                raise
            error.close()
            response = opener.open(request, timeout=timeout)
        return response

    def _introduce(self, request: Request, opener: OpenerDirector, timeout: float) -> None:
        """Ask with little before much is sent: services hang up on what they do not take."""
        question = Request(request.full_url, method="HEAD")  # noqa: S310  # the same address
        try:
            opener.open(question, timeout=timeout).close()
        except HTTPError as error:
            self._answered(request, error)
            error.close()

    def _answered(self, request: Request, error: HTTPError) -> bool:
        """Whether ``error`` asks for the name and the password, and ``request`` now has them."""
        asks = error.code == HTTPStatus.UNAUTHORIZED and _origin(error.url) == _origin(request.full_url)
        if not asks or not self.user or request.has_header(_HEADER):
            return False
        scheme, _, challenge = (error.headers.get("WWW-Authenticate") or "").partition(" ")
        answer = self._basic() if scheme.lower() == "basic" else None
        if scheme.lower() == "digest":
            answer = self._digest(request, challenge)
        if answer:
            request.add_unredirected_header(_HEADER, f"{scheme} {answer}")
        return bool(answer)

    def _basic(self) -> str:
        return b64encode(f"{self.user}:{self.password}".encode()).decode()

    def _digest(self, request: Request, challenge: str) -> str | None:
        known = HTTPPasswordMgrWithDefaultRealm()
        known.add_password(None, request.full_url, self.user, self.password)
        asked = parse_keqv_list(list(filter(None, parse_http_list(challenge))))
        try:
            return HTTPDigestAuthHandler(known).get_authorization(request, asked)
        except ValueError:
            return None  # A way to make digests, or letters in the password, that it does not know.


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


class _Redirects(HTTPRedirectHandler):
    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        if req.get_method() not in _READING or new.scheme not in (old.scheme, "https"):
            return None  # The answer then is the redirect itself, which is a failure with an address in it.
        request = super().redirect_request(req, fp, code, msg, headers, newurl)
        if request and _origin(req.full_url) == _origin(newurl) and req.has_header(_HEADER):
            request.add_unredirected_header(_HEADER, str(req.get_header(_HEADER)))
        return request
