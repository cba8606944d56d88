import cv2
import numpy as np
import pytest

from rpa.domain.geometry import Box
from rpa.ocr.adapters.scene import scene_of

SIDE = 50
ZONE = Box(x0=100, y0=100, x1=112, y1=112)
LEFT, TOP = round(100 * 300 / 72), round(100 * 300 / 72)


def sheet(*, x=0, y=0, box=True, tick=False):
    """A row of print, and a box that lies off by so many pixels."""
    page = np.full((900, 1200), 255, dtype=np.uint8)
    cv2.putText(page, "Livraison en ligne", (60, 330), cv2.FONT_HERSHEY_SIMPLEX, 2, 0, 4)
    place = (LEFT + x, TOP + y), (LEFT + x + SIDE, TOP + y + SIDE)
    if box:
        cv2.rectangle(page, *place, 0, 4)
    if tick:
        (x0, y0), (x1, y1) = place
        cv2.line(page, (x0 + 8, y0 + 8), (x1 - 8, y1 - 8), 0, 4)
    return page


@pytest.mark.parametrize(("x", "y"), [(-12, 0), (12, 3), (0, -11)])
def test_a_box_that_moved_by_itself_is_found(x, y):
    empty = scene_of(sheet(x=x, y=y), sheet(), ZONE, reach=11)
    ticked = scene_of(sheet(x=x, y=y, tick=True), sheet(), ZONE, reach=11)

    assert empty.kept > 0.9
    assert not empty.added()[empty.zone].any()
    assert ticked.added()[ticked.zone].sum() > 80


def test_a_box_that_is_not_there_is_not_kept():
    assert scene_of(sheet(box=False), sheet(), ZONE, reach=11).kept < 0.6
