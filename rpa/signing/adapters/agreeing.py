"""Whether a PDF says to every careful reader the same: a second one, qpdf, is asked."""

import re
from collections import deque
from io import BytesIO
from typing import Final

import pikepdf

_ESCAPE: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_BYTE_RANGE: Final = re.compile(rb"/ByteRange[\s\x00]*\[")
_REBUILT: Final = re.compile(r"reconstruct|file is damaged|invalid xref table entry")
_SIGNATURE: Final = re.compile(rb"/Type[\s\x00]*/(?:Sig|DocTimeStamp)(?![A-Za-z])")


def carries_a_signature(pdf: bytes) -> bool:
    """Say whether the bytes speak of a signature, whether or not a parser would find it.

    A signature's dictionary holds offsets of the file, so it never stands in compressed parts; a
    page that merely writes these words is taken for signed too, which loses nothing but a repair.
    """
    plain = _ESCAPE.sub(lambda match: bytes.fromhex(match[1].decode()), pdf)
    return bool(_BYTE_RANGE.search(plain) or _SIGNATURE.search(plain))


def is_read_alike(pdf: bytes, password: str, *, thoroughly: bool) -> bool:
    """Say whether a second reader, qpdf, finds its way in a document that pyHanko read.

    Readers that find it by other ways may show another document than the one that is signed.
    ``thoroughly`` has it read every object.
    """
    try:
        with pikepdf.open(
            BytesIO(pdf), password=password, suppress_warnings=True, inherit_page_attributes=False
        ) as document:
            if thoroughly:
                deque(document.objects, maxlen=0)
            said = [str(warning) for warning in document.get_warnings()]
    except (pikepdf.PdfError, ValueError, RuntimeError, TypeError, OverflowError):
        return False
    return not any(_REBUILT.search(one) for one in said)
