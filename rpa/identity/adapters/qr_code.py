"""QR codes as drawings that stand inside a page."""

import re
from typing import Final

import zxingcpp

_SHAPES: Final = re.compile(r'<svg width="(\d+)".*?<g [^>]*>(.*)</g>', re.DOTALL)


def qr_code(text: str) -> str:
    """Return an ``<svg>`` element with the code of ``text``, hidden from screen readers.

    It has no size of its own: the page's style gives it one.
    """
    drawn = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_svg(
        add_quiet_zones=True
    )
    found = _SHAPES.search(drawn)
    side, shapes = found.groups() if found else ("1", "")
    return (
        f'<svg class="qr" viewBox="0 0 {side} {side}" aria-hidden="true" '
        f'shape-rendering="crispEdges">{" ".join(shapes.split())}</svg>'
    )
