"""The child process that an engine runs in: requests by socket, answers as JSON.

What comes back is JSON and never a pickle: a page that took the child over could write anything.
"""

import json
import os
import pickle
import resource
import socket
import struct
import sys
import time
from collections.abc import Mapping
from importlib import import_module
from threading import Thread
from typing import Any, Final

from rpa.domain.errors import ApplicationError
from rpa.ocr.api import Layout, OcrEngine

ENGINES: Final[Mapping[str, tuple[str, str]]] = {
    "tesserocr": ("rpa.ocr.adapters.tesserocr_engine", "TesserocrEngine"),
    "rapidocr": ("rpa.ocr.adapters.rapid_engine", "RapidEngine"),
}
"""Where each engine is; imported by the child only, since not every machine has them."""
LENGTH: Final = struct.Struct("!Q")
LOOK_EVERY_S: Final = 2.0


def packed(content: bytes) -> bytes:
    """Return a message with its length before it."""
    return LENGTH.pack(len(content)) + content


def received(line: socket.socket, *, deadline: float | None = None) -> bytes:
    """Return the next message.

    Raises:
        TimeoutError: It was not whole at ``deadline`` (monotonic seconds).
        EOFError: The other side is gone.
    """
    (length,) = LENGTH.unpack(_exactly(line, LENGTH.size, deadline))
    return _exactly(line, length, deadline)


def _exactly(line: socket.socket, count: int, deadline: float | None) -> bytes:
    got = bytearray()
    while len(got) < count:
        line.settimeout(None if deadline is None else max(0.001, deadline - time.monotonic()))
        piece = line.recv(min(1 << 20, count - len(got)))
        if not piece:
            raise EOFError
        got += piece
    return bytes(got)


def serve(line: socket.socket, engine: OcrEngine) -> None:
    """Read images until the other side is gone."""
    while True:
        try:
            # The parent's own words: it is trusted, and images come without being copied twice.
            layout, images = pickle.loads(received(line))  # noqa: S301
        except EOFError:
            return
        line.sendall(packed(json.dumps(_answer(engine, layout, images)).encode()))


def _answer(engine: OcrEngine, layout: str, images: list[Any]) -> list[Any] | dict[str, str]:
    try:
        read = engine.recognize(images, layout=Layout(layout))
    except ApplicationError as error:
        return {"code": error.reason, "message": error.message}
    return [
        [(w.text, w.x0, w.y0, w.x1, w.y1, w.confidence, w.line) for w in words] for words in read
    ]


def _end_with(parent: int) -> None:
    """End this process when its parent is gone, even in the middle of a page.

    Linux's own signal for that would come when the parent's *thread* ends.
    """
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY_S)
    os._exit(1)


def main() -> None:
    """Make the engine that was asked for and serve it."""
    descriptor, start, parent = sys.argv[1:4]
    told = json.loads(start)
    Thread(target=_end_with, args=(int(parent),), daemon=True).start()
    most = int(told["memory_mb"]) * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    module, name = ENGINES[told["kind"]]
    with socket.socket(fileno=int(descriptor)) as line:
        try:
            engine: OcrEngine = getattr(import_module(module), name)(**told["options"])
        except ApplicationError as error:
            received(line)
            refused = {"code": error.reason, "message": error.message}
            line.sendall(packed(json.dumps(refused).encode()))
            return
        serve(line, engine)


if __name__ == "__main__":
    main()
