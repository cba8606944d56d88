"""The parts of a signature's appearance as PDF objects that PDF/A allows everywhere.

Colours are calibrated (CalRGB), so that they need no output intent and agree with every one (ISO
19005-1, 6.2.3; ISO 19005-2 and -3, 6.2.4); the font is embedded with widths, character set and
the way back to Unicode (6.2.11); there is no transparency (6.4, 6.2.10).
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians, sin
from typing import Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name

from rpa.signing.adapters.fonts import Subset

Color = tuple[float, float, float]
INK: Final[Color] = (0.10, 0.17, 0.27)
MUTED: Final[Color] = (0.29, 0.33, 0.38)
RULE: Final[Color] = (0.62, 0.67, 0.73)
WHITE: Final[Color] = (1.0, 1.0, 1.0)
_SRGB_WHITE: Final = (0.9505, 1.0, 1.089)
_SRGB_MATRIX: Final = (0.4124, 0.2126, 0.0193, 0.3576, 0.7152, 0.1192, 0.1805, 0.0722, 0.9505)
_TO_UNICODE: Final = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
%s
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


@dataclass(frozen=True, slots=True)
class Packed:
    """Bytes of a stream, compressed once."""

    content: bytes
    length: int
    """Before compression."""


@dataclass(frozen=True, slots=True)
class _FontFiles:
    program: Packed
    to_unicode: Packed
    members: Packed
    """The CIDSet: one bit for each glyph."""


def form_of(
    writer: Any, content: bytes, size: tuple[float, float], *, rotation: int, font: Subset | None
) -> generic.IndirectObject:
    """Add a form XObject of ``size`` points that reads upright on a page turned by ``rotation``."""
    width, height = size
    turned = radians(rotation)
    matrix = (cos(turned), sin(turned), -sin(turned), cos(turned), 0, 0)
    resources: dict[str, Any] = {"/ColorSpace": _dictionary({"/C": _calibrated()})}
    if font is not None:
        resources["/Font"] = _dictionary({"/F": _font(writer, font)})
    entries = {
        "/Type": pdf_name("/XObject"),
        "/Subtype": pdf_name("/Form"),
        "/BBox": _numbers((0, 0, width, height)),
        "/Resources": _dictionary(resources),
    }
    if rotation:
        entries["/Matrix"] = _numbers(round(number) for number in matrix)
    return _added(writer, _stream(_packed(content), entries))


def color(chosen: Color, *, stroke: bool = False) -> bytes:
    """Return the operators that set a colour."""
    operators = (b"CS", b"SC") if stroke else (b"cs", b"sc")
    return b"/C %s %.3g %.3g %.3g %s" % (operators[0], *chosen, operators[1])


def _calibrated() -> generic.ArrayObject:
    parameters = {
        "/WhitePoint": _numbers(_SRGB_WHITE),
        "/Gamma": _numbers((2.2, 2.2, 2.2)),
        "/Matrix": _numbers(_SRGB_MATRIX),
    }
    return generic.ArrayObject([pdf_name("/CalRGB"), _dictionary(parameters)])


def _font(writer: Any, subset: Subset) -> generic.IndirectObject:
    files = _font_files(subset)
    name = pdf_name(f"/{subset.name}")
    descriptor = _dictionary(
        {
            "/Type": pdf_name("/FontDescriptor"),
            "/FontName": name,
            "/Flags": _number(4),
            "/FontBBox": _numbers(subset.box),
            "/ItalicAngle": _number(0),
            "/Ascent": _number(subset.ascent),
            "/Descent": _number(subset.descent),
            "/CapHeight": _number(729),
            "/StemV": _number(88),
            "/FontFile2": _added(
                writer,
                _stream(files.program, {"/Length1": _number(files.program.length)}),
            ),
            "/CIDSet": _added(writer, _stream(files.members, {})),
        }
    )
    descendant = _dictionary(
        {
            "/Type": pdf_name("/Font"),
            "/Subtype": pdf_name("/CIDFontType2"),
            "/BaseFont": name,
            "/CIDSystemInfo": _dictionary(
                {
                    "/Registry": generic.pdf_string("Adobe"),
                    "/Ordering": generic.pdf_string("Identity"),
                    "/Supplement": _number(0),
                }
            ),
            "/FontDescriptor": _added(writer, descriptor),
            "/DW": _number(subset.widths[0]),
            "/W": generic.ArrayObject([_number(0), _numbers(subset.widths)]),
            "/CIDToGIDMap": pdf_name("/Identity"),
        }
    )
    font = {
        "/Type": pdf_name("/Font"),
        "/Subtype": pdf_name("/Type0"),
        "/BaseFont": name,
        "/Encoding": pdf_name("/Identity-H"),
        "/DescendantFonts": generic.ArrayObject([_added(writer, descendant)]),
        "/ToUnicode": _added(writer, _stream(files.to_unicode, {})),
    }
    return _added(writer, _dictionary(font))


@lru_cache(maxsize=64)
def _font_files(subset: Subset) -> _FontFiles:
    count = len(subset.widths)
    bits = (1 << count) - 1 << (-count % 8)
    return _FontFiles(
        program=_packed(subset.file),
        to_unicode=_packed(_to_unicode(subset.letters).encode("ascii")),
        members=_packed(bits.to_bytes((count + 7) // 8, "big")),
    )


def _to_unicode(letters: str) -> str:
    lines = [
        f"<{code:04X}> <{letter.encode('utf-16-be').hex().upper()}>"
        for code, letter in enumerate(letters, start=1)
    ]
    blocks = [lines[at : at + 100] for at in range(0, len(lines), 100)]
    ranges = "\n".join(
        "\n".join([f"{len(block)} beginbfchar", *block, "endbfchar"]) for block in blocks
    )
    return _TO_UNICODE % ranges if lines else ""


def _packed(content: bytes) -> Packed:
    return Packed(zlib.compress(content, 6), len(content))


def _stream(packed: Packed, entries: dict[str, Any]) -> generic.StreamObject:
    described = {pdf_name(key): value for key, value in entries.items()}
    described[pdf_name("/Filter")] = pdf_name("/FlateDecode")
    return generic.StreamObject(described, encoded_data=packed.content)


def _dictionary(entries: dict[str, Any]) -> generic.DictionaryObject:
    described = {pdf_name(key): value for key, value in entries.items()}
    return generic.DictionaryObject(described)  # type: ignore[no-untyped-call]


def _numbers(values: Iterable[float]) -> generic.ArrayObject:
    return generic.ArrayObject(map(_number, values))


def _number(value: float) -> generic.PdfObject:
    if isinstance(value, int):
        return generic.NumberObject(value)  # type: ignore[no-untyped-call]
    return generic.FloatObject(f"{value:.5g}")  # type: ignore[no-untyped-call]


def _added(writer: Any, obj: generic.PdfObject) -> generic.IndirectObject:
    reference: generic.IndirectObject = writer.add_object(obj)
    return reference
