"""``rpa ocr``: the words on pages, without a home, a register or a server."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from rpa.bootstrap.intake import open_decoder
from rpa.bootstrap.reading import ReadingMode, has_second_engine, page_reading, require
from rpa.bootstrap.searchable import searchable_pdf
from rpa.cli.many import Facts, content_of, of_each, status_of
from rpa.cli.output import AsJson, complain, say
from rpa.domain.document import MediaType
from rpa.domain.pages import DocumentPages
from rpa.i18n import _
from rpa.ocr.api import OcrEngine, PageReader, PageText, Word
from rpa.ocr.document_text import document_text

app = typer.Typer(no_args_is_help=True, help=_("Pages: their words, and searchable copies."))
Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help=_("TIFF, PDF or images."))]
Workers = Annotated[
    int, typer.Option(min=0, max=64, help=_("Files read at once; 0: one for each processor."))
]
POINT = 72.0


@app.command("words", help=_("Read every word on every page, with its place and its confidence."))
def words(
    files: Files,
    *,
    mode: Annotated[
        ReadingMode | None,
        typer.Option(help=_("accurate, or fast at a third of the cost; the best there is.")),
    ] = None,
    workers: Workers = 0,
    as_json: AsJson = False,
) -> None:
    """Read every word; with ``--json`` one object a line, one line a file."""
    chosen = mode or (ReadingMode.ACCURATE if has_second_engine() else ReadingMode.FAST)
    require(chosen)
    decoder = open_decoder()

    def told(path: Path, tools: tuple[PageReader, OcrEngine]) -> Facts:
        document = decoder.pages(content_of(path))
        texts = list(document_text(document, *tools))
        kind = document.facts.media_type
        pages = [_page(number, text, document) for number, text in enumerate(texts)]
        return {"media_type": kind.value, "pages": pages}

    seen: list[Facts] = []
    for facts in of_each(files, lambda: page_reading(chosen), told, workers=workers):
        print_facts(facts, as_json=as_json, text=_plain_text)
        seen.append({key: facts[key] for key in facts.keys() & {"error"}})
    raise typer.Exit(status_of(seen))


@app.command("pdf", help=_("Make a searchable PDF/A-2b of a document."))
def pdf(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("TIFF, PDF or image."))],
    out: Annotated[Path, typer.Argument(metavar="OUT", help=_("The PDF to write."))],
) -> None:
    """Make a searchable PDF/A-2b."""
    content = content_of(file)
    facts = open_decoder().inspect(content)
    out.write_bytes(searchable_pdf(content, facts.media_type))
    say(_("{file}: searchable PDF/A-2b, {pages} pages.", file=out, pages=facts.pages))


def print_facts(facts: Facts, *, as_json: bool, text: Any) -> None:
    """Print what is told of one file: as one line of JSON, or for a person."""
    if as_json:
        sys.stdout.write(json.dumps(facts, ensure_ascii=False) + "\n")
    elif "error" in facts:
        complain(f"{facts['file']}: {facts['error']['message']}")
    else:
        # As it stands: a console would break long lines and drop the form feeds between pages.
        sys.stdout.write(text(facts) + "\n")


def _page(number: int, text: PageText, document: DocumentPages) -> Facts:
    """Return a page in its own measure: an image's own pixels, or a PDF's points."""
    told = document.facts.page_facts[number]
    if document.facts.media_type is MediaType.PDF:
        dpi = document.images[number].dpi or told.dpi_x or POINT
        width, height = text.width * POINT / dpi, text.height * POINT / dpi
        measure: Mapping[str, Any] = {"unit": "pt", "dpi": POINT, "dpi_x": POINT, "dpi_y": POINT}
    else:
        width, height = told.width, told.height
        dots = {"dpi": told.dpi_x, "dpi_x": told.dpi_x, "dpi_y": told.dpi_y}
        measure = {"unit": "px", **dots}
    across, down = width / max(1, text.width), height / max(1, text.height)
    return {
        "page": number + 1,
        "width": round(width, 2),
        "height": round(height, 2),
        **measure,
        "turn": text.turn,
        "skew": text.skew,
        "source": "ocr" if text.from_pixels else "text-layer",
        "treatment": text.treatment,
        "words": [_word(word, across, down) for word in text.words],
    }


def _word(word: Word, across: float, down: float) -> Facts:
    edges = (word.x0 * across, word.y0 * down, word.x1 * across, word.y1 * down)
    return {
        "text": word.text,
        "box": [round(edge, 2) for edge in edges],
        "confidence": round(word.confidence, 4),
        "line": word.line,
    }


def _plain_text(facts: Facts) -> str:
    pages = []
    for page in facts["pages"]:
        lines: dict[int, list[str]] = {}
        for word in page["words"]:
            lines.setdefault(word["line"], []).append(word["text"])
        pages.append("\n".join(" ".join(line) for line in lines.values()))
    return "\n\f\n".join(pages)
