"""Where on the page that was delivered a place of the blank lies."""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from rpa.domain.geometry import Box
from rpa.domain.pages import PageImage
from rpa.domain.reading import DeliveredPlace, FieldValue, Method
from rpa.ocr.adapters.blanks import POINT
from rpa.ocr.adapters.pages import LaidPage
from rpa.ocr.adapters.pixels import opened

PDF_POINT: Final = 72.0


def delivered_values(
    values: Sequence[FieldValue], pages: Sequence[LaidPage], images: Sequence[PageImage]
) -> list[FieldValue]:
    """Return values read from laid pages, each with its place on the page that was delivered."""
    return [
        value.model_copy(update={"delivered": _back(value.box, pages[value.page - 1], images)})
        if value.box
        else value
        for value in values
    ]


def typed_values(values: Sequence[FieldValue], images: Sequence[PageImage]) -> list[FieldValue]:
    """Return values of a PDF's own text, each with its place: the blank's and the page's are one.

    A form field's value is data of the file: where it is shown is not told.
    """
    return [
        value.model_copy(update={"delivered": _same(value.box, value.page, images)})
        if value.box and value.method is Method.TEXT_LAYER
        else value
        for value in values
    ]


def _same(box: Box, page: int, images: Sequence[PageImage]) -> DeliveredPlace:
    image = images[page - 1]
    height, width = opened(image.png).shape
    drawn = box.scaled(image.dpi / PDF_POINT)
    return DeliveredPlace(page=page, box=drawn, width=width, height=height)


def _back(box: Box, page: LaidPage, images: Sequence[PageImage]) -> DeliveredPlace:
    """Map a place back through the alignment; its box holds all of what may lie askew."""
    width, height = page.size
    drawn = box.scaled(POINT)
    corners = np.array([[[x, y] for x in (drawn.x0, drawn.x1) for y in (drawn.y0, drawn.y1)]])
    back = cv2.transform(corners, cv2.invertAffineTransform(page.alignment.onto_blank))[0]
    (x0, y0), (x1, y1) = (
        np.clip(edge, 0, (width, height)).tolist() for edge in (back.min(axis=0), back.max(axis=0))
    )
    number = next(place for place, image in enumerate(images, start=1) if image is page.image)
    return DeliveredPlace(
        page=number, box=Box(x0=x0, y0=y0, x1=x1, y1=y1), width=width, height=height
    )
