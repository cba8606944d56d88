import numpy as np
import pytest
from PIL import Image, ImageDraw

from rpa.ocr.adapters.pixels import grey
from rpa.ocr.adapters.strokes import rules_on
from rpa.ocr.api import PageText
from rpa.testing.faxes import typed_page


def drawn(*lines, text=()):
    page = typed_page(text)
    draw = ImageDraw.Draw(page)
    for line in lines:
        draw.line(line, fill=0, width=4)
    return page


def rules(page, **how):
    return rules_on(grey(page), PageText(width=page.width, height=page.height, words=(), **how))


def test_level_and_upright_lines_are_found_where_they_are_drawn():
    found = rules(drawn((300, 1000, 2000, 1000), (400, 900, 400, 1500)))
    [level], [upright] = found.level, found.upright

    assert (level.x0, level.x1) == pytest.approx((300, 2000), abs=3)
    assert (level.y0 + level.y1) / 2 == pytest.approx(1000, abs=3)
    assert (upright.y0, upright.y1) == pytest.approx((900, 1500), abs=3)


def test_text_and_bars_are_no_lines():
    page = drawn(text=["Veuillez trouver ci-joint la demande"] * 10)
    ImageDraw.Draw(page).rectangle((300, 2000, 2000, 2100), fill=0)
    found = rules(page)

    assert found.level == ()
    assert found.upright == ()


def test_a_page_that_lies_on_its_side_is_looked_at_upright():
    page = drawn((300, 1000, 2000, 1000)).rotate(90, expand=True)
    [level] = rules(page, turn=90).level

    assert level.x1 - level.x0 == pytest.approx(1700, abs=6)


def test_a_leaning_line_is_one_line_where_the_lean_is_known():
    page = drawn((300, 1000, 2000, 1000)).rotate(-3, Image.Resampling.BICUBIC, fillcolor=255)
    [level] = rules(page, skew=3.0).level

    assert level.x1 - level.x0 == pytest.approx(1700, abs=20)


def test_a_broken_line_is_one_line():
    page = drawn((300, 1000, 1100, 1000), (1103, 1000, 2000, 1000))
    assert len(rules(page).level) == 1


def test_a_white_page_has_none():
    assert rules(Image.fromarray(np.full((900, 700), 255, np.uint8))).level == ()
