"""Whole documents of every kind that is taken in, drawn by code: for tests and measurements."""

import io
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pikepdf
from PIL import Image

from rpa.testing.faxes import typed_page
from rpa.testing.hostile_images import fax_page, fax_tiff
from rpa.testing.hostile_pdfs import one_page_pdf

_LINES: Final = ("Demande de remboursement", "Nom : Tremblay", "Montant : 123,45 $") * 6
TIFFS: Final = {
    "raw": ("1", "raw"),
    "group3": ("1", "group3"),
    "group4": ("1", "group4"),
    "packbits": ("1", "packbits"),
    "lzw": ("L", "tiff_lzw"),
    "deflate": ("RGB", "tiff_adobe_deflate"),
    "old-deflate": ("L", "tiff_deflate"),
    "jpeg": ("RGB", "jpeg"),
    "jpeg-grey": ("L", "jpeg"),
}
"""TIFFs by name: mode of the pixels, compression as Pillow calls it."""
IMAGES: Final[Mapping[str, tuple[str, dict[str, Any]]]] = {
    "jpeg": ("JPEG", {"quality": 85}),
    "png": ("PNG", {}),
    "webp": ("WEBP", {"lossless": True}),
    "bmp": ("BMP", {}),
    "jpeg2000": ("JPEG2000", {"irreversible": False}),
    "gif": ("GIF", {}),
}
"""Other images by kind: format as Pillow calls it, and how to save it."""


def page(*, dpi: int = 200) -> Image.Image:
    """Return a Letter page with text, in grey."""
    typed = typed_page(_LINES)
    return typed.resize((round(8.5 * dpi), 11 * dpi), Image.Resampling.BOX)


def tiff(name: str, *, dpi: int = 200) -> bytes:
    """Return the page as the TIFF of this name in :data:`TIFFS`."""
    mode, compression = TIFFS[name]
    return saved(page(dpi=dpi).convert(mode), "TIFF", compression=compression, dpi=(dpi, dpi))


def image(kind: str, *, dpi: int = 200) -> bytes:
    """Return the page as an image of this kind in :data:`IMAGES`."""
    form, how = IMAGES[kind]
    return saved(page(dpi=dpi), form, dpi=(dpi, dpi), **how)


def scanned_pdf(scans: list[Image.Image], *, dpi: tuple[float, float]) -> bytes:
    """Return a PDF with one scan for each page: Group 4 where it has one bit a pixel, else JPEG."""
    with pikepdf.new() as pdf:
        for scan in scans:
            width, height = scan.width * 72 / dpi[0], scan.height * 72 / dpi[1]
            sheet = pdf.add_blank_page(page_size=(width, height))
            sheet.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(S=_image(pdf, scan)))
            sheet.Contents = pikepdf.Stream(
                pdf, f"q {width:.3f} 0 0 {height:.3f} 0 0 cm /S Do Q".encode()
            )
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def drawn_documents() -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of each document."""
    yield "fax.tif", fax_tiff(2)
    yield from ((f"{name}.tif", tiff(name, dpi=100)) for name in TIFFS)
    yield from ((f"a.{kind}", image(kind, dpi=100)) for kind in IMAGES)
    yield "digital.pdf", one_page_pdf()
    yield "fax.pdf", scanned_pdf([fax_page(), fax_page()], dpi=(204, 98))
    yield "scan.pdf", scanned_pdf([page(dpi=150)], dpi=(150, 150))


def saved(drawn: Image.Image, form: str, **how: Any) -> bytes:
    """Return an image as bytes of this format."""
    out = io.BytesIO()
    drawn.save(out, form, **how)
    return out.getvalue()


def _image(pdf: pikepdf.Pdf, scan: Image.Image) -> pikepdf.Stream:
    how: dict[str, Any] = {"Filter": pikepdf.Name.DCTDecode, "BitsPerComponent": 8}
    content = b""
    if scan.mode == "1":
        whole = saved(scan, "TIFF", compression="group4", strip_size=1 << 30)
        with Image.open(io.BytesIO(whole)) as packed:
            tags = packed.tag_v2  # type: ignore[attr-defined]
            content = whole[tags[273][0] : tags[273][0] + tags[279][0]]
        parameters = pikepdf.Dictionary(K=-1, Columns=scan.width, Rows=scan.height, BlackIs1=True)
        how = {"Filter": pikepdf.Name.CCITTFaxDecode, "BitsPerComponent": 1,
               "DecodeParms": parameters}  # fmt: skip
    else:
        content = saved(scan, "JPEG", quality=85)
    return pikepdf.Stream(
        pdf,
        content,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=scan.width,
        Height=scan.height,
        ColorSpace=pikepdf.Name.DeviceRGB if scan.mode == "RGB" else pikepdf.Name.DeviceGray,
        **how,
    )
