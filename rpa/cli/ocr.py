"""``rpa ocr``: the words on pages, without a home, a register or a server."""

from pathlib import Path
from typing import Annotated

import typer

from rpa.bootstrap.intake import open_decoder
from rpa.bootstrap.reading import page_reading
from rpa.bootstrap.searchable import searchable_pdf
from rpa.cli.calibrate import calibrate
from rpa.cli.many import Facts, content_of, of_each, write_out
from rpa.cli.ocr_fields import fields
from rpa.cli.ocr_zones import zones
from rpa.cli.output import AsJson, say
from rpa.cli.pages import Files, Measure, Mode, Workers, chosen_mode, measure_of, stream_facts
from rpa.domain.pages import DocumentPages
from rpa.i18n import _
from rpa.ocr.api import OcrEngine, PageReader, PageText, Word
from rpa.ocr.document_text import document_text

app = typer.Typer(no_args_is_help=True)
app.command(
    "fields",
    help=_("Find keys and values, tables, and what invoices say, on forms nobody described."),
)(fields)
app.command("zones", help=_("Read known places of pages that no blank is known for."))(zones)
app.command("calibrate", help=_("Fit probabilities to your reviewers' decisions."))(calibrate)


@app.command("words", help=_("Read every word on every page, with its place and its confidence."))
def words(
    files: Files,
    *,
    mode: Mode = None,
    workers: Workers = 0,
    as_json: AsJson = False,
) -> None:
    """Read every word; with ``--json`` one object a line, one line a file."""
    chosen = chosen_mode(mode)
    decoder = open_decoder()

    def told(path: Path, tools: tuple[PageReader, OcrEngine]) -> Facts:
        document = decoder.pages(content_of(path))
        texts = list(document_text(document, *tools))
        kind = document.facts.media_type
        pages = [_page(number, text, document) for number, text in enumerate(texts)]
        return {"media_type": kind.value, "pages": pages}

    facts = of_each(files, lambda: page_reading(chosen), told, workers=workers)
    raise typer.Exit(stream_facts(facts, as_json=as_json, text=_plain_text))


@app.command("pdf", help=_("Make a searchable PDF/A-2b of a document."))
def pdf(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("TIFF, PDF or image."))],
    out: Annotated[Path, typer.Argument(metavar="OUT", help=_("The PDF to write."))],
) -> None:
    """Make a searchable PDF/A-2b."""
    content = content_of(file)
    facts = open_decoder().inspect(content)
    write_out(out, searchable_pdf(content, facts.media_type))
    say(_("{file}: searchable PDF/A-2b, {pages} pages.", file=out, pages=facts.pages))


def _page(number: int, text: PageText, document: DocumentPages) -> Facts:
    """Return a page in its own measure."""
    measure = measure_of(number, text, document)
    return {
        "page": number + 1,
        **measure.facts,
        "turn": text.turn,
        "skew": text.skew,
        "source": "ocr" if text.from_pixels else "text-layer",
        "treatment": text.treatment,
        "words": [_word(word, measure) for word in text.words],
    }


def _word(word: Word, measure: Measure) -> Facts:
    return {
        "text": word.text,
        "box": measure.box(word.x0, word.y0, word.x1, word.y1),
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
