"""What contents are drawn with: text, strokes in the shape of digits, pictures, fonts."""

import io
from functools import cache
from typing import Any, Final

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from benchmarks.update_grammar.document import Document
from benchmarks.update_grammar.model import Name, Ref, Stream

_SEGMENTS: Final = {
    "0": "abcdef", "1": "bc", "2": "abged", "3": "abgcd", "4": "fgbc", "5": "afgcd",
    "6": "afgedc", "7": "abc", "8": "abcdefg", "9": "abcdfg", "-": "g", " ": "",
}  # fmt: skip
_LINES: Final = {
    "a": (0, 10, 5, 10), "b": (5, 10, 5, 5), "c": (5, 5, 5, 0), "d": (0, 0, 5, 0),
    "e": (0, 0, 0, 5), "f": (0, 5, 0, 10), "g": (0, 5, 5, 5),
}  # fmt: skip


def escaped(text: str) -> bytes:
    """Return text as it stands inside a literal string."""
    raw = text.encode("cp1252", "replace")
    return raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def line(text: str, x: float, y: float, *, font: str = "F1", size: float = 12) -> bytes:
    """Return the operators that show a line of text."""
    return b"BT /%s %.1f Tf %.1f %.1f Td (%s) Tj ET" % (font.encode(), size, x, y, escaped(text))


def strokes(text: str, x: float, y: float, scale: float = 1) -> bytes:
    """Return paths in the shape of digits, as on a pocket calculator; not yet painted."""
    parts = []
    for place, letter in enumerate(text):
        left = x + place * 8 * scale
        for segment in _SEGMENTS.get(letter, "acdg"):
            x1, y1, x2, y2 = _LINES[segment]
            parts.append(
                b"%.2f %.2f m %.2f %.2f l"
                % (left + x1 * scale, y + y1 * scale, left + x2 * scale, y + y2 * scale)
            )
    return b" ".join(parts)


def bars(text: str, x: float, y: float, scale: float = 1) -> bytes:
    """Return rectangles in the shape of digits; not yet painted."""
    parts = []
    for place, letter in enumerate(text):
        left = x + place * 8 * scale
        for segment in _SEGMENTS.get(letter, "acdg"):
            x1, y1, x2, y2 = _LINES[segment]
            x1, x2, y1, y2 = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
            parts.append(
                b"%.2f %.2f %.2f %.2f re"
                % (
                    left + (x1 - 0.5) * scale,
                    y + (y1 - 0.5) * scale,
                    (x2 - x1 + 1) * scale,
                    (y2 - y1 + 1) * scale,
                )
            )
    return b" ".join(parts)


def bitmap(text: str, width: int, height: int) -> bytes:
    """Return eight-bit gray samples that show digits, dark on white."""
    rows = [bytearray(b"\xff" * width) for _row in range(height)]
    scale = height / 14
    for place, letter in enumerate(text):
        left = (2 + place * 8) * scale
        for segment in _SEGMENTS.get(letter, "acdg"):
            x1, y1, x2, y2 = _LINES[segment]
            for step in range(41):
                x = left + (x1 + (x2 - x1) * step / 40) * scale
                y = height - 1 - (2 + y1 + (y2 - y1) * step / 40) * scale
                _dot(rows, int(x), int(y))
    return b"".join(rows)


def _dot(rows: list[bytearray], x: int, y: int) -> None:
    for row in range(max(0, y), min(len(rows), y + 2)):
        for column in range(max(0, x), min(len(rows[0]), x + 2)):
            rows[row][column] = 0


def image(samples: bytes, width: int, height: int, **extra: Any) -> Stream:
    """Return a gray picture."""
    entries = {
        "Type": Name("XObject"), "Subtype": Name("Image"), "Width": width, "Height": height,
        "ColorSpace": Name("DeviceGray"), "BitsPerComponent": 8, **extra,
    }  # fmt: skip
    return Stream(entries, samples, is_packed=True)


def form(content: bytes, width: float, height: float, resources: Any, **extra: Any) -> Stream:
    """Return a form XObject."""
    entries = {
        "Type": Name("XObject"), "Subtype": Name("Form"), "BBox": [0, 0, width, height],
        "Resources": resources, **extra,
    }  # fmt: skip
    return Stream(entries, content)


def helvetica(base: str = "Helvetica", **extra: Any) -> dict[str, Any]:
    """Return one of the fonts that every reader has."""
    return {
        "Type": Name("Font"), "Subtype": Name("Type1"), "BaseFont": Name(base),
        "Encoding": Name("WinAnsiEncoding"), **extra,
    }  # fmt: skip


def type3(document: Document, shapes: dict[str, str]) -> Ref:
    """Add a Type 3 font that shows digits; ``shapes`` maps what is written to what is seen."""
    procedures, differences = {}, []
    for written, seen in shapes.items():
        name = f"c{ord(written)}"
        content = b"800 0 d0 " + bars(seen, 100, 0, 70) + b" f"
        procedures[name] = document.add(Stream({}, content))
        differences += [ord(written), Name(name)]
    first, last = min(map(ord, shapes)), max(map(ord, shapes))
    return document.add(
        {
            "Type": Name("Font"), "Subtype": Name("Type3"), "FontBBox": [0, -100, 800, 900],
            "FontMatrix": [0.001, 0, 0, 0.001, 0, 0], "CharProcs": procedures,
            "Encoding": {"Type": Name("Encoding"), "Differences": differences},
            "FirstChar": first, "LastChar": last, "Widths": [800] * (last - first + 1),
            "Resources": {}, "ToUnicode": document.add(to_unicode({c: c for c in shapes})),
        }
    )  # fmt: skip


def to_unicode(said: dict[str, str], *, width: int = 2) -> Stream:
    """Return a map from codes to what a reader reads."""
    lines = b"\n".join(
        b"<%0*x> <%s>" % (width, ord(code), text.encode("utf-16-be").hex().encode())
        for code, text in said.items()
    )
    return Stream(
        {},
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def "
        b"/CMapType 2 def 1 begincodespacerange <%s> <%s> endcodespacerange\n"
        b"%d beginbfchar\n%s\nendbfchar endcmap end end"
        % (b"0" * width, b"f" * width, len(said), lines),
    )


@cache
def _program() -> bytes:
    """Return a small font of our own: digits as above, other letters as bars of their code."""
    codes = range(32, 127)
    names = {code: f"c{code}" for code in codes}
    order = [".notdef", *names.values()]
    builder = FontBuilder(1000, isTTF=True)
    builder.font.recalcTimestamp = False
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap(dict(names))
    shapes = {names[code]: _glyph(chr(code)) for code in codes}
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), **shapes})
    builder.setupHorizontalMetrics(dict.fromkeys(order, (600, 0)))
    builder.setupHorizontalHeader(ascent=900, descent=-200)
    builder.setupNameTable({"familyName": "Bars", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.updateHead(created=0, modified=0)
    out = io.BytesIO()
    builder.save(out)
    return out.getvalue()


def _glyph(letter: str) -> Any:
    segments = _SEGMENTS.get(letter)
    if segments is None:
        segments = "".join(s for place, s in enumerate("abcdefg") if ord(letter) >> place & 1)
    pen = TTGlyphPen(None)
    for segment in segments:
        x1, y1, x2, y2 = (one * 80 for one in _LINES[segment])
        left, right = min(x1, x2) + 20, max(x1, x2) + 90
        low, high = min(y1, y2), max(y1, y2) + 70
        corners = ((left, low), (left, high), (right, high), (right, low))
        pen.moveTo(corners[0])
        for corner in corners[1:]:
            pen.lineTo(corner)
        pen.closePath()
    return pen.glyph()


def truetype(document: Document, said: dict[str, str] | None = None, **extra: Any) -> Ref:
    """Add an embedded font; ``said`` maps what is shown to what a reader is told it is."""
    program = document.add(Stream({"Length1": len(_program())}, _program(), is_packed=True))
    descriptor = document.add(
        {
            "Type": Name("FontDescriptor"), "FontName": Name("ABCDEF+Bars"), "Flags": 32,
            "FontBBox": [0, -200, 600, 900], "ItalicAngle": 0, "Ascent": 928,
            "Descent": -236, "CapHeight": 928, "StemV": 80, "FontFile2": program,
        }
    )  # fmt: skip
    font = {
        "Type": Name("Font"), "Subtype": Name("TrueType"), "BaseFont": Name("ABCDEF+Bars"),
        "FirstChar": 32, "LastChar": 126, "Widths": [600] * 95, "FontDescriptor": descriptor,
        "Encoding": Name("WinAnsiEncoding"), **extra,
    }  # fmt: skip
    if said is not None:
        font["ToUnicode"] = document.add(to_unicode(said))
    return document.add(font)


def cid_font(document: Document, shown: str, said: str) -> Ref:
    """Add a font whose codes are glyph numbers; what is shown is said to be ``said``."""
    simple = document.entries(truetype(document))
    codes = {chr(ord(c) - 31): t for c, t in zip(shown, said, strict=False)}
    inner = {
        "Type": Name("Font"),
        "Subtype": Name("CIDFontType2"),
        "BaseFont": Name("ABCDEF+Bars"),
        "CIDSystemInfo": {"Registry": b"Adobe", "Ordering": b"Identity", "Supplement": 0},
        "FontDescriptor": simple["FontDescriptor"],
        "DW": 600,
        "CIDToGIDMap": Name("Identity"),
    }
    return document.add(
        {
            "Type": Name("Font"),
            "Subtype": Name("Type0"),
            "BaseFont": Name("ABCDEF+Bars"),
            "Encoding": Name("Identity-H"),
            "DescendantFonts": [document.add(inner)],
            "ToUnicode": document.add(to_unicode(codes, width=4)),
        }
    )
