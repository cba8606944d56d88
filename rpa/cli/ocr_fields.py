"""``rpa ocr fields``: what stands beside what, on forms that nobody described."""

from pathlib import Path
from typing import Annotated

import typer

from rpa.bootstrap.intake import open_decoder
from rpa.bootstrap.reading import page_reading
from rpa.bootstrap.unknown import form_of, understood_pages
from rpa.cli.many import Facts, content_of, of_each, status_of, write_out
from rpa.cli.output import AsJson, complain
from rpa.cli.pages import Files, Measure, Mode, Workers, chosen_mode, measure_of, print_facts
from rpa.domain.errors import DefinitionError
from rpa.i18n import _
from rpa.ocr.api import OcrEngine, PageReader
from rpa.ocr.unknown.found import Finding, Pair, Span, Table
from rpa.ocr.unknown.proposal import UnderstoodPage
from rpa.processes.folder import BLANK_FILE
from rpa.processes.scaffold import form_text

FormFile = Annotated[
    Path | None,
    typer.Option(
        metavar="OUT.yaml",
        help=_("Write the form that one file proposes, and its blank beside it as blank.pdf."),
    ),
]


def fields(
    files: Files,
    *,
    mode: Mode = None,
    workers: Workers = 0,
    as_form: FormFile = None,
    as_json: AsJson = False,
) -> None:
    """Find keys and values; with ``--json`` one object a line, one line a file."""
    if as_form and len(files) != 1:
        raise DefinitionError(
            _("A form is proposed by one document; name one file with --as-form."),
            code="one-file-only",
        )
    chosen = chosen_mode(mode)
    decoder = open_decoder()

    def told(path: Path, tools: tuple[PageReader, OcrEngine]) -> Facts:
        document = decoder.pages(content_of(path))
        found = understood_pages(document, tools)
        facts: Facts = {"media_type": document.facts.media_type.value}
        if as_form:
            form, blank = form_of(document, found)
            write_out(as_form, form_text(form).encode())
            write_out(as_form.with_name(BLANK_FILE), blank)
            facts["form"] = str(as_form)
        measures = [measure_of(n, page.text, document) for n, page in enumerate(found)]
        pages = zip(found, measures, strict=True)
        return facts | {"pages": [_page(n, *page) for n, page in enumerate(pages, start=1)]}

    seen: list[Facts] = []
    for facts in of_each(files, lambda: page_reading(chosen), told, workers=workers):
        print_facts(facts, as_json=as_json, text=_plain_text)
        if "form" in facts:
            complain(_("{file} is written; check the names and zones in it.", file=facts["form"]))
        seen.append({key: facts[key] for key in facts.keys() & {"error"}})
    raise typer.Exit(status_of(seen))


def _page(number: int, page: UnderstoodPage, measure: Measure) -> Facts:
    found = page.understood
    return {
        "page": number,
        **measure.facts,
        "document": found.document,
        "findings": [_finding(finding, measure) for finding in found.findings],
        "pairs": [_pair(pair, measure) for pair in found.pairs],
        "tables": [_table(table, measure) for table in found.tables],
    }


def _span(span: Span, measure: Measure) -> Facts:
    box = span.box
    return {
        "text": span.text,
        "box": measure.box(box.x0, box.y0, box.x1, box.y1),
        "confidence": round(span.confidence, 4),
    }


def _finding(finding: Finding, measure: Measure) -> Facts:
    told = {"name": finding.name, "canonical": finding.canonical, "anchor": finding.anchor}
    return told | _span(finding.value, measure)


def _pair(pair: Pair, measure: Measure) -> Facts:
    return {
        "key": _span(pair.key, measure),
        "value": _span(pair.value, measure),
        "confidence": pair.confidence,
    }


def _table(table: Table, measure: Measure) -> Facts:
    box = table.box
    return {
        "box": measure.box(box.x0, box.y0, box.x1, box.y1),
        "ruled": table.is_ruled,
        "rows": [[_span(cell, measure) if cell else None for cell in row] for row in table.rows],
    }


def _plain_text(facts: Facts) -> str:
    lines = []
    for page in facts["pages"]:
        lines += [f"{one['name']}: {one['text']}" for one in page["findings"]]
        lines += [f"{pair['key']['text']} → {pair['value']['text']}" for pair in page["pairs"]]
        for table in page["tables"]:
            lines += [
                " | ".join(cell["text"] if cell else "" for cell in row) for row in table["rows"]
            ]
    return "\n".join(lines)
