"""Which field of the sample is it that the clerk typed? Typed texts become placeholders."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from urllib.parse import quote

from rpa.bots.recording.sample import Sample, Shape, folded
from rpa.bots.views import dated
from rpa.domain.form import FieldKind
from rpa.i18n import _

FORMATS: Final = (
    "YYYY-MM-DD", "DD/MM/YYYY", "MM/DD/YYYY", "YYYY/MM/DD", "DD-MM-YYYY", "MM-DD-YYYY",
    "DD.MM.YYYY", "YYYYMMDD", "DDMMYYYY", "MMDDYYYY", "D/M/YYYY", "M/D/YYYY", "D-M-YYYY",
    "DD/MM/YY", "MM/DD/YY", "YY-MM-DD", "YYMMDD", "DDMMYY", "DD MM YYYY",
)  # fmt: skip
ALIKE: Final = str.maketrans({"’": "'", "‘": "'", "\xa0": " "})
"""Characters that pages and people take for one another."""
_BEFORE: Final = r"(?:(?<!\w)|(?<=%[0-9A-Fa-f]{2}))"
"""What may stand before a word: no letter, or a coded character of an address."""
CLEAR_LABEL: Final = 0.6
"""From here on a label alone tells the field."""
SHORTEST: Final = 3
"""A shorter text proves nothing by itself: the label must fit as well."""


@dataclass(frozen=True, slots=True)
class Match:
    """What a typed text stands for."""

    template: str
    field_name: str = ""
    """The field that it is, where it is exactly one."""
    format: str = ""
    """How a date was written."""
    note: str = ""
    """What a person should confirm."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    match: Match
    quality: int
    affinity: float
    used: int

    @property
    def rank(self) -> tuple[int, float, int]:
        return self.quality, -self.affinity, self.used


@dataclass(slots=True)
class Matcher:
    """Matches typed texts against one sample, and remembers which fields were used."""

    sample: Sample
    used: Counter[str] = field(default_factory=Counter)

    def typed(self, text: str, *told: str) -> Match:
        """Return what ``text`` stands for; ``told`` is how the page names the place."""
        if text == self.sample.key:
            return self._took(Match("{key}", field_name="key"))
        candidates = sorted(self._candidates(text, told), key=lambda one: one.rank)
        if candidates:
            best = candidates[0]
            rivals = [one for one in candidates[1:] if one.rank[:2] == best.rank[:2]]
            return self._took(_doubted(best.match, [one.match for one in rivals]))
        composed = self.composed(text)
        if composed != plain(text):
            self.used.update(re.findall(r"\{(key|[a-z]\w*(?:\.\d+\.\w+)?)[.}]", composed))
            return Match(composed, note=_("put together from several parts"))
        return Match(composed, note=_("the same for every case"))

    def ticked(self, *told: str, checked: bool) -> Match:
        """Return the check box of the form that a tick on the page stands for."""
        said = "true" if checked else "false"
        fields = list(self.sample.filled(FieldKind.CHECKBOX))
        ranked = sorted(
            (name for name in fields if self.sample.values[name] == said),
            key=lambda name: (-self.sample.affinity(name, *told), self.used[name]),
        )
        if not ranked:
            return Match(said, note=_("the same for every case"))
        best = ranked[0]
        is_sure = self.sample.affinity(best, *told) > 0
        note = "" if is_sure else _("guessed: nothing but the tick says so")
        return self._took(Match(f"{{{best}}}", field_name=best, note=note))

    def unseen(self, *told: str) -> Match:
        """Return what a password stands for that nobody saw: a field of such a label, else ours."""
        near = max(
            ((self.sample.affinity(name, *told), name) for name in self.sample.filled()),
            default=(0.0, ""),
        )
        if near[0] < CLEAR_LABEL:
            return Match("{password}")
        return self._took(Match(f"{{{near[1]}}}", near[1]))

    def of_date(self, wanted: date, *told: str) -> str | None:
        """Return the date field that a date put together from parts stands for."""
        fields = [name for name, value in self.sample.dates() if value == wanted]
        fields.sort(key=lambda name: (-self.sample.affinity(name, *told), self.used[name]))
        if not fields:
            return None
        self.used[fields[0]] += 1
        return fields[0]

    def composed(self, text: str) -> str:
        """Return ``text`` with the key and every value of the sample in it as placeholders."""
        parts = [("{key}", self.sample.key)]
        parts += [(shape.place, shape.text) for shape in self._shapes() if self._tells(shape)]
        return _replaced(text, parts)

    def in_address(self, text: str) -> str:
        """Return an address with the key and every value in it as placeholders, as it is coded."""
        parts = [("{key.urlencoded}", quote(self.sample.key, safe=""))]
        for name in self.sample.filled():
            shape = Shape(name, "urlencoded", quote(self.sample.values[name], safe=""))
            parts += [(shape.place, shape.text)] if self._tells(shape) else []
        return _replaced(text, parts)

    def is_of_case(self, text: str) -> bool:
        """Say whether ``text`` holds something of the sample, so that it changes by case."""
        return self.composed(text) != plain(text)

    def unused(self) -> list[str]:
        """Return the fields that have a value and were never typed."""
        return [name for name in self.sample.filled() if not self.used[name]]

    def _tells(self, shape: Shape) -> bool:
        is_drawn = self.sample.kinds[shape.field] is FieldKind.CHECKBOX
        return len(shape.text) >= SHORTEST and not is_drawn and shape.view not in {"year", "last"}

    def _shapes(self) -> Iterator[Shape]:
        for name in self.sample.filled():
            yield from self.sample.shapes(name)

    def _candidates(self, text: str, told: tuple[str, ...]) -> Iterator[_Candidate]:
        for name in self.sample.filled():
            affinity = self.sample.affinity(name, *told)
            if len(text) < SHORTEST and not affinity:
                continue
            for match, quality in self._matches(name, text):
                yield _Candidate(match, quality, affinity, self.used[name])
                break

    def _matches(self, name: str, text: str) -> Iterator[tuple[Match, int]]:
        shapes = list(self.sample.shapes(name))
        if self.sample.kinds[name] is FieldKind.DATE and text != self.sample.values[name]:
            yield from _date_matches(name, date.fromisoformat(self.sample.values[name]), text)
        for shape in shapes:
            if shape.text == text:
                yield Match(shape.place, name), 1 if shape.view else 0
        for shape in shapes:
            if folded(shape.text) == folded(text) and folded(text):
                note = _("typed a little differently from the case")
                yield Match(shape.place, name, note=note), 2

    def _took(self, match: Match) -> Match:
        self.used[match.field_name] += 1
        return match


def plain(text: str) -> str:
    """Return ``text`` as a template without placeholders."""
    return text.replace("{", "{{").replace("}", "}}")


def _doubted(match: Match, rivals: list[Match]) -> Match:
    others = sorted({one.template for one in rivals} - {match.template})
    if not others:
        return match
    note = _("could also be {others}", others=", ".join(others))
    return Match(match.template, match.field_name, match.format, note)


def _date_matches(name: str, value: date, text: str) -> Iterator[tuple[Match, int]]:
    fitting = [shape for shape in FORMATS if dated(shape)(value.isoformat()) == text]
    if not fitting:
        return
    note = ""
    if len(fitting) > 1:
        note = _("could also be {others}", others=", ".join(fitting[1:]))
    yield Match(f"{{{name}}}", name, fitting[0], note), 1


def _replaced(text: str, parts: list[tuple[str, str]]) -> str:
    """Replace each part where it stands as a word of its own, the longest first."""
    for template, part in sorted(parts, key=lambda one: -len(one[1])):
        wanted = re.escape(part.translate(ALIKE))
        found = re.search(rf"{_BEFORE}{wanted}(?!\w)", text.translate(ALIKE)) if part else None
        if found:
            before, after = text[: found.start()], text[found.end() :]
            return _replaced(before, parts) + template + _replaced(after, parts)
    return plain(text)
