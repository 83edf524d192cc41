"""Patience with a service: when to try again, and when to leave it alone for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from secrets import SystemRandom

from bibgraph.store import calls

ATTEMPTS = 4
"""How often one request is sent at most."""

_FIRST = 0.1
_LONGEST = 2.0
_LONGEST_ASKED_FOR = 10.0


@dataclass(frozen=True)
class Clock:
    """Time and chance, so that tests need neither."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = calls.sleep
    chance: Callable[[], float] = SystemRandom().random


def pauses(clock: Clock) -> Iterator[float]:
    """Seconds to wait before each further attempt: twice as long each time, and half of it by chance."""
    for number in range(ATTEMPTS - 1):
        whole = min(_FIRST * 2**number, _LONGEST)
        yield whole / 2 + whole / 2 * clock.chance()


def asked_for(retry_after: str | None) -> float | None:
    """Seconds that a ``Retry-After`` header (RFC 9110, section 10.2.3) asks for; None if it says nothing."""
    if not retry_after:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def bearable(pause: float, retry_after: float | None) -> float | None:
    """How long to wait before the next attempt; None if the service asks for more than we have."""
    if retry_after is None:
        return pause
    return max(pause, retry_after) if retry_after <= _LONGEST_ASKED_FOR else None


class Breaker:
    """Leaves a service alone for a while when it has failed several times in a row.

    Then one request is let through after each pause, and the pauses grow until one succeeds. For many
    threads. failures: so many in a row open it. pause, longest: seconds, the first and the longest pause.
    """

    def __init__(
        self,
        *,
        failures: int = 5,
        pause: float = 5.0,
        longest: float = 60.0,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.failures = failures
        self._first, self._longest, self._now = pause, longest, now
        self._lock = threading.Lock()
        self._count = 0
        self._pause = pause
        self._until: float | None = None

    def left(self) -> float:
        """Seconds for which the service is to be left alone; 0: ask, and tell how it went."""
        with self._lock:
            if self._until is None:
                return 0.0
            left = self._until - self._now()
            if left > 0:
                return left
            # The caller is the one let through. Should nothing be heard of it, another is after the pause.
            self._until = self._now() + self._pause
            return 0.0

    def succeeded(self) -> None:
        """The service answered, whatever it said."""
        with self._lock:
            self._count, self._until, self._pause = 0, None, self._first

    def failed(self) -> None:
        """The service could not be reached, or cannot do anything at present."""
        with self._lock:
            self._count += 1
            if self._until is not None:
                self._pause = min(self._pause * 2, self._longest)
            elif self._count < self.failures:
                return
            self._until = self._now() + self._pause
