"""The search that the clerk did afterwards: how a case is found again, and told from others."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from rpa.bots.recording.committing import escaped
from rpa.bots.recording.drafts import Draft
from rpa.bots.recording.events import Event, ShownCell, ShownRow
from rpa.bots.recording.matching import Matcher
from rpa.i18n import _

_NAMED: Final = r"(?:id|no|num|number|ref|key)="
LEAST_EQUAL: Final = 2
"""Columns that must be equal where the target holds no key."""


@dataclass(frozen=True, slots=True)
class _Hit:
    row: ShownRow
    page: Event
    reference: ShownCell | None
    match: dict[str, str]

    @property
    def weight(self) -> int:
        keyed = any("{key}" in text for text in self.match.values())
        return 100 if self.reference else 50 * keyed + len(self.match)


@dataclass(frozen=True, slots=True)
class Search:
    """The end of ``find``."""

    steps: int
    """How many of the steps lead to the list."""
    expect: Draft
    hits: Draft


def search_of(
    drafts: Sequence[Draft], matcher: Matcher, templates: Sequence[str], number: str
) -> Search | None:
    """Return how the list of hits is read, or None where the case was not seen in a list.

    ``templates`` are the texts that were put into the target, ``number`` the receipt's.
    """
    for at in range(len(drafts) - 1, -1, -1):
        rows = ((page, row) for page in drafts[at].pages for row in page.rows)
        hits = [hit for page, row in rows if (hit := _hit(page, row, matcher, templates))]
        if hits:
            hit = max(hits, key=lambda one: one.weight)
            before = [page for draft in drafts[:at] for page in draft.pages]
            expect = _expect(drafts[at], hit, before, matcher)
            return Search(at + 1, expect, _hits(drafts[at], hit, number))
    return None


def _hit(page: Event, row: ShownRow, matcher: Matcher, templates: Sequence[str]) -> _Hit | None:
    key = matcher.sample.key
    for cell in row.cells:
        if cell.text == key:
            return _Hit(row, page, cell, {})
    match = {}
    for cell in row.cells:
        template = matcher.composed(cell.text)
        if cell.text and (template in templates or _is_told(cell.text, template)):
            match[cell.column or cell.selector] = template
    keyed = {column: template for column, template in match.items() if "{key}" in template}
    if not keyed and len(match) < LEAST_EQUAL:
        return None
    return _Hit(row, page, None, keyed or match)  # what else is shown may change over time


def _is_told(text: str, template: str) -> bool:
    """Say whether values of the case are at least a third of a text."""
    fixed = re.sub(r"\{[\w.]+\}", "", template)
    return fixed != template and len(fixed) <= 2 * len(text) / 3


def _expect(draft: Draft, hit: _Hit, before: Sequence[Event], matcher: Matcher) -> Draft:
    """Return what shows that the list has come, an empty one too."""
    event = draft.event.model_copy(update={"frame": hit.page.frame, "kind": "page"})
    known = {heading for page in before for heading in page.headings}
    steady = [text for text in hit.page.headings if text not in known and _is_steady(text, matcher)]
    steady.sort(key=lambda text: _is_in_table(text, hit))
    way: dict[str, Any] = {"text": steady[0]} if steady else {"selector": hit.row.table}
    step = Draft("expect", event, ways=(way,))
    step.note(_("what shows that the list has come, an empty one as well"))
    return step


def _is_steady(text: str, matcher: Matcher) -> bool:
    return not any(map(str.isdigit, text)) and not matcher.is_of_case(text)


def _is_in_table(text: str, hit: _Hit) -> bool:
    return any(text in (cell.column, cell.text) for cell in hit.row.cells)


def _hits(draft: Draft, hit: _Hit, number: str) -> Draft:
    event = draft.event.model_copy(update={"frame": hit.page.frame, "kind": "page"})
    body: dict[str, Any] = {"rows": f"{hit.row.table} tr"}
    if hit.reference is not None:
        body["reference"] = _cell(hit.reference, hit.row)
    else:
        body["match"] = hit.match
    step = Draft("hits", event, body=body)
    found = next(_numbers(hit, number), None)
    if found is None:
        body["number"] = {"selector": "td:nth-child(1)"}
        step.note(_("say in which cell the receipt number stands"))
    else:
        body["number"] = found
    if hit.reference is None and not any("{key}" in text for text in hit.match.values()):
        step.note(_("the target shows no key: all these columns must be equal"))
    if not number:
        step.note(_("guessed: is this the number that tells the case?"))
    return step


def _numbers(hit: _Hit, number: str) -> Iterator[dict[str, str]]:
    """Yield where the hit shows its number: as a cell, or in the address of a link."""
    others = [cell for cell in hit.row.cells if cell is not hit.reference]
    for cell in others:
        is_linked = any(link.endswith(f"/{cell.text}") for link in hit.row.links)
        if cell.text and (cell.text == number or (not number and is_linked)):
            yield _cell(cell, hit.row)
    yield from _in_links(hit, number)
    if number:
        return
    for cell in others:
        is_keyed = any("{key}" in text for text in hit.match.values())
        if re.search(r"\d", cell.text) and (not is_keyed or (cell.column in hit.match)):
            yield _cell(cell, hit.row)


def _in_links(hit: _Hit, number: str) -> Iterator[dict[str, str]]:
    """Yield how a link's address tells the hit's number; what every link holds tells nothing."""
    others = [link for row in hit.page.rows if row is not hit.row for link in row.links]
    common = [*others, urlsplit(hit.page.url).query]
    wanted = re.escape(number) if number else r"\d[\w-]*"
    for link in hit.row.links:
        for found in re.finditer(rf"(?:^|[/?&;])([A-Za-z_.-]*=?)({wanted})(?=[/?&;.#]|$)", link):
            is_named = not found[1].endswith("=") or re.search(_NAMED, found[1], re.IGNORECASE)
            if number or (is_named and not any(found[0] in other for other in common)):
                yield {"link": rf"{escaped(found[1])}(\d[\w-]*)"}


def _cell(cell: ShownCell, row: ShownRow) -> dict[str, str]:
    columns = [one.column for one in row.cells]
    if cell.column and columns.count(cell.column) == 1:
        return {"column": cell.column}
    return {"selector": cell.selector}
