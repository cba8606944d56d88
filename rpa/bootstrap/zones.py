"""Zones of pages without a blank, outside a case: where they are said, how they are read."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError

from rpa.bootstrap.reading import open_engines
from rpa.domain.document import MediaType
from rpa.domain.errors import DefinitionError, RecognitionError
from rpa.domain.form import FieldDefinition, FieldKind
from rpa.domain.geometry import Box
from rpa.domain.kinds import DRAWN, Writing
from rpa.domain.model import Bilingual
from rpa.domain.pages import DocumentPages
from rpa.domain.reading import FieldValue
from rpa.domain.rules import FieldName
from rpa.i18n import _
from rpa.ocr.adapters.free_zones import FreeZoneReader
from rpa.ocr.api import OcrEngine
from rpa.ocr.calibration import Calibration, shipped_calibration
from rpa.ocr.digital import typed
from rpa.ocr.text_layer import believable
from rpa.ocr.verdict import Judge


def _written(kind: FieldKind) -> FieldKind:
    if kind in DRAWN:
        msg = f"what is drawn ({kind}) is told only beside a form's blank"
        raise ValueError(msg)
    return kind


class Zone(Writing):
    """A zone that somebody asks about: a line of ZONES.json."""

    name: FieldName
    page: Annotated[int, Field(ge=1)] = 1
    box: tuple[float, float, float, float]
    """Left, top, right, bottom, as ``rpa ocr words`` tells places: an image's pixels or a PDF's
    points, from the top left of the page as delivered."""
    kind: Annotated[FieldKind, AfterValidator(_written)] = FieldKind.TEXT

    def field(self, units: tuple[float, float] = (1.0, 1.0)) -> FieldDefinition:
        """Return the zone as a field; ``units`` to its pixel, across and down."""
        x0, y0, x1, y1 = self.box
        writing = self.model_dump(include=set(Writing.model_fields))
        return FieldDefinition(
            name=self.name,
            label=Bilingual(fr=self.name, en=self.name),
            kind=self.kind,
            page=self.page,
            zone=Box(x0=x0, y0=y0, x1=x1, y1=y1).scaled(1 / units[0], 1 / units[1]),
            required=False,
            **writing,
        )


_ZONES = TypeAdapter(tuple[Zone, ...])


def zones_in(path: Path) -> tuple[Zone, ...]:
    """Return the zones that a file asks about.

    Raises:
        DefinitionError: It can't be read or says what can't be; names it.
    """
    try:
        zones = _ZONES.validate_python(json.loads(path.read_text(encoding="utf-8")))
        for zone in zones:
            zone.field()
    except OSError as error:
        cause = error.strerror or str(error)
        raise DefinitionError(_not_zones(path, cause), code="file-missing") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise DefinitionError(_not_zones(path, f"{place}: {first['msg']}")) from error
    except ValueError as error:
        raise DefinitionError(_not_zones(path, str(error))) from error
    return zones


def _not_zones(path: Path, cause: str) -> str:
    return _(
        "{file} is no list of zones, each with a name, a page and a box of four edges: {cause}.",
        file=path,
        cause=cause,
    )


class ZonesReader:
    """Reads zones of a whole document."""

    def __init__(self, reader: FreeZoneReader, witness: OcrEngine) -> None:
        """Read pixels with ``reader``; ``witness`` looks at text layers before they count."""
        self._reader = reader
        self._witness = witness

    def read(
        self, document: DocumentPages, number: int, fields: Sequence[FieldDefinition]
    ) -> list[FieldValue]:
        """Read the fields of page ``number``, from 1, in the page image's pixels.

        Raises:
            RecognitionError: There is no such page, or it can't be decoded.
            ToolUnavailableError, ToolTimeoutError: As the engine.
        """
        if number > len(document.images):
            raise RecognitionError(
                _(
                    "A zone is asked for on page {page}; the document has {count}.",
                    page=number,
                    count=len(document.images),
                ),
                code="no-such-page",
            )
        image = document.images[number - 1]
        is_pdf = document.facts.media_type is MediaType.PDF
        words = document.words[number - 1] if is_pdf and number <= len(document.words) else ()
        if not (words and believable(words, image, self._witness)):
            return self._reader.read(image, fields)
        points = 72 / image.dpi
        return [
            typed(field.model_copy(update={"zone": field.zone.scaled(points)}), words)
            for field in fields
        ]


@contextmanager
def zone_reading(promise: float, calibration: Calibration | None = None) -> Iterator[ZonesReader]:
    """Open what reads zones, and end its engines afterwards."""
    engines = open_engines()
    try:
        second = engines.second if engines.second is not engines.first else None
        judge = Judge(calibration or shipped_calibration(), "two" if second else "one", promise)
        free = FreeZoneReader(engines.first, witness=second, judge=judge)
        yield ZonesReader(free, engines.tesseract)
    finally:
        engines.close()
