"""How IMAP writes folder names, and how its answers are read."""

import base64
import re
from collections.abc import Iterable
from datetime import datetime
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from typing import Final

Answer = Iterable[object]
"""What imaplib gives for FETCH: bytes, and pairs of bytes where a literal came."""

_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")
_DATE: Final = re.compile(rb'INTERNALDATE "([^"-]+-[^"-]+-[^"]+)"')
_CODE: Final = re.compile(rb"\[([A-Z-]+)")


def quoted_folder(name: str) -> str:
    """Return a folder's name as a quoted string, in modified UTF-7 (RFC 3501, 5.1.3)."""
    coded = "".join(_shifted(run) for run in re.findall(r"[ -~]+|[^ -~]+", name))
    return '"' + coded.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _shifted(run: str) -> str:
    if " " <= run[0] <= "~":
        return run.replace("&", "&-")
    coded = base64.b64encode(run.encode("utf-16-be")).rstrip(b"=").replace(b"/", b",")
    return f"&{coded.decode('ascii')}-"


def literal(answer: Answer) -> bytes | None:
    """Return the one literal of a FETCH answer, whatever else came with it; None if none did."""
    found = (item[1] for item in answer if isinstance(item, tuple) and b"BODY[" in item[0])
    return next(found, None)


def size_told(answer: Answer) -> int | None:
    """Return the message's size in bytes; None if the message is gone."""
    match = _SIZE.search(_words(answer))
    return int(match[1]) if match else None


def date_told(answer: Answer) -> datetime | None:
    """Return when the message reached the mailbox, if the server says so in the form it must."""
    match = _DATE.search(_words(answer))
    if match is None:
        return None
    day, month, year_on = match[1].decode("ascii", "replace").strip().split("-", 2)
    try:
        return parsedate_to_datetime(f"{day} {month} {year_on}")
    except ValueError:
        return None


def message_id(header: bytes) -> str:
    """Return the message's identifier without its brackets; empty where it has none."""
    said = BytesHeaderParser().parsebytes(header).get("Message-ID")
    return "".join(str(said or "").split()).strip("<>")


def response_code(answer: Answer) -> str:
    """Return the code of a refusal (RFC 5530), as ``TRYCREATE``; empty where none is told."""
    match = _CODE.search(_words(answer))
    return match[1].decode("ascii") if match else ""


def _words(answer: Answer) -> bytes:
    items = (item[0] if isinstance(item, tuple) else item for item in answer)
    return b" ".join(item for item in items if isinstance(item, bytes))
