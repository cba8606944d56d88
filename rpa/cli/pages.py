"""What commands on pages share: their arguments, a page's own measure, how facts are printed."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from rpa.bootstrap.reading import ReadingMode, has_second_engine, require
from rpa.cli.many import Facts, status_of
from rpa.cli.output import complain
from rpa.domain.document import MediaType
from rpa.domain.pages import DocumentPages
from rpa.domain.problem_words import problem_words
from rpa.domain.reading import DeliveredPlace
from rpa.i18n import _
from rpa.ocr.api import PageText

Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help=_("TIFF, PDF or images."))]
Workers = Annotated[
    int, typer.Option(min=0, max=64, help=_("Files read at once; 0: one for each processor."))
]
Mode = Annotated[
    ReadingMode | None,
    typer.Option(help=_("accurate, or fast at half of the cost; the best there is.")),
]
POINT = 72.0


@dataclass(frozen=True, slots=True)
class Measure:
    """How a page's places are told: an image's in its own pixels, a PDF's in points."""

    facts: Mapping[str, Any]
    across: float
    """Units to the pixel of the page image."""
    down: float

    def box(self, x0: float, y0: float, x1: float, y1: float) -> list[float]:
        """Return the edges of a place in these units."""
        edges = (x0 * self.across, y0 * self.down, x1 * self.across, y1 * self.down)
        return [round(edge, 2) for edge in edges]


def chosen_mode(mode: ReadingMode | None) -> ReadingMode:
    """Return the mode asked for, else the best that this machine has.

    Raises:
        SetupError: It was asked for and is not there.
    """
    chosen = mode or (ReadingMode.ACCURATE if has_second_engine() else ReadingMode.FAST)
    require(chosen)
    return chosen


def measure_of(number: int, text: PageText, document: DocumentPages) -> Measure:
    """Return the measure of a page, counted from 0."""
    told = document.facts.page_facts[number]
    if document.facts.media_type is MediaType.PDF:
        dpi = document.images[number].dpi or told.dpi_x or POINT
        width, height = text.width * POINT / dpi, text.height * POINT / dpi
        measure: dict[str, Any] = {"unit": "pt", "dpi": POINT, "dpi_x": POINT, "dpi_y": POINT}
    else:
        width, height = told.width, told.height
        dots = {"dpi": told.dpi_x, "dpi_x": told.dpi_x, "dpi_y": told.dpi_y}
        measure = {"unit": "px", **dots}
    size = {"width": round(width, 2), "height": round(height, 2)}
    return Measure(size | measure, width / max(1, text.width), height / max(1, text.height))


def place_told(place: DeliveredPlace | None, document: DocumentPages) -> Facts | None:
    """Return a place in its page's own measure; None where a value has none."""
    if place is None:
        return None
    size = PageText(width=place.width, height=place.height, words=())
    measure = measure_of(place.page - 1, size, document)
    box = measure.box(place.box.x0, place.box.y0, place.box.x1, place.box.y1)
    return {"page": place.page, "unit": measure.facts["unit"], "box": box}


def stream_facts(facts: Iterable[Facts], *, as_json: bool, text: Callable[[Facts], str]) -> int:
    """Print what is told of each file as it comes; returns the exit status for all."""
    seen: list[Facts] = []
    for one in facts:
        print_facts(one, as_json=as_json, text=text)
        seen.append({key: one[key] for key in one.keys() & {"error"}})
    return status_of(seen)


def print_facts(facts: Facts, *, as_json: bool, text: Callable[[Facts], str]) -> None:
    """Print what is told of one file: as one line of JSON, or for a person."""
    if as_json:
        sys.stdout.write(json.dumps(facts, ensure_ascii=False) + "\n")
    elif "error" in facts:
        complain(f"{facts['file']}: {facts['error']['message']}")
    else:
        # As it stands: a console would break long lines and drop the form feeds between pages.
        sys.stdout.write(text(facts) + "\n")


def value_lines(values: Sequence[Facts]) -> Iterator[str]:
    """Yield a line for each value that was read: its name, what it is, why to look at it."""
    for value in values:
        why = ", ".join(problem_words(code) for code in value["reasons"])
        shown = value["value"] if value["value"] is not None else value["reading"]
        yield f"  {value['name']}: {shown}" + (f"   ← {why}" if why else "")
