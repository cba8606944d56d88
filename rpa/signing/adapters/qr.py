"""QR codes as vector drawings: sharp at every size, read by phones."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any, Final

import zxingcpp

from rpa.domain.errors import SignatureRefusedError
from rpa.i18n import _

QUIET: Final = 4
"""Empty modules around the code (ISO/IEC 18004, 6.3.8)."""
CORRECTION: Final = "M"
LONGEST: Final = 300
"""Characters: more would make modules too small to read on paper."""


@dataclass(frozen=True, slots=True)
class QrCode:
    """A code's dark modules, as horizontal bars."""

    side: int
    """Modules, quiet zone included."""
    bars: tuple[tuple[int, int, int], ...]
    """Left, bottom and length of each, in modules."""

    def drawn(self, size: float) -> bytes:
        """Return operators that fill the bars of a code ``size`` wide, its corner at 0, 0."""
        module = size / self.side
        lines = [b"%.5f 0 0 %.5f 0 0 cm" % (module, module)]
        lines += [b"%d %d %d 1 re" % bar for bar in self.bars]
        return b"\n".join([*lines, b"f"])


@lru_cache(maxsize=512)
def qr_code(text: str) -> QrCode:
    """Return the QR code of ``text``, with error correction M.

    Raises:
        SignatureRefusedError: It is too long to be read on paper.
    """
    if not text or len(text) > LONGEST:
        raise SignatureRefusedError(
            _("The address for the QR code must have 1 to {most} characters.", most=LONGEST),
            code="qr-too-long",
        )
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=CORRECTION)
    image: Any = code.to_image(scale=1, add_quiet_zones=False)
    rows: Any = memoryview(image).tolist()
    side = len(rows) + 2 * QUIET
    bars = []
    for down, row in enumerate(rows):
        across = QUIET
        for shade, run in groupby(row):
            length = len(list(run))
            if not shade:
                bars.append((across, side - QUIET - down - 1, length))
            across += length
    return QrCode(side, tuple(bars))
