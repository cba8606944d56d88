"""Ticks, corrections, signatures and stamps on faxed forms, and hands on registers."""

import random
import xml.etree.ElementTree as ET
from dataclasses import replace
from functools import cache
from io import BytesIO

import cv2
import pikepdf
import pytest
from PIL import ImageDraw

from rpa.domain.form import FieldDefinition, FieldKind, FormDefinition, OneOfRule
from rpa.domain.geometry import Box
from rpa.domain.kinds import MarkPlace
from rpa.domain.model import Bilingual, ProcessId
from rpa.domain.reading import Method, Written
from rpa.ocr.adapters.blanks import blank_pages
from rpa.ocr.adapters.drawn import drawn_values
from rpa.ocr.adapters.handwriting import written
from rpa.ocr.adapters.pages import laid_on
from rpa.ocr.api import KnownForm
from rpa.ocr.reader import ZoneReader
from rpa.testing.drawn_marks import (
    CORRECTIONS,
    TICKS,
    blackened,
    cross,
    draw_dirt,
    draw_mark,
)
from rpa.testing.drawn_traces import draw_signature, draw_specks, draw_stamp
from rpa.testing.examples import example_documents
from rpa.testing.faxes import (
    DPI,
    FINE,
    STANDARD,
    document_pages,
    fax,
    filled_page,
    rendered_page,
)
from rpa.testing.ocr import KnowingEngine

POINT = DPI / 72
dice = random.Random
LABEL = Bilingual(fr="l", en="l")
MARKS = {**TICKS, **CORRECTIONS}
LINES = [pytest.param(FINE, id="fine"), pytest.param(STANDARD, id="standard")]


@pytest.fixture(scope="module")
def reader():
    return ZoneReader(KnowingEngine({}))


@pytest.fixture(scope="module")
def claim():
    return KnownForm(ProcessId("claim"), *example_documents().known("demande-remboursement"))


def tick_box(known):
    return next(f for f in known.form.fields if f.kind is FieldKind.CHECKBOX)


def asking(known, *fields, **rules):
    form = FormDefinition(title=known.form.title, fields=fields, **rules)
    return KnownForm(known.process, form, known.blank)


def faxed(page, line=FINE):
    return document_pages(fax([page], line, seed=3))


@pytest.fixture(scope="module")
def sheet(claim):
    """The form with a printed box for every mark: its own, and more where it is white."""
    box = tick_box(claim)
    places = [(x, y) for y in (515, 660, 695) for x in range(320, 560, 40)]
    zones = [box.zone, *(Box(x0=x, y0=y, x1=x + 13, y1=y + 13) for x, y in places)]
    with pikepdf.open(BytesIO(claim.blank)) as pdf:
        outlines = (f"{z.x0 + 0.5} {792 - z.y1 + 0.5} 12 12 re S" for z in zones[1:])
        pdf.pages[0].contents_add(f"q 0 G 1 w {' '.join(outlines)} Q".encode())
        out = BytesIO()
        pdf.save(out)
    fields = [
        box.model_copy(update={"name": f"case_{n}", "zone": zone})
        for n, (_style, zone) in enumerate(zip(MARKS, zones, strict=False))
    ]
    return asking(replace(claim, blank=out.getvalue()), *fields)


@pytest.fixture(scope="module")
def marked(sheet):
    """Return what is seen of each mark, all of them on one fax, each as if it were the only one."""
    blanks = blank_pages(sheet.blank)

    @cache
    def seen(line):
        page = rendered_page(sheet.blank, 1)
        for field, mark in zip(sheet.form.fields, MARKS.values(), strict=True):
            draw_mark(page, field.zone.scaled(POINT), mark, dice(11), width=5)
        laid = [laid_on(faxed(page, line).images[0], blanks[0])]
        values = [drawn_values([one], laid, blanks)[one.name] for one in sheet.form.fields]
        return dict(zip(MARKS, values, strict=True))

    return seen


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("style", TICKS)
def test_a_tick_of_any_style_is_a_tick(marked, style, line):
    value = marked(line)[style]

    assert (value.value, value.problems, value.method) == ("true", (), Method.MARK)


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("style", CORRECTIONS)
def test_a_tick_that_was_taken_back_is_no_tick_and_is_asked_about(marked, style, line):
    assert marked(line)[style].problems in {("corrected-mark",), ("doubtful-mark",)}


@pytest.mark.parametrize("line", LINES)
def test_dirt_and_a_box_left_empty_are_no_ticks(reader, claim, line):
    field, page = tick_box(claim), rendered_page(claim.blank, 1)
    [empty] = reader.read(faxed(page, line), asking(claim, field)).fields
    assert empty.value == "false"

    draw_dirt(page, field.zone.scaled(POINT), dice(2))
    [value] = reader.read(faxed(page, line), asking(claim, field)).fields

    assert (value.value, value.problems) == ("false", ())


def test_a_correction_leaves_the_one_answer_of_its_group(reader, claim):
    first = tick_box(claim)
    away = first.zone.model_copy(update={"x0": 300.0, "x1": 300.0 + first.zone.width})
    second = first.model_copy(update={"name": "autre", "zone": away})
    page = rendered_page(claim.blank, 1)
    draw_mark(page, first.zone.scaled(POINT), cross, dice(1), width=5)
    taken_back = dice(2)
    draw_mark(page, away.scaled(POINT), lambda r: blackened(r, cross), taken_back, width=5)
    known = asking(claim, first, second, groups=(OneOfRule(one_of=(first.name, "autre")),))

    reading = reader.read(faxed(page), known)

    assert reading.rules_broken == ()
    assert [(field.value, field.problems) for field in reading.fields] == [
        ("true", ()),
        ("false", ()),
    ]
    assert reading.fields[1].reading.startswith("corrected")


def word_on(known):
    """Return the place of a printed word that stands free, as an option to be ringed."""
    box = tick_box(known).zone
    return Box(x0=box.x1 + 4, y0=box.y0, x1=box.x1 + 50, y1=box.y1)


@pytest.mark.parametrize(("is_ringed", "value"), [(True, "true"), (False, "false")])
def test_a_word_is_chosen_by_a_ring_around_it(reader, claim, is_ringed, value):
    zone = word_on(claim)
    field = FieldDefinition(
        name="oui", label=LABEL, kind=FieldKind.CHECKBOX, zone=zone, mark=MarkPlace.AROUND
    )
    page = rendered_page(claim.blank, 1)
    if is_ringed:
        box = zone.scaled(POINT)
        ring = (box.x0 - 30, box.y0 - 18, box.x1 + 30, box.y1 + 18)
        ImageDraw.Draw(page).arc(ring, 10, 355, fill=0, width=4)

    [told] = reader.read(faxed(page), asking(claim, field)).fields

    assert (told.value, told.problems) == (value, ())


SIGN_HERE = FieldDefinition(
    name="signature",
    label=LABEL,
    kind=FieldKind.SIGNATURE,
    zone=Box(x0=300, y0=640, x1=520, y1=680),
)
STAMP_HERE = SIGN_HERE.model_copy(
    update={"name": "sceau", "kind": FieldKind.STAMP, "zone": Box(x0=60, y0=600, x1=270, y1=720)}
)


SIGN_THERE = SIGN_HERE.model_copy(
    update={"name": "temoin", "zone": Box(x0=40, y0=650, x1=240, y1=690)}
)


def signed(reader, known, line, *drawn):
    """Return what is seen on one fax where each of ``drawn`` is left in a place to sign."""
    page = rendered_page(known.blank, 1)
    fields = (SIGN_HERE, SIGN_THERE)[: len(drawn)]
    for field, draw in zip(fields, drawn, strict=True):
        draw(page, field.zone.scaled(POINT))
    return reader.read(faxed(page, line), asking(known, *fields)).fields


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("seeds", [(0, 1), (2, 3)])
def test_a_signature_is_there_and_where(reader, claim, line, seeds):
    def signature(seed):
        return lambda page, box: draw_signature(page, box, dice(seed), width=4)

    values = signed(reader, claim, line, *map(signature, seeds))

    for value, field in zip(values, (SIGN_HERE, SIGN_THERE), strict=True):
        assert (value.value, value.problems) == ("true", ())
        assert value.box.x0 >= field.zone.x0 - 30
        assert value.box.width > 30


@pytest.mark.parametrize("line", LINES)
def test_a_missing_signature_is_missed_and_specks_are_none(reader, claim, line):
    def specks(page, box):
        draw_specks(page, box, dice(3))

    specked, missing = signed(reader, claim, line, specks, lambda *_page: None)

    assert missing.problems == ("no-signature",)
    assert specked.value == "false"


def test_a_stamp_over_the_place_to_sign_is_asked_about(reader, claim):
    def draw(page, box):
        middle = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
        draw_stamp(page, middle, dice(5), "round")

    [value] = signed(reader, claim, FINE, draw)
    assert value.problems


@pytest.mark.parametrize("shape", ["round", "boxed"])
def test_a_stamp_is_there_and_where(reader, claim, shape):
    page = rendered_page(claim.blank, 1)
    drawn = draw_stamp(page, (165 * POINT, 660 * POINT), dice(2), shape)

    [value] = reader.read(faxed(page), asking(claim, STAMP_HERE)).fields

    assert (value.value, value.problems) == ("true", ())
    for found, put in zip(value.box, drawn.scaled(1 / POINT), strict=True):
        assert found[1] == pytest.approx(put[1], abs=4)


def test_a_stamp_that_must_be_there_is_missed(reader, claim):
    [value] = reader.read(faxed(rendered_page(claim.blank, 1)), asking(claim, STAMP_HERE)).fields
    assert (value.value, value.problems) == ("false", ("no-stamp",))


def test_a_stamp_across_a_text_makes_that_text_doubtful_and_no_other(reader, claim):
    typed = {"nom": "Roy", "prenom": "Jean", "matricule": "104233"}
    fields = tuple(f for f in claim.form.fields if f.name in typed)
    page = filled_page(claim.blank, claim.form, typed)
    box = next(f for f in fields if f.name == "nom").zone.scaled(POINT)
    draw_stamp(page, (box.x0 + 400, box.y0 + 40), dice(4), "boxed")

    reading = reader.read(faxed(page), asking(claim, *fields))

    crossed = {field.name for field in reading.fields if "crossed" in field.problems}
    assert crossed == {"nom"}


def test_lines_of_registers_are_told_as_written_by_hand(shared_data):
    told = []
    for path in sorted((shared_data / "fr-handwritten").glob("*.xml")):
        picture = cv2.imread(str(path.with_suffix(".jpg")), cv2.IMREAD_GRAYSCALE)
        root = ET.parse(path).getroot()  # noqa: S314 - a data set of our own
        space = root.tag.split("}")[0] + "}"
        for line in list(root.iter(f"{space}TextLine"))[:40]:
            edges = [line.get(name) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT")]
            if None not in edges:
                x, y, width, height = (int(float(edge)) for edge in edges)
                told.append(written([picture[max(0, y) : y + height, max(0, x) : x + width]]))

    sure = [one for one in told if one is not None]
    assert sure.count(Written.HAND) > 0.7 * len(sure)
