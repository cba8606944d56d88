"""``rpa form``: known forms, read, found, proposed and scored; needs no home and no server."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from rpa.bootstrap.forms import form_in, form_reading, forms_in, new_form
from rpa.bootstrap.intake import open_decoder
from rpa.cli.many import Facts, content_of, of_each, status_of
from rpa.cli.output import AsJson, print_json, print_table, say
from rpa.cli.pages import Workers, place_told, print_facts, stream_facts, value_lines
from rpa.domain.pages import DocumentPages
from rpa.domain.problem_words import problem_words
from rpa.domain.reading import FieldValue, Reading
from rpa.i18n import _
from rpa.ocr.api import FormReader
from rpa.ocr.scoring import Score, samples_in, scored

app = typer.Typer(no_args_is_help=True)
FormFolder = Annotated[
    Path, typer.Argument(metavar="FORM", help=_("A folder with form.yaml and blank.pdf."))
]
Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help=_("TIFF, PDF or images."))]


@app.command("read", help=_("Read filled forms: every field, its probability, why to look at it."))
def read(form: FormFolder, files: Files, *, workers: Workers = 0, as_json: AsJson = False) -> None:
    """Read filled forms; with ``--json`` one object a line, one line a file."""
    known, decoder = form_in(form), open_decoder()

    def told(path: Path, reader: FormReader) -> Facts:
        document = decoder.pages(content_of(path))
        return _reading(reader.read(document, known), document)

    facts = of_each(files, form_reading, told, workers=workers)
    raise typer.Exit(stream_facts(facts, as_json=as_json, text=_fields_text))


@app.command("find", help=_("Say which of many known forms files are, or none of them."))
def find(
    files: Files,
    *,
    forms: Annotated[
        Path, typer.Option("--forms", help=_("A folder of forms, or of blank forms (PDF)."))
    ],
    workers: Workers = 0,
    as_json: AsJson = False,
) -> None:
    """Say which forms files are."""
    known, decoder = forms_in(forms), open_decoder()

    def told(path: Path, reader: FormReader) -> Facts:
        found = reader.identify(decoder.pages(content_of(path)), known)
        return {"form": found.process if found else None, "by": found.by if found else None}

    facts = of_each(files, form_reading, told, workers=workers)
    raise typer.Exit(stream_facts(facts, as_json=as_json, text=_found_text))


@app.command("new", help=_("Propose a form from its blank: its fields, kinds and places."))
def new(
    blank: Annotated[Path, typer.Argument(metavar="BLANK", help=_("The empty form: PDF or scan."))],
    folder: Annotated[
        Path | None, typer.Argument(metavar="FOLDER", help=_("Where to; else by the blank's name."))
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Propose a form."""
    into = folder or blank.with_suffix("")
    form = new_form(blank, into)
    if as_json:
        print_json({"folder": str(into), "form": form})
        return
    rows = [(f.name, f.label.fr, f.kind.value, str(f.page)) for f in form.all_fields()]
    print_table((_("Field"), _("Label"), _("Kind"), _("Page")), rows, title=form.title)
    say(_("{folder}: look through form.yaml; nothing in it is certain.", folder=into))


@app.command("test", help=_("Score a form on filled samples with their truth."))
def score(
    form: FormFolder,
    samples: Annotated[
        Path | None,
        typer.Argument(metavar="SAMPLES", help=_("Files and NAME.json each; else FORM/samples.")),
    ] = None,
    *,
    workers: Workers = 0,
    as_json: AsJson = False,
) -> None:
    """Score a form on samples."""
    known, decoder = form_in(form), open_decoder()
    truths = samples_in(samples or form / "samples")
    scores: dict[str, Score] = {}

    def told(path: Path, reader: FormReader) -> Facts:
        reading = reader.read(decoder.pages(content_of(path)), known)
        scores[str(path)] = scored(reading, known.form, truths[path])
        return {}

    facts = list(of_each(list(truths), form_reading, told, workers=workers))
    total = sum(scores.values(), start=Score())
    if as_json:
        files = [{**one, **_score(scores.get(one["file"]))} for one in facts]
        print_json({"total": _score(total), "files": files})
    else:
        _print_score(total, facts)
    raise typer.Exit(status_of(facts))


def _reading(reading: Reading, document: DocumentPages) -> Facts:
    return {
        "pages": reading.pages,
        "alignment": reading.alignment,
        "rules_broken": list(reading.rules_broken),
        "fields": [_field(field, document) for field in reading.fields],
    }


def _field(field: FieldValue, document: DocumentPages) -> Facts:
    box = field.box
    return {
        "name": field.name,
        "kind": field.kind.value,
        "value": field.value,
        "reading": field.reading,
        "probability": field.confidence,
        "method": field.method.value,
        "written": field.written.value if field.written else None,
        "page": field.page,
        "box": [box.x0, box.y0, box.x1, box.y1] if box else None,
        "delivered": place_told(field.delivered, document),
        "review": bool(field.problems),
        "reasons": list(field.problems),
    }


def _fields_text(facts: Facts) -> str:
    lines = [facts["file"], *value_lines(facts["fields"])]
    lines += [f"  {problem_words(rule)}" for rule in facts["rules_broken"]]
    return "\n".join(lines)


def _found_text(facts: Facts) -> str:
    return f"{facts['file']}: {facts['form'] or _('none of the forms')}"


def _score(score: Score | None) -> Facts:
    if score is None:
        return {}
    return {
        "fields": score.fields,
        "right": score.right,
        "accepted": score.accepted,
        "accepted_wrong": score.accepted_wrong,
        "wrong": dict(sorted(score.wrong.items())),
    }


def _print_score(total: Score, facts: Sequence[Facts]) -> None:
    for one in facts:
        if "error" in one:
            print_facts(one, as_json=False, text=str)
    share = total.right / total.fields if total.fields else 0.0
    through = total.accepted / total.fields if total.fields else 0.0
    rows = [
        (_("Fields"), str(total.fields)),
        (_("Right"), f"{total.right} ({share:.1%})"),
        (_("Accepted without a person"), f"{total.accepted} ({through:.1%})"),
        (_("Of these wrong"), str(total.accepted_wrong)),
    ]
    rows += [(name, str(count)) for name, count in sorted(total.wrong.items())]
    print_table((_("What"), _("Count")), rows)
