"""The browser's only way out: a SOCKS tunnel to the target's hosts that can be cut before a commit.

Chromium sends a request again by itself, a POST too, when a connection that it used before is cut
before the answer: a commit could so arrive twice. On a new connection it never does. So every
connection passes through here, and all of them are cut right before the commit.

The protocol is SOCKS 5 (RFC 1928) without authentication, CONNECT only, on loopback.
"""

import math
import selectors
import socket
import struct
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Final

VERSION: Final = 5
CONNECT: Final = 1
GRANTED: Final = 0
NOT_ALLOWED: Final = 2
UNREACHABLE: Final = 4
CONNECT_S: Final = 15
CHUNK: Final = 65536


class Tunnel(ThreadingTCPServer):
    """Passes connections on to ``hosts``, and refuses every other."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, hosts: Sequence[str]) -> None:
        """Listen on a free port of loopback."""
        super().__init__(("127.0.0.1", 0), _Passage)
        self.hosts = frozenset(hosts)
        self._open: set[socket.socket] = set()
        self._until = math.inf
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        """The tunnel's address, as Chromium wants it."""
        return f"socks5://127.0.0.1:{self.server_address[1]}"

    def close_after(self, seconds: float) -> None:
        """Refuse every connection that is asked for later, until told to stay open.

        A process that sleeps between its last look at the lease and the commit would send what
        another may have filed meanwhile: what it sends on waking does not come through here.
        """
        self._until = time.monotonic() + seconds

    def stay_open(self) -> None:
        """Let connections through without an end."""
        self._until = math.inf

    def is_allowed(self, host: str) -> bool:
        """Say whether the browser may be connected to ``host`` now."""
        return host in self.hosts and time.monotonic() < self._until

    def cut(self) -> None:
        """Cut every open connection; the browser must open new ones."""
        with self._lock:
            for client in self._open:
                with suppress(OSError):
                    client.shutdown(socket.SHUT_RDWR)

    @contextmanager
    def passing(self, client: socket.socket) -> Iterator[None]:
        """Know a connection while it is open."""
        with self._lock:
            self._open.add(client)
        try:
            yield
        finally:
            with self._lock:
                self._open.discard(client)


@contextmanager
def tunnel_to(hosts: Sequence[str]) -> Iterator[Tunnel]:
    """Run a tunnel in a thread until the block ends."""
    with Tunnel(hosts) as tunnel:
        thread = threading.Thread(target=tunnel.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield tunnel
        finally:
            tunnel.cut()
            tunnel.shutdown()
            thread.join()


class _Passage(BaseRequestHandler):
    """One connection of the browser."""

    server: Tunnel

    def handle(self) -> None:
        """Shake hands, connect and pass bytes until one side ends."""
        client: socket.socket = self.request
        with suppress(OSError, EOFError, UnicodeDecodeError):
            host, port = _asked(client)
            if not self.server.is_allowed(host):
                _reply(client, NOT_ALLOWED)
                return
            try:
                target = socket.create_connection((host, port), timeout=CONNECT_S)
            except OSError:
                _reply(client, UNREACHABLE)
                return
            with closing(target), self.server.passing(client):
                target.settimeout(None)
                _reply(client, GRANTED)
                _pass(client, target)


def _asked(client: socket.socket) -> tuple[str, int]:
    """Read the greeting and the request; return the host and port asked for."""
    _version, methods = _exactly(client, 2)
    _exactly(client, methods)
    client.sendall(bytes([VERSION, 0]))
    _version, command, _reserved, kind = _exactly(client, 4)
    if command != CONNECT:
        raise EOFError
    match kind:
        case 1:
            host = socket.inet_ntop(socket.AF_INET, _exactly(client, 4))
        case 4:
            host = socket.inet_ntop(socket.AF_INET6, _exactly(client, 16))
        case _name:
            host = _exactly(client, _exactly(client, 1)[0]).decode("ascii")
    (port,) = struct.unpack("!H", _exactly(client, 2))
    return host, port


def _reply(client: socket.socket, code: int) -> None:
    client.sendall(bytes([VERSION, code, 0, 1, 0, 0, 0, 0, 0, 0]))


def _exactly(client: socket.socket, length: int) -> bytes:
    read = b""
    while len(read) < length:
        chunk = client.recv(length - len(read))
        if not chunk:
            raise EOFError
        read += chunk
    return read


def _pass(one: socket.socket, other: socket.socket) -> None:
    with selectors.DefaultSelector() as ready:
        ready.register(one, selectors.EVENT_READ, other)
        ready.register(other, selectors.EVENT_READ, one)
        while True:
            for key, _events in ready.select():
                source, sink = key.fileobj, key.data
                chunk = source.recv(CHUNK) if isinstance(source, socket.socket) else b""
                if not chunk:
                    return
                sink.sendall(chunk)
