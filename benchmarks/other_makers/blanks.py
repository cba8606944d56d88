"""Where a document has room: blanks of its form on page 1, and places without ink."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pikepdf
import pypdfium2 as pdfium

_READ_ONLY, _RADIO, _PUSH = 1, 1 << 15, 1 << 16
_UNSEEN: Final = 2 | 32
"""Hidden and NoView (ISO 32000-2, table 167)."""
_WORD: Final = "Bob"
_SMALLEST: Final = 8
CORNER: Final = (310, 30, 530, 100)
"""Points from the left and the bottom; the makers sign at 320, 40 to 520, 90."""
MARGIN: Final = (530, 730, 580, 770)
"""Where the makers put a note: at 540, 740 to 560, 760."""


@dataclass(frozen=True)
class Blank:
    """An empty text field or box of a form, with one widget, and what to put there."""

    name: str
    value: str
    is_box: bool


def blanks(pdf: Path) -> list[Blank]:
    """Return the empty text fields and boxes of page 1."""
    with pikepdf.open(pdf) as opened:
        form = opened.Root.get("/AcroForm")
        seen = {one.objgen for one in opened.pages[0].get("/Annots", [])}
        fields = [] if form is None else form.get("/Fields", [])
        return [blank for one in fields for blank in _blanks(one, "", {}, seen)]


def _blanks(node: Any, above: str, inherited: Mapping[str, Any], seen: set[Any]) -> Iterator[Blank]:
    """Yield the blanks of a field and of those below it; values are inherited (12.7.4.1)."""
    own = {key: node[key] for key in ("/FT", "/Ff", "/V", "/MaxLen") if key in node}
    values = {**inherited, **own}
    name = ".".join(part for part in (above, str(node.get("/T", ""))) if part)
    kids = list(node.get("/Kids", []))
    if any("/T" in kid for kid in kids):
        for kid in kids:
            yield from _blanks(kid, name, values, seen)
        return
    widgets = kids or [node]
    if len(widgets) == 1 and widgets[0].objgen in seen and _is_open(widgets[0], values):
        yield from _blank(widgets[0], name, values)


def _is_open(widget: Any, values: Mapping[str, Any]) -> bool:
    x0, y0, x1, y1 = (float(one) for one in widget.Rect)
    is_room = min(abs(x1 - x0), abs(y1 - y0)) >= _SMALLEST
    is_closed = int(values.get("/Ff", 0)) & _READ_ONLY or int(widget.get("/F", 0)) & _UNSEEN
    return is_room and not is_closed


def _blank(widget: Any, name: str, values: Mapping[str, Any]) -> Iterator[Blank]:
    kind, flags = values.get("/FT"), int(values.get("/Ff", 0))
    held = str(values.get("/V", ""))
    if kind == "/Tx" and not held and int(values.get("/MaxLen", len(_WORD))) >= len(_WORD):
        yield Blank(name, _WORD, is_box=False)
    if kind == "/Btn" and not flags & (_RADIO | _PUSH) and held in ("", "/Off"):
        looks = widget.get("/AP", {}).get("/N", {})
        states = [] if isinstance(looks, pikepdf.Stream) else [str(key) for key in looks]
        on = [one.removeprefix("/") for one in states if one != "/Off"]
        if len(on) == 1:
            yield Blank(name, on[0], is_box=True)


def is_filled(before: Path, after: Path, wanted: Mapping[str, str]) -> bool:
    """Say whether a field got the value that a tool was to put there, and no other field one."""
    with pikepdf.open(before) as old, pikepdf.open(after) as new:
        had = set(_values(old.Root.AcroForm.get("/Fields", []), ""))
        has = set(_values(new.Root.AcroForm.get("/Fields", []), ""))
    name, value = wanted["name"], wanted["value"]
    return (name, value) in has and {changed for changed, _value in had ^ has} == {name}


def _values(nodes: Any, above: str) -> Iterator[tuple[str, str]]:
    for node in nodes:
        name = ".".join(part for part in (above, str(node.get("/T", ""))) if part)
        if "/V" in node:
            yield name, str(node.V).removeprefix("/")
        yield from _values(node.get("/Kids", []), name)


def is_blank(pdf: Path, place: tuple[int, int, int, int]) -> bool:
    """Say whether a place of page 1 is blank paper."""
    opened = pdfium.PdfDocument(pdf)
    page = opened[0]
    left, bottom, right, top = page.get_mediabox()
    if page.get_rotation() or (left, bottom) != (0, 0) or page.get_cropbox() != (0, 0, right, top):
        return False
    if right < place[2] or top < place[3]:
        return False
    ink = page.render(scale=1, may_draw_forms=True).to_numpy()
    height = ink.shape[0]
    spot = ink[height - place[3] : height - place[1], place[0] : place[2], :3]
    return bool(np.all(spot == 255))
