"""Values found beside declared words: invoices and receipts, without code for an issuer."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Annotated, Final

import yaml
from pydantic import Field

from rpa.domain.kinds import FieldKind
from rpa.domain.model import Value
from rpa.ocr.parsers import parse
from rpa.ocr.unknown.found import Finding, Span
from rpa.ocr.unknown.segments import Token, segments_of, span_of

LARGE: Final = 0.8
"""Share of the largest type's height from which type near the top is as large."""
FIRST: Final = 3
"""Rows that are near the top of the page, however few there are."""
BELOW: Final = 2.0
"""Gap, in heights of a line, to a value that stands under its anchor."""


class AnchoredField(Value):
    """A value to look for, and the words it stands beside."""

    name: str
    kind: FieldKind
    anchors: tuple[str, ...]
    never: str | None = None
    """Rows that match are passed over."""
    last: bool = False
    """Where several rows match one anchor, the last of them counts, not the first."""
    nearest: bool = False
    """Of several amounts on one row the nearest counts, not the last."""


class IssuerRule(Value):
    """How the issuer is told: by what companies are called, near the top."""

    top: Annotated[float, Field(gt=0, le=1)]
    company: str
    never: str
    strip: str
    """What is no part of the name."""


class Anchors(Value):
    """Everything declared for one kind of document."""

    values: dict[FieldKind, str]
    issuer: IssuerRule
    fields: tuple[AnchoredField, ...]

    def pattern(self, kind: FieldKind) -> re.Pattern[str]:
        """Return what a value of this kind looks like."""
        return re.compile(self.values[kind], re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Line:
    """A row's words as one text, each letter knowing its word."""

    tokens: Sequence[Token]

    @property
    def text(self) -> str:
        return " ".join(token.text for token in self.tokens)

    def between(self, start: int, end: int) -> list[Token]:
        """Return the words that share a letter with this part of the text."""
        kept, place = [], 0
        for token in self.tokens:
            if place < end and place + len(token.text) > start:
                kept.append(token)
            place += len(token.text) + 1
        return kept


@cache
def invoice_anchors() -> Anchors:
    """Return the anchors for invoices and receipts that come with the package."""
    text = files("rpa.ocr.unknown").joinpath("invoices.yaml").read_text(encoding="utf-8")
    return Anchors.model_validate(yaml.safe_load(text))


def findings(rows: Sequence[Sequence[Token]], anchors: Anchors) -> list[Finding]:
    """Return what the anchors find on a page; at most one value for each declared field."""
    lines = [_Line(row) for row in rows]
    found = [_issuer(rows, anchors.issuer)]
    found += [_found(field, lines, anchors) for field in anchors.fields]
    return [finding for finding in found if finding]


def _found(field: AnchoredField, lines: Sequence[_Line], anchors: Anchors) -> Finding | None:
    for anchor in field.anchors:
        hits = list(_hits(re.compile(anchor, re.IGNORECASE), field, lines, anchors))
        if hits:
            return hits[-1 if field.last else 0]
    return None


def _hits(
    anchor: re.Pattern[str], field: AnchoredField, lines: Sequence[_Line], anchors: Anchors
) -> Iterator[Finding]:
    """Yield the value beside, else under, each place of the anchor."""
    for number, line in enumerate(lines):
        if field.never and re.search(field.never, line.text, re.IGNORECASE):
            continue
        match = anchor.search(line.text)
        if match is None:
            continue
        places = [(line, match.end())]
        if match.end() > match.start():
            places += _under(line.between(*match.span()), lines[number + 1 :])
        found = (_value(field, place, start, anchors) for place, start in places)
        value = next((one for one in found if one), None)
        if value:
            yield Finding(field.name, value[0], match[0].strip(), value[1])


def _value(
    field: AnchoredField, line: _Line, start: int, anchors: Anchors
) -> tuple[Span, str] | None:
    """Return the value on a line and its canonical text; the last of amounts, rates come before."""
    matches = list(anchors.pattern(field.kind).finditer(line.text, start))
    from_the_end = field.kind is FieldKind.AMOUNT and not field.nearest
    for match in reversed(matches) if from_the_end else matches:
        text = match[0].strip(" :#")
        bare = re.sub(r"^[^\d(-]+", "", text) if field.kind is FieldKind.AMOUNT else text
        parsed = parse(field.kind, bare, from_pixels=True) if bare else None
        if parsed and parsed.value and not _is_other(field.kind, bare, anchors):
            return replace(span_of(line.between(*match.span())), text=text), parsed.value
    return None


def _is_other(kind: FieldKind, text: str, anchors: Anchors) -> bool:
    """Say whether what looks like a number of something is a day or an amount."""
    others = (FieldKind.DATE, FieldKind.AMOUNT) if kind is FieldKind.TEXT else ()
    return any(anchors.pattern(other).match(text) for other in others)


def _under(anchor: Sequence[Token], below: Sequence[_Line]) -> Iterator[tuple[_Line, int]]:
    """Yield what stands under an anchor on the next two rows."""
    if not anchor:
        return
    left, right, height = anchor[0].box.x0, anchor[-1].box.x1, anchor[0].box.height
    for line in below[:2]:
        if line.tokens[0].box.y0 - anchor[0].box.y1 > BELOW * height:
            return
        for segment in segments_of([line.tokens]):
            if segment.box.x0 < right + height and segment.box.x1 > left - height:
                yield _Line(segment.tokens), 0


def _issuer(rows: Sequence[Sequence[Token]], rule: IssuerRule) -> Finding | None:
    segments = segments_of(rows, at_colons=False)
    if not segments:
        return None
    top = min(s.box.y0 for s in segments)
    bottom = max(s.box.y1 for s in segments)
    near = [
        s
        for s in segments
        if (s.row < FIRST or s.box.y0 <= top + rule.top * (bottom - top))
        and sum(c.isalpha() for c in s.text) >= 3
        and not re.search(rule.never, s.text, re.IGNORECASE)
    ]
    named = [s for s in near if re.search(rule.company, s.text, re.IGNORECASE)]
    largest = LARGE * max((s.height for s in near), default=0)
    chosen = next(iter(named or [s for s in near if s.height >= largest]), None)
    if chosen is None:
        return None
    span = span_of(chosen.tokens)
    name = re.sub(rule.strip, "", span.text, flags=re.IGNORECASE)
    return Finding("issuer", replace(span, text=name), "", name)
