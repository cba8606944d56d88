"""Whether another process still has a file open for writing (Linux, best effort)."""

import fcntl
import signal
from contextlib import suppress
from errno import EAGAIN
from typing import IO


def is_open_for_writing(opened: IO[bytes]) -> bool:
    """Say whether anyone has the file open for writing now.

    The kernel grants a read lease only on a file nobody writes to (fcntl(2), "Leases"). Where it
    grants none to us (another owner's file, a network folder), the answer is False: the settling
    time alone decides.
    """
    try:
        # A writer who comes while we hold the lease makes the kernel signal us: SIGIO would end
        # the process, SIGURG is ignored by default.
        fcntl.fcntl(opened, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(opened, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as problem:
        return problem.errno == EAGAIN
    with suppress(OSError):
        fcntl.fcntl(opened, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False
