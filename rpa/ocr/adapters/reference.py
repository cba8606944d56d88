"""The blank of a form that has none: a filled page with its answers painted over."""

import zlib
from collections.abc import Sequence
from io import BytesIO

import pikepdf

from rpa.domain.geometry import Box
from rpa.ocr.api import Grey

POINT = 72.0


def without_answers(page: Grey, answers: Sequence[Box]) -> Grey:
    """Return the page with each of these places filled with the paper's own grey around it."""
    cleaned = page.copy()
    for box in answers:
        x0, y0 = max(0, round(box.x0) - 2), max(0, round(box.y0) - 2)
        place = cleaned[y0 : round(box.y1) + 3, x0 : round(box.x1) + 3]
        if place.size:
            place[:] = place.max()
    return cleaned


def reference_pdf(pages: Sequence[tuple[Grey, float]]) -> bytes:
    """Return a PDF that shows each page, given with its resolution, at its size."""
    with pikepdf.new() as pdf:
        for pixels, dpi in pages:
            height, width = pixels.shape
            image = pikepdf.Stream(
                pdf,
                zlib.compress(pixels.tobytes()),
                Type=pikepdf.Name.XObject,
                Subtype=pikepdf.Name.Image,
                Width=width,
                Height=height,
                ColorSpace=pikepdf.Name.DeviceGray,
                BitsPerComponent=8,
                Filter=pikepdf.Name.FlateDecode,
            )
            size = (width * POINT / dpi, height * POINT / dpi)
            sheet = pdf.add_blank_page(page_size=size)
            sheet.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Page=image))
            drawn = f"q {size[0]:.3f} 0 0 {size[1]:.3f} 0 0 cm /Page Do Q"
            sheet.Contents = pikepdf.Stream(pdf, drawn.encode())
        out = BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()
