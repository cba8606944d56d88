"""Pixels: the same outside of what is explained, nothing covered inside."""

import io
from typing import Final

import numpy as np
import pikepdf
from numpy.typing import NDArray
from pikepdf import Dictionary, Name

from benchmarks.update_grammar.explained import Explained
from benchmarks.update_grammar.facts import Box
from benchmarks.update_grammar.readers import DPI, Letter, Picture, Shown

INK: Final = 60
"""How far ink differs from paper, in gray levels of 255."""
_ERASED: Final = 0.04
_OVERLAID: Final = 0.35
"""The share of what was there that may be lost, or touched."""
_NEAR: Final = 5
"""Pixels beside a new field in which nothing may stand that it would extend."""
_RULE: Final = 15
"""Pixels in a row that make a rule, not a letter."""
_NOISE: Final = {"mupdf": 2}
"""Gray levels by which a tool draws a page otherwise when an annotation is blended with it."""
Gray = NDArray[np.int16]


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
    noise = _NOISE.get(name, 0)
    for place, (before, after) in enumerate(zip(old.pages, new.pages, strict=True)):
        if before.shape != after.shape:
            reasons.append(f"{name}:page-size")
            continue
        boxes = [box for page, box in found.boxes if page == place]
        if np.array_equal(before, after) and not boxes:
            continue
        if _differ(_masked(before, boxes), _masked(after, boxes), noise if boxes else 0):
            reasons.append(f"{name}:pixels-outside")
        if background is not None and background.pages is not None and boxes:
            under = background.pages[place] if place < len(background.pages) else before
            fresh = [box for page, box in found.new_boxes if page == place]
            reasons += [f"{name}:{why}" for why in _inside(under, after, boxes, fresh)]
    return reasons


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
    return picture.astype(np.int16).mean(axis=2).astype(np.int16)


def _inside(under: Picture, after: Picture, boxes: list[Box], fresh: list[Box]) -> list[str]:
    if under.shape != after.shape:
        return []
    reasons = []
    for box in boxes:
        span = _span(box, under.shape)
        before, now = _gray(under[span]), _gray(after[span])
        if before.size and _is_covered(before, now):
            reasons.append("covered")
    for box in fresh:
        if _is_extended(under, after, box):
            reasons.append("extended")
    return reasons


def _grown(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    wide = mask.copy()
    wide[1:] |= mask[:-1]
    wide[:-1] |= mask[1:]
    wide[:, 1:] |= mask[:, :-1]
    wide[:, :-1] |= mask[:, 1:]
    return wide


def _is_covered(before: Gray, now: Gray) -> bool:
    paper = int(np.median(before))
    ink = np.abs(before - paper) > INK
    if ink.sum() < 4:
        return False
    kept = np.abs(now - paper) * 2 >= np.abs(before - paper)
    erased = int((ink & ~kept).sum())
    if erased > max(3, _ERASED * ink.sum()):
        return True
    around = _grown(ink) & ~ink
    overlaid = around & (np.abs(now - before) > INK)
    return bool(overlaid.sum() > _OVERLAID * max(1, around.sum()))


def _is_extended(under: Picture, after: Picture, box: Box) -> bool:
    """Say whether what a new field draws stands right beside what was there."""
    rows, columns = _span(box, under.shape, grow=_NEAR + 2)
    before, now = _gray(under[rows, columns]), _gray(after[rows, columns])
    if not before.size:
        return False
    paper = int(np.median(before))
    ink = _letters(np.abs(before - paper) > INK)
    drawn = np.abs(now - before) > INK
    for row in range(ink.shape[0]):
        own = np.flatnonzero(drawn[max(0, row - 1) : row + 2].any(axis=0))
        there = np.flatnonzero(ink[row])
        if own.size and there.size:
            gaps = np.abs(there[:, None] - own[None, :])
            if int(gaps.min()) <= _NEAR:
                return True
    return False


def _letters(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Leave out rules: long runs in one row."""
    letters = ink.copy()
    for row in letters:
        at = np.flatnonzero(np.diff(np.concatenate(([0], row.astype(np.int8), [0]))))
        for start, end in zip(at[0::2], at[1::2], strict=True):
            if end - start >= _RULE:
                row[start:end] = False
    return letters


def text_reasons(
    name: str, old: Shown, new: Shown, found: Explained, background: Shown | None
) -> list[str]:
    """Return what a tool reads otherwise outside of the boxes."""
    if old.pages is None or new.pages is None or len(old.words) != len(new.words):
        return [] if old.pages is None else [f"{name}:text-pages"] if old.words else []
    reasons = []
    for place, (before, after) in enumerate(zip(old.words, new.words, strict=True)):
        boxes = [box for page, box in found.boxes if page == place]
        fresh = [box for page, box in found.new_boxes if page == place]
        kept = _outside(before, boxes)
        now = _outside(after, _overflowing(before, after, boxes))
        if background is not None and place < len(background.words):
            # What the old look said goes with it, wherever it reached.
            kept = [
                one for one in kept if one in now or one in _outside(background.words[place], [])
            ]
        if kept != now:
            lost = [one for one in kept if one not in now]
            is_joined = lost and all(_is_joined(one, after, boxes, fresh) for one in lost)
            why = "text-joined" if is_joined else "text-lost" if lost else "text-added"
            if why != "text-joined" or fresh:
                reasons.append(f"{name}:{why}")
    return reasons


def _touches(word: Letter, boxes: list[Box]) -> bool:
    left, top, right, bottom, _text = word
    return any(
        left < box[2] and right > box[0] and top < box[3] and bottom > box[1] for box in boxes
    )


def _overflowing(before: list[Letter], after: list[Letter], boxes: list[Box]) -> list[Box]:
    """Return the boxes with what runs on from them over blank paper: values too long to be seen."""
    known = {(*(round(n, 1) for n in one[:4]), one[4]) for one in before}
    grown = list(boxes)
    added = [one for one in after if (*(round(n, 1) for n in one[:4]), one[4]) not in known]
    for word in sorted(added):
        left, top, right, bottom, _text = word
        near = (left - (bottom - top), top, right, bottom, "")
        if _touches(near, grown) and not any(_touches(one, [word[:4]]) for one in before):
            grown.append((left, top, right, bottom))
    return grown


def _outside(words: list[Letter], boxes: list[Box]) -> list[Letter]:
    found = [one for one in words if not _touches(one, boxes)]
    return sorted((*(round(n, 1) for n in one[:4]), one[4]) for one in found)  # type: ignore[misc]


def _is_joined(word: Letter, after: list[Letter], boxes: list[Box], fresh: list[Box]) -> bool:
    return any(word[4] in one[4] and _touches(one, fresh or boxes) for one in after)


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
