"""Reads a filled field as a person does: drawn, and by Tesseract, where its font can't be believed.

A font that a document brings along can show any shape for any letter. What such a look says is not
what its codes say but what its picture says.
"""

import subprocess
import unicodedata
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Final

from fontTools import agl  # type: ignore[import-untyped]

from rpa.signing.adapters.verification.appearances import embeds_its_letters, fonts_of
from rpa.signing.adapters.verification.drawing.layout import is_simply_laid
from rpa.signing.adapters.verification.drawing.renderers import Pixels
from rpa.signing.adapters.verification.graph import Graph, Stream
from rpa.signing.adapters.verification.lexer import Item, Name, Ref

READING_DPI: Final = 300.0
_SECONDS: Final = 10
_ALIKE: Final = 0.7
_MARGIN: Final = 24
_TWINS: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "|": "1", "!": "1"})
_SYMBOLS: Final = frozenset({"Symbol", "ZapfDingbats", "Wingdings", "Webdings", "None"})
_MODES: Final = ("7", "8", "10", "6")
"""A line, a word, a letter, a block (Tesseract's page segmentation)."""


def must_be_read(graph: Graph, look: Item) -> bool:
    """Say whether a look's letters may be other than its codes say, or stand in another order."""
    found = graph.node(look) if isinstance(look, Ref) else None
    if not isinstance(found, Stream):
        return False
    fonts = fonts_of(graph, found).values()
    return not (all(_is_plain_font(graph, font) for font in fonts) and is_simply_laid(graph, look))


def reads_as(picture: Pixels, wanted: str) -> bool:
    """Say whether a picture of a field reads as ``wanted``: every digit, and most letters.

    Spaces and accents are left out, and letters of the same shape are not told apart.
    """
    expected = _folded(wanted)
    if not expected:
        return True
    return any(_agrees(expected, _folded(text)) for text in _readings(picture))


def _agrees(expected: str, read: str) -> bool:
    digits = [[one for one in text if one.isdigit()] for text in (expected, read)]
    is_alike = SequenceMatcher(None, expected, read, autojunk=False).ratio() >= _ALIKE
    return is_alike and digits[0] == digits[1]


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).upper()
    return "".join(one for one in plain if one.isalnum() or one in "|!").translate(_TWINS)


def _readings(picture: Pixels) -> Iterator[str]:
    """Yield what Tesseract reads, in one way after the other; nothing where it is missing."""
    height, width = picture.shape[:2]
    framed = _framed(picture)
    head = b"P6 %d %d 255\n" % (width + 2 * _MARGIN, height + 2 * _MARGIN)
    for mode in _MODES:
        words = ["tesseract", "stdin", "stdout", "--psm", mode, "--dpi", str(int(READING_DPI))]
        try:
            ended = subprocess.run(  # noqa: S603 - a fixed program
                words,
                input=head + framed,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return
        yield ended.stdout.decode("utf-8", "replace")


def _framed(picture: Pixels) -> bytes:
    """Return the picture's bytes with a margin of its corner's colour around it."""
    row = picture[0, 0].tobytes()
    height, width = picture.shape[:2]
    blank = row * (width + 2 * _MARGIN) * _MARGIN
    side = row * _MARGIN
    lines = b"".join(side + picture[at].tobytes() + side for at in range(height))
    return bytes(blank + lines + blank)


def _is_plain_font(graph: Graph, font: Item) -> bool:
    """Say whether a reader draws a font's letters by itself, each under its own code."""
    entries = graph.entries(font)
    if entries.get("Subtype") not in ("Type1", "TrueType") or "ToUnicode" in entries:
        return False
    encoding = graph.at(entries.get("Encoding"))
    is_plain = str(graph.at(entries.get("BaseFont"))) not in _SYMBOLS
    is_plain &= isinstance(encoding, Name | None) or (
        isinstance(encoding, dict) and _names_are_plain(graph, encoding)
    )
    return is_plain and not embeds_its_letters(graph, font)


def _names_are_plain(graph: Graph, encoding: Mapping[str, Item]) -> bool:
    """Say whether an encoding gives no code another letter than PDF's own encodings do."""
    code = 0
    for item in graph.items(encoding.get("Differences")):
        if isinstance(item, int):
            code = item
        elif isinstance(item, Name):
            letter = agl.toUnicode(str(item))
            usual = bytes([code & 0xFF]).decode("cp1252", "replace")
            if letter.isalnum() and letter.isascii() and letter != usual:
                return False
            if usual.isalnum() and usual.isascii() and letter != usual:
                return False
            code += 1
    return True
