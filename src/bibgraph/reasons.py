"""What others say, the system, a library or a service elsewhere, as it can stand in our sentences."""

from __future__ import annotations

import errno
import re
import socket
import ssl
from http.client import BadStatusLine, HTTPException, IncompleteRead, RemoteDisconnected

from bibgraph.messages import Message, message

_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""What moves the cursor, turns the direction of writing or is half a sign; line breaks and tabs are not."""

_SYSTEM: dict[int, Message] = {
    errno.EACCES: message("Permission denied"),
    errno.EADDRINUSE: message("Address already in use"),
    errno.EADDRNOTAVAIL: message("Cannot assign requested address"),
    errno.EBADF: message("Bad file descriptor"),
    errno.ECONNREFUSED: message("Connection refused"),
    errno.ECONNRESET: message("Connection reset by peer"),
    errno.EDQUOT: message("Disk quota exceeded"),
    errno.EEXIST: message("File exists"),
    errno.EFBIG: message("File too large"),
    errno.EHOSTUNREACH: message("No route to host"),
    errno.EIO: message("Input/output error"),
    errno.EISDIR: message("Is a directory"),
    errno.ELOOP: message("Too many levels of symbolic links"),
    errno.EMFILE: message("Too many open files"),
    errno.ENAMETOOLONG: message("File name too long"),
    errno.ENETUNREACH: message("Network is unreachable"),
    errno.ENFILE: message("Too many open files in system"),
    errno.ENOENT: message("No such file or directory"),
    errno.ENOMEM: message("Cannot allocate memory"),
    errno.ENOSPC: message("No space left on device"),
    errno.ENOTDIR: message("Not a directory"),
    errno.ENOTEMPTY: message("Directory not empty"),
    errno.EPERM: message("Operation not permitted"),
    errno.EPIPE: message("Broken pipe"),
    errno.EROFS: message("Read-only file system"),
    errno.ETIMEDOUT: message("Connection timed out"),
}
"""What usually stops people, in the words of the system, so that it is said in other languages too."""

_NAMES: dict[int, Message] = {
    socket.EAI_AGAIN: message("Temporary failure in name resolution"),
    socket.EAI_NONAME: message("Name or service not known"),
}


def harmless(text: str) -> str:
    """The text with escapes for what could do something to a terminal, and for what is no whole sign."""
    return _HARMFUL.sub(lambda sign: ascii(sign[0])[1:-1], text)


def in_line(text: str) -> str:
    """The text in one line, and harmless."""
    return harmless(" ".join(text.split()))


def reason(error: BaseException) -> Message | str:
    """Why it failed, without a full stop: in the reader's language where it is known, else as it was told."""
    if error.args and isinstance(error.args[0], Message):
        return error.args[0]
    if isinstance(error, ssl.SSLCertVerificationError):
        return message("its certificate is not trusted ({words})", words=in_line(error.verify_message))
    if isinstance(error, HTTPException):
        return _of_http(error)
    if isinstance(error, UnicodeError):
        return message("there are letters in it that cannot be used here")
    if isinstance(error, OSError):
        known = (_NAMES if isinstance(error, socket.gaierror) else _SYSTEM).get(error.errno or 0)
        return known or in_line(error.strerror or str(error) or type(error).__name__)
    return in_line(str(error) or type(error).__name__).rstrip(".")


def _of_http(error: HTTPException) -> Message | str:
    if isinstance(error, RemoteDisconnected):
        return message("the connection ended before an answer came")
    if isinstance(error, IncompleteRead):
        return message("the connection ended in the middle of the answer")
    if isinstance(error, BadStatusLine):
        return message("what came is no HTTP")
    return in_line(str(error) or type(error).__name__).rstrip(".")
