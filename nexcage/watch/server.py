"""A small HTTP server for two pages, without threads: one selector serves all, and nobody is waited for.

RFC 9112: one request for each connection, which is then closed. A client that
has not got its answer within some seconds, whatever it does, is dropped.
"""

import selectors
import time
from http import HTTPStatus

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    # path → (status, type of the content, the content)
    Answer = Callable[[str], tuple[HTTPStatus, str, str]]

MOST = 32  # clients at once: one more, and the oldest goes
PATIENCE = 5.0  # seconds for a client
_LARGEST = 8192  # bytes of a request
_BLOCK = 65536
TEXT = "text/plain; charset=utf-8"
_ONLY = "only GET and HEAD\n"


class Client:
    """One connection: it is read, answered, and heard until it hangs up, so that no answer is cut off."""

    def __init__(self, connection: "socket.socket", server: "Server") -> None:
        self.connection = connection
        self.deadline = time.monotonic() + PATIENCE
        self._server = server
        self._request = b""
        self._reply = memoryview(b"")
        self._answered = False

    def ready(self) -> None:
        """Go on; `OSError` or `EOFError` when it is over."""
        if self._reply:
            self._reply = self._reply[self.connection.send(self._reply) :]
            if not self._reply:
                self.connection.shutdown(1)  # SHUT_WR
                self._server.expect(self, selectors.EVENT_READ)
            return
        block = self.connection.recv(_BLOCK)
        if not block:
            raise EOFError
        if self._answered:
            return
        self._request += block
        if b"\r\n\r\n" in self._request or b"\n\n" in self._request or len(self._request) > _LARGEST:
            self._answered = True
            self._reply = memoryview(reply(self._request, self._server.answer))
            self._server.expect(self, selectors.EVENT_WRITE)


class Server:
    """Serves ``answer`` on ``listener``; `ready` is called for what ``selector`` finds with a callable."""

    def __init__(self, listener: "socket.socket", selector: selectors.BaseSelector, answer: "Answer") -> None:
        self.answer = answer
        self._listener = listener
        self._selector = selector
        self._clients: list[Client] = []  # the oldest first
        selector.register(listener, selectors.EVENT_READ, self._accept)

    def handles(self) -> list[int]:
        """The descriptors that a child has to close."""
        return [self._listener.fileno(), *(client.connection.fileno() for client in self._clients)]

    def deadline(self) -> float:
        """When `expire` has something to do next, of `time.monotonic`."""
        return self._clients[0].deadline if self._clients else float("inf")

    def expire(self) -> None:
        """Drop clients that have had their time."""
        while self._clients and self._clients[0].deadline <= time.monotonic():
            self._drop(self._clients[0])

    def expect(self, client: Client, events: int) -> None:
        """Call ``client`` when it can be read or written to."""
        self._selector.modify(client.connection, events, lambda: self._serve(client))

    def close(self) -> None:
        """End all connections."""
        for client in self._clients[:]:
            self._drop(client)
        self._selector.unregister(self._listener)
        self._listener.close()

    def _accept(self) -> None:
        if len(self._clients) >= MOST:
            self._drop(self._clients[0])
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return  # it has gone again
        connection.setblocking(False)
        client = Client(connection, self)
        self._clients.append(client)
        self._selector.register(connection, selectors.EVENT_READ, lambda: self._serve(client))

    def _serve(self, client: Client) -> None:
        if client not in self._clients:
            return  # dropped for a newer one
        try:
            client.ready()
        except BlockingIOError:
            return
        except (OSError, EOFError):
            self._drop(client)

    def _drop(self, client: Client) -> None:
        self._clients.remove(client)
        self._selector.unregister(client.connection)
        client.connection.close()


def reply(request: bytes, answer: "Answer") -> bytes:
    """The whole answer to a request, of which the first line is read."""
    if len(request) > _LARGEST:
        return _page("GET", HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, TEXT, "the request is too large\n")
    words = request.split(b"\n", 1)[0].rstrip(b"\r").decode("latin-1").split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        return _page("GET", HTTPStatus.BAD_REQUEST, TEXT, "this is no request\n")
    method, target, _ = words
    if method not in ("GET", "HEAD"):
        return _page(method, HTTPStatus.METHOD_NOT_ALLOWED, TEXT, _ONLY, "Allow: GET, HEAD\r\n")
    return _page(method, *answer(target.partition("?")[0]))


def _page(method: str, status: HTTPStatus, kind: str, text: str, more: str = "") -> bytes:
    body = text.encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}"
        "Cache-Control: no-store\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + (b"" if method == "HEAD" else body)
