"""What the bytes around a signature must look like, whatever a PDF parser makes of them.

ETSI EN 319 142-1, clause 5.5 and ISO 32000-2, 12.8.1: the byte range covers the file from its
first byte, but for the one string that holds the signature.
"""

import re
from collections.abc import Sequence
from typing import Final

_CONTENTS: Final = re.compile(rb"<(?:[0-9a-f]*|[0-9A-F]*)>")
_OBJECT: Final = re.compile(rb"(?<!\d)(\d{1,10})[\x00\t\n\f\r ]+(\d{1,5})[\x00\t\n\f\r ]+obj\b")
_STREAM: Final = re.compile(rb"\bstream\r?\n.*?endstream", re.DOTALL)
_TABLE_ENTRY: Final = re.compile(rb"\d{10} \d{5} n")


def signature_gap_is_clean(pdf: bytes, byte_range: Sequence[int]) -> bool:
    """Say whether all that the signature leaves out is its own hexadecimal string.

    After the signature's DER only zeros may follow, so that nothing can hide there.
    """
    if len(byte_range) != 4:
        return False
    start, before, after, rest = byte_range
    if start != 0 or not 0 < before < after or rest <= 0 or after + rest > len(pdf):
        return False
    gap = pdf[before:after]
    if not _CONTENTS.fullmatch(gap) or len(gap) % 2:
        return False
    content = bytes.fromhex(gap[1:-1].decode("ascii"))
    end = _der_length(content)
    return end is not None and not content[end:].strip(b"\0")


def tail_hides_objects(pdf: bytes, end: int) -> bool:
    """Say whether what follows the last covered byte has objects that no cross-reference names.

    Readers that repair damaged files show such objects; a parser that trusts the empty
    cross-reference table does not see them (incremental saving attack).
    """
    tail = _STREAM.sub(b"stream", pdf[end:])
    objects = _OBJECT.findall(tail)
    if not objects or b"/XRef" in tail:
        return False
    return len(_TABLE_ENTRY.findall(tail)) < len(objects)


def _der_length(content: bytes) -> int | None:
    if len(content) < 2 or content[0] != 0x30:
        return None
    length = content[1]
    if length < 0x80:
        return 2 + length
    count = length & 0x7F
    # Indefinite lengths (count 0) are BER, which CMS allows: the end is not told in front.
    if count == 0:
        return _without_padding(content)
    if count > 4:
        return None
    total = 2 + count + int.from_bytes(content[2 : 2 + count], "big")
    return total if total <= len(content) else None


def _without_padding(content: bytes) -> int:
    return len(content.rstrip(b"\0"))
