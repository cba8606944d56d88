"""What lies on drawn pages: covered, joined or legible; where boxes lie; which renderers agree."""

import numpy as np
import pytest

from rpa.signing.adapters.verification.drawing.ink import Piece, differing, ink_of, rules_of
from rpa.signing.adapters.verification.drawing.judge import _agree, _orders
from rpa.signing.adapters.verification.drawing.reading_back import _agrees, _folded
from rpa.signing.adapters.verification.drawing.renderers import (
    Order,
    RendererFailedError,
    _pixmaps,
    as_pages,
)
from rpa.signing.adapters.verification.drawing.sheets import Area, Sheet
from rpa.signing.adapters.verification.drawing.values import ground_is_plain, letters_are_seen

WHITE, BLACK, YELLOW = (255, 255, 255), (0, 0, 0), (255, 255, 0)


def sheet_of(*marks, height=40, width=200, paper=WHITE):
    page = np.full((height, width, 3), paper, dtype=np.uint8)
    for (top, bottom, left, right), colour in marks:
        page[top:bottom, left:right] = colour
    return page


def letters(left, colour=BLACK):
    """Three strokes as high as letters of ten points."""
    return [((15, 25, left + at, left + at + 2), colour) for at in (0, 5, 10)]


def piece(before, after, paper=None):
    return Piece(before if paper is None else paper, before, after, scale=1.0)


def test_what_covers_text_hides_it_whatever_its_colour():
    before = sheet_of(*letters(50))

    for colour in (WHITE, BLACK, YELLOW):
        covered = sheet_of(*letters(50), ((10, 30, 40, 80), colour))
        assert piece(before, covered).hides_text()


def test_what_lies_on_blank_paper_or_on_a_rule_hides_nothing():
    rule = ((30, 32, 10, 190), BLACK)
    dots = [((20, 22, at, at + 2), BLACK) for at in range(10, 190, 5)]
    before = sheet_of(rule, *dots)

    assert not piece(before, sheet_of(rule, ((10, 34, 60, 120), BLACK))).hides_text()
    assert not piece(sheet_of(), sheet_of(*letters(50))).hides_text()


def test_text_that_was_covered_when_it_was_signed_is_not_asked_for():
    covered = sheet_of(((10, 30, 40, 80), WHITE))
    over = sheet_of(((10, 30, 40, 80), YELLOW))

    assert not piece(covered, over, paper=sheet_of(*letters(50))).hides_text()


@pytest.mark.parametrize(("gap", "joins"), [(2, True), (5, True), (30, False)])
def test_new_ink_joins_text_that_it_stands_next_to(gap, joins):
    inside = np.zeros((40, 200), dtype=bool)
    inside[10:30, 62 + gap : 120] = True
    before = sheet_of(*letters(50))
    after = sheet_of(*letters(50), ((15, 25, 62 + gap, 64 + gap), BLACK))

    assert piece(before, after).joins_text(inside, nearer_than=0.7) is joins


def test_text_that_runs_down_a_turned_page_is_joined_from_below():
    inside = np.zeros((40, 200), dtype=bool)
    inside[10:30, 66:120] = True
    before, after = sheet_of(*letters(50)), sheet_of(*letters(50), ((15, 25, 66, 68), BLACK))
    upright = piece(before, after)

    assert upright.turned().turned().joins_text(inside, nearer_than=0.7)
    assert not upright.turned().joins_text(inside.T, nearer_than=0.7)


def test_a_dash_before_a_number_joins_it_and_a_frame_all_round_does_not():
    inside = np.zeros((40, 200), dtype=bool)
    inside[8:32, 10:46] = True
    before = sheet_of(*letters(50))
    dash = sheet_of(*letters(50), ((19, 21, 12, 46), BLACK))
    frame = sheet_of(*letters(50), ((8, 32, 10, 46), BLACK), ((10, 30, 12, 44), WHITE))

    assert piece(before, dash).joins_text(inside, nearer_than=0.7)
    assert not piece(before, frame).joins_text(inside, nearer_than=0.7)


def test_a_highlight_keeps_text_legible_and_a_black_one_or_a_thick_line_does_not():
    before = sheet_of(*letters(50))
    light = sheet_of(((10, 30, 40, 80), YELLOW), *letters(50))
    thin = sheet_of(*letters(50), ((20, 21, 40, 80), BLACK))

    assert piece(before, light).keeps_legible()
    assert piece(before, thin).keeps_legible()
    assert not piece(before, sheet_of(((10, 30, 40, 80), BLACK))).keeps_legible()
    assert not piece(before, sheet_of(*letters(50), ((15, 25, 40, 80), BLACK))).keeps_legible()


def test_letters_of_its_own_make_a_mark_more_than_a_mark():
    before = sheet_of(*letters(50))
    after = sheet_of(*letters(50), *letters(90), *letters(110))

    assert not piece(before, after).keeps_legible()


def test_rules_and_leaders_are_no_text_and_letters_are():
    ink = ink_of(sheet_of(((30, 32, 10, 190), BLACK), *letters(50)))
    rules = rules_of(ink, 1.0)

    assert rules[31, 100]
    assert not rules[20, 50]


def test_a_ground_of_bands_and_dividers_is_plain_and_one_with_a_sign_is_not():
    paper = sheet_of()
    bands = sheet_of(((10, 24, 0, 200), (150, 190, 220)))
    dividers = sheet_of(*[((0, 40, at, at + 1), BLACK) for at in (50, 100, 150)])
    sign = sheet_of(*letters(50))

    assert ground_is_plain(bands, paper, 1.0)
    assert ground_is_plain(dividers, paper, 1.0)
    assert not ground_is_plain(sign, paper, 1.0)
    assert ground_is_plain(sign, sign, 1.0), "printed below the field"


def test_letters_must_stand_out_from_their_ground():
    ground = sheet_of()

    assert letters_are_seen(ground, sheet_of(*letters(50)), "100", 1.0)
    assert not letters_are_seen(ground, sheet_of(*letters(50, (250, 250, 250))), "100", 1.0)
    assert not letters_are_seen(ground, sheet_of(), "100", 1.0)
    assert letters_are_seen(ground, sheet_of(), "", 1.0)


def test_rounding_is_no_difference_and_a_shade_is():
    assert not differing(sheet_of(), sheet_of(paper=(250, 255, 255))).any()
    assert differing(sheet_of(), sheet_of(paper=(255, 255, 240))).all()


@pytest.mark.parametrize(
    ("turned", "area"),
    [
        (0, Area(10, 60, 30, 90)),
        (90, Area(20, 10, 80, 30)),
        (180, Area(70, 10, 90, 40)),
        (270, Area(120, 70, 180, 90)),
    ],
)
def test_a_box_is_found_on_a_turned_page(turned, area):
    sheet = Sheet((0, 0, 100, 100) if turned in (0, 180) else (0, 0, 100, 200), turned)
    box = (10, 10, 30, 40) if turned in (0, 180) else (10, 20, 30, 80)
    height, width = (100, 100) if turned in (0, 180) else (100, 200)

    assert sheet.area(box, height, width) == area


def test_renderers_agree_on_size_and_on_whether_a_page_is_empty():
    full, empty = sheet_of(((0, 40, 0, 100), BLACK)), sheet_of()

    assert _agree([[full], [full], [full]])
    assert not _agree([[full], [empty]])
    assert not _agree([[empty], [sheet_of(width=210)]])


def test_pages_are_asked_for_in_runs_of_a_few():
    assert list(_orders([0, 1, 2, 9], 100.0)) == [Order(1, 3, 100.0), Order(10, 10, 100.0)]
    assert [order.last - order.first for order in _orders(range(17), 100.0)] == [7, 7, 0]


def test_pixmaps_are_read_one_after_the_other_and_a_broken_one_is_told():
    one = b"P6\n2 1\n255\n" + bytes(6)

    assert [page.shape for page in _pixmaps(one + one)] == [(1, 2, 3)] * 2
    with pytest.raises(RendererFailedError):
        list(_pixmaps(one[:-1]))
    with pytest.raises(RendererFailedError):
        as_pages(list(_pixmaps(one)), 2)


@pytest.mark.parametrize(
    ("wanted", "read", "agrees"),
    [
        ("René Lévesque", "Rene Levesque\n", True),
        ("1 250,00 $", "1 25O,00 $", True),
        ("100", "900", False),
        ("Bob", "Eve", False),
        ("Dossier 2026-11", "Dossier 2026-1I", True),
        ("Dossier 2026-11", "Dossier 2026-17", False),
    ],
)
def test_what_is_read_back_must_have_the_same_digits_and_most_letters(wanted, read, agrees):
    assert _agrees(_folded(wanted), _folded(read)) is agrees
