"""``rpa intake``: what files are and how a pile would be split, without taking anything in."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from rpa.bootstrap.forms import form_reading, forms_in
from rpa.bootstrap.intake import open_decoder
from rpa.cli.output import AsJson, print_json, print_table
from rpa.cli.session import Home, settings_of
from rpa.domain.batch import BatchRule, BlankPages, Duplex, SplitRule
from rpa.domain.errors import DocumentRefusedError, NotFoundError
from rpa.domain.pages import Sheet
from rpa.i18n import _
from rpa.intake.api import Decoder
from rpa.intake.batches import Part, parts_of, separator_on
from rpa.ocr.api import FormReader, KnownForm
from rpa.processes.catalog import load_catalog
from rpa.steps.recognize import known_form

app = typer.Typer(no_args_is_help=True)
Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help=_("Files of any kind."))]
ChannelName = Annotated[str | None, typer.Option(help=_("Split as this channel of rpa.yaml does."))]
SheetTexts = Annotated[
    list[str] | None, typer.Option(help=_("Text of a bar code on separator sheets; * fits all."))
]
FirstTexts = Annotated[
    list[str] | None, typer.Option(help=_("Text of a bar code on first pages; * fits all."))
]
FormsFolder = Annotated[
    Path | None,
    typer.Option(help=_("Split where one of these forms begins: a folder of forms or blanks.")),
]
ByNumber = Annotated[
    bool, typer.Option("--by-number", help=_("Split where a printed page number is 1."))
]
Every = Annotated[int, typer.Option(min=0, help=_("Pages of each document."))]
Sides = Annotated[Duplex, typer.Option(help=_("How two sides were scanned."))]
Facts = dict[str, Any]


@app.command("inspect", help=_("Say what files are: kind, pages, pixels; or why they're refused."))
def inspect(files: Files, *, as_json: AsJson = False) -> None:
    """Inspect files."""
    decoder = open_decoder()
    told = [_inspected(path, decoder) for path in files]
    if as_json:
        print_json({"files": told})
        return
    heads = (_("File"), _("Type"), _("Page"), _("Pixels"), _("Per inch"), _("Bits"), _("Quality"))
    print_table(heads, [row for facts in told for row in _page_rows(facts)])


@app.command("split", help=_("Show how piles would be split: separators, blank pages, parts."))
def split(
    files: Files,
    *,
    channel: ChannelName = None,
    sheet: SheetTexts = None,
    first_page: FirstTexts = None,
    forms: FormsFolder = None,
    by_number: ByNumber = False,
    every: Every = 0,
    duplex: Sides = Duplex.NONE,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show how files would be split."""
    if channel is None:
        told = SplitRule(
            first_pages=tuple(first_page or ()),
            every=every,
            by_form=forms is not None,
            by_number=by_number,
        )
        chosen = told.model_copy(update={"sheets": (*told.sheets, *(sheet or ()))})
        rule = BatchRule(split=chosen, duplex=duplex, blank_pages=BlankPages.SET_ASIDE)
        known = forms_in(forms) if forms else []
    else:
        rule = _channel_rule(channel, home)
        known = _forms_of(home) if rule.split and rule.split.by_form else []
    decoder = open_decoder()
    with form_reading() as reader:
        piles = _Piles(rule, decoder, reader, known)
        found = [_split(path, piles) for path in files]
    if as_json:
        print_json({"files": found})
        return
    heads = (_("File"), _("Pages"), _("Separators"), _("Blank"), _("Parts"))
    print_table(heads, [_split_row(facts) for facts in found])


@dataclass(frozen=True, slots=True)
class _Piles:
    """How piles are split, and what looks at their pages."""

    rule: BatchRule
    decoder: Decoder
    reader: FormReader
    forms: Sequence[KnownForm]

    def parts(self, content: bytes, sheets: Sequence[Sheet]) -> Sequence[Part]:
        """Return the parts of a pile, as receiving it would make them."""
        split = self.rule.split
        if split is None or not split.looks_at_print:
            return parts_of(sheets, self.rule)
        first = self.reader.first_pages(self.decoder.pages(content), self.forms, split)
        return parts_of(sheets, self.rule, first_pages=first)


def _forms_of(home: Path | None) -> list[KnownForm]:
    return [known_form(process) for process in load_catalog(settings_of(home).processes)]


def _channel_rule(channel: str, home: Path | None) -> BatchRule:
    settings = settings_of(home)
    if channel not in settings.channels:
        raise NotFoundError(_("rpa.yaml has no channel {name}.", name=channel), code="no-channel")
    return settings.channels[channel].batch


def _inspected(path: Path, decoder: Decoder) -> Facts:
    content = _read(path)
    try:
        told = decoder.inspect(content)
    except DocumentRefusedError as error:
        return _refused(path, error)
    pages = [
        {name: value for name, value in asdict(page).items() if name != "pixels"}
        for page in told.page_facts
    ]
    facts = {"file": str(path), "media_type": told.media_type.value, "pages": pages}
    return {**facts, "left_alone": list(told.left_alone)} if told.left_alone else facts


def _split(path: Path, piles: _Piles) -> Facts:
    content = _read(path)
    parts: Sequence[Part] = ()
    refused: Facts = {}
    try:
        sheets = piles.decoder.sheets(content)
    except DocumentRefusedError as error:
        return _refused(path, error)
    try:
        parts = piles.parts(content, sheets)
    except DocumentRefusedError as error:
        refused = _refused(path, error)
    marks = [
        {"page": number, "kind": mark.kind, "text": mark.text}
        for number, sheet in enumerate(sheets, start=1)
        if piles.rule.split and (mark := separator_on(sheet, piles.rule.split))
    ]
    return {
        "file": str(path),
        "pages": len(sheets),
        "separators": marks,
        "marks": [
            {"page": number, "kind": mark.kind, "text": mark.text}
            for number, sheet in enumerate(sheets, start=1)
            for mark in sheet.marks
        ],
        "blank_pages": [number for number, sheet in enumerate(sheets, start=1) if sheet.is_blank],
        "parts": [_part(part) for part in parts],
        **refused,
    }


def _part(part: Part) -> Facts:
    return {
        "pages": list(part.pages),
        "blank_pages": list(part.blank_pages),
        "separators": list(part.separators),
    }


def _refused(path: Path, error: DocumentRefusedError) -> Facts:
    return {"file": str(path), "refused": {"code": error.reason, "reason": error.message}}


def _page_rows(facts: Facts) -> Iterator[tuple[str, ...]]:
    name = Path(facts["file"]).name
    if "refused" in facts:
        yield name, facts["refused"]["code"], "", facts["refused"]["reason"], "", "", ""
        return
    if not facts["pages"]:
        yield name, facts["media_type"], "", "", "", "", ""
    for number, page in enumerate(facts["pages"], start=1):
        yield (
            name,
            facts["media_type"],
            str(number),
            f"{page['width']} × {page['height']}",
            f"{page['dpi_x']:g} × {page['dpi_y']:g}",
            "1" if page["bilevel"] else "8",
            f"{page['quality']:g}",
        )


def _split_row(facts: Facts) -> tuple[str, ...]:
    name = Path(facts["file"]).name
    if "pages" not in facts:
        return name, facts["refused"]["code"], facts["refused"]["reason"], "", ""
    separators = (f"{mark['page']} ({mark['kind']} {mark['text']})" for mark in facts["separators"])
    parts = (_numbers(part["pages"]) for part in facts["parts"])
    blank = _numbers(facts["blank_pages"])
    return name, str(facts["pages"]), ", ".join(separators), blank, " | ".join(parts)


def _numbers(numbers: Sequence[int]) -> str:
    return " ".join(map(str, numbers))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotFoundError(_("{file} cannot be read.", file=path)) from error
