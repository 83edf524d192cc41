"""A server that does nothing: every request gets the same short answer. It shows what the generator can do.

python null.py PORT
"""

from __future__ import annotations

import select
import socket
import sys

_BODY = b'{"head":{"vars":["s"]},"results":{"bindings":[]}}'
_ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\nContent-Length: %d\r\n\r\n%s"
    % (len(_BODY), _BODY)
)
_PIECE = 65536


def serve(port: int) -> None:
    """Answer for ever."""
    with socket.create_server(("127.0.0.1", port), backlog=256) as heard, select.epoll() as poll:
        poll.register(heard, select.EPOLLIN)
        connections: dict[int, socket.socket] = {}
        while True:
            for number, _ in poll.poll():
                if number == heard.fileno():
                    made, _ = heard.accept()
                    connections[made.fileno()] = made
                    poll.register(made, select.EPOLLIN)
                    continue
                try:
                    data = connections[number].recv(_PIECE)
                except ConnectionError:
                    data = b""
                if data:
                    connections[number].sendall(_ANSWER * data.count(b"\r\n\r\n"))
                else:
                    poll.unregister(number)
                    connections.pop(number).close()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
