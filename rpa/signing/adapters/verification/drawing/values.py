"""Whether a filled field, as it is drawn, shows letters on a plain ground and nothing else.

What the letters say is read from the look (``appearances``). Here its ground is looked at, drawn
without them: whatever it is made of (paths, patterns, images, nested forms), it says nothing.
"""

from typing import Final

import numpy as np

from rpa.signing.adapters.verification.drawing.ink import NOISE, Mask, differing
from rpa.signing.adapters.verification.drawing.renderers import Pixels
from rpa.signing.adapters.verification.form import FormField, text_of
from rpa.signing.adapters.verification.graph import Graph

_BORDER: Final = 4.5
"""How far in from its edge a field may draw a border, in pixels at 100 dpi."""
_STANDS_OUT: Final = 40
_DOTS: Final = 2
"""The fewest pixels of a letter, at 100 dpi."""
_MULTILINE: Final = 1 << 12
_MOST_LETTERS: Final = 40
"""More may be out of sight, where a field scrolls."""


def ground_is_plain(ground: Pixels, paper: Pixels, scale: float) -> bool:
    """Say whether a ground shows bands and dividers, or what was printed there, and no more.

    Each row is of one colour from side to side, once dividers over the whole height are left out.
    """
    edge = max(1, round(_BORDER * scale))
    inner, printed = ground[edge:-edge, edge:-edge], paper[edge:-edge, edge:-edge]
    if not inner.size:
        return True
    return not (_uneven(inner) & differing(inner, printed)).any()


def _uneven(inner: Pixels) -> Mask:
    values = inner.astype(np.int16)
    is_divider = (np.abs(values - values[:1]).max(axis=2) <= 2 * NOISE).all(axis=0)
    apart = np.abs(values - np.median(values, axis=1, keepdims=True)).max(axis=2)
    return np.asarray((apart > 2 * NOISE) & ~is_divider[None, :])


def letters_are_seen(ground: Pixels, after: Pixels, text: str, scale: float) -> bool:
    """Say whether so much stands out from the ground as that many letters need."""
    letters = min(sum(one.isalnum() for one in text), _MOST_LETTERS)
    seen = int(differing(ground, after, by=_STANDS_OUT).sum())
    return seen >= letters * _DOTS * scale * scale


def shown_text(graph: Graph, field: FormField) -> str:
    """Return the value that a field's look must show."""
    value = graph.at(field.whole.get("V"))
    if isinstance(value, list):
        return "".join(text_of(graph.at(one)) for one in value)
    return text_of(value)


def scrolls(graph: Graph, field: FormField) -> bool:
    """Say whether a field may hold more lines than it shows: text of several lines, a list."""
    flags = graph.at(field.whole.get("Ff"))
    is_multiline = isinstance(flags, int) and bool(flags & _MULTILINE)
    return field.kind == "Ch" or is_multiline
