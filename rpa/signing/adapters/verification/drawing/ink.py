"""What lies on a drawn page, and whether something new hides it, joins it or leaves it legible.

All masks are of the page's own size. Distances are given in pixels at 100 dpi and scaled.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rpa.signing.adapters.verification.drawing.renderers import Pixels

Mask: TypeAlias = NDArray[np.bool_]

NOISE: Final = 10
"""Differences of a channel up to this are taken for rounding."""
_INK: Final = 48
"""How far ink stands out from the paper around it."""
_RULE: Final = 25
"""The shortest line that is taken for a rule or a leader, in pixels at 100 dpi."""
_THICK: Final = 4
_GAP: Final = 7
_FEW: Final = 3
"""Covered or disturbed pixels that are let pass: corners of letters meet rounding."""
_LEGIBLE: Final = 0.5
_TALL: Final = 32
"""Lines are taken for no higher: two that touch would count as one."""
_AROUND: Final = 0.9
_WINDOW: Final = 14


def differing(one: Pixels, other: Pixels, *, by: int = NOISE) -> Mask:
    """Return where two drawings differ in any channel."""
    if one is other or np.array_equal(one, other):
        return np.zeros(one.shape[:2], dtype=bool)
    return np.asarray(_furthest(one, other) > by)


def _furthest(one: Pixels, other: Pixels) -> Pixels:
    """Return the largest difference of any channel; a maximum over a short axis is slow."""
    apart = np.maximum(one, other) - np.minimum(one, other)
    return np.asarray(np.maximum(np.maximum(apart[..., 0], apart[..., 1]), apart[..., 2]))


def ink_of(page: Pixels) -> Mask:
    """Return what stands out from the most frequent colour of a piece of a page."""
    if not page.size:
        return np.zeros(page.shape[:2], dtype=bool)
    coarse = (page.reshape(-1, 3) >> 4).astype(np.intp)
    keys = coarse[:, 0] << 8 | coarse[:, 1] << 4 | coarse[:, 2]
    commonest = keys == np.bincount(keys, minlength=4096).argmax()
    paper = np.median(page.reshape(-1, 3)[commonest], axis=0)
    return np.asarray(_furthest(page, np.broadcast_to(paper.astype(np.uint8), page.shape)) > _INK)


def grown(mask: Mask, across: int, down: int) -> Mask:
    """Return a mask with everything within some pixels of it."""
    found = mask.copy()
    for _step in range(across):
        found[:, 1:] |= found[:, :-1].copy()
        found[:, :-1] |= found[:, 1:].copy()
    for _step in range(down):
        found[1:] |= found[:-1].copy()
        found[:-1] |= found[1:].copy()
    return found


def _runs(mask: Mask, length: int, axis: int) -> Mask:
    """Return the pixels that belong to a run of at least ``length`` along an axis."""
    if mask.shape[axis] < length or length < 1:
        return np.zeros_like(mask)
    sums = np.cumsum(mask.astype(np.int32), axis=axis)
    pad = [(0, 0), (0, 0)]
    pad[axis] = (1, 0)
    sums = np.pad(sums, pad)
    count = mask.shape[axis]
    late = np.take(sums, np.arange(length, count + 1), axis=axis)
    early = np.take(sums, np.arange(0, count + 1 - length), axis=axis)
    full = late - early == length
    found = np.zeros_like(mask)
    for step in range(length):
        window = [slice(None), slice(None)]
        window[axis] = slice(step, step + full.shape[axis])
        found[tuple(window)] |= full
    return found


def rules_of(ink: Mask, scale: float) -> Mask:
    """Return what forms are made of: lines to write on, frames, dividers and dotted leaders."""
    length, thick = max(8, round(_RULE * scale)), max(3, round(_THICK * scale))
    found = np.zeros_like(ink)
    for axis in (0, 1):
        thin = ink & ~_runs(ink, thick, 1 - axis)
        bridged = _bridged(thin, max(2, round(_GAP * scale) - 1), axis)
        found |= thin & _runs(bridged & ~_runs(bridged, thick, 1 - axis), length, axis)
        found |= _runs(ink, length, axis) & thin
    return _with_teeth(ink, found, thick)


def _bridged(mask: Mask, gap: int, axis: int) -> Mask:
    """Close gaps of up to ``gap`` pixels along an axis."""
    across, down = (gap // 2 + 1, 0) if axis == 1 else (0, gap // 2 + 1)
    wide = grown(mask, across, down)
    return ~grown(~wide, across, down) | mask


def _with_teeth(ink: Mask, rules: Mask, thick: int) -> Mask:
    """Add short straight strokes that stand on a rule, as those of combs do."""
    found = rules
    for axis in (0, 1):
        straight = _runs(ink, thick + 2, axis) & ~_runs(ink, thick, 1 - axis)
        for _step in range(40):
            near = grown(found, 1, 1) & straight & ~found
            if not near.any():
                break
            found = found | near
    return found


@dataclass(frozen=True, slots=True)
class Piece:
    """One box of a page, before and after, with what was printed below the fields."""

    paper: Pixels
    before: Pixels
    after: Pixels
    scale: float
    """Pixels an inch, by 100."""

    def turned(self) -> "Piece":
        """Return the piece with its columns as rows."""
        paper, before, after = (
            page.transpose(1, 0, 2) for page in (self.paper, self.before, self.after)
        )
        return Piece(paper, before, after, self.scale)

    @property
    def text(self) -> Mask:
        """Return the ink of the paper that is no rule and was seen before."""
        ink = ink_of(self.paper)
        seen = ~differing(self.paper, self.before)
        return ink & seen & ~rules_of(ink, self.scale)

    def hides_text(self) -> bool:
        """Say whether what was printed there is covered, or disturbed by what lies over it."""
        text = self.text
        if not text.any():
            return False
        changed = differing(self.before, self.after, by=_INK)
        return int((grown(text, 1, 1) & changed).sum()) > _FEW

    def joins_text(self, inside: Mask, *, nearer_than: float) -> bool:
        """Say whether new ink reaches up to text that stands beside it on the same line.

        ``inside`` is where the field lies within the piece, ``nearer_than`` a share of the text's
        height: a word and the next stand nearer than seven tenths of it, letters than a quarter.
        """
        added = differing(self.before, self.after, by=_INK) & inside
        if not added.any():
            return False
        added &= ~self._frame(added, inside)
        text = self.text & ~self._bars()
        if not added.any() or not text.any():
            return False
        columns = np.flatnonzero(inside.any(axis=0))
        sides = (text[:, : columns[0]], text[:, columns[-1] + 1 :], text & inside)
        height = max(_line_height(side) for side in sides)
        reach = max(2, round(nearer_than * min(height, _TALL * self.scale)))
        return bool((grown(added, reach, 0) & text).any())

    def _bars(self) -> Mask:
        """Return straight bars, as the faces of signatures have at their sides."""
        ink = ink_of(self.paper)
        length, thick = max(8, round(_RULE * self.scale)), max(6, round(3 * _THICK * self.scale))
        found = np.zeros_like(ink)
        for axis in (0, 1):
            found |= _runs(ink, length, axis) & ~_runs(ink, thick, 1 - axis)
        return found

    def _frame(self, added: Mask, inside: Mask) -> Mask:
        """Return the border of a new field, where it goes all the way round; one side is a dash."""
        width = max(2, round(4 * self.scale))
        ring = inside & grown(~inside, width, width)
        rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
        top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
        sides = (
            added[top : top + width, left:right].any(axis=0),
            added[bottom - width : bottom, left:right].any(axis=0),
            added[top:bottom, left : left + width].any(axis=1),
            added[top:bottom, right - width : right].any(axis=1),
        )
        is_whole = all(side.size and side.mean() > _AROUND for side in sides)
        return ring if is_whole else np.zeros_like(ring)

    def keeps_legible(self) -> bool:
        """Say whether the ink below a mark still stands out, along every stretch of it."""
        ink = ink_of(self.before)
        text = ink & ~rules_of(ink, self.scale)
        if not text.any():
            return True
        if self._writes_anew():
            return False
        edges = _contrast(self.before, text), _contrast(self.after, text)
        width = max(4, round(_WINDOW * self.scale))
        for left in range(0, text.shape[1], width):
            was, now = (edge[:, left : left + width] for edge in edges)
            if was.sum() > _FEW and now[was > 0].sum() < _LEGIBLE * was.sum():
                return False
        return True

    def _writes_anew(self) -> bool:
        """Say whether edges came that were not there: letters of its own, not colour or a line."""
        was, now = _edges(self.before), _edges(self.after)
        added = now & ~grown(was, 1, 1)
        added &= ~grown(rules_of(now, self.scale), 1, 1)
        margin = max(2, round(6 * self.scale))
        return int(added[margin:-margin, margin:-margin].sum()) > 2 * _FEW


def _line_height(text: Mask) -> int:
    """Return the height of the highest line of a text; lines stand apart by an empty row."""
    rows = np.flatnonzero(text.any(axis=1))
    if not rows.size:
        return 0
    ends = np.flatnonzero(np.diff(rows) > 1)
    starts = np.concatenate(([0], ends + 1))
    lasts = np.concatenate((ends, [rows.size - 1]))
    return int((rows[lasts] - rows[starts] + 1).max())


def _edges(page: Pixels) -> Mask:
    """Return where brightness jumps from one pixel to the next."""
    grey = page.astype(np.float32) @ np.array([0.299, 0.587, 0.114], dtype=np.float32)
    found = np.zeros(grey.shape, dtype=bool)
    found[:, 1:] |= np.abs(np.diff(grey, axis=1)) > _INK
    found[1:] |= np.abs(np.diff(grey, axis=0)) > _INK
    return found


def _contrast(page: Pixels, text: Mask) -> NDArray[np.int64]:
    """Return at each pixel of the text how many neighbours it stands out from."""
    grey = page.astype(np.int16).mean(axis=2)
    found = np.zeros(text.shape, dtype=np.int64)
    for axis, step in ((0, 1), (0, -1), (1, 1), (1, -1)):
        beside = np.roll(grey, step, axis=axis)
        other = np.roll(text, step, axis=axis)
        found += (text & ~other & (np.abs(grey - beside) > _INK)).astype(np.int64)
    return found
