"""A delivery's pages made into parts: every page is in one of them, read or set aside."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import zip_longest

from rpa.domain.batch import BatchRule, BlankPages, Duplex, SplitRule
from rpa.domain.pages import Mark, Sheet
from rpa.intake.refusals import refusal


@dataclass(frozen=True, slots=True)
class Part:
    """What becomes one document: numbers of pages, from 1."""

    pages: tuple[int, ...]
    """In reading order."""
    blank_pages: tuple[int, ...] = ()
    separators: tuple[int, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Say whether it is pages in their own order, nothing set aside."""
        in_order = self.pages == tuple(range(1, len(self.pages) + 1))
        return in_order and not (self.blank_pages or self.separators)


def reading_order(pages: int, duplex: Duplex) -> tuple[int, ...]:
    """Return the numbers of the pages as a person would turn them.

    All fronts and then all backs from the last to the first: of six, 1 6 2 5 3 4. Of an odd
    number, the last sheet has no back: of five, 1 5 2 4 3.
    """
    if duplex is not Duplex.ONE_FILE:
        return tuple(range(1, pages + 1))
    fronts = (pages + 1) // 2
    backs = range(pages, fronts, -1)
    sides = zip_longest(range(1, fronts + 1), backs)
    return tuple(side for leaf in sides for side in leaf if side is not None)


def parts_of(
    sheets: Sequence[Sheet], rule: BatchRule, *, first_pages: Collection[int] = ()
) -> tuple[Part, ...]:
    """Return the documents that a delivery of these sheets holds, in order.

    ``first_pages``, from 1, begin a part by what is printed on them. A separator sheet begins one
    too; sheets and blank pages with nothing after them stay with the part before.

    Raises:
        DocumentRefusedError: Nothing is left (``all-blank``), or pages are too many or too few for
            documents of a fixed number (``page-count``).
    """
    order = reading_order(len(sheets), rule.duplex)
    groups = (
        list(_groups(order, sheets, rule.split, first_pages)) if rule.split else [([], list(order))]
    )
    found: list[Part] = []
    waiting: list[int] = []
    for separators, numbers in groups:
        waiting += separators
        for run in _runs(numbers, rule.split):
            blank = tuple(number for number in run if _is_set_aside(sheets[number - 1], rule))
            pages = tuple(number for number in run if number not in blank)
            if not pages and found:
                found[-1] = _with(found[-1], blank_pages=blank)
                continue
            found.append(Part(pages, blank, tuple(waiting)))
            waiting = []
    return _without_empty_ends(found, waiting)


def _groups(
    order: Sequence[int], sheets: Sequence[Sheet], rule: SplitRule, first_pages: Collection[int]
) -> Iterator[tuple[list[int], list[int]]]:
    """Yield separator sheets and the pages after them, up to the next separator or first page."""
    separators: list[int] = []
    pages: list[int] = []
    for number in order:
        is_separator = _is_separator(sheets[number - 1], rule)
        is_first = number in first_pages or _is_first(sheets[number - 1], rule)
        if pages and (is_separator or is_first):
            yield separators, pages
            separators, pages = [], []
        (separators if is_separator else pages).append(number)
    yield separators, pages


def _runs(numbers: list[int], rule: SplitRule | None) -> Iterator[list[int]]:
    every = rule.every if rule and rule.every else len(numbers)
    if every and len(numbers) % every:
        raise refusal("page-count", pages=len(numbers), every=every)
    for start in range(0, len(numbers), every or 1):
        yield numbers[start : start + every]


def _without_empty_ends(found: list[Part], separators: list[int]) -> tuple[Part, ...]:
    """Give a first part without pages to the next, and separators at the end to the last."""
    if len(found) > 1 and not found[0].pages:
        first = found.pop(0)
        found[0] = Part(
            found[0].pages,
            (*first.blank_pages, *found[0].blank_pages),
            (*first.separators, *found[0].separators),
        )
    if not found or not found[0].pages:
        raise refusal("all-blank")
    found[-1] = _with(found[-1], separators=tuple(separators))
    return tuple(found)


def _with(
    part: Part, *, blank_pages: tuple[int, ...] = (), separators: tuple[int, ...] = ()
) -> Part:
    return Part(part.pages, (*part.blank_pages, *blank_pages), (*part.separators, *separators))


def _is_set_aside(sheet: Sheet, rule: BatchRule) -> bool:
    return sheet.is_blank and rule.blank_pages is BlankPages.SET_ASIDE


def separator_on(sheet: Sheet, rule: SplitRule) -> Mark | None:
    """Return the mark that makes this page a separator sheet, if one does."""
    return next((mark for mark in sheet.marks if _separates(mark, rule)), None)


def _is_separator(sheet: Sheet, rule: SplitRule) -> bool:
    return separator_on(sheet, rule) is not None


def _separates(mark: Mark, rule: SplitRule) -> bool:
    if mark.kind == "patch":
        return mark.text in rule.patch_codes
    return _matches(mark, rule.sheets)


def _is_first(sheet: Sheet, rule: SplitRule) -> bool:
    return any(mark.kind != "patch" and _matches(mark, rule.first_pages) for mark in sheet.marks)


def _matches(mark: Mark, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(mark.text, pattern) for pattern in patterns)
