from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from rpa.archive.adapters.likeness import least_likeness
from rpa.domain.pages import PageImage


def page(draw, size=(850, 1100)):
    image = Image.new("L", size, "white")
    draw(ImageDraw.Draw(image), size)
    target = BytesIO()
    image.save(target, "PNG")
    return PageImage(target.getvalue(), 100, bilevel=False)


def form(pen, size, left=0.1):
    for row in range(12):
        top = (0.08 + 0.07 * row) * size[1]
        pen.rectangle((left * size[0], top, (0.5 + 0.03 * row) * size[0], top + 0.02 * size[1]), 0)


def letter(pen, size):
    pen.rectangle((0.6 * size[0], 0.05 * size[1], 0.9 * size[0], 0.5 * size[1]), 0)


def nothing(_pen, _size):
    return None


def test_the_same_page_at_another_size_is_alike():
    assert least_likeness([page(form)], [page(form, (1700, 2200))]) > 0.95


@pytest.mark.parametrize("other", [letter, nothing])
def test_another_page_is_not_alike(other):
    assert least_likeness([page(form)], [page(other)]) < 0.5


def test_the_worst_pair_counts():
    pair = [page(form), page(form)]

    assert least_likeness(pair, [page(form), page(letter)]) < 0.5


def test_two_empty_pages_are_alike():
    assert least_likeness([page(nothing)], [page(nothing)]) == 1


def test_other_numbers_of_pages_cannot_be_compared():
    assert least_likeness([page(form)], []) is None
    assert least_likeness([], []) is None
