"""Whether a PDF's own text can be believed, told by reading a few of its words as pixels.

Fonts with wrong tables give other letters than the page shows ("Dqwgu" for "Boues"), words glued
together, or junk that nobody sees. No rule about the text itself notices all of it; looking does.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median
from typing import Final

from rpa.domain.pages import PageImage, TextWord
from rpa.ocr.adapters.pixels import grey, ink_share, opened
from rpa.ocr.api import Grey, Layout, OcrEngine, PageText, Word
from rpa.ocr.choices import distance, plain
from rpa.ocr.diacritics import without_accents

SAMPLES: Final = 9
LONGEST: Final = 60
"""Letters of a run that is read, at most."""
ODD: Final = 6
"""How many of the strangest runs are looked at besides."""
LEAST_LIES: Final = 3
"""So many runs that show something else make the whole page unbelievable."""
LEAST_LETTERS: Final = 4
ALIKE: Final = 0.6
"""Share of letters that must be the same in the middle one of the samples."""
EDGE: Final = 2.0
"""Points around a run that are read with it."""
COVERED: Final = 0.35
"""Share of the page's ink that must lie in its words' boxes; less means words that are pictures."""
LEAST_INK: Final = 0.002
_STRANGE: Final = re.compile(
    r"(?i)[^\W\d_][^\w\s'’.,:;()/&@-]+[^\W\d_]|^[bcdfghjklmnpqrstvwxz]{4,}$|[bcdfghjklmnpqrstvwxz]{6}"
)


@dataclass(frozen=True, slots=True)
class _Run:
    text: str
    x0: float
    y0: float
    x1: float
    y1: float


def believable(words: Sequence[TextWord], image: PageImage, engine: OcrEngine) -> bool:
    """Say whether the page shows what its text layer says."""
    runs = list(_samples(words))
    if not runs or image.dpi <= 0:
        return False
    page = opened(image.png)
    shown = engine.recognize([_cut(page, run, image.dpi / 72) for run in runs], layout=Layout.LINE)
    alike = [
        _likeness(run.text, " ".join(word.text for word in read))
        for run, read in zip(runs, shown, strict=True)
    ]
    false = sum(likeness < ALIKE for likeness in alike)
    return false < LEAST_LIES and median(alike) >= ALIKE and _covers(words, page, image.dpi / 72)


def as_page_text(words: Sequence[TextWord], image: PageImage, size: tuple[int, int]) -> PageText:
    """Return the text layer as the words of the page image (``size``: its width and height)."""
    scale = image.dpi / 72
    placed = tuple(
        Word(w.text, w.x0 * scale, w.y0 * scale, w.x1 * scale, w.y1 * scale, 1.0, line)
        for line, run in enumerate(_lines(words))
        for w in run
    )
    return PageText(width=size[0], height=size[1], words=placed, from_pixels=False)


def _lines(words: Sequence[TextWord]) -> Iterator[list[TextWord]]:
    """Yield words that follow each other on one line."""
    line: list[TextWord] = []
    for word in words:
        if line and (abs(word.y0 - line[-1].y0) > 3 or word.x0 < line[-1].x0):
            yield line
            line = []
        line.append(word)
    if line:
        yield line


def _samples(words: Sequence[TextWord]) -> Iterator[_Run]:
    runs = [run for line in _lines(words) for run in _runs(line)]
    worthy = [run for run in runs if sum(c.isalnum() for c in run.text) >= LEAST_LETTERS]
    step = max(1, len(worthy) // SAMPLES)
    evenly = worthy[::step][:SAMPLES]
    # One font of several may lie, so what looks like no language is looked at before all else.
    strangest = sorted((run for run in worthy if run not in evenly), key=_strangeness)[-ODD:]
    yield from [*evenly, *(run for run in strangest if _strangeness(run) > 0)]


def _strangeness(run: _Run) -> float:
    """Return what share of a run's words no language has: no vowel, or signs among letters."""
    words = re.findall(r"\S{4,}", run.text)
    return sum(bool(_STRANGE.search(without_accents(word))) for word in words) / max(1, len(words))


def _runs(line: Sequence[TextWord]) -> Iterator[_Run]:
    """Yield the words of a line that stand close together, as one."""
    numbers = [0]
    for before, after in pairwise(line):
        wide = after.x0 - before.x1 > before.y1 - before.y0
        numbers.append(numbers[-1] + wide)
    for _number, pairs in groupby(zip(numbers, line, strict=True), key=lambda pair: pair[0]):
        run = [word for _n, word in pairs]
        while len(run) > 1 and sum(len(word.text) + 1 for word in run) > LONGEST:
            run.pop()
        text = " ".join(word.text for word in run)
        yield _Run(text, run[0].x0, min(w.y0 for w in run), run[-1].x1, max(w.y1 for w in run))


def _cut(page: Grey, run: _Run, scale: float) -> Grey:
    x0, y0 = max(0, round((run.x0 - EDGE) * scale)), max(0, round((run.y0 - EDGE) * scale))
    x1, y1 = round((run.x1 + EDGE) * scale), round((run.y1 + EDGE) * scale)
    return grey(page[y0:y1, x0:x1])


def _likeness(said: str, shown: str) -> float:
    one, other = plain(said), plain(shown)
    return 1 - distance(one, other) / max(1, len(one), len(other))


def _covers(words: Sequence[TextWord], page: Grey, scale: float) -> bool:
    """Say whether the words' boxes hold the page's text: a scan with a typed header does not."""
    boxes = [
        (round(w.x0 * scale), round(w.y0 * scale), round(w.x1 * scale), round(w.y1 * scale))
        for w in words
    ]
    inside, everywhere = ink_share(page, boxes)
    return everywhere < LEAST_INK or inside >= COVERED * everywhere
