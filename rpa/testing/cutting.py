"""A way to a server that breaks: passes bytes on, and cuts the connection after so many."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Way:
    """The way; what it does may be changed while it runs."""

    port: int
    """Where to connect to."""
    cut_after: int | None = None
    """So many bytes of the server's pass on each connection, then it is cut; all if None."""
    is_silent: bool = False
    """Connections are taken, and nothing is said."""
    open_pairs: list[tuple[socket.socket, socket.socket]] = field(default_factory=list)

    def cut(self) -> None:
        """Cut every connection there is."""
        for pair in self.open_pairs:
            _close(*pair)
        self.open_pairs.clear()


@contextmanager
def breaking_way(to_port: int) -> Iterator[Way]:
    """Run a way to ``to_port`` on loopback."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        way = Way(port=int(listening.getsockname()[1]))
        threading.Thread(target=_serve, args=(listening, way, to_port), daemon=True).start()
        yield way
        listening.shutdown(socket.SHUT_RDWR)
        way.cut()


def _serve(listening: socket.socket, way: Way, to_port: int) -> None:
    with suppress(OSError):
        while True:
            near, _address = listening.accept()
            far = socket.create_connection(("127.0.0.1", to_port))
            way.open_pairs.append((near, far))
            if way.is_silent:
                continue
            for source, sink, limit in ((near, far, None), (far, near, way.cut_after)):
                threading.Thread(target=_pass_on, args=(source, sink, limit), daemon=True).start()


def _pass_on(source: socket.socket, sink: socket.socket, limit: int | None) -> None:
    passed = 0
    with suppress(OSError):
        while piece := source.recv(4096 if limit is None else max(1, min(4096, limit - passed))):
            sink.sendall(piece)
            passed += len(piece)
            if limit is not None and passed >= limit:
                break
    _close(source, sink)


def _close(*ends: socket.socket) -> None:
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
