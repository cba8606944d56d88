"""Which click handed the case to the target, and which number of the next page is the receipt?"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from rpa.bots.recording.drafts import Draft
from rpa.bots.recording.events import Event, Numbered
from rpa.bots.recording.matching import Matcher
from rpa.bots.recording.sample import folded

_TOKEN: Final = re.compile(
    r"(?<![\w-])(?:[A-Z]{1,8}[-_/ ]?)?\d+(?:[-_/]?[A-Z]{0,3}\d+)*(?![\w-]*\w)"
)
_NO_NUMBER: Final = re.compile(
    r"(?<![\w-])(?:\d{4}-\d\d-\d\d|\d\d?[/.]\d\d?[/.]\d{2,4}|\d+[.,]\d\d"
    r"|(?:19|20)\d\d|\d\d?:\d\d(?::\d\d)?)(?![\w-])"
)
"""Dates, amounts, years and times."""
_SAYS: Final = re.compile(
    r"\b(num\w*|no|nbr|number|recu|receipt|accuse|confirm\w*|dossier|case|enregistre\w*|saved"
    r"|created|cree\w*|added|reference|ref|ticket|issue|demande|request|order|id)\b"
)
_NAMED: Final = r"[\w.-]*(?:id|no|num|ref)\w*"
LEAST: Final = 2


@dataclass(frozen=True, slots=True)
class Proof:
    """A number that may be the receipt."""

    number: str
    score: int
    body: dict[str, Any]
    """What stands after ``receipt:``."""


def commit_of(drafts: Sequence[Draft], matcher: Matcher) -> int | None:
    """Return the place of the click that most likely commits, or None where nothing was clicked."""
    clicks = _possible(drafts)
    shown = [at for at in clicks if proofs(drafts, at, matcher)]
    posting = [at for at in clicks if drafts[at].posts]
    proven = [at for at in shown if at in posting]
    sending = [at for at in clicks if drafts[at].sends]
    return next((found[-1] for found in (proven, posting, shown, sending, clicks) if found), None)


def _possible(drafts: Sequence[Draft]) -> list[int]:
    """Return the clicks after the last new value of the case, and before it is looked up.

    A value that is typed once more, after something was sent, is the beginning of a search.
    """
    clicks: list[int] = []
    for at in range(_last_new(drafts) + 1, len(drafts)):
        if _repeats(drafts, at) and any(drafts[click].sends for click in clicks):
            break
        if drafts[at].verb == "click":
            clicks.append(at)
    return clicks


def _last_new(drafts: Sequence[Draft]) -> int:
    known: set[str] = set()
    last = -1
    for at, draft in enumerate(drafts):
        fields = _fields(draft)
        if fields - known:
            last = at
        known |= fields
    return last


def _repeats(drafts: Sequence[Draft], at: int) -> bool:
    known = {name for draft in drafts[:at] for name in _fields(draft)}
    return bool(_fields(drafts[at]) & known)


def _fields(draft: Draft) -> set[str]:
    inner = {name for step in draft.steps for name in _fields(step)}
    text = str(draft.body.get("value", "")) if draft.verb == "fill" else ""
    placed = set(re.findall(r"\{(\w+)[.}]", text))
    return inner | placed | ({draft.field_name} if draft.field_name else set())


def proofs(drafts: Sequence[Draft], at: int, matcher: Matcher) -> list[Proof]:
    """Return the numbers that the page after step ``at`` shows for the first time, best first."""
    pages = drafts[at].pages
    before = {number for draft in drafts[:at] for page in draft.pages for number in _all(page)}
    addresses = [event.url for draft in drafts[:at] for event in draft.outcome if event.url]
    known = before | {folded(value) for value in matcher.sample.values.values()}
    known.add(folded(matcher.sample.key))
    found = [proof for page in pages for proof in _shown(page, known)]
    found += [proof for page in pages for proof in _in_address(page, addresses)]
    best = {proof.number: proof for proof in sorted(found, key=lambda one: one.score)}
    return sorted(best.values(), key=lambda one: -one.score)


def _all(page: Event) -> Iterator[str]:
    for said in page.numbers:
        yield from (folded(token) for token in _tokens(said.text))


def _tokens(text: str) -> list[str]:
    return [found[0] for found in _TOKEN.finditer(_NO_NUMBER.sub(" ", text))]


def _shown(page: Event, known: Collection[str]) -> Iterator[Proof]:
    for said in page.numbers:
        for token in _tokens(said.text):
            score = _score(token, said)
            if folded(token) not in known and score >= LEAST:
                body = {**said.ways[0], "pattern": pattern_of(token, said.around)}
                yield Proof(token, score, body)


def _score(token: str, said: Numbered) -> int:
    has_letters = token[0].isalpha()
    digits = sum(map(str.isdigit, token))
    is_told = bool(_SAYS.search(folded(said.around)))
    return 3 * has_letters * (digits >= 3) + 2 * is_told + (digits >= 5)


def pattern_of(token: str, around: str = "") -> str:
    """Return a regular expression for numbers like ``token``."""
    if not token.isdigit():
        parts = re.split(r"(\d+)", token)
        return "".join(_digits(part) if part.isdigit() else escaped(part) for part in parts)
    if len(token) >= 5:
        return rf"\d{{{len(token)}}}" if token.startswith("0") else rf"\d{{{len(token)},}}"
    before = around.partition(token)[0].split()
    word = re.sub(r"\W+$", "", before[-1]) if before else ""
    return rf"\b{escaped(word)}\W*(\d+)" if word else r"(\d+)"


def escaped(text: str) -> str:
    """Return a regular expression that matches ``text`` and is as easy to read as can be."""
    return re.sub(r"([.^$*+?{}\[\]\\|()])", r"\\\1", text)


def _digits(part: str) -> str:
    return rf"\d{{{len(part)}}}" if len(part) > 1 else r"\d+"


def _in_address(page: Event, before: Sequence[str]) -> Iterator[Proof]:
    """Yield the numbers of a page's address that no page before had."""
    address = urlsplit(page.url)
    known = {number for url in before for number in re.findall(r"\d+", _path(url))}
    places = [
        (found, rf"{escaped(found[1])}(\d+)(?:[/.?#]|$)")
        for found in re.finditer(r"(/[^/\d]*)(\d+)(?=[/.]|$)", address.path)
    ]
    places += [
        (found, rf"[?&]{escaped(found[1])}=(\d+)")
        for found in re.finditer(rf"(?:^|&)({_NAMED})=(\d+)(?=&|$)", address.query)
    ]
    for found, pattern in places:
        score = _address_score(found[2], page)
        if found[2] not in known and score >= LEAST:
            yield Proof(found[2], score, {"url": pattern})


def _address_score(number: str, page: Event) -> int:
    """Say how much speaks for a number of the address: it is shown, long, or told of there."""
    is_shown = any(re.search(rf"(?<!\d){number}(?!\d)", said.text) for said in page.numbers)
    is_told = bool(_SAYS.search(folded(urlsplit(page.url).query)))
    return 1 + 3 * is_shown + is_told + (len(number) >= 3)


def _path(url: str) -> str:
    address = urlsplit(url)
    return f"{address.path}?{address.query}"
