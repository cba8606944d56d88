"""Reads an e-mail: the child process for messages."""

import email
import email.errors
import email.header
import email.policy
import io
import re
from collections.abc import Iterator
from email.message import Message
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import unquote

from PIL import Image

from rpa.intake.adapters.decoding.program import Answer, Work
from rpa.intake.adapters.decoding.refusal import Refusal
from rpa.intake.media import DOCUMENTS, kind_of

MAX_DEPTH: Final = 20
MAX_PARTS: Final = 500
_SUFFIXES: Final = {
    "application/pdf": ".pdf",
    "application/x-pdf": ".pdf",
    "image/tiff": ".tif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/heic": ".heic",
    "image/heif": ".heic",
    "image/bmp": ".bmp",
    "image/jp2": ".jp2",
    "image/gif": ".gif",
}
_CLAIMED_SUFFIXES: Final = frozenset({*_SUFFIXES.values(), ".tiff", ".jpeg", ".heif"})
_REFUSED_BUT_TOLD: Final = frozenset({"office-file", "archive-file", "winmail"})
_LEAST_PIXELS: Final = 400_000
"""Of a picture in the text that may be a document: a letter at 72 dpi has 485,000."""
_CONTENT_ID: Final = re.compile(r"cid:([^\s\"'>)]+)", re.IGNORECASE)


class _Lenient(email.policy.Compat32):
    """Reads headers whose letters stand bare, as UTF-8 or as Windows writes them."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        """Return the header's text; what is left unreadable does no harm."""
        try:
            raw = value.encode("ascii", "surrogateescape")
        except UnicodeEncodeError:
            return super().header_fetch_parse(name, value)
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            return raw.decode("windows-1252", "replace")


def read_message(work: Work) -> Answer:
    """Take out what the message carries; an inspection only looks whether there is something."""
    found, left_alone = sorted_out(work.content)
    record: dict[str, Any] = {
        "pages": [], "names": [name for name, _ in found], "left_alone": left_alone,
    }  # fmt: skip
    return Answer(record, (content for _, content in found if work.wants_pixels))


def documents_in(content: bytes) -> list[tuple[str, bytes]]:
    """Return the documents alone; raises as :func:`sorted_out`."""
    return sorted_out(content)[0]


def sorted_out(content: bytes) -> tuple[list[tuple[str, bytes]], list[str]]:
    """Return name and bytes of each document in order, and the names of pictures left alone.

    Documents of forwarded messages are found, too.

    A document is what is one by its bytes or claims to be one, so that a spoiled attachment is
    refused later rather than lost here. Pictures that the text itself shows (a letterhead, a
    photographed form) count only where there is nothing else; small ones (a logo) never do.

    Raises:
        Refusal: Too many messages or parts inside each other.
    """
    parts = _leaves(_parsed(content))
    shown = _pictures_in_the_text(parts)
    found = [(part, _decoded(part)) for part in parts]
    documents = [(part, inner) for part, inner in found if _is_document(part, inner)]
    attached = [(part, inner) for part, inner in documents if _content_id(part) not in shown]
    pictures = [(part, inner) for part, inner in documents if not _is_small_picture(inner)]
    taken = attached or pictures
    left_alone = [_name(part) for part, inner in documents if (part, inner) not in taken]
    return [(_name(part), inner) for part, inner in taken], left_alone


def _parsed(content: bytes) -> Message:
    try:
        return email.message_from_bytes(content, policy=_Lenient())
    except RecursionError as problem:
        raise Refusal("too-nested") from problem


def _leaves(message: Message) -> list[Message]:
    waiting: list[tuple[Message, int]] = [(message, 0)]
    leaves: list[Message] = []
    while waiting:
        part, depth = waiting.pop()
        if depth > MAX_DEPTH or len(leaves) + len(waiting) > MAX_PARTS:
            raise Refusal("too-nested")
        inner = part.get_payload()
        if isinstance(inner, list):
            waiting.extend((kid, depth + 1) for kid in reversed(inner) if isinstance(kid, Message))
        else:
            leaves.append(part)
    return leaves


def _decoded(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _is_document(part: Message, content: bytes) -> bool:
    kind = kind_of(content)
    if kind in DOCUMENTS or kind in _REFUSED_BUT_TOLD:
        return True
    suffix = PurePosixPath(_filename(part)).suffix.lower()
    return part.get_content_type() in _SUFFIXES or suffix in _CLAIMED_SUFFIXES


def _is_small_picture(content: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(content)) as picture:
            return picture.width * picture.height < _LEAST_PIXELS
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False


def _pictures_in_the_text(parts: list[Message]) -> frozenset[str]:
    pages = (_decoded(part) for part in parts if part.get_content_type() == "text/html")
    return frozenset(_ids(b"\n".join(pages).decode("latin-1")))


def _ids(page: str) -> Iterator[str]:
    for match in _CONTENT_ID.finditer(page):
        yield match.group(1)
        yield unquote(match.group(1))  # as RFC 2392 has it


def _content_id(part: Message) -> str | None:
    said = part.get("Content-ID")
    return None if said is None else str(said).strip().strip("<>")


def _name(part: Message) -> str:
    suffix = _SUFFIXES.get(part.get_content_type(), "")
    return _filename(part) or f"document{suffix}"


def _filename(part: Message) -> str:
    """Return the part's file name, its encoded words (RFC 2047) read; empty where it has none."""
    try:
        said = part.get_filename("")
        return "".join(
            piece.decode(charset or "ascii", "replace") if isinstance(piece, bytes) else piece
            for piece, charset in email.header.decode_header(str(said))
        )
    except (LookupError, UnicodeError, email.errors.MessageError, TypeError, ValueError):
        return ""
