"""Takes in what waits, killed with SIGKILL once after everything that it writes, and before.

Usage: killed_receiver.py HOME
"""

import sys
from pathlib import Path

from rpa.bootstrap.toolbox import open_toolbox
from rpa.intake.adapters.folder import FolderChannel
from rpa.register import ledger
from rpa.register.register import Register
from rpa.settings import load_settings
from rpa.steps.receive import receive
from rpa.store.folder import FolderStore
from rpa.testing.deaths import Boundaries, live_until_the_end

LIVES = 300
WRITES = (
    (FolderStore, "put"),
    (ledger, "append"),
    (Register, "receive"),
    (Register, "receive_batch"),
    (FolderChannel, "settle"),
)


def live(home):
    tools = open_toolbox(load_settings(home))
    for channel in tools.channels:
        receive(channel, tools)


def main():
    home = Path(sys.argv[1])
    boundaries = Boundaries(home / "deaths")
    for owner, name in WRITES:
        boundaries.after(owner, name)
    live_until_the_end(lambda: live(home), lives=LIVES)


if __name__ == "__main__":
    main()
