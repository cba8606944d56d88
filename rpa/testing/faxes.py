"""Filled forms as they arrive: faxes, grey scans and digital forms, for tests of a process.

Every builder works on any form definition with its blank, takes its randomness as a seed, and
gives the same bytes for the same arguments.
"""

import logging
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import numpy as np
import pikepdf
import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFont
from pypdfium2.raw import FORMTYPE_NONE

from rpa.domain.document import MediaType
from rpa.domain.form import FieldDefinition, FieldKind, FormDefinition
from rpa.domain.geometry import Box
from rpa.domain.kinds import DRAWN
from rpa.domain.pages import DocumentFacts, DocumentPages, PageImage
from rpa.testing.drawn_traces import draw_signature, draw_stamp

DPI: Final = 300
TYPEFACES: Final = (
    "LiberationMono-Regular.ttf",
    "LiberationSans-Regular.ttf",
    "DejaVuSans.ttf",
    "DejaVuSansMono.ttf",
)


@dataclass(frozen=True, slots=True)
class Hand:
    """How a form was filled."""

    typeface: str = TYPEFACES[0]
    size: float = 12.0
    """Points."""
    indent: float = 5.0
    """Points between the left of a box and its first letter."""


@dataclass(frozen=True, slots=True)
class FaxLine:
    """What a fax machine and its line do to a page."""

    dpi: tuple[int, int] = (204, 196)
    """Pixels to the inch across and down: (204, 98) is the standard, (204, 196) the fine mode."""
    skew_degrees: float = 0.0
    noise: float = 0.0005
    """Share of the pixels that flip."""
    upside_down: bool = False


FINE: Final = FaxLine(skew_degrees=0.5)
STANDARD: Final = FaxLine(dpi=(204, 98), skew_degrees=-0.4)
NOISY: Final = FaxLine(skew_degrees=1.8, noise=0.004)


def filled_page(
    blank: bytes,
    form: FormDefinition,
    values: Mapping[str, str],
    *,
    page: int = 1,
    hand: Hand | None = None,
) -> Image.Image:
    """Return a page of the blank with ``values`` typed into their zones, as grey at 300 dpi.

    Values are typed as given; where the value is ``true``, a check box is ticked, a signature
    signed, a stamp stamped.
    """
    image = rendered_page(blank, page)
    draw = ImageDraw.Draw(image)
    for field in form.all_fields():
        text = values.get(field.name, "")
        if field.page != page or not text:
            continue
        if field.kind is FieldKind.CHECKBOX:
            _tick(draw, field.zone, ticked=text == "true")
        elif field.kind in DRAWN:
            _leave(image, field, is_there=text == "true")
        else:
            _type(draw, field.zone, text, hand or Hand())
    return image


def typed_page(lines: Sequence[str], *, hand: Hand | None = None) -> Image.Image:
    """Return a Letter page with ``lines`` typed on it: a letter, a receipt, an advertisement."""
    used = hand or Hand()
    image = Image.new("L", (round(8.5 * DPI), 11 * DPI), 255)
    draw = ImageDraw.Draw(image)
    font = _font(used)
    for number, line in enumerate(lines):
        draw.text((DPI, DPI + number * used.size * 1.5 * DPI / 72), line, fill=0, font=font)
    return image


def fax(pages: Sequence[Image.Image], line: FaxLine = FINE, *, seed: int) -> bytes:
    """Send ``pages`` over a fax line: a bilevel Group 4 TIFF with its resolution tags."""
    chance = np.random.default_rng(seed)
    sent = [_sent(page, line, chance) for page in pages]
    out = BytesIO()
    sent[0].save(
        out,
        "TIFF",
        compression="group4",
        dpi=line.dpi,
        save_all=True,
        append_images=sent[1:],
    )
    return out.getvalue()


def grey_scan(
    pages: Sequence[Image.Image], *, seed: int, skew_degrees: float = 0.6, dpi: int = 200
) -> bytes:
    """Scan ``pages`` as a PDF that holds one noisy grey JPEG for each."""
    chance = np.random.default_rng(seed)
    scans = []
    for page in pages:
        size = (round(page.width * dpi / DPI), round(page.height * dpi / DPI))
        turned = page.rotate(skew_degrees, Image.Resampling.BICUBIC, fillcolor=255)
        pixels = np.asarray(turned.resize(size, Image.Resampling.LANCZOS), dtype=np.float32)
        aged = 28 + pixels * 0.84 + chance.normal(0, 9, pixels.shape)
        scans.append(Image.fromarray(np.clip(aged, 0, 255).astype(np.uint8)))
    return _pdf_of(scans, dpi)


def filled_pdf(blank: bytes, values: Mapping[str, str]) -> bytes:
    """Fill the PDF form fields of ``blank`` by name, with appearances a viewer can show."""
    with pikepdf.open(BytesIO(blank)) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            name = str(field.get("/T", ""))
            if name in values:
                field.V = pikepdf.String(values[name])
        pdf.Root.AcroForm.NeedAppearances = True
        pdf.generate_appearance_streams()
        out = BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def document_pages(content: bytes) -> DocumentPages:
    """Open a TIFF made by :func:`fax` for a form reader, with square pixels."""
    images = []
    with Image.open(BytesIO(content)) as tiff:
        for number in range(getattr(tiff, "n_frames", 1)):
            tiff.seek(number)
            x_dpi, y_dpi = (float(value) for value in tiff.info["dpi"])
            size = (tiff.width, round(tiff.height * x_dpi / y_dpi))
            out = BytesIO()
            tiff.convert("L").resize(size, Image.Resampling.BICUBIC).save(out, "PNG")
            images.append(PageImage(png=out.getvalue(), dpi=x_dpi, bilevel=True))
    facts = DocumentFacts(media_type=MediaType.TIFF, pages=len(images), pixels_digest=None)
    return DocumentPages(facts=facts, images=tuple(images), words=((),) * len(images))


def text_zone(rectangle: tuple[float, float, float, float], *, page_height: float) -> Box:
    """Return the zone of a PDF form field's rectangle (points from the bottom left)."""
    x0, y0, x1, y1 = rectangle
    return Box(x0=x0, y0=page_height - y1, x1=x1, y1=page_height - y0)


def rendered_page(blank: bytes, page: int) -> Image.Image:
    """Return a page of a blank as grey at 300 dpi, its form fields as a printer shows them."""
    document = pdfium.PdfDocument(blank)
    try:
        if document.get_formtype() != FORMTYPE_NONE:
            logging.getLogger("pypdfium2").setLevel(logging.ERROR)
            document.init_forms()
        image: Image.Image = document[page - 1].render(scale=DPI / 72).to_pil()
        return image.convert("L")
    finally:
        document.close()


def _font(hand: Hand) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(hand.typeface, round(hand.size * DPI / 72))


def _type(draw: ImageDraw.ImageDraw, zone: Box, text: str, hand: Hand) -> None:
    box = zone.scaled(DPI / 72)
    size = hand.size
    font = _font(hand)
    room = box.width - 2 * hand.indent * DPI / 72
    while font.getlength(text) > room and size > 7:
        size -= 0.5
        font = _font(Hand(hand.typeface, size, hand.indent))
    middle = (box.y0 + box.y1) / 2
    draw.text((box.x0 + hand.indent * DPI / 72, middle), text, fill=0, font=font, anchor="lm")


def _leave(image: Image.Image, field: FieldDefinition, *, is_there: bool) -> None:
    if not is_there:
        return
    box, chance = field.zone.scaled(DPI / 72), random.Random(field.name)  # noqa: S311 - no secret
    if field.kind is FieldKind.SIGNATURE:
        draw_signature(image, box, chance, width=4)
    else:
        draw_stamp(image, ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2), chance, "boxed")


def _tick(draw: ImageDraw.ImageDraw, zone: Box, *, ticked: bool) -> None:
    if not ticked:
        return
    box = zone.scaled(DPI / 72)
    x, y = box.width * 0.22, box.height * 0.22
    for start, end in (
        ((box.x0 + x, box.y0 + y), (box.x1 - x, box.y1 - y)),
        ((box.x0 + x, box.y1 - y), (box.x1 - x, box.y0 + y)),
    ):
        draw.line((start, end), fill=0, width=5)


def _sent(page: Image.Image, line: FaxLine, chance: np.random.Generator) -> Image.Image:
    turned = page.rotate(line.skew_degrees, Image.Resampling.BICUBIC, fillcolor=255)
    if line.upside_down:
        turned = turned.transpose(Image.Transpose.ROTATE_180)
    size = (round(page.width * line.dpi[0] / DPI), round(page.height * line.dpi[1] / DPI))
    pixels = np.asarray(turned.resize(size, Image.Resampling.BOX))
    ink = pixels < 150
    flipped = ink ^ (chance.random(ink.shape) < line.noise)
    return Image.fromarray(np.where(flipped, 0, 255).astype(np.uint8)).convert("1")


def _pdf_of(scans: Sequence[Image.Image], dpi: int) -> bytes:
    with pikepdf.new() as pdf:
        for scan in scans:
            jpeg = BytesIO()
            scan.save(jpeg, "JPEG", quality=80)
            width, height = scan.width * 72 / dpi, scan.height * 72 / dpi
            image = pikepdf.Stream(
                pdf,
                jpeg.getvalue(),
                Type=pikepdf.Name.XObject,
                Subtype=pikepdf.Name.Image,
                Width=scan.width,
                Height=scan.height,
                ColorSpace=pikepdf.Name.DeviceGray,
                BitsPerComponent=8,
                Filter=pikepdf.Name.DCTDecode,
            )
            page = pdf.add_blank_page(page_size=(width, height))
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=image))
            page.Contents = pikepdf.Stream(
                pdf, f"q {width:.2f} 0 0 {height:.2f} 0 0 cm /Scan Do Q".encode()
            )
        out = BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()
