"""Keys and their values: what stands right of a label, or under it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rpa.ocr.unknown.found import Pair
from rpa.ocr.unknown.segments import Segment, span_of

FAR: Final = 16.0
"""Gap between a key and a value on its right, in heights of the key."""
FAR_WITH_COLON: Final = 28.0
"""The same, where a colon says that something follows."""
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


def pairs_of(segments: Sequence[Segment]) -> list[Pair]:
    """Return keys with their values, in reading order; each segment has one part only."""
    taken: set[int] = set()
    links: list[_Link] = []
    for find in (_colon_links, _plain_links):
        for link in find(segments, taken):
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


def _colon_links(segments: Sequence[Segment], taken: set[int]) -> Iterator[_Link]:
    for key in segments:
        if not _ends_in_colon(key):
            continue
        right = _right_of(key, segments, far=FAR_WITH_COLON)
        if right and id(right) not in taken and not _asks(right):
            yield _Link(key, _with_rows_below(right, segments, taken), WITH_COLON)
            continue
        under = _under(key, segments)
        if under and id(under) not in taken and not _asks(under):
            yield _Link(key, _with_rows_below(under, segments, taken), UNDER)


def _plain_links(segments: Sequence[Segment], taken: set[int]) -> Iterator[_Link]:
    for key in segments:
        if id(key) in taken or not _may_be_key(key):
            continue
        right, under = _right_of(key, segments), _under(key, segments)
        for value, likely in ((right, PLAIN), (under, UNDER)):
            if value and id(value) not in taken and _may_be_value(value, key):
                yield _Link(key, (value,), likely)
                break


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


def _right_of(key: Segment, segments: Sequence[Segment], *, far: float = FAR) -> Segment | None:
    """Return the next segment on the key's row, if it is near."""
    mine = key.box
    after = [s for s in segments if s.row == key.row and s.box.x0 >= mine.x1 - key.height / 2]
    nearest = min((s for s in after if s is not key), key=lambda s: s.box.x0, default=None)
    if nearest is None or nearest.box.x0 - mine.x1 > far * key.height:
        return None
    return nearest


def _under(key: Segment, segments: Sequence[Segment]) -> Segment | None:
    """Return the nearest segment under a key that begins about where the key does."""
    mine, height = key.box, key.height
    fitting = [
        s
        for s in segments
        if s.row > key.row
        and -0.3 * height <= s.box.y0 - mine.y1 <= BELOW * height
        and _aligned(s, key)
    ]
    return min(fitting, key=lambda s: s.box.y0, default=None)


def _aligned(value: Segment, key: Segment) -> bool:
    mine, other = key.box, value.box
    begins = abs(other.x0 - mine.x0) <= INDENT * key.height
    middles = abs((other.x0 + other.x1) - (mine.x0 + mine.x1)) / 2 <= INDENT * key.height
    return begins or middles


def _with_rows_below(
    value: Segment, segments: Sequence[Segment], taken: set[int]
) -> tuple[Segment, ...]:
    """Return a value with the rows that go on under it, nothing standing left of them."""
    rows = [value]
    while len(rows) < LONGEST_VALUE:
        last = rows[-1]
        below = [
            s
            for s in segments
            if s.row > last.row
            and -0.3 * last.height <= s.box.y0 - last.box.y1 <= LEADING * last.height
            and abs(s.box.x0 - value.box.x0) <= value.height
        ]
        going_on = min(below, key=lambda s: s.box.y0, default=None)
        if going_on is None or id(going_on) in taken or not _goes_on(going_on, segments):
            break
        rows.append(going_on)
    return tuple(rows)


def _goes_on(segment: Segment, segments: Sequence[Segment]) -> bool:
    alone = [s for s in segments if s.row == segment.row and s.box.x0 < segment.box.x0]
    return not _asks(segment) and not alone
