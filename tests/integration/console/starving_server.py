"""A server behind the gate whose descriptors are taken away and given back, as its caller says."""

import os
import resource
import socket
import sys
import threading

import uvicorn

from rpa.console.gate.limits import GateLimits
from rpa.console.gate.server import GatedServer

MOST = 96


async def greeting(_scope, _receive, send):
    """Answer whatever is asked."""
    headers = [(b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok"})


def eaten():
    """Open until nothing can be opened any more."""
    taken = []
    while True:
        try:
            taken.append(os.open(os.devnull, os.O_RDONLY))
        except OSError:
            return taken


def main():
    """Serve, and do as told on standard input."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST, hard))
    config = uvicorn.Config(greeting, lifespan="off", log_level="error", ws="none")
    server = GatedServer(config, GateLimits(connections=1000, each=1000))
    taken = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]})
    thread.start()
    held = []
    answers = {
        "port": lambda: taken.getsockname()[1],
        "starve": lambda: held.extend(eaten()) or "starved",
        "feed": lambda: ([os.close(one) for one in held] and held.clear()) or "fed",
        "cpu": lambda: sum(os.times()[:2]),
    }
    for line in sys.stdin:
        print(answers[line.strip()](), flush=True)  # noqa: T201 - to the test
    server.should_exit = True
    thread.join()


if __name__ == "__main__":
    main()
