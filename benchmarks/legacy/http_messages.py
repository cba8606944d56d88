"""Requests and answers of HTTP/1 as bytes: where they end, and no more."""

import socket
from dataclasses import dataclass

CHUNK = 65536
HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True)
class Message:
    """The head of a request or an answer, and its body as it came."""

    head: bytes
    body: bytes
    is_framed: bool
    """It says itself where it ends, so that the connection can go on."""

    @property
    def start(self) -> list[str]:
        """The words of the first line."""
        return self.head.partition(b"\r\n")[0].decode("latin-1").split(" ", 2)

    def header(self, name: str) -> str:
        """Return a header's value; nothing if it is not there."""
        for line in self.head.split(b"\r\n")[1:]:
            known, _sign, value = line.partition(b":")
            if known.strip().lower() == name.lower().encode():
                return value.strip().decode("latin-1")
        return ""

    def without_keep_alive(self) -> bytes:
        """Return head and body, asking that the connection be closed after the answer."""
        first, *lines = self.head.removesuffix(HEAD_END).split(b"\r\n")
        hop = (b"connection:", b"proxy-connection:", b"keep-alive:")
        kept = [line for line in lines if not line.lower().startswith(hop)]
        return b"\r\n".join([first, *kept, b"Connection: close"]) + HEAD_END + self.body

    def for_client(self, *, keep: bool) -> bytes:
        """Return head and body, saying whether the connection goes on."""
        first, *lines = self.head.removesuffix(HEAD_END).split(b"\r\n")
        kept = [line for line in lines if not line.lower().startswith(b"connection:")]
        word = b"keep-alive" if keep else b"close"
        return b"\r\n".join([first, *kept, b"Connection: " + word]) + HEAD_END + self.body


def read_request(client: socket.socket) -> Message | None:
    """Read one request; None where the client closed the connection."""
    data = _until_head(client, b"")
    if data is None:
        return None
    head, rest = data
    message = Message(head, b"", is_framed=True)
    if "chunked" in message.header("Transfer-Encoding").lower():
        return Message(head, _chunked(client, rest), is_framed=True)
    length = int(message.header("Content-Length") or 0)
    if message.header("Expect").lower() == "100-continue":
        client.sendall(b"HTTP/1.1 100 Continue" + HEAD_END)
    return Message(head, _exactly(client, rest, length), is_framed=True)


def read_answer(server: socket.socket, method: str) -> Message:
    """Read one answer to its end, on a connection that the server closes after it.

    Raises:
        EOFError: It ended before its head.
    """
    data = _until_head(server, b"")
    if data is None:
        raise EOFError
    head, rest = data
    while chunk := server.recv(CHUNK):
        rest += chunk
    message = Message(head, rest, is_framed=False)
    status = int(message.start[1])
    empty = method == "HEAD" or status in {204, 304}
    framed = empty or bool(message.header("Content-Length") or message.header("Transfer-Encoding"))
    return Message(head, rest, is_framed=framed)


def _until_head(peer: socket.socket, data: bytes) -> tuple[bytes, bytes] | None:
    while HEAD_END not in data:
        chunk = peer.recv(CHUNK)
        if not chunk:
            return None
        data += chunk
    end = data.index(HEAD_END) + len(HEAD_END)
    return data[:end], data[end:]


def _exactly(peer: socket.socket, data: bytes, length: int) -> bytes:
    while len(data) < length:
        chunk = peer.recv(CHUNK)
        if not chunk:
            raise EOFError
        data += chunk
    return data[:length]


def _chunked(peer: socket.socket, data: bytes) -> bytes:
    while not data.endswith(b"0\r\n\r\n"):
        chunk = peer.recv(CHUNK)
        if not chunk:
            raise EOFError
        data += chunk
    return data
