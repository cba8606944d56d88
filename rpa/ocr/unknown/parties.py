"""Who wrote a letter, to whom, and who signed it: told by where their names and addresses stand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from rpa.domain.kinds import FieldKind
from rpa.domain.model import Value
from rpa.ocr.parsers import parse
from rpa.ocr.unknown.addresses import address_among, without_contact, without_name
from rpa.ocr.unknown.blocks import Block, Sheet, span_of_lines
from rpa.ocr.unknown.found import Finding
from rpa.ocr.unknown.segments import Line, Segment, span_of

LARGE: Final = 1.25
"""Ratio of a letterhead's type to that of the letter."""
SAME_TYPE: Final = 0.8
"""Ratio of two lines' heights from which they are of one type."""
LONGEST_NAME: Final = 4
"""Lines of a name over an address."""
SIGNED: Final = 14.0
"""Heights under the closing within which somebody signs."""


class PartyRules(Value):
    """What the lines of names are told by."""

    civility: str
    contact: str
    """Telephone, e-mail: they are of no name and of no address."""
    never: str
    """Notices that stand where names stand."""
    body: str
    """What bodies are called, which sign by a person."""
    office: str
    """What somebody is, in a line of its own over the name."""
    name: str


class _Place:
    """A block with an address in it."""

    def __init__(self, block: Block, part: slice, names: Sequence[Segment]) -> None:
        self.block = block
        self.address = block.lines[part]
        self.names = names


class Parties:
    """The people and offices of one letter."""

    def __init__(
        self,
        sheet: Sheet,
        rules: PartyRules,
        taken: Sequence[Segment],
        *,
        salutation: Segment | None,
        closing: Segment | None,
    ) -> None:
        """Find the addresses; ``taken`` are lines that say something else."""
        self.sheet, self.rules = sheet, rules
        self.salutation, self.closing = salutation, closing
        self._taken = {id(line) for line in taken}
        self._places = list(self._all_places())

    def findings(self) -> Iterator[Finding]:
        """Yield sender, recipient and signatory with what is known of each."""
        head = [place for place in self._places if self._is_head(place.address[0])]
        recipient = self._recipient(head)
        others = [place for place in self._places if place is not recipient]
        signed = list(self._signed())
        yield from self._sender(others, recipient, signed)
        named = recipient.names if recipient else self._addressed()
        if named:
            yield text_finding("recipient", named)
        if recipient:
            yield address_finding("recipient_address", recipient.address)
        yield from signed

    def _all_places(self) -> Iterator[_Place]:
        for block in self.sheet.blocks:
            part = address_among(block.texts)
            if part is not None:
                above = block.lines[: part.start][-LONGEST_NAME:]
                yield _Place(block, part, [line for line in above if self._may_name(line)])

    def _is_head(self, line: Segment) -> bool:
        end = self.salutation or self.closing
        return end is None or line.box.y0 < end.box.y0

    def _may_name(self, line: Segment) -> bool:
        no_name = f"{self.rules.contact}|{self.rules.never}"
        free = id(line) not in self._taken
        letters = sum(c.isalpha() for c in line.text)
        return free and letters > 2 and not re.search(no_name, line.text, re.IGNORECASE)

    def _recipient(self, head: Sequence[_Place]) -> _Place | None:
        """Return the place that a letter goes to: a civility, and no other thing above the date."""
        marked = [(self._points(place), n, place) for n, place in enumerate(head)]
        best = max(marked, key=lambda one: one[:2], default=None)
        return best[2] if best and best[0] >= 2 else None

    def _addressed(self) -> list[Segment]:
        """Return the first line that names somebody in the head, where no address is."""
        free = (s for s in self.sheet.lines if self._is_head(s) and self._may_name(s))
        return [line for line in free if self.salutation and self._is_civil(line)][:1]

    def _points(self, place: _Place) -> float:
        lines = place.block.lines
        first = min(self.sheet.lines, key=lambda line: line.box.y0)
        points = 2.0 * any(self._is_civil(line) for line in place.names[:2])
        points += bool(place.names)
        points += lines[0].box.y0 > first.box.y0 + 2 * first.height
        points -= 2 * any(
            re.search(self.rules.contact, t, re.IGNORECASE) for t in place.block.texts
        )
        if self.salutation:
            points += abs(lines[0].height - self.salutation.height) < 0.12 * self.salutation.height
        return points

    def _is_civil(self, line: Segment) -> bool:
        return bool(re.search(self.rules.civility, line.text, re.IGNORECASE))

    def _sender(
        self, places: Sequence[_Place], recipient: _Place | None, signed: Sequence[Finding]
    ) -> Iterator[Finding]:
        place = next(iter(places), None)
        name = self._letterhead(place, recipient)
        if name:
            yield text_finding("sender", name)
        elif signed and signed[0].name == "signatory":
            yield replace(signed[0], name="sender")
        if place:
            yield address_finding("sender_address", place.address)

    def _letterhead(self, place: _Place | None, recipient: _Place | None) -> list[Segment]:
        """Return the sender's name: large type, else over the address, else what stands first."""
        theirs = recipient.block.lines if recipient else []
        free = [
            line
            for line in self.sheet.lines
            if self._may_name(line)
            and self._is_head(line)
            and line not in theirs
            and not (place and line in place.address)
        ]
        usual = self.salutation.height if self.salutation else 0
        large = [line for line in free if usual and line.height > LARGE * usual]
        if large:
            block = self.sheet.block_of(large[0])
            return [line for line in block.lines if line.height > SAME_TYPE * large[0].height]
        if place and place.names:
            return [place.names[0]]
        above = [line for line in free if not recipient or line.box.y1 < recipient.block.box.y0]
        return above[:1] if self.salutation or self.closing else []

    def _signed(self) -> Iterator[Finding]:
        """Yield who signed and what they are."""
        if self.closing is None:
            return
        end = self.closing.box.y1 + SIGNED * self.closing.height
        under = [
            line
            for line in self.sheet.lines
            if self.closing.box.y1 - self.closing.height / 2 < line.box.y0 < end
            and self._may_name(line)
        ]
        named = next((line for line in under if self._is_name(line)), None)
        if named is None:
            return
        yield text_finding("signatory", [named])
        after = self.sheet.block_of(named).after(named)[:1]
        office = [line for line in under if re.search(self.rules.office, line.text, re.IGNORECASE)]
        title = [line for line in after if self._is_title(line)] or office[:1]
        if title:
            yield text_finding("signatory_title", title)

    def _is_name(self, line: Segment) -> bool:
        nobody = f"{self.rules.office}|{self.rules.body}"
        head = [other.text for other in self.sheet.lines if self._is_head(other)]
        shouted = line.text.isupper() and line.text in head
        named = re.search(self.rules.name, line.text, re.IGNORECASE)
        return bool(named and not shouted and not re.search(nobody, line.text, re.IGNORECASE))

    def _is_title(self, line: Segment) -> bool:
        return self._may_name(line) and not re.search(r"\d", line.text)


def text_finding(name: str, lines: Sequence[Segment]) -> Finding:
    """Return whole lines as a finding of the sender's own print."""
    span = span_of_lines(lines)
    return Finding(name, FieldKind.TEXT, span, "", span.text, is_own_print=True)


def address_finding(name: str, lines: Sequence[Segment]) -> Finding:
    """Return the lines of an address, without a name or a telephone on the same line."""
    words = Line([token for line in lines for token in line.tokens])
    start = without_name(lines[0].text)
    text = without_contact(words.text)
    span = replace(span_of(words.between(start, len(text))), text=text[start:].strip(" ,;"))
    parsed = parse(FieldKind.ADDRESS, span.text, from_pixels=True).value
    return Finding(name, FieldKind.ADDRESS, span, "", parsed, is_own_print=True)
