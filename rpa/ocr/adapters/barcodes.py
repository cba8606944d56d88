"""Barcodes on a page, by ZXing."""

import zxingcpp

from rpa.domain.pages import PageImage
from rpa.ocr.adapters.pixels import opened


def barcodes_on(image: PageImage) -> frozenset[str]:
    """Return the texts of the barcodes on a page, whatever way up it is."""
    return frozenset(found.text for found in zxingcpp.read_barcodes(opened(image.png)))
