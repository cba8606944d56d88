import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from rpa.ocr.adapters.text_lines import text_lines

LINES = ("MYRTLE COMPANY", "1414 CENTRE AVE", "PITTSBURGH, PA, 15213")


def written(lines, *, leading, lean=0.0, height=330):
    image = Image.new("L", (1000, height), 255)
    font = ImageFont.truetype("LiberationSans-Regular.ttf", 46)
    for number, line in enumerate(lines):
        ImageDraw.Draw(image).text((60, 60 + number * leading), line, fill=0, font=font)
    return np.asarray(image.rotate(lean, Image.Resampling.BICUBIC, fillcolor=255)) < 140


@pytest.mark.parametrize("lean", [0.0, 3.0, -3.0])
def test_lines_are_told_apart_also_where_they_lean_until_they_overlap(lean):
    ink = written(LINES, leading=58, lean=lean)

    lines = text_lines(ink)

    assert len(lines) == 3
    assert sum(int(line.sum()) for line in lines) == int(ink.sum())
    middles = [np.flatnonzero(line.any(axis=1)).mean() for line in lines]
    assert middles == sorted(middles)


def test_the_marks_of_a_line_stay_with_it():
    ink = written(("É à ï", "Ç, j."), leading=62, lean=2.0)

    first, second = text_lines(ink)

    rows = np.flatnonzero(ink.any(axis=1))
    assert np.flatnonzero(first.any(axis=1))[0] == rows[0]
    assert np.flatnonzero(second.any(axis=1))[-1] == rows[-1]


@pytest.mark.parametrize("text", ["mangeur", "É", "Âgé (j)", "a - b"])
def test_one_line_stays_one(text):
    assert len(text_lines(written((text,), leading=60))) == 1


def test_nothing_is_one_empty_line():
    (line,) = text_lines(np.zeros((150, 400), dtype=bool))

    assert not line.any()
