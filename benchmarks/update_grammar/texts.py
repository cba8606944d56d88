"""Text as it is extracted: the same outside of what is explained."""

from typing import Final

from benchmarks.update_grammar.explained import Explained
from benchmarks.update_grammar.facts import Box
from benchmarks.update_grammar.readers import Letter, Shown

_PLACEHOLDER: Final = {"mupdf": "SIGN"}
"""What a tool writes of its own into a field that waits for a signature, and beyond its box."""


def text_reasons(
    name: str, old: Shown, new: Shown, found: Explained, background: Shown | None
) -> list[str]:
    """Return what a tool reads otherwise outside of the boxes."""
    if old.pages is None or not old.words:
        return []
    if new.pages is None or len(old.words) != len(new.words):
        return [f"{name}:text-pages"]
    reasons = []
    for place, (before, after) in enumerate(zip(old.words, new.words, strict=True)):
        below = background.words[place : place + 1] if background is not None else []
        reasons += _on_page(name, (before, after), _Places.of(found, place), below)
    return reasons


class _Places:
    """Where text of a page may differ."""

    def __init__(self, boxes: list[Box], fresh: list[Box]) -> None:
        self.boxes = boxes
        self.fresh = fresh

    @classmethod
    def of(cls, found: Explained, place: int) -> "_Places":
        return cls(
            [box for page, box in found.boxes if page == place],
            [box for page, box in found.new_boxes if page == place],
        )


def _on_page(
    name: str, words: tuple[list[Letter], list[Letter]], places: _Places, below: list[list[Letter]]
) -> list[str]:
    before, after = words
    own = _PLACEHOLDER.get(name, "") if places.boxes else ""
    kept = _outside(before, places.boxes)
    now = [
        one
        for one in _outside(after, _overflowing(before, after, places.boxes))
        if one in kept or one[4] not in own
    ]
    for words_below in below:
        # What the old look said goes with it, wherever it reached.
        there = _outside(words_below, [])
        kept = [one for one in kept if one in now or one in there]
    if kept == now:
        return []
    lost = [one for one in kept if one not in now]
    if lost and all(_is_joined(one, after, places) for one in lost):
        return [f"{name}:text-joined"] if places.fresh else []
    return [f"{name}:text-lost" if lost else f"{name}:text-added"]


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
    for word in [*sorted(added), *sorted(added, reverse=True)]:
        left, top, right, bottom, _text = word
        across, down = bottom - top, right - left  # along the line, whichever way it runs
        near = (left - across, top - down, right + across, bottom + down, "")
        if _touches(near, grown) and not any(_touches(one, [word[:4]]) for one in before):
            grown.append((left, top, right, bottom))
    return grown


def _outside(words: list[Letter], boxes: list[Box]) -> list[Letter]:
    found = [one for one in words if not _touches(one, boxes)]
    return sorted((*(round(n, 1) for n in one[:4]), one[4]) for one in found)  # type: ignore[misc]


def _is_joined(word: Letter, after: list[Letter], places: _Places) -> bool:
    boxes = places.fresh or places.boxes
    return any(word[4] in one[4] and _touches(one, boxes) for one in after)
