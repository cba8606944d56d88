"""Pixels: the same outside of what is explained, nothing covered inside."""

import io
from typing import Final

import numpy as np
import pikepdf
from numpy.typing import NDArray
from pikepdf import Dictionary, Name

from benchmarks.update_grammar.explained import Explained
from benchmarks.update_grammar.facts import Box
from benchmarks.update_grammar.readers import DPI, Picture, Shown

INK: Final = 60
"""How far ink differs from paper, in gray levels of 255."""
_ERASED: Final = 0.04
_OVERLAID: Final = 0.35
"""The share of what was there that may be lost, or touched."""
_WINDOW: Final = 14
"""Pixels of the side of the squares in which the same is asked more sharply."""
_LETTER: Final = 12
_LOST: Final = 0.4
_BURIED: Final = 0.6
"""Pixels of ink that count there, and the shares that may be lost or buried."""
_NEAR: Final = 5
"""Pixels beside a new field in which nothing may stand that it would extend."""
_ROWS: Final = 4
"""Rows of pixels in which it must stand beside; fewer for what is lower, as a dash."""
_RULE: Final = 15
_THIN: Final = 3
"""Pixels in a row, and at most above each other, that make a rule, not a letter."""
_NOISE: Final = {"mupdf": 2}
"""Gray levels by which a tool draws a page otherwise when an annotation is blended with it."""
Gray = NDArray[np.int16]
Mask = NDArray[np.bool_]


def pixel_reasons(
    name: str, old: Shown, new: Shown, found: Explained, background: Shown | None
) -> list[str]:
    """Return what a tool shows otherwise, by kind."""
    if old.pages is None:
        return []
    if new.pages is None:
        return [f"{name}:cannot-be-drawn"]
    if len(old.pages) != len(new.pages):
        return [f"{name}:page-count"]
    reasons = []
    for place, (before, after) in enumerate(zip(old.pages, new.pages, strict=True)):
        if before.shape != after.shape:
            reasons.append("page-size")
            continue
        boxes = [box for page, box in found.boxes if page == place]
        noise = _NOISE.get(name, 0) if boxes else 0
        if _differ(_masked(before, boxes), _masked(after, boxes), noise):
            reasons.append("pixels-outside")
        under = background.pages if background is not None and boxes else None
        if under is not None and place < len(under):
            fresh = [box for page, box in found.new_boxes if page == place]
            reasons += _inside(_there(before, under[place]), after, boxes, fresh)
            valued = [box for page, box in found.value_boxes if page == place]
            reasons += ["value-unseen" for box in valued if _is_blank(under[place], after, box)]
    return [f"{name}:{why}" for why in reasons]


def _span(box: Box, shape: tuple[int, ...], grow: int = 0) -> tuple[slice, slice]:
    scale = DPI / 72
    left, top, right, bottom = (one * scale for one in box)
    height, width = shape[0], shape[1]
    rows = slice(max(0, int(top) - grow), min(height, max(0, int(np.ceil(bottom)) + grow)))
    columns = slice(max(0, int(left) - grow), min(width, max(0, int(np.ceil(right)) + grow)))
    return rows, columns


def _masked(picture: Picture, boxes: list[Box]) -> Picture:
    if not boxes:
        return picture
    masked = picture.copy()
    for box in boxes:
        masked[_span(box, picture.shape)] = 0
    return masked


def _differ(one: Picture, other: Picture, noise: int) -> bool:
    if np.array_equal(one, other):
        return False
    return noise == 0 or int(np.abs(one.astype(np.int16) - other).max()) > noise


def _gray(picture: Picture) -> Gray:
    """Return how bright it looks: a text on yellow is as legible as one on white."""
    red, green, blue = (picture[:, :, place].astype(np.int32) for place in range(3))
    gray: Gray = ((299 * red + 587 * green + 114 * blue) // 1000).astype(np.int16)
    return gray


def _inside(under: Picture, after: Picture, boxes: list[Box], fresh: list[Box]) -> list[str]:
    if under.shape != after.shape:
        return []
    covered = ["covered" for box in boxes if _is_covered(under, after, box)]
    return covered + ["extended" for box in fresh if _is_extended(under, after, box)]


def _there(before: Picture, under: Picture) -> Picture:
    """Return what lies below fields, blank where the signer did not see it for their own looks."""
    if before.shape != under.shape:
        return under
    is_seen = (np.abs(before.astype(np.int16) - under) <= INK // 2).all(axis=2)
    paper = np.median(under.reshape(-1, 3), axis=0).astype(np.uint8)
    seen: Picture = np.where(is_seen[:, :, None], under, paper)
    return seen


def _is_blank(under: Picture, after: Picture, box: Box) -> bool:
    span = _span(box, under.shape)
    before, now = _gray(under[span]), _gray(after[span])
    return bool(before.size) and not (np.abs(now - before) > INK).any()


def _grown(mask: Mask) -> Mask:
    wide = mask.copy()
    wide[1:] |= mask[:-1]
    wide[:-1] |= mask[1:]
    wide[:, 1:] |= mask[:, :-1]
    wide[:, :-1] |= mask[:, 1:]
    return wide


def _is_covered(under: Picture, after: Picture, box: Box) -> bool:
    span = _span(box, under.shape)
    before, now = _gray(under[span]), _gray(after[span])
    if not before.size:
        return False
    paper = int(np.median(before))
    ink = _letters(np.abs(before - paper) > INK)
    if ink.sum() < 4:
        return False
    kept = np.abs(now - paper) * 2 >= np.abs(before - paper)
    erased = int((ink & ~kept).sum())
    if erased > max(3, _ERASED * ink.sum()):
        return True
    around = _grown(ink) & ~ink
    overlaid = around & (np.abs(now - before) > INK)
    if ink.sum() >= _LETTER and overlaid.sum() > _OVERLAID * around.sum():
        return True
    return _is_covered_somewhere((ink, ink & ~kept), (around, overlaid))


def _is_covered_somewhere(ink: tuple[Mask, Mask], around: tuple[Mask, Mask]) -> bool:
    """Say whether anywhere about two letters are lost, or buried in what is drawn over them."""
    there, erased = _counted(ink[0]), _counted(ink[1])
    near, overlaid = _counted(around[0]), _counted(around[1])
    is_lost = (there >= _LETTER) & (erased > _LOST * there)
    is_buried = (there >= _LETTER) & (overlaid > _BURIED * near)
    return bool((is_lost | is_buried).any())


def _counted(mask: Mask) -> NDArray[np.int64]:
    """Return how many pixels are set in every window."""
    sums = np.pad(mask.astype(np.int64).cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    rows, columns = min(_WINDOW, mask.shape[0]), min(_WINDOW, mask.shape[1])
    whole = sums[rows:, columns:] - sums[:-rows, columns:]
    counted: NDArray[np.int64] = whole - sums[rows:, :-columns] + sums[:-rows, :-columns]
    return counted


def _is_extended(under: Picture, after: Picture, box: Box) -> bool:
    """Say whether what a new field draws stands right beside what was there."""
    rows, columns = _span(box, under.shape, grow=_NEAR + 2)
    before, now = _gray(under[rows, columns]), _gray(after[rows, columns])
    if not before.size:
        return False
    paper = int(np.median(before))
    ink = _letters(np.abs(before - paper) > INK)
    drawn = np.abs(now - before) > INK
    beside = sum(_is_beside(own, there) for own, there in zip(drawn, ink, strict=True))
    height = int(drawn.any(axis=1).sum())
    return height > 0 and beside >= max(1, min(_ROWS, height // 2))


def _is_beside(own: Mask, there: Mask) -> bool:
    left, right = np.flatnonzero(own), np.flatnonzero(there)
    if not left.size or not right.size:
        return False
    return int(np.abs(right[:, None] - left[None, :]).min()) <= _NEAR


def _letters(ink: Mask) -> Mask:
    """Leave out rules, which people write on, along the page or, where it is turned, up it."""
    letters: Mask = ink & ~_rules(ink) & ~_rules(ink.T).T
    return letters


def _rules(ink: Mask) -> Mask:
    """Return what is thin and long in one row."""
    rules = np.zeros_like(ink)
    for row, found in zip(ink, rules, strict=True):
        at = np.flatnonzero(np.diff(np.concatenate(([0], row.astype(np.int8), [0]))))
        for start, end in zip(at[0::2], at[1::2], strict=True):
            found[start:end] = end - start >= _RULE
    padded = np.pad(ink.astype(np.int16), ((_THIN, _THIN), (0, 0)))
    height = sum(padded[step : step + len(ink)] for step in range(2 * _THIN + 1))
    thin: Mask = rules & (height <= _THIN)
    return thin


def without_widgets(pdf: bytes, numbers: set[int]) -> bytes:
    """Return a file as it would be if some of its annotations were hidden."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for page in opened.pages:
            listed = page.obj.get("/Annots")
            for one in list(listed) if listed is not None else []:
                if isinstance(one, Dictionary) and int(one.objgen[0]) in numbers:
                    one[Name.F] = 2
                    if "/AP" in one:
                        del one["/AP"]
        out = io.BytesIO()
        opened.save(out, static_id=True)
    return out.getvalue()
