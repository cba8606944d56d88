"""What letters, memos and printed e-mails say, without code for a sender."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Annotated, Final

import yaml
from pydantic import Field

from rpa.domain.kinds import FieldKind
from rpa.domain.model import Value
from rpa.ocr.parsers import parse
from rpa.ocr.unknown.blocks import LEADING, TYPE, Sheet
from rpa.ocr.unknown.documents import Marks
from rpa.ocr.unknown.found import Finding, Span
from rpa.ocr.unknown.parties import Parties, PartyRules, text_finding
from rpa.ocr.unknown.segments import Line, Segment, Token, span_of

LONGEST: Final = 3
"""Lines of a closing, at most."""


class AnchoredText(Value):
    """Words to look for, and the words they stand after, beside or under."""

    name: str
    anchors: tuple[str, ...]
    value: str = r"\S.*"
    lines: Annotated[int, Field(ge=1)] = 1
    """Lines of a value, at most."""


class LetterRules(Value):
    """Everything declared for letters."""

    told_by: Marks
    salutation: str
    closing: str
    date: str
    dateline: str
    parties: PartyRules
    fields: tuple[AnchoredText, ...]

    @property
    def dated(self) -> str:
        """What a line looks like that says when."""
        return self.dateline.replace("{date}", self.date)

    @property
    def marks(self) -> Marks:
        """What a letter is told by, the names of other rules replaced by what they say."""
        rules = {"salutation": self.salutation, "closing": self.closing, "dateline": self.dated}
        marks = (
            mark.model_copy(update={"pattern": rules.get(mark.pattern.strip("{}"), mark.pattern)})
            for mark in self.told_by.marks
        )
        return Marks(needed=self.told_by.needed, marks=tuple(marks))


@cache
def letter_rules() -> LetterRules:
    """Return the rules for letters that come with the package."""
    text = files("rpa.ocr.unknown").joinpath("letters.yaml").read_text(encoding="utf-8")
    return LetterRules.model_validate(yaml.safe_load(text))


def letter_findings(rows: Sequence[Sequence[Token]], rules: LetterRules) -> list[Finding]:
    """Return what a letter says; at most one value for each name."""
    return list(_Letter(Sheet(rows), rules).findings())


class _Letter:
    """A letter's parts: head, salutation, closing, and what stands under that."""

    def __init__(self, sheet: Sheet, rules: LetterRules) -> None:
        self.sheet, self.rules = sheet, rules
        self.salutation = self._first(rules.salutation)
        self.closing = self._closing()
        said = [s for s in sheet.lines if re.search(rules.closing, s.text, re.IGNORECASE)]
        self.taken = [line for line in (self.salutation, *self.closing, *said) if line]

    def findings(self) -> Iterator[Finding]:
        """Yield everything found."""
        dated = list(self._dated())
        anchored = [found for found in map(self._anchored, self.rules.fields) if found]
        names = {finding.name for finding in anchored}
        parties = Parties(
            self.sheet,
            self.rules.parties,
            self.taken,
            salutation=self.salutation,
            closing=self.closing[-1] if self.closing else None,
        )
        yield from (found for found in parties.findings() if found.name not in names)
        yield from dated
        yield from anchored
        if self.salutation:
            yield text_finding("salutation", [self.salutation])
        if self.closing:
            yield text_finding("closing", self.closing)

    def _first(self, pattern: str, *, under: Segment | None = None) -> Segment | None:
        lines = (s for s in self.sheet.lines if under is None or s.box.y0 > under.box.y0)
        return next((s for s in lines if re.search(pattern, s.text, re.IGNORECASE)), None)

    def _closing(self) -> list[Segment]:
        """Return the lines of the closing: to the end of its sentence, from where it begins."""
        line = self._first(self.rules.closing, under=self.salutation) or self._broken_closing()
        if line is None:
            return []
        block = self.sheet.block_of(line).lines
        first = last = block.index(line)
        if first and not re.search(r"[.!?:;]$", block[first - 1].text):
            first -= 1
        while last + 1 < len(block) and not _ends(block[last].text, block[last + 1].text):
            last += 1
        return block[first : last + 1][-LONGEST:]

    def _broken_closing(self) -> Segment | None:
        """Return the line where a closing begins whose words stand on two lines."""
        start = self.salutation
        for block in self.sheet.blocks:
            for line, after in zip(block.lines, block.lines[1:], strict=False):
                is_under = start is None or line.box.y0 > start.box.y0
                both = f"{line.text} {after.text}"
                if is_under and re.search(self.rules.closing, both, re.IGNORECASE):
                    return line
        return None

    def _dated(self) -> Iterator[Finding]:
        """Yield the first day that has a line for itself, and the place beside it."""
        pattern = re.compile(self.rules.dated, re.IGNORECASE)
        for line in self.sheet.lines:
            match = pattern.search(line.text)
            day = parse(FieldKind.DATE, match["day"], from_pixels=True) if match else None
            if match is None or day is None or day.value is None:
                continue
            self.taken.append(line)
            words = Line(line.tokens)
            when = replace(span_of(words.between(*match.span("day"))), text=match["day"])
            yield Finding("date", FieldKind.DATE, when, "", day.value, is_own_print=True)
            if match["place"]:
                where = span_of(words.between(*match.span("place")))
                where = replace(where, text=match["place"].strip(" ,"))
                yield Finding("place", FieldKind.TEXT, where, "", where.text, is_own_print=True)
            return

    def _anchored(self, field: AnchoredText) -> Finding | None:
        for anchor in field.anchors:
            for line in self.sheet.lines:
                match = re.search(anchor, line.text, re.IGNORECASE)
                value = self._value(field, line, match) if match else None
                if match and value:
                    self.taken.append(line)
                    label = match[0].strip()
                    return Finding(field.name, FieldKind.TEXT, value, label, value.text)
        return None

    def _value(self, field: AnchoredText, line: Segment, anchor: re.Match[str]) -> Span | None:
        """Return what stands after an anchor on its line, else right of it, else under it."""
        end = self._next_anchor(line.text, anchor.end())
        start = end - len(line.text[anchor.end() : end].lstrip(" :.,#-"))
        found = re.compile(field.value, re.IGNORECASE).match(line.text, start, end)
        if found:
            words = Line(line.tokens).between(*found.span())
            more = self._more(line, field.lines)
            return _span(words, found[0], more)
        for other in (self.sheet.right_of(line), self.sheet.under(line)):
            if (
                other
                and not self._is_other(other, than=field)
                and re.search(field.value, other.text)
            ):
                self.taken.append(other)
                more = self._more(other, field.lines)
                return _span(other.tokens, other.text, more)
        return None

    def _next_anchor(self, text: str, start: int) -> int:
        anchors = (
            anchor.lstrip("^") for field in self.rules.fields[:2] for anchor in field.anchors
        )
        found = (re.compile(anchor, re.IGNORECASE).search(text, start) for anchor in anchors)
        return min((match.start() for match in found if match), default=len(text))

    def _more(self, line: Segment, longest: int) -> list[Segment]:
        """Return the lines by which a value goes on."""
        more: list[Segment] = []
        while len(more) < longest - 1:
            after = self.sheet.under([line, *more][-1], near=LEADING)
            if after is None or self._is_other(after) or not _looks_on(line, after):
                break
            if re.search(r"^[^\W\d][^:]{1,25}:|@", after.text):
                break
            more.append(after)
        self.taken += more
        return more

    def _is_other(self, line: Segment, *, than: AnchoredText | None = None) -> bool:
        """Say whether a line is something else that letters say."""
        fields = (field for field in self.rules.fields if field is not than)
        others = [anchor for field in fields for anchor in field.anchors]
        found = [
            re.search(other, line.text, re.IGNORECASE) for other in (*others, self.rules.salutation)
        ]
        return line in self.taken or any(match and match[0] for match in found)


def _looks_on(line: Segment, after: Segment) -> bool:
    """Say whether a line under another may be its rest: of its type, nothing standing out left."""
    low, high = sorted((line.height, after.height))
    return high < TYPE * low and after.box.x0 >= line.box.x0 - line.height


def _ends(text: str, after: str) -> bool:
    """Say whether a sentence ends on a line: a comma ends it where no small letter follows."""
    return bool(re.search(r"[.;:!]$", text) or (text.endswith(",") and not after[:1].islower()))


def _span(words: Sequence[Token], text: str, more: Sequence[Segment]) -> Span:
    whole = span_of([*words, *(token for line in more for token in line.tokens)])
    told = " ".join([text.strip(" :"), *(line.text for line in more)])
    return replace(whole, text=told)
