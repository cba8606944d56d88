"""Whether the images inside a PDF are whole: PDFium leaves out what it can't decode, in silence."""

from collections.abc import Iterator
from typing import Any, Final

import pikepdf

from rpa.intake.adapters.decoding.libtiff import Libtiff
from rpa.intake.adapters.decoding.pdf_source import BROKEN_OBJECT, refusal_of_stream
from rpa.intake.adapters.decoding.refusal import DAMAGED_PAGE, Refusal
from rpa.intake.adapters.decoding.wrapped import group4_is_whole, jpeg_is_whole

_MAX_DEPTH: Final = 4
_GENERAL: Final = frozenset(
    {"/FlateDecode", "/LZWDecode", "/RunLengthDecode", "/ASCII85Decode", "/ASCIIHexDecode"}
)
_COMPONENTS: Final = {"/DeviceRGB": 3, "/CalRGB": 3, "/Lab": 3, "/DeviceCMYK": 4}
_MISSING_ALLOWED: Final = 0.01
"""Of an image's bytes: some programs leave out the last row's padding."""


def check_images(structure: Any) -> None:
    """Decode each image of each page once.

    Raises:
        Refusal: An image is cut short, spoiled or inflates beyond the memory allowed.
    """
    judge = Libtiff()
    seen: set[tuple[int, int]] = set()
    for number, page in enumerate(structure.pages, start=1):
        try:
            images = _images(page.obj, seen, 0)
            is_whole = all(_is_whole(image, judge) for image in images)
        except (*BROKEN_OBJECT, OSError, SyntaxError) as problem:
            raise refusal_of_stream(problem, number) from problem
        if not is_whole:
            raise Refusal(DAMAGED_PAGE, page=number)


def _images(holder: Any, seen: set[tuple[int, int]], depth: int) -> Iterator[Any]:
    drawn = _inherited_resources(holder).get("/XObject", pikepdf.Dictionary())
    for item in drawn.as_dict().values():
        if not isinstance(item, pikepdf.Stream) or item.objgen in seen:
            continue
        seen.add(item.objgen)
        if item.get("/Subtype") == "/Image":
            yield item
        elif depth < _MAX_DEPTH:
            yield from _images(item, seen, depth + 1)


def _inherited_resources(holder: Any) -> Any:
    """Return the resources of a page or a form, from the pages above if need be (7.7.3.4)."""
    at = holder
    for _step in range(50):
        if "/Resources" in at:
            return at["/Resources"]
        if "/Parent" not in at:
            break
        at = at["/Parent"]
    return pikepdf.Dictionary()


def _is_whole(image: Any, judge: Libtiff) -> bool:
    match _filters(image):
        case ["/DCTDecode"]:
            return jpeg_is_whole(bytes(image.read_raw_bytes()), judge)
        case ["/CCITTFaxDecode"]:
            return _is_whole_fax(image, judge)
        case filters if set(filters) <= _GENERAL:
            return _has_all_bytes(image)
        case _:
            return True


def _filters(image: Any) -> list[str]:
    said = image.get("/Filter")
    if said is None:
        return []
    return [str(name) for name in said] if isinstance(said, pikepdf.Array) else [str(said)]


def _is_whole_fax(image: Any, judge: Libtiff) -> bool:
    said = image.get("/DecodeParms", pikepdf.Dictionary())
    how = said[0] if isinstance(said, pikepdf.Array) else said
    if int(how.get("/K", 0)) >= 0 or bool(how.get("/EncodedByteAlign", False)):
        return True  # not Group 4 as TIFF has it: libtiff can't judge
    columns, rows = int(how.get("/Columns", 1728)), int(image.get("/Height", 0))
    return group4_is_whole(bytes(image.read_raw_bytes()), columns, rows, judge)


def _has_all_bytes(image: Any) -> bool:
    bits = 1 if image.get("/ImageMask") else int(image.get("/BitsPerComponent", 1))
    row = (int(image.get("/Width", 0)) * bits * _components(image.get("/ColorSpace")) + 7) // 8
    expected = row * int(image.get("/Height", 0))
    return len(image.read_bytes()) >= expected * (1 - _MISSING_ALLOWED)


def _components(space: Any) -> int:
    """Return the numbers a pixel has in this color space; 1, the least, where it isn't told."""
    if isinstance(space, pikepdf.Array) and len(space):
        family = str(space[0])
        if family == "/ICCBased":
            return int(space[1].get("/N", 1))
        return len(space[1]) if family == "/DeviceN" else _COMPONENTS.get(family, 1)
    return _COMPONENTS.get(str(space), 1)
