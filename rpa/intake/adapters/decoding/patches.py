"""Patch codes: the four bars that scanners take for a separator sheet.

Two wide bars (0.20 inch) and two narrow ones (0.08 inch), 0.08 inch apart, 0.80 inch together,
read from the edge of the sheet inward. Patch T, "transfer patch", is narrow, wide, narrow, wide.
Read from the other side it is patch 3, so the nearer edge decides.
"""

from itertools import pairwise
from typing import Any, Final

import numpy as np
from PIL import Image

_DPI: Final = 100.0
_NARROW: Final = 0.1
"""Of the code's whole length: a narrow bar and each space; a wide bar is 2.5 times that."""
_CODES: Final = {
    "NWNW": "T", "WNWN": "3", "WNNW": "2", "WWNN": "1", "NWWN": "4", "NNWW": "6",
}  # fmt: skip
_LENGTH_IN: Final = (0.6, 1.1)
"""Of the four bars together: printers and fax machines shrink and stretch."""
_OFF: Final = 0.045
"""How far a bar or space may be from its width, as a part of the whole length."""
_REACH: Final = 0.5
"""How far into the page a code may begin, as a part of the page."""
_STEP_IN: Final = 0.05
_BARS_IN: Final = 0.7
"""The shortest bars that count; the specification asks for 0.75 inch or more."""
_DRIFT_IN: Final = 0.03
"""How far a code may shift from one reading line to the next: a sheet askew by some 30 degrees."""


def patch_codes(image: Image.Image, dpi: float) -> list[str]:
    """Return the name of each patch code on the page, each once: ``T``, ``1`` to ``4``, ``6``."""
    scale = min(1.0, _DPI / dpi)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    pixels = np.asarray(image.resize(size, Image.Resampling.BOX))
    threshold = _threshold(pixels)
    fine = dpi * scale
    found = {
        name
        for turns in range(4)
        for name in _from_the_left(_lines(np.rot90(pixels, turns), fine) < threshold, fine)
    }
    return sorted(found)


def _threshold(pixels: Any) -> float:
    """Return the grey half way between the darkest and the lightest that the page really has."""
    dark, light = np.percentile(pixels, (2, 95))
    return float(min(max((dark + light) / 2, 60), 190))


def _lines(pixels: Any, dpi: float) -> Any:
    """Return the reading lines across the page: each the mean of some rows, so that specks fade."""
    step = max(1, round(_STEP_IN * dpi))
    count = len(pixels) // step
    return pixels[: count * step].reshape(count, step, pixels.shape[1]).mean(axis=1)


def _from_the_left(is_dark: Any, dpi: float) -> set[str]:
    """Return the codes whose bars run down the page, read from the left edge inward."""
    needed = round(_BARS_IN / _STEP_IN)
    followed: dict[tuple[str, int], int] = {}
    names: set[str] = set()
    for row in is_dark:
        here = {
            (name, start): 1 + _before(followed, name, start, _DRIFT_IN * dpi)
            for name, start in _codes_in(row, dpi)
        }
        names |= {name for (name, _start), lines in here.items() if lines >= needed}
        followed = here
    return names


def _before(followed: dict[tuple[str, int], int], name: str, start: int, drift: float) -> int:
    near = (
        lines
        for (other, place), lines in followed.items()
        if other == name and abs(place - start) <= drift + 1
    )
    return max(near, default=0)


def _codes_in(row: Any, dpi: float) -> list[tuple[str, int]]:
    """Return name and start of each code that one reading line crosses."""
    changes = np.flatnonzero(np.diff(row.astype(np.int8))) + 1
    edges = [0, *changes.tolist(), len(row)]
    first = 0 if row[0] else 1
    shortest, longest = (length * dpi for length in _LENGTH_IN)
    found = []
    for at in range(first, len(edges) - 7, 2):
        start, end = edges[at], edges[at + 7]
        if start > len(row) * _REACH or not shortest <= end - start <= longest:
            continue
        name = _name([(b - a) / (end - start) for a, b in pairwise(edges[at : at + 8])])
        if name:
            found.append((name, start))
    return found


def _name(parts: list[float]) -> str:
    bars, spaces = parts[::2], parts[1::2]
    if any(abs(space - _NARROW) > _OFF for space in spaces):
        return ""
    letters = ""
    for bar in bars:
        if abs(bar - _NARROW) <= _OFF:
            letters += "N"
        elif abs(bar - 2.5 * _NARROW) <= 1.4 * _OFF:
            letters += "W"
        else:
            return ""
    return _CODES.get(letters, "")
