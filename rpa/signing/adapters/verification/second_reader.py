"""A second reader for files that the first can't read: pyHanko's own."""

import logging
from io import BytesIO

from pyhanko.pdf_utils.reader import PdfFileReader

from rpa.signing.adapters.malformed import MALFORMED

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)


def is_unsigned(pdf: bytes) -> bool:
    """Say whether the file can be read after all, has pages, and bears no signature."""
    if b"/ByteRange" in pdf:
        return False
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=False)
        return bool(reader.root["/Pages"]) and not reader.embedded_signatures
    except MALFORMED:
        return False
