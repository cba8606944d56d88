"""Takes in what waits, killed with SIGKILL once before and after everything that it writes.

Each life is a process of its own, forked after the imports; it dies at the first place at which no
life before it died. The last life finds none left and ends by itself.

Usage: killed_receiver.py HOME
"""

import os
import signal
import sys
from pathlib import Path

from rpa.bootstrap.toolbox import open_toolbox
from rpa.intake.adapters.folder import FolderChannel
from rpa.intake.adapters.nursery import Nursery
from rpa.register import ledger
from rpa.register.register import Register
from rpa.settings import load_settings
from rpa.steps.receive import receive
from rpa.store.folder import FolderStore

LIVES = 300
WRITES = (
    (Nursery, "run"),
    (FolderStore, "put"),
    (ledger, "append"),
    (Register, "receive"),
    (Register, "receive_batch"),
    (FolderChannel, "settle"),
)


def instrument(log):
    """Put a place to die before and after each of :data:`WRITES`."""
    seen = {}

    def reach(place):
        seen[place] = seen.get(place, 0) + 1
        numbered = f"{place}#{seen[place]}"
        if numbered in log.read_text().split("\n"):
            return
        with log.open("a") as file:
            file.write(numbered + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.kill(os.getpid(), signal.SIGKILL)

    def around(owner, name):
        original = getattr(owner, name)

        def wrapped(*args, **kwargs):
            reach(f"before {name}")
            answer = original(*args, **kwargs)
            reach(f"after {name}")
            return answer

        setattr(owner, name, wrapped)

    for owner, name in WRITES:
        around(owner, name)


def live(home):
    tools = open_toolbox(load_settings(home))
    for channel in tools.channels:
        receive(channel, tools)


def main():
    home = Path(sys.argv[1])
    log = home / "deaths"
    log.touch()
    instrument(log)
    for _life in range(LIVES):
        child = os.fork()
        if child == 0:
            status = 1
            try:
                live(home)
                status = 0
            finally:
                os._exit(status)
        _pid, ended = os.waitpid(child, 0)
        if os.WIFEXITED(ended):
            sys.exit(os.WEXITSTATUS(ended))
    sys.exit("no end")


if __name__ == "__main__":
    main()
