"""Judges a file that was called valid: does it show, read and do what was signed?"""

import zlib
from collections import OrderedDict
from functools import lru_cache
from typing import Final

import numpy as np
import pikepdf

from benchmarks.update_grammar.bases import Base
from benchmarks.update_grammar.draws import Draw, made
from benchmarks.update_grammar.explained import Explained, explained
from benchmarks.update_grammar.facts import Facts, FactsError, facts
from benchmarks.update_grammar.looks import pixel_reasons, without_widgets
from benchmarks.update_grammar.meanings import meaning_reasons
from benchmarks.update_grammar.readers import TOOLS, Letter, Shown, shown
from benchmarks.update_grammar.texts import text_reasons
from rpa.domain.signature import ValidationReport

_KEPT: Final = 400
"""How many files' looks are kept, deflated."""
Key = tuple[bytes, frozenset[int]]
Deflated = dict[str, tuple[list[tuple[tuple[int, ...], bytes]] | None, list[list[Letter]]]]


class Judge:
    """Keeps what it saw of signed revisions."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self._shown: OrderedDict[Key, Deflated] = OrderedDict()
        self._facts = lru_cache(maxsize=240)(facts)

    def reasons(self, base: Base, content: bytes, report: ValidationReport) -> list[str]:
        """Return why calling ``content`` valid is wrong; nothing where it is right."""
        old = self._facts(base.content)
        try:
            new = facts(content)
        except FactsError:
            return ["facts:unreadable"]
        found = explained(base, old, new, report)
        reasons = [*found.wrong, *meaning_reasons(old, new, found)]
        reasons += self._pictures(base, content, found, old)
        return list(dict.fromkeys(reasons))

    def _pictures(self, base: Base, content: bytes, found: Explained, old: Facts) -> list[str]:
        before, now = self._seen(base.content, frozenset()), shown(content)
        below: dict[str, Shown] = {}
        if found.boxes:
            known = {n for page in old.annotations for n, _kind, _said in page}
            hidden = frozenset((found.numbers | found.comments) & known)
            below = self._seen(base.content, hidden) if hidden else before
        reasons = []
        for name in TOOLS:
            reasons += pixel_reasons(name, before[name], now[name], found, below.get(name))
            reasons += text_reasons(name, before[name], now[name], found, below.get(name))
        return reasons

    def _seen(self, content: bytes, hidden: frozenset[int]) -> dict[str, Shown]:
        key = (content, hidden)
        if key in self._shown:
            self._shown.move_to_end(key)
            return _inflated(self._shown[key])
        try:
            file = without_widgets(content, set(hidden)) if hidden else content
        except pikepdf.PdfError:
            file = content
        seen = shown(file)
        self._shown[key] = _deflated(seen)
        if len(self._shown) > _KEPT:
            self._shown.popitem(last=False)
        return seen


def _deflated(seen: dict[str, Shown]) -> Deflated:
    return {
        name: (
            None
            if one.pages is None
            else [(page.shape, zlib.compress(page.tobytes(), 1)) for page in one.pages],
            one.words,
        )
        for name, one in seen.items()
    }


def _inflated(kept: Deflated) -> dict[str, Shown]:
    return {
        name: Shown(
            None
            if pages is None
            else [
                np.frombuffer(zlib.decompress(raw), dtype=np.uint8).reshape(shape)
                for shape, raw in pages
            ],
            words,
        )
        for name, (pages, words) in kept.items()
    }


def lie_reasons(draw: Draw) -> list[str]:
    """Return where a look that says another thing than its value differs from an honest one."""
    if not draw.lies:
        return []
    lying, honest = shown(draw.content), shown(made(draw.plan, is_twin=True).content)
    return [f"{name}:look-lies" for name in TOOLS if _differ(lying[name], honest[name])]


def _differ(one: Shown, other: Shown) -> bool:
    if one.pages is None or other.pages is None:
        return one.pages is not other.pages
    return len(one.pages) != len(other.pages) or any(
        not np.array_equal(a, b) for a, b in zip(one.pages, other.pages, strict=True)
    )
