"""The places of a PDF's form fields, by pikepdf: tolerant of names in any encoding."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import pikepdf

from rpa.domain.geometry import Box

DEEPEST: Final = 12
"""Levels of a field's parents that are looked at; damaged files have loops."""
MULTILINE: Final = 1 << 12
PASSWORD: Final = 1 << 13
PUSH_BUTTON: Final = 1 << 16
RADIO: Final = 1 << 15
COMB: Final = 1 << 24
"""Bits of a field's flags (ISO 32000-1, tables 226 and 228)."""


@dataclass(frozen=True, slots=True)
class Widget:
    """A form field's place on a page: points from the top left of the page as it is shown."""

    page: int
    box: Box
    name: str
    """The field's full name."""
    is_tick: bool
    is_radio: bool
    state: str
    """The value that this box stands for when it is ticked."""
    is_multiline: bool
    comb: int
    """Into how many cells the place is divided; 0 where it is not."""
    hint: str
    """What the file says the field is for (its alternate name)."""
    is_signature: bool = False


def widgets_of(content: bytes) -> list[Widget]:
    """Return the places of text fields, tick boxes and signatures, in the file's order.

    Raises:
        pikepdf.PdfError: The bytes are no readable PDF.
    """
    with pikepdf.open(BytesIO(content)) as pdf:
        return [
            widget
            for number, page in enumerate(pdf.pages, start=1)
            for widget in _on_page(page, number)
        ]


def _on_page(page: pikepdf.Page, number: int) -> Iterator[Widget]:
    frame = [float(edge) for edge in page.cropbox]
    turn = int(page.obj.get("/Rotate", 0)) % 360
    annotations: Any = page.obj.get("/Annots", [])
    for annotation in annotations:
        if str(annotation.get("/Subtype", "")) != "/Widget" or "/Rect" not in annotation:
            continue
        chain = list(_ancestry(annotation))
        kind, flags = str(_inherited(chain, "/FT", "")), int(_inherited(chain, "/Ff", 0))
        is_tick = kind == "/Btn" and not flags & PUSH_BUTTON
        box = _box([float(edge) for edge in annotation.Rect], frame, turn)
        if box is None or not (is_tick or kind in ("/Tx", "/Ch", "/Sig")) or flags & PASSWORD:
            continue
        yield Widget(
            page=number,
            box=box,
            name=".".join(str(one.T) for one in reversed(chain) if "/T" in one),
            is_tick=is_tick,
            is_radio=is_tick and bool(flags & RADIO),
            state=_state(annotation) if is_tick else "",
            is_multiline=bool(flags & MULTILINE),
            comb=int(_inherited(chain, "/MaxLen", 0)) if flags & COMB else 0,
            hint=str(_inherited(chain, "/TU", "")),
            is_signature=kind == "/Sig",
        )


def _ancestry(annotation: Any) -> Iterator[Any]:
    """Yield the field and its parents, the nearest first."""
    here = annotation
    for _level in range(DEEPEST):
        yield here
        if "/Parent" not in here:
            return
        here = here.Parent


def _inherited(chain: list[Any], key: str, otherwise: object) -> Any:
    return next((one[key] for one in chain if key in one), otherwise)


def _state(annotation: Any) -> str:
    normal = annotation.get("/AP", {}).get("/N", {})
    states = list(normal.keys()) if isinstance(normal, pikepdf.Dictionary) else []
    return next((state.lstrip("/") for state in states if state != "/Off"), "")


def _box(rect: list[float], frame: list[float], turn: int) -> Box | None:
    left, bottom, right, top = frame
    x0, x1 = sorted((rect[0], rect[2]))
    y0, y1 = sorted((rect[1], rect[3]))
    width, height = right - left, top - bottom
    a0, a1, b0, b1 = x0 - left, x1 - left, y0 - bottom, y1 - bottom
    edges = {
        0: (a0, height - b1, a1, height - b0),
        90: (b0, a0, b1, a1),
        180: (width - a1, b0, width - a0, b1),
        270: (height - b1, width - a1, height - b0, width - a0),
    }.get(turn)
    if edges is None or edges[2] - edges[0] < 1 or edges[3] - edges[1] < 1:
        return None
    x0, y0, x1, y1 = (round(edge, 1) for edge in edges)
    return Box(x0=x0, y0=y0, x1=x1, y1=y1)
