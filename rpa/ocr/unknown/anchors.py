"""Values found beside declared words: invoices and receipts, without code for an issuer."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Final

import yaml

from rpa.domain.kinds import FieldKind
from rpa.domain.model import Value
from rpa.ocr.parsers import parse
from rpa.ocr.unknown.documents import Marks
from rpa.ocr.unknown.found import Finding, Span
from rpa.ocr.unknown.issuers import IssuerRule, invoice_parties
from rpa.ocr.unknown.segments import Line, Token, segments_of, span_of

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


class Anchors(Value):
    """Everything declared for invoices and receipts."""

    told_by: Marks
    values: dict[FieldKind, str]
    issuer: IssuerRule
    clients: tuple[str, ...]
    """The words over the name and the address of who pays."""
    fields: tuple[AnchoredField, ...]

    def pattern(self, kind: FieldKind) -> re.Pattern[str]:
        """Return what a value of this kind looks like."""
        return re.compile(self.values[kind], re.IGNORECASE)


@cache
def invoice_anchors() -> Anchors:
    """Return the anchors for invoices and receipts that come with the package."""
    text = files("rpa.ocr.unknown").joinpath("invoices.yaml").read_text(encoding="utf-8")
    return Anchors.model_validate(yaml.safe_load(text))


def findings(rows: Sequence[Sequence[Token]], anchors: Anchors) -> list[Finding]:
    """Return what the anchors find on a page; at most one value for each declared field."""
    lines = [Line(row) for row in rows]
    found = [_found(field, lines, anchors) for field in anchors.fields]
    parties = invoice_parties(rows, anchors.issuer, anchors.clients)
    return [*parties, *(finding for finding in found if finding)]


def _found(field: AnchoredField, lines: Sequence[Line], anchors: Anchors) -> Finding | None:
    for anchor in field.anchors:
        hits = list(_hits(re.compile(anchor, re.IGNORECASE), field, lines, anchors))
        if hits:
            return hits[-1 if field.last else 0]
    return None


def _hits(
    anchor: re.Pattern[str], field: AnchoredField, lines: Sequence[Line], anchors: Anchors
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
            yield Finding(field.name, field.kind, value[0], match[0].strip(), value[1])


def _value(
    field: AnchoredField, line: Line, start: int, anchors: Anchors
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


def _under(anchor: Sequence[Token], below: Sequence[Line]) -> Iterator[tuple[Line, int]]:
    """Yield what stands under an anchor on the next two rows."""
    if not anchor:
        return
    left, right, height = anchor[0].box.x0, anchor[-1].box.x1, anchor[0].box.height
    for line in below[:2]:
        if line.tokens[0].box.y0 - anchor[0].box.y1 > BELOW * height:
            return
        for segment in segments_of([line.tokens]):
            if segment.box.x0 < right + height and segment.box.x1 > left - height:
                yield Line(segment.tokens), 0
