"""``rpa ocr zones``: what stands at known places of pages that no blank is known for."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from rpa.bootstrap.intake import open_decoder
from rpa.bootstrap.zones import Zone, ZonesReader, zone_reading, zones_in
from rpa.cli.many import Facts, content_of, of_each
from rpa.cli.output import AsJson
from rpa.cli.pages import Files, Workers, measure_of, stream_facts, value_lines
from rpa.domain.pages import DocumentPages
from rpa.domain.reading import FieldValue
from rpa.i18n import _
from rpa.ocr.adapters.pixels import opened
from rpa.ocr.api import PageText
from rpa.ocr.verdict import PROMISE

ZonesFile = Annotated[
    Path,
    typer.Option("--zones", metavar="ZONES.json", help=_("The zones: name, page, box, kind.")),
]
Promise = Annotated[
    float, typer.Option(min=0.0005, max=0.2, help=_("Share of accepted values that may be wrong."))
]


def zones(
    files: Files,
    *,
    zones: ZonesFile,
    promise: Promise = PROMISE,
    workers: Workers = 0,
    as_json: AsJson = False,
) -> None:
    """Read zones; with ``--json`` one object a line, one line a file."""
    asked, decoder = zones_in(zones), open_decoder()

    def told(path: Path, reader: ZonesReader) -> Facts:
        document = decoder.pages(content_of(path))
        return {"zones": list(_told(document, reader, asked))}

    facts = of_each(files, lambda: zone_reading(promise), told, workers=workers)
    raise typer.Exit(stream_facts(facts, as_json=as_json, text=_plain_text))


def _told(document: DocumentPages, reader: ZonesReader, asked: tuple[Zone, ...]) -> Iterator[Facts]:
    for number, group in groupby(sorted(asked, key=lambda zone: zone.page), lambda zone: zone.page):
        on_page = list(group)
        units = _units(document, number)
        values = reader.read(document, number, [zone.field(units) for zone in on_page])
        for zone, value in zip(on_page, values, strict=True):
            yield _zone(zone, value)


def _units(document: DocumentPages, number: int) -> tuple[float, float]:
    """Return the units of places to the pixel; of a page that is not there, anything."""
    if number > len(document.images):
        return 1.0, 1.0
    height, width = opened(document.images[number - 1].png).shape
    measure = measure_of(number - 1, PageText(width, height, ()), document)
    return measure.across, measure.down


def _zone(zone: Zone, value: FieldValue) -> Facts:
    return {
        "name": zone.name,
        "page": zone.page,
        "box": list(zone.box),
        "kind": zone.kind.value,
        "value": value.value,
        "reading": value.reading,
        "probability": value.confidence,
        "method": value.method.value,
        "review": bool(value.problems),
        "reasons": list(value.problems),
    }


def _plain_text(facts: Facts) -> str:
    return "\n".join([facts["file"], *value_lines(facts["zones"])])
