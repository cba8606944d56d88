"""What pyHanko and its parsers raise on files that are not what they should be."""

import binascii
import struct
import zlib
from typing import Final

from pyhanko.pdf_utils.misc import PdfError
from pyhanko_certvalidator.errors import (
    CRLValidationError,
    OCSPValidationError,
    PathError,
    ValidationError,
)

MALFORMED: Final = (
    PdfError,
    PathError,
    ValidationError,
    CRLValidationError,
    OCSPValidationError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
    binascii.Error,
    struct.error,
    zlib.error,
)
"""Met on the signed, altered and hostile files of the test set; none is an error of this program.

The built-in ones come from object graphs of the wrong shape: a number where a dictionary should
be, a missing key, a loop.
"""
