"""What the bytes around a signature must look like, whatever a PDF parser makes of them.

ETSI EN 319 142-1, clause 5.5 and ISO 32000-2, 12.8.1: the byte range covers the file from its
first byte, but for the one string that holds the signature.
"""

import re
from collections.abc import Sequence
from typing import Final

from asn1crypto.parser import peek

from rpa.signing.adapters.cms_shape import envelope_is_sound
from rpa.signing.adapters.malformed import MALFORMED

_CONTENTS: Final = re.compile(rb"<(?:[0-9a-f]*|[0-9A-F]*)>")
_OBJECT: Final = re.compile(rb"(?<!\d)(\d{1,10})[\x00\t\n\f\r ]+(\d{1,5})[\x00\t\n\f\r ]+obj\b")
_STREAM: Final = re.compile(rb"\bstream\r?\n.*?endstream", re.DOTALL)
_TABLE_ENTRY: Final = re.compile(rb"\d{10} \d{5} n")


def signature_gap_is_clean(
    pdf: bytes, byte_range: Sequence[int], *, is_locked: bool = False
) -> bool:
    """Say whether all that the signature leaves out is its own hexadecimal string.

    After the signature only zeros may follow, and its envelope must be sound, so that nothing can
    hide there. Where the document ``is_locked``, some makers encrypt the zeros before they put the
    signature over their beginning: what follows is noise.
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
    try:
        end = peek(content)
        is_blank = is_locked or not content[end:].strip(b"\0")
        return is_blank and envelope_is_sound(content[:end])
    except MALFORMED:
        return False


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
