"""What some bytes are, told by their content and never by their name."""

import re
from collections.abc import Callable
from typing import Final

ACCEPTED: Final = frozenset(
    {"pdf", "tiff", "jpeg", "png", "webp", "heic", "bmp", "jpeg2000", "gif", "eml"}
)
"""The kinds a decoder opens; any other answer of :func:`kind_of` is a refusal's code."""

DOCUMENTS: Final = ACCEPTED - {"eml"}
"""The kinds that have pages."""

_HEAD: Final = 4096
_PDF_HEAD: Final = 1024  # readers accept the header anywhere in the first 1,024 bytes

_AT_START: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF-", "pdf"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"\0\0\0\x0cjP  ", "jpeg2000"),
    (b"\xff\x4f\xff\x51", "jpeg2000"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"Rar!", "archive-file"),
    (b"7z\xbc\xaf", "archive-file"),
    (b"\x1f\x8b", "archive-file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office-file"),
    (b"{\\rtf", "office-file"),
    (b"\x78\x9f\x3e\x22", "winmail"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"#!", "program"),
)
_OFFICE: Final = re.compile(
    rb"\[Content_Types\]\.xml|word/|xl/|ppt/|mimetypeapplication/vnd\.oasis"
)
_HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"})
_BMP_HEADERS: Final = frozenset({12, 40, 52, 56, 64, 108, 124})
_HEADER_LINE: Final = re.compile(rb"^([A-Za-z][A-Za-z0-9-]*):[ \t]?", re.MULTILINE)
_MAIL_HEADERS: Final = frozenset(
    {
        b"from", b"to", b"date", b"subject", b"received", b"message-id", b"mime-version",
        b"return-path", b"delivered-to", b"content-type", b"reply-to",
    }
)  # fmt: skip
_HTML: Final = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(<!doctype html|<html|<head|<body)", re.IGNORECASE
)
_SVG: Final = re.compile(rb"<svg[\s>]", re.IGNORECASE)
_TEXT_CONTROLS: Final = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1b")


def kind_of(content: bytes) -> str:
    """Return one of :data:`ACCEPTED`, or the code under which these bytes are refused."""
    if not content:
        return "empty"
    head = content[:_HEAD]
    for told in _WAYS_TO_TELL:
        kind = told(head)
        if kind:
            return kind
    return "unknown-kind"


def _by_signature(head: bytes) -> str:
    kind = next((kind for magic, kind in _AT_START if head.startswith(magic)), "")
    if kind == "zip":
        return "office-file" if _OFFICE.search(head) else "archive-file"
    return kind


def _by_container(head: bytes) -> str:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return "bmp"
    if head[4:8] != b"ftyp":
        return ""
    brands = head[8 : min(int.from_bytes(head[:4], "big"), 128)]
    if b"avif" in brands:
        return "image-kind"
    return "heic" if head[8:12] in _HEIF_BRANDS else ""


def _by_late_header(head: bytes) -> str:
    return "pdf" if b"%PDF-" in head[:_PDF_HEAD] else ""


def _by_markup(head: bytes) -> str:
    if _HTML.search(head):
        return "web-page"
    starts_as_markup = head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    return "image-kind" if starts_as_markup and _SVG.search(head) else ""


def _by_mail_headers(head: bytes) -> str:
    block = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    first = block.split(b"\n", 1)[0]
    if not (_HEADER_LINE.match(first) or first.startswith(b"From ")):
        return ""
    known = {name.lower() for name in _HEADER_LINE.findall(block)} & _MAIL_HEADERS
    return "eml" if len(known) >= 2 else ""


def _by_plain_text(head: bytes) -> str:
    return "" if _TEXT_CONTROLS & set(head) or not _is_readable(head) else "text-file"


def _is_readable(head: bytes) -> bool:
    try:
        head[: len(head) - 3 if len(head) == _HEAD else len(head)].decode("utf-8")
    except UnicodeDecodeError as problem:
        return problem.start >= len(head) - 8 and len(head) > 8
    return True


_WAYS_TO_TELL: Final[tuple[Callable[[bytes], str], ...]] = (
    _by_signature,
    _by_container,
    _by_mail_headers,
    _by_late_header,
    _by_markup,
    _by_plain_text,
)
