"""The font of visible signatures: outlines read once, and a font file of just the letters used.

PDF/A asks for embedded fonts whose widths agree with the PDF's (ISO 19005-2, 6.2.11). PyHanko's
own subset takes longer than the signature itself; here glyphs are flattened once a process, and a
subset is their bytes put together: less than a millisecond.
"""

import hashlib
import struct
import unicodedata
from array import array
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any, Final

from fontTools.pens.cu2quPen import Cu2QuPen  # type: ignore[import-untyped]
from fontTools.pens.recordingPen import DecomposingRecordingPen  # type: ignore[import-untyped]
from fontTools.pens.transformPen import TransformPen  # type: ignore[import-untyped]
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from rpa.domain.errors import ToolUnavailableError
from rpa.i18n import _

FONT_PLACES: Final = (
    Path("/usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf"),
    Path("/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf"),
    Path("/usr/share/fonts/liberation-sans/LiberationSans-Regular.ttf"),
    Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
    Path("/usr/share/fonts/dejavu/DejaVuSans.ttf"),
    Path("/usr/share/fonts/TTF/DejaVuSans.ttf"),
)
EM: Final = 1000
"""Units to the em: a PDF reads widths in thousandths."""
_MISSING: Final = "?"
_DATE: Final = 3_786_912_000
"""The first of January 2024 in a font's time: a subset has no date of its own."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """One letter's outline."""

    width: int
    """In thousandths of an em."""
    left: int
    """Its left side bearing."""
    outline: bytes
    """A record of the ``glyf`` table, four-byte aligned; empty for a space."""
    box: tuple[int, int, int, int]
    points: int
    contours: int


@dataclass(frozen=True, slots=True)
class Subset:
    """A font file of some letters; a letter's number is its place in ``letters``, from 1."""

    name: str
    """With a tag that tells subsets apart (ISO 32000-1, 9.6.4)."""
    letters: str
    widths: tuple[int, ...]
    """Of every glyph, the missing one first, in thousandths."""
    file: bytes
    ascent: int
    descent: int
    box: tuple[int, int, int, int]

    def codes(self, text: str) -> bytes:
        """Return ``text`` as two-byte codes; every letter must be in the subset."""
        return b"".join(struct.pack(">H", self.letters.index(one) + 1) for one in text)


class Typeface:
    """One font file, its glyphs flattened as they are asked for. Safe from several threads."""

    def __init__(self, file: Path) -> None:
        """Open the font file.

        Raises:
            ToolUnavailableError: It is no OpenType font.
        """
        try:
            # From memory: forks of a process share an open file's place, or lose the file.
            self._font = TTFont(BytesIO(file.read_bytes()), lazy=True)
            self._letters: dict[int, str] = self._font.getBestCmap()
            self._outlines = self._font.getGlyphSet()
            self._scale = EM / self._font["head"].unitsPerEm
            self._name = str(self._font["name"].getDebugName(6) or file.stem)
        except (OSError, KeyError, TypeError, ValueError, AssertionError, AttributeError) as exc:
            raise _no_font(file) from exc
        hhea = self._font["hhea"]
        self.ascent, self.descent = self._scaled(hhea.ascent), self._scaled(hhea.descent)
        self._glyphs: dict[str, Glyph] = {}
        self._subsets: dict[str, Subset] = {}
        self._lock = Lock()

    def written(self, text: str) -> str:
        """Return ``text`` in letters that the font has; others lose their accents or become ?."""
        return "".join(self._closest(one) for one in unicodedata.normalize("NFC", text))

    def width(self, text: str) -> float:
        """Return how wide ``text`` is, in ems."""
        return sum(self._glyph(one).width for one in text) / EM

    def subset(self, text: str) -> Subset:
        """Return a font file with the letters of ``text``, and always the digits.

        So one file serves all the signatures of a batch, whose texts differ in the time alone.
        """
        letters = "".join(sorted({*text, *"0123456789:-"}))
        kept = self._subsets.get(letters)
        if kept is None:
            kept = self._assembled(letters)
            if len(self._subsets) < 256:
                self._subsets[letters] = kept
        return kept

    def _closest(self, letter: str) -> str:
        if unicodedata.category(letter)[0] in "CZ":
            return " "
        if ord(letter) in self._letters:
            return letter
        plain = unicodedata.normalize("NFKD", letter)
        kept = "".join(one for one in plain if ord(one) in self._letters)
        return kept or _MISSING

    def _glyph(self, letter: str) -> Glyph:
        kept = self._glyphs.get(letter)
        if kept is None:
            with self._lock:
                kept = self._glyphs[letter] = self._flattened(self._letters[ord(letter)])
        return kept

    def _flattened(self, name: str) -> Glyph:
        drawing = TTGlyphPen(None)
        scaled = TransformPen(drawing, (self._scale, 0, 0, self._scale, 0, 0))
        recorded = DecomposingRecordingPen(self._outlines)
        self._outlines[name].draw(recorded)
        recorded.replay(Cu2QuPen(scaled, max_err=1.0, reverse_direction=self._is_cubic))
        glyph: Any = drawing.glyph(round=round)
        glyph.recalcBounds(None)
        outline = glyph.compile(None) if glyph.numberOfContours else b""
        box = (glyph.xMin, glyph.yMin, glyph.xMax, glyph.yMax) if outline else (0, 0, 0, 0)
        return Glyph(
            width=self._scaled(self._outlines[name].width),
            left=box[0],
            outline=outline + b"\0" * (-len(outline) % 4),
            box=box,
            points=len(glyph.coordinates) if outline else 0,
            contours=glyph.numberOfContours if outline else 0,
        )

    @property
    def _is_cubic(self) -> bool:
        return "glyf" not in self._font

    def _scaled(self, units: float) -> int:
        scaled: int = round(units * self._scale)
        return scaled

    def _assembled(self, letters: str) -> Subset:
        with self._lock:
            missing = self._flattened(self._font.getGlyphOrder()[0])
        glyphs = [missing, *(self._glyph(one) for one in letters)]
        boxes = [glyph.box for glyph in glyphs if glyph.outline] or [(0, 0, 0, 0)]
        box = (
            min(box[0] for box in boxes),
            min(box[1] for box in boxes),
            max(box[2] for box in boxes),
            max(box[3] for box in boxes),
        )
        digest = hashlib.sha256(letters.encode()).digest()
        tag = "".join(chr(ord("A") + byte % 26) for byte in digest[:6])
        return Subset(
            name=f"{tag}+{self._name}",
            letters=letters,
            widths=tuple(glyph.width for glyph in glyphs),
            file=_font_file(glyphs, box, self.ascent, self.descent),
            ascent=self.ascent,
            descent=self.descent,
            box=box,
        )


@lru_cache(maxsize=4)
def typeface(file: Path) -> Typeface:
    """Return the typeface of a font file, opened once."""
    return Typeface(file)


def found_font(wanted: Path | None) -> Path:
    """Return ``wanted``, or the first usual font of this machine.

    Raises:
        ToolUnavailableError: There is none.
    """
    for place in [wanted] if wanted else FONT_PLACES:
        if place.is_file():
            return place
    raise ToolUnavailableError(
        _(
            "No font was found for the visible signature. Install the package fonts-liberation2 "
            "or fonts-dejavu-core, or name a TrueType file in the settings."
        ),
        code="font-missing",
    )


def _font_file(
    glyphs: list[Glyph], box: tuple[int, int, int, int], ascent: int, descent: int
) -> bytes:
    """Return a TrueType file of the tables that a PDF needs (ISO 32000-1, 9.9)."""
    offsets = array("I", [0])
    for glyph in glyphs:
        offsets.append(offsets[-1] + len(glyph.outline))
    count = len(glyphs)
    tables = {
        b"glyf": b"".join(glyph.outline for glyph in glyphs) or b"\0",
        b"head": _head(box),
        b"hhea": _hhea(glyphs, ascent, descent),
        b"hmtx": b"".join(struct.pack(">Hh", glyph.width, glyph.left) for glyph in glyphs),
        b"loca": struct.pack(f">{count + 1}I", *offsets),
        b"maxp": struct.pack(
            ">I14H",
            *(0x00010000, count, max(glyph.points for glyph in glyphs)),
            *(max(glyph.contours for glyph in glyphs), 0, 0, 1, 0, 0, 0, 0, 64, 0, 0, 0),
        ),
    }
    return _sfnt(tables)


def _head(box: tuple[int, int, int, int]) -> bytes:
    return struct.pack(
        ">IIIIHHqqhhhhHHhhh",
        *(0x00010000, 0x00010000, 0, 0x5F0F3CF5, 0b1001, EM, _DATE, _DATE),
        *box,
        *(0, 6, 2, 1, 0),
    )


def _hhea(glyphs: list[Glyph], ascent: int, descent: int) -> bytes:
    widest = max(glyph.width for glyph in glyphs)
    return struct.pack(
        ">IhhhHhhhhhhhhhhhH",
        *(0x00010000, ascent, descent, 0, widest, 0, 0, widest),
        *(1, 0, 0, 0, 0, 0, 0, 0, len(glyphs)),
    )


def _sfnt(tables: dict[bytes, bytes]) -> bytes:
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    head = struct.pack(
        ">IHHHH", 0x00010000, count, power * 16, power.bit_length() - 1, (count - power) * 16
    )
    directory, body, at = b"", b"", 12 + 16 * count
    for tag, content in sorted(tables.items()):
        padded = content + b"\0" * (-len(content) % 4)
        directory += struct.pack(">4sIII", tag, _checksum(padded), at, len(content))
        body += padded
        at += len(padded)
    file = head + directory + body
    adjustment = struct.pack(">I", (0xB1B0AFBA - _checksum(file)) & 0xFFFFFFFF)
    start = file.index(tables[b"head"]) + 8
    return file[:start] + adjustment + file[start + 4 :]


def _checksum(content: bytes) -> int:
    words: tuple[int, ...] = struct.unpack(f">{len(content) // 4}I", content)
    return sum(words) & 0xFFFFFFFF


def _no_font(file: Path) -> ToolUnavailableError:
    return ToolUnavailableError(
        _(
            "The font {file} for visible signatures can't be read. Name a TrueType or OpenType "
            "file in the settings.",
            file=file.name,
        ),
        code="font-unreadable",
    )
