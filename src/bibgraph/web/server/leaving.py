"""Whether the other end of a connection is still there, while nothing is read from it."""

from __future__ import annotations

import asyncio
import socket

_CLOSED, _ENDED_THERE = 7, 8
"""``TCP_CLOSE`` and ``TCP_CLOSE_WAIT`` of Linux: it is no connection any more; its client sends no more."""


def has_left(transport: asyncio.BaseTransport) -> bool:
    """Whether the client has ended the connection, or its half of it; no where the system does not tell."""
    if not hasattr(socket, "TCP_INFO"):
        return False
    try:
        state = transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)
    except (AttributeError, OSError, ValueError):  # it is being closed, or no connection by TCP
        return False
    return state[0] in (_CLOSED, _ENDED_THERE)
