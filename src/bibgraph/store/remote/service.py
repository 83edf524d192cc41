"""Requests to one service over HTTP: sent again where that may help, timed, and counted in bytes."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Container
from email.message import Message
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from typing import NamedTuple
from urllib.error import HTTPError, URLError
from urllib.request import Request

from bibgraph.errors import BibgraphError, StoreTimeout
from bibgraph.messages import message
from bibgraph.reasons import reason
from bibgraph.store import calls
from bibgraph.store.remote import failures
from bibgraph.store.remote.login import Login
from bibgraph.store.remote.patience import Breaker, Clock, asked_for, bearable, pauses
from bibgraph.store.remote.requests import UPDATE, read_request
from bibgraph.store.remote.timely import Unreadable

# Virtuoso answers with a header for each graph that it was asked about; Python alone stops at a hundred.
http.client._MAXHEADERS = 5_000  # type: ignore[attr-defined]  # noqa: SLF001  # there is no other way

TIMEOUT = 30.0
"""Seconds that the service has for its answer, all attempts taken together."""
MOST_BYTES = 256 * 1024 * 1024
"""So much is read of an answer; it is held in memory."""

_PIECE = 65536
_PROBE = 2.0
_TOO_MANY = HTTPStatus.TOO_MANY_REQUESTS
_STATE, _CUT_SHORT = "X-SQL-State", "S1TAT"
"""So Virtuoso marks an answer that it has cut short when its time was up, whatever the status is."""
_DOWN = (HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE)
_AGAIN = (_TOO_MANY, *_DOWN, HTTPStatus.GATEWAY_TIMEOUT)


class Received(NamedTuple):
    """What a service answered: the headers and the content. bounded: it was said where that ends."""

    headers: Message
    content: bytes
    bounded: bool = True

    @property
    def media_type(self) -> str:
        """Of the content; empty where the service does not say, which Python takes for ``text/plain``."""
        return self.headers.get_content_type() if "Content-Type" in self.headers else ""


class _Failed(Exception):
    """A failure on its way to where it is decided whether to try again.

    error: what to tell. again: another attempt may help. down: perhaps the service does not work at all.
    status: of its answer. after: seconds that it asks us to wait.
    """

    def __init__(
        self,
        error: BibgraphError,
        *,
        again: bool = False,
        down: bool = False,
        status: int = 0,
        after: float | None = None,
    ) -> None:
        super().__init__()
        self.error, self.again, self.down, self.status, self.after = error, again, down, status, after

    def told(self) -> BibgraphError:
        """The error, which then is no longer here.

        The one that is raised knows this one as its context. If both knew each other they would live on, and
        with them all that was at hand in those who asked, such as an answer, until they are found in some
        thread; but Oxigraph's answers must end in that in which they began.
        """
        error: BibgraphError = self.__dict__.pop("error")
        return error


class Service:
    """The service at ``url``. For many threads."""

    def __init__(
        self,
        url: str,
        *,
        login: Login | None = None,
        timeout: float = TIMEOUT,
        most_bytes: int = MOST_BYTES,
        clock: Clock | None = None,
        breaker: Breaker | None = None,
    ) -> None:
        self.url = url
        self.login = login or Login()
        self.timeout = timeout
        self.most_bytes = most_bytes
        self.clock = clock or Clock()
        self.breaker = breaker or Breaker(now=self.clock.now)
        self._probing = threading.Lock()

    def fetch(
        self,
        request: Request,
        *,
        timeout: float | None = None,
        repeatable: bool = True,
        fine: Container[int] = (),
    ) -> Received:
        """The answer to ``request``; an empty one for a failure that is ``fine``.

        It is sent again when the service cannot be reached or is busy, unless it is not ``repeatable``.
        Raises QueryError for what the service answers with 400, 413 or 414, LimitError for an answer too
        large, StoreTimeout if it is too slow, StoreError if it fails in other ways, and Left if nobody waits
        for it any more.
        """
        seconds = self.timeout if timeout is None else timeout
        deadline = self.clock.now() + seconds
        for pause in (*pauses(self.clock), None):
            calls.current().go_on()
            left = self.breaker.left()
            if left:
                raise failures.left_alone(self.url, self.breaker.failures, left)
            try:
                answer = self._once(request, seconds, deadline)
            except _Failed as failed:
                calls.current().go_on()  # it failed because nobody waits
                self._note(failed)
                if failed.status in fine:
                    return Received(Message(), b"")
                wait = None if pause is None else bearable(pause, failed.after)
                out_of_time = wait is None or self.clock.now() + wait >= deadline
                if out_of_time or wait is None or not (failed.again and repeatable):
                    raise failed.told() from failed.__cause__
                self.clock.sleep(wait)
            else:
                self.breaker.succeeded()
                return answer
        raise AssertionError("the last attempt returns or raises")

    def _note(self, failed: _Failed) -> None:
        """Tell the breaker. What one query meets is no fault of the service if others are answered.

        Raises Left if nobody waits for the query any more.
        """
        if not _may_be_down(failed):
            self.breaker.succeeded()
        elif self._probing.acquire(blocking=False):  # else another one finds out
            try:
                down = self._is_down()
            finally:
                self._probing.release()
            calls.current().go_on()  # it was not heard because nobody waits
            (self.breaker.failed if down else self.breaker.succeeded)()

    def _is_down(self) -> bool:
        """Whether the service does not even answer what asks for nothing."""
        try:
            self._once(read_request(self.url, "ASK {}", "ASK"), _PROBE, self.clock.now() + _PROBE)
        except _Failed as probe:
            return _may_be_down(probe)
        return False

    def _once(self, request: Request, seconds: float, deadline: float) -> Received:
        left = max(0.001, deadline - self.clock.now())
        try:
            with self.login.open(request, left) as response:
                if (
                    response.status == HTTPStatus.PARTIAL_CONTENT
                    or response.headers.get(_STATE) == _CUT_SHORT
                ):
                    raise _Failed(failures.partial(self.url))
                bounded = response.chunked or response.length is not None
                return Received(response.headers, self._read(response, deadline), bounded)
        except HTTPError as error:
            with error:
                raise self._refusal(error, filling=_fills(request)) from error
        except TimeoutError as error:
            raise _Failed(failures.too_slow(self.url, seconds)) from error
        except URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise _Failed(failures.too_slow(self.url, seconds)) from error
            why = error.reason if isinstance(error.reason, BaseException) else ValueError(error.reason)
            raise _Failed(failures.unreachable(self.url, reason(why)), again=True, down=True) from error
        except (OSError, HTTPException) as error:
            raise _Failed(failures.unreachable(self.url, reason(error)), again=True, down=True) from error
        except Unreadable as error:
            raise _Failed(failures.unreadable(self.url, "", reason(error))) from error
        except ValueError as error:
            raise _Failed(failures.unreachable(self.url, reason(error))) from error

    def _refusal(self, error: HTTPError, *, filling: bool) -> _Failed:
        headers: Message = error.headers
        try:
            body = error.read(_PIECE)
        except (OSError, HTTPException):
            body = b""
        address = headers.get("Location", "") if error.code // 100 == 3 else ""  # noqa: PLR2004  # the 3xx
        after = asked_for(headers.get("Retry-After"))
        told = failures.refused(
            self.url,
            error.code,
            body,
            known=bool(self.login),
            filling=filling,
            address=address,
            after=after,
        )
        return _Failed(
            told,
            again=error.code in _AGAIN,
            down=error.code in _DOWN,
            status=error.code,
            after=after,
        )

    def _read(self, response: HTTPResponse, deadline: float) -> bytes:
        pieces, size = [], 0
        while piece := response.read1(_PIECE):
            pieces.append(piece)
            size += len(piece)
            if size > self.most_bytes:
                raise _Failed(failures.too_large(self.url, self.most_bytes))
            if self.clock.now() > deadline:
                raise TimeoutError
        if response.length:
            raise HTTPException(message("{count} bytes of the answer are missing", count=response.length))
        return b"".join(pieces)


def _may_be_down(failed: _Failed) -> bool:
    return failed.down or isinstance(failed.error, StoreTimeout)


def _fills(request: Request) -> bool:
    """Whether a request sends data rather than asks."""
    return request.get_method() in ("PUT", "DELETE") or request.get_header("Content-type") == UPDATE
