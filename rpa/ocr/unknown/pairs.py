"""Keys and their values: what stands right of a label, or under it."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rpa.ocr.unknown.found import Pair
from rpa.ocr.unknown.segments import Segment, span_of

FAR: Final = 16.0
"""Gap between a key and a value on its right, in heights of the key."""
FAR_WITH_COLON: Final = 28.0
"""The same, where a colon says that something follows."""
OVERLAP: Final = 0.3
"""By how many heights two rows may overlap."""
BESIDE: Final = 0.3
"""By how many heights a value must overlap the key it stands beside."""
BELOW: Final = 0.8
"""Gap between a key and a value under it."""
INDENT: Final = 2.0
"""By how much a value under its key may begin further left or right."""
LONGEST_KEY: Final = 5
"""Words of a key."""
LONGEST_VALUE: Final = 4
"""Rows of a value, at most."""
LEADING: Final = 0.5
"""Gap between two rows of one value."""
LIST: Final = 12.0
"""Heights between a pair whose value is words and another it is in line with."""
WITH_COLON: Final = 0.9
PLAIN: Final = 0.6
UNDER: Final = 0.6
"""How likely a pair is, by what tells it."""
_VALUE: Final = re.compile(r"\d|[@$€]|^[xX✓✔☑☒]$")
_LABEL: Final = re.compile(
    r"(?i)\b(?:no|n[o°º]|num(?:ber|éro)|#|id|date|code|tel|fax)\b|[#№]"
    r"|\b(?:name|nom|pr[ée]nom|address|adresse|to|à|by|par|from|title|titre|objet|subject)$"
)
_ASKING: Final = re.compile(
    r"(?i)(?:\w+[. ]{1,2}){0,2}(?:date|no\.?|number|num[eé]ro|name|nom|pr[eé]nom|title|titre|total"
    r"|t[eé]l[eé]phone|phone|fax|amount|montant|signature|address|adresse|type|code)\.?"
)
_RULED: Final = re.compile(r"[_.…]{3,}")


@dataclass(frozen=True, slots=True)
class _Link:
    key: Segment
    values: tuple[Segment, ...]
    likely: float


class _Neighbours:
    """The segments of a page, found by where they stand."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        """Sort them by row and by their tops."""
        self.all = segments
        self._rows: dict[int, list[Segment]] = {}
        for segment in segments:
            self._rows.setdefault(segment.row, []).append(segment)
        self._by_top = sorted(segments, key=lambda s: s.box.y0)
        self._tops = [segment.box.y0 for segment in self._by_top]

    def right_of(self, key: Segment, *, far: float = FAR) -> Segment | None:
        """Return the next segment on the key's row, if it is near."""
        after = [s for s in self._rows[key.row] if s.box.x0 >= key.box.x1 - key.height / 2]
        after = after or [s for s in self._beside(key) if s.box.x0 >= key.box.x1 - key.height / 2]
        nearest = min((s for s in after if s is not key), key=lambda s: s.box.x0, default=None)
        if nearest is None or nearest.box.x0 - key.box.x1 > far * key.height:
            return None
        return nearest

    def under(self, key: Segment) -> Segment | None:
        """Return the nearest segment under a key that begins about where the key does."""
        return next((s for s in self._below(key, gap=BELOW) if _aligned(s, key)), None)

    def with_rows_below(self, value: Segment, taken: set[int]) -> tuple[Segment, ...]:
        """Return a value with the rows that go on under it, nothing standing left of them."""
        rows = [value]
        while len(rows) < LONGEST_VALUE:
            below = self._below(rows[-1], gap=LEADING)
            starts = (s for s in below if abs(s.box.x0 - value.box.x0) <= value.height)
            going_on = next(starts, None)
            if going_on is None or id(going_on) in taken or not self._goes_on(going_on):
                break
            rows.append(going_on)
        return tuple(rows)

    def _beside(self, key: Segment) -> list[Segment]:
        """Return what was typed a little too high or too low to stand on the key's row."""
        top, bottom, height = key.box.y0, key.box.y1, key.height
        first = bisect_left(self._tops, top - height)
        last = bisect_right(self._tops, bottom - BESIDE * height)
        return [s for s in self._by_top[first:last] if s.box.y1 - top >= BESIDE * height]

    def _below(self, segment: Segment, *, gap: float) -> Iterator[Segment]:
        """Yield what begins under a segment, within ``gap`` of its heights, the nearest first."""
        bottom, height = segment.box.y1, segment.height
        first = bisect_left(self._tops, bottom - OVERLAP * height)
        last = bisect_right(self._tops, bottom + gap * height)
        return (s for s in self._by_top[first:last] if s.row > segment.row)

    def _goes_on(self, segment: Segment) -> bool:
        alone = self._rows[segment.row][0].box.x0 >= segment.box.x0
        return not _asks(segment) and alone


def pairs_of(segments: Sequence[Segment]) -> list[Pair]:
    """Return keys with their values, in reading order; each segment has one part only."""
    page = _Neighbours(segments)
    taken: set[int] = set()
    links: list[_Link] = []
    for find in (_colon_links, _plain_links, _listed_links):
        for link in find(page, taken, links):
            parts = {id(part) for part in (link.key, *link.values)}
            if not parts & taken:
                links.append(link)
                taken |= parts
    order = {id(segment): place for place, segment in enumerate(segments)}
    return [_pair(link) for link in sorted(links, key=lambda link: order[id(link.key)])]


def _pair(link: _Link) -> Pair:
    key = span_of(link.key.tokens)
    value = span_of([token for part in link.values for token in part.tokens])
    return Pair(key, value, round(link.likely * min(key.confidence, value.confidence), 4))


def _colon_links(page: _Neighbours, taken: set[int], _links: Sequence[_Link]) -> Iterator[_Link]:
    for key in page.all:
        if not _ends_in_colon(key):
            continue
        right = page.right_of(key, far=FAR_WITH_COLON)
        if right and id(right) not in taken and not _asks(right):
            yield _Link(key, page.with_rows_below(right, taken), WITH_COLON)
            continue
        under = page.under(key)
        if under and id(under) not in taken and not _asks(under):
            yield _Link(key, page.with_rows_below(under, taken), UNDER)


def _plain_links(page: _Neighbours, taken: set[int], _links: Sequence[_Link]) -> Iterator[_Link]:
    for key in page.all:
        if id(key) in taken or not _may_be_key(key):
            continue
        right, under = page.right_of(key), page.under(key)
        for value, likely in ((right, PLAIN), (under, UNDER)):
            if value and id(value) not in taken and _may_be_value(value, key):
                yield _Link(key, (value,), likely)
                break


def _listed_links(page: _Neighbours, taken: set[int], links: Sequence[_Link]) -> Iterator[_Link]:
    """Yield keys and values of words that stand in line with a pair that is one for sure."""
    sure = [(link.key, link.values[0]) for link in links if _is_beside(link)]
    free = [
        (key, value)
        for key in page.all
        if id(key) not in taken and _may_be_key(key)
        for value in [page.right_of(key, far=FAR_WITH_COLON)]
        if value and id(value) not in taken and not _asks(value)
    ]
    sure += [pair for pair in free if _may_be_value(pair[1], pair[0])]
    for pair in free:
        if any(_in_line(pair, other) for other in sure if other != pair):
            yield _Link(pair[0], (pair[1],), PLAIN)


def _is_beside(link: _Link) -> bool:
    return link.values[0].box.x0 >= link.key.box.x1 - link.key.height


def _in_line(pair: tuple[Segment, Segment], other: tuple[Segment, Segment]) -> bool:
    """Say whether two keys begin under each other, and their values too, not far apart."""
    height = pair[0].height
    near = abs(pair[0].box.y0 - other[0].box.y0) <= LIST * height
    return near and all(
        abs(one.box.x0 - two.box.x0) <= height for one, two in zip(pair, other, strict=True)
    )


def _ends_in_colon(segment: Segment) -> bool:
    return _RULED.sub("", segment.text).rstrip(" _").endswith(":")


def _asks(segment: Segment) -> bool:
    """Say whether a segment is surely a key itself."""
    return _ends_in_colon(segment) or bool(_ASKING.fullmatch(segment.text))


def _may_be_key(segment: Segment) -> bool:
    letters = sum(c.isalpha() for c in segment.text)
    digits = sum(c.isdigit() for c in segment.text)
    short = len(segment.tokens) <= LONGEST_KEY
    return short and letters >= 2 and (digits == 0 or digits * 4 < letters)


def _may_be_value(value: Segment, key: Segment) -> bool:
    if _asks(value):
        return False
    return bool(_VALUE.search(value.text) or _LABEL.search(key.text))


def _aligned(value: Segment, key: Segment) -> bool:
    mine, other = key.box, value.box
    begins = abs(other.x0 - mine.x0) <= INDENT * key.height
    middles = abs((other.x0 + other.x1) - (mine.x0 + mine.x1)) / 2 <= INDENT * key.height
    return begins or middles
