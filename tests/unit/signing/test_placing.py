from itertools import combinations

import pytest

from rpa.domain.errors import SignatureRefusedError
from rpa.signing.adapters.pages import PageView
from rpa.signing.adapters.placing import free_box, page_of
from rpa.signing.adapters.qr import qr_code
from rpa.signing.api import Place

LETTER = (0.0, 0.0, 612.0, 792.0)


def overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize(
    ("crop", "unit"), [(LETTER, 1.0), ((100, 50, 500, 700), 1.0), ((0, 0, 306, 396), 2.0)]
)
def test_boxes_stand_beside_and_above_each_other_inside_the_page(rotation, crop, unit):
    view = PageView(crop, rotation, unit)
    taken = []
    for _box in range(6):
        taken.append(free_box(view, taken))

    assert not any(overlap(one, other) for one, other in combinations(taken, 2))
    assert all(crop[0] <= box[0] < box[2] <= crop[2] for box in taken)
    assert all(crop[1] <= box[1] < box[3] <= crop[3] for box in taken)


def test_a_box_is_as_wide_on_a_page_with_large_units_as_on_a_plain_one():
    plain = free_box(PageView(LETTER, 0, 1.0), [])
    large = free_box(PageView((0, 0, 306, 396), 0, 2.0), [])

    assert [round(edge * 2) for edge in large] == [round(edge) for edge in plain]


def test_pages_count_from_both_ends_and_others_are_refused():
    assert page_of("abc", Place(2, (0, 0, 1, 1))) == "b"
    assert page_of("abc", Place(-1, (0, 0, 1, 1))) == page_of("abc", None) == "c"
    for number in (0, 4, -4):
        with pytest.raises(SignatureRefusedError) as refusal:
            page_of("abc", Place(number, (0, 0, 1, 1)))
        assert refusal.value.reason == "no-such-page"


def test_a_code_too_long_to_be_read_on_paper_is_refused():
    with pytest.raises(SignatureRefusedError) as refusal:
        qr_code("x" * 301)

    assert refusal.value.reason == "qr-too-long"
