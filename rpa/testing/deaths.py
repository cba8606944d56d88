"""A program killed with SIGKILL once at every boundary it comes to, life after life.

Each life is a process of its own, forked after the imports; it dies at the first boundary at which
no life before it died. The last life finds none left and ends by itself.

What a dead program leaves is what it wrote, and nothing else: to die before a write is to die after
the write before it. So :meth:`Boundaries.after` puts one boundary after each write, and one before
the first. :meth:`Boundaries.around` is for a deed that others see, such as the click that commits:
between it and the writes next to it, they may have done something themselves.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Boundaries:
    """Where lives ended, kept in a file that outlives them."""

    def __init__(self, path: Path) -> None:
        """Keep them in ``path``, which is made if it isn't there."""
        path.touch()
        self._path = path
        self._seen: dict[str, int] = {}
        self._has_begun = False

    def reach(self, name: str) -> None:
        """Die here, unless a life before did."""
        self._seen[name] = self._seen.get(name, 0) + 1
        numbered = f"{name}#{self._seen[name]}"
        if numbered in self._path.read_text(encoding="utf-8").split("\n"):
            return
        with self._path.open("a", encoding="utf-8") as file:
            file.write(numbered + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.kill(os.getpid(), signal.SIGKILL)

    def around(self, owner: Any, method: str) -> None:
        """Put a boundary before and after a method of a class, or a function of a module."""
        original: Callable[..., Any] = getattr(owner, method)

        def wrapped(*args: Any, **kwargs: Any) -> Any:
            self.reach(f"before {method}")
            answer = original(*args, **kwargs)
            self.reach(f"after {method}")
            return answer

        setattr(owner, method, wrapped)

    def after(self, owner: Any, method: str) -> None:
        """Put a boundary after a method that writes; before it, too, if nothing was written yet."""
        original: Callable[..., Any] = getattr(owner, method)

        def wrapped(*args: Any, **kwargs: Any) -> Any:
            if not self._has_begun:
                self._has_begun = True
                self.reach("before the first write")
            answer = original(*args, **kwargs)
            self.reach(f"after {method}")
            return answer

        setattr(owner, method, wrapped)


def live_until_the_end(live: Callable[[], None], *, lives: int) -> None:
    """Live again after each death; exit as the first life does that ends by itself."""
    for _life in range(lives):
        child = os.fork()
        if child == 0:
            status = 1
            try:
                live()
                status = 0
            finally:
                os._exit(status)
        _pid, ended = os.waitpid(child, 0)
        if os.WIFEXITED(ended):
            sys.exit(os.WEXITSTATUS(ended))
    sys.exit("no end")
