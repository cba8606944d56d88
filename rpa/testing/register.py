"""Builders around the register, for tests."""

import hashlib
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from rpa.domain.document import DocumentRef, DocumentRole, MediaType
from rpa.domain.model import Digest, ProcessId
from rpa.register.arrivals import Arrival
from rpa.register.database import Database
from rpa.register.register import Register
from rpa.testing.clock import FrozenClock


def open_test_register(folder: Path, clock: FrozenClock, *, lease_s: float = 60) -> Register:
    """Open a register in an SQLite file of ``folder``."""
    return Register(open_test_database(folder), now=clock, lease_s=lease_s)


def open_test_database(folder: Path) -> Database:
    """Open the database ``register.db`` of ``folder``; a new one is a copy of an empty one."""
    path = folder / "register.db"
    if not path.exists():
        path.write_bytes(empty_database())
    return Database(f"sqlite:///{path}")


@cache
def empty_database() -> bytes:
    """Return an empty SQLite database of the newest schema: its migrations run once a process."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "register.db")
        Database(f"sqlite:///{path}").close()
        return path.read_bytes()


def an_arrival(
    name: str = "form.tif",
    *,
    content: bytes = b"",
    channel: str = "fax",
    process: str | None = None,
    refused: str = "",
) -> Arrival:
    """Return a delivery of ``content``; its name is its source, too."""
    digest = Digest(hashlib.sha256(content or name.encode()).hexdigest())
    original = DocumentRef(
        role=DocumentRole.ORIGINAL, digest=digest, media_type=MediaType.TIFF, name=name
    )
    return Arrival(
        channel=channel,
        source_id=name,
        name=name,
        digest=digest,
        pixels_digest=None,
        documents=(original,),
        process=ProcessId(process) if process else None,
        reason="test",
        refused=refused,
        medium="fax",
        pages=1,
    )
