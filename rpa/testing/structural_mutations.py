"""PDFs spoiled where their structure stands: names, references, numbers and marks."""

import random
import re
from collections.abc import Callable
from typing import Final

Change = Callable[[bytes, random.Random], bytes]
_REFERENCE: Final = re.compile(rb"\b(\d{1,6}) (\d{1,5}) R\b")
_NAME: Final = re.compile(rb"/[A-Za-z]{2,16}")
_NUMBER: Final = re.compile(rb"(?<=[\s\[/a-z])-?\d{1,10}(?:\.\d+)?(?=[\s\]/>])")
_MARKS: Final = (
    b"endobj", b"endstream", b"stream", b"xref", b"trailer", b"startxref", b"%%EOF", b"%PDF-",
    b"<<", b">>", b"[", b"]", b"obj", b"(", b")",
)  # fmt: skip
_VALUES: Final = (
    b"null", b"true", b"[]", b"<<>>", b"()", b"-1", b"0", b"99999999999", b"/Name", b"1 0 R",
    b"[0 0 0 0]", b"1e9", b"<</Kids[1 0 R]>>",
)  # fmt: skip
_KEYS: Final = (
    b"/AcroForm", b"/Fields", b"/Annots", b"/Kids", b"/Count", b"/Type", b"/Parent", b"/MediaBox",
    b"/Rotate", b"/CropBox", b"/UserUnit", b"/Pages", b"/Root", b"/Size", b"/Prev", b"/ID",
    b"/Length", b"/Contents", b"/StructTreeRoot", b"/ParentTree", b"/Perms", b"/XFA", b"/Info",
    b"/Metadata", b"/Encrypt", b"/W", b"/Index", b"/SigFlags", b"/Rect", b"/Version",
)  # fmt: skip


def restructured(pdf: bytes, dice: random.Random) -> bytes:
    """Return ``pdf`` with one to three faults in its structure; the same dice, the same bytes."""
    for _round in range(dice.choice((1, 1, 2, 3))):
        pdf = dice.choice(CHANGES)(pdf, dice)
    return pdf


def point_elsewhere(pdf: bytes, dice: random.Random) -> bytes:
    """Let a reference lead to another object, or to none."""
    return _replaced(pdf, _REFERENCE, b"%d 0 R" % dice.choice((0, 1, 2, 3, 9, 999_999)), dice)


def rename(pdf: bytes, dice: random.Random) -> bytes:
    """Give a name to another thing."""
    return _replaced(pdf, _NAME, dice.choice((*_KEYS, b"/Nothing", b"/Pages", b"/Page")), dice)


def renumber(pdf: bytes, dice: random.Random) -> bytes:
    """Put a number at an edge in another's place."""
    values = (b"0", b"-1", b"1", b"2147483648", b"65536", b"0.0001", b"1000000")
    return _replaced(pdf, _NUMBER, dice.choice(values), dice)


def replace_value(pdf: bytes, dice: random.Random) -> bytes:
    """Put a value of a wrong kind behind a key that matters."""
    key = dice.choice(_KEYS)
    pattern = re.compile(
        re.escape(key) + rb"\s*(?:\d+ \d+ R|\[[^\]]{0,200}\]|/\w+|[\d.-]+|\w+|\([^)]*\))"
    )
    return _replaced(pdf, pattern, key + b" " + dice.choice(_VALUES), dice)


def add_key(pdf: bytes, dice: random.Random) -> bytes:
    """Put a key that matters into a dictionary that has none of it, or has it already."""
    entry = b"<<%s %s" % (dice.choice(_KEYS), dice.choice(_VALUES))
    return _replaced(pdf, re.compile(rb"<<"), entry, dice)


def lose_a_mark(pdf: bytes, dice: random.Random) -> bytes:
    """Lose one of the words that hold a PDF together."""
    return _replaced(pdf, re.compile(re.escape(dice.choice(_MARKS))), b"", dice)


def repeat_an_object(pdf: bytes, dice: random.Random) -> bytes:
    """Append an object of the file again, after its end."""
    found = list(re.finditer(rb"\d+ \d+ obj\b.*?endobj", pdf, re.DOTALL))
    return pdf + b"\n" + dice.choice(found)[0] + b"\n" if found else pdf


def put_in_front(pdf: bytes, dice: random.Random) -> bytes:
    """Put something in front of the header, so that every offset is wrong."""
    return dice.choice((b"\n", b" ", b"HTTP/1.1 200 OK\r\n\r\n", b"\0" * 64)) + pdf


def put_behind(pdf: bytes, dice: random.Random) -> bytes:
    """Put something behind the end."""
    return pdf + dice.choice((b"\0" * 2000, b"\r\n\r\n", b"<html></html>", b"%%EOF", b" " * 1100))


CHANGES: Final[tuple[Change, ...]] = (
    point_elsewhere,
    rename,
    renumber,
    replace_value,
    replace_value,
    add_key,
    lose_a_mark,
    repeat_an_object,
    put_in_front,
    put_behind,
)


def _replaced(pdf: bytes, pattern: re.Pattern[bytes], new: bytes, dice: random.Random) -> bytes:
    found = [match.span() for match in pattern.finditer(pdf)]
    if not found:
        return pdf
    start, end = dice.choice(found)
    return pdf[:start] + new + pdf[end:]
