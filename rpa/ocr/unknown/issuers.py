"""Who an invoice is from and who pays, with their addresses."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated, Final

from pydantic import Field

from rpa.domain.kinds import FieldKind
from rpa.domain.model import Value
from rpa.ocr.unknown.addresses import address_among
from rpa.ocr.unknown.blocks import Sheet, span_of_lines
from rpa.ocr.unknown.found import Finding
from rpa.ocr.unknown.parties import address_finding, text_finding
from rpa.ocr.unknown.segments import Segment, Token

LARGE: Final = 0.8
"""Share of the largest type's height from which type near the top is as large."""
FIRST: Final = 3
"""Rows that are near the top of the page, however few there are."""
BELOW: Final = 10
"""Lines under a name among which its address stands."""
APART: Final = 3.0
"""Gap between two such lines, in heights of a line."""


class IssuerRule(Value):
    """How the issuer is told: by what companies are called, near the top."""

    top: Annotated[float, Field(gt=0, le=1)]
    company: str
    never: str
    strip: str
    """What is no part of the name."""


def invoice_parties(
    rows: Sequence[Sequence[Token]], rule: IssuerRule, clients: Sequence[str]
) -> list[Finding]:
    """Return the issuer with its address, and the client with the client's."""
    sheet = Sheet(rows)
    paying = list(_client(sheet, clients))
    found = []
    issuer = _issuer(sheet.lines, rule)
    if issuer:
        name = re.sub(rule.strip, "", issuer.text, flags=re.IGNORECASE)
        span = replace(span_of_lines([issuer]), text=name)
        found.append(Finding("issuer", FieldKind.TEXT, span, "", name, is_own_print=True))
    address = _address(sheet, issuer, [line for lines in paying for line in lines])
    if address:
        found.append(address_finding("address", address))
    names = ("client", "client_address")
    makers = (text_finding, address_finding)
    return found + [
        make(name, lines) for name, make, lines in zip(names, makers, paying, strict=False) if lines
    ]


def _issuer(lines: Sequence[Segment], rule: IssuerRule) -> Segment | None:
    """Return the line that names the issuer."""
    if not lines:
        return None
    top, bottom = min(s.box.y0 for s in lines), max(s.box.y1 for s in lines)
    near = [
        s
        for s in lines
        if (s.row < FIRST or s.box.y0 <= top + rule.top * (bottom - top))
        and sum(c.isalpha() for c in s.text) >= 3
        and not re.search(rule.never, s.text, re.IGNORECASE)
    ]
    named = [s for s in near if re.search(rule.company, s.text, re.IGNORECASE)]
    largest = LARGE * max((s.height for s in near), default=0)
    return next(iter(named or [s for s in near if s.height >= largest]), None)


def _address(sheet: Sheet, issuer: Segment | None, others: Sequence[Segment]) -> list[Segment]:
    """Return the issuer's address: under its name, else the first that is nobody else's."""
    columns = [[issuer], _column(sheet, issuer)] if issuer else []
    columns += [block.lines for block in sheet.blocks]
    for lines in columns:
        part = address_among([line.text for line in lines])
        if part is not None and not any(line in others for line in lines[part]):
            return lines[part]
    return []


def _column(sheet: Sheet, name: Segment) -> list[Segment]:
    """Return what stands under a name, line by line, as far as no wide gap parts it."""
    column = [name]
    for line in sheet.lines:
        under = line.row > column[-1].row and line.box.x0 < name.box.x1
        beside = line.box.x1 > name.box.x0
        if under and beside and line.box.y0 - column[-1].box.y1 <= APART * name.height:
            column.append(line)
    return column[1 : 1 + BELOW]


def _client(sheet: Sheet, anchors: Sequence[str]) -> Iterator[list[Segment]]:
    """Yield the lines of the client's name, then those of the address."""
    for line in sheet.lines:
        if not any(re.search(anchor, line.text, re.IGNORECASE) for anchor in anchors):
            continue
        first = sheet.right_of(line) or sheet.under(line)
        lines = [first, *_column(sheet, first)] if first else []
        part = address_among([one.text for one in lines])
        if part is not None and part.start:
            yield lines[: part.start]
            yield lines[part]
            return
