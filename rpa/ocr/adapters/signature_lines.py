"""The lines on an empty form that are signed on: those that words beside them say so of."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pdfplumber.page import Page

from rpa.domain.geometry import Box
from rpa.domain.kinds import FieldKind
from rpa.ocr.hints import kind_of_label

SHORTEST: Final = 70.0
"""Points: shorter lines are signed with a paraph at most."""
HIGH: Final = 26.0
"""Points above its line that a signature takes."""
FLAT: Final = 1.5
"""Points by which a line may lean, or be thick."""
BEFORE: Final = 40.0
"""Points before a line in which words say what it is for."""
UNDER: Final = 14.0
"""The same under it."""
GAP: Final = 14.0
"""Points between words that belong together."""
TRIMMED: Final = " :*…_▶►"


def signature_places(page: Page, taken: Sequence[Box]) -> Iterator[tuple[Box, str]]:
    """Yield the places for signatures on lines, with the words that say so.

    None is in a place that is ``taken``.
    """
    words = page.extract_words(keep_blank_chars=False)
    found = list(taken)
    for x0, x1, y in sorted(_lines(page), key=lambda line: (line[2], line[0])):
        box = Box(x0=round(x0, 1), y0=round(max(0.0, y - HIGH), 1), x1=round(x1, 1), y1=round(y, 1))
        label = _label(box, words)
        if label and not any(_overlap(box, other) for other in found):
            found.append(box)
            yield box, label


def _lines(page: Page) -> Iterator[tuple[float, float, float]]:
    """Yield left, right and height of the level lines on a page."""
    for line in (*page.lines, *page.rects):
        flat = abs(line["bottom"] - line["top"]) <= FLAT
        if flat and line["x1"] - line["x0"] >= SHORTEST:
            yield float(line["x0"]), float(line["x1"]), float(line["bottom"])


def _label(box: Box, words: Sequence[Mapping[str, Any]]) -> str:
    """Return the words before a line, or under it, that speak of a signature, if any do."""
    under = [
        w for w in words if -2 <= w["top"] - box.y1 <= UNDER and box.x0 - 4 <= w["x0"] < box.x1
    ]
    texts = (" ".join(str(w["text"]) for w in some) for some in (_before(box, words), under))
    told = (text.strip(TRIMMED) for text in texts)
    return next((text for text in told if kind_of_label(text) is FieldKind.SIGNATURE), "")


def _before(box: Box, words: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    level = [w for w in words if w["top"] < box.y1 + 3 and w["bottom"] > box.y1 - 12]
    near: list[Mapping[str, Any]] = []
    edge, reach = box.x0 + 4, BEFORE
    for word in sorted(level, key=lambda w: -w["x1"]):
        if word["x1"] > edge:
            continue
        if edge - word["x1"] > reach:
            break
        near.insert(0, word)
        edge, reach = word["x0"], GAP
    return near


def _overlap(one: Box, other: Box) -> bool:
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    return across > 2 and min(one.y1, other.y1) - max(one.y0, other.y0) > 2
