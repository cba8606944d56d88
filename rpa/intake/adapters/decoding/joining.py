"""A pile scanned in two runs, its fronts and then its backs, put together again."""

import io
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import pikepdf
from PIL import Image

from rpa.intake.adapters.decoding.limits import DecodeLimits
from rpa.intake.adapters.decoding.pdf_source import BROKEN_OBJECT
from rpa.intake.adapters.decoding.program import Answer, Work
from rpa.intake.adapters.decoding.refusal import DAMAGED, Refusal
from rpa.intake.adapters.decoding.tiff import tiff_document


def join_halves(work: Work) -> Answer:
    """Return one document of the two, whose bytes follow each other in ``work``.

    ``split_at`` says where the backs begin; their first page is the last sheet's. Two PDFs keep
    their pages as they are; two TIFFs keep their pixels and resolutions. The same halves give the
    same bytes.

    Raises:
        Refusal: They don't have as many pages, or not one less in the second.
    """
    at = int(work.arguments["split_at"])
    fronts, backs = work.content[:at], work.content[at:]
    if work.kind == "pdf":
        return Answer(pieces=iter((_joined_pdf(fronts, backs),)))
    return Answer(pieces=iter((_joined_tiff(fronts, backs, work.limits),)))


def _joined_pdf(fronts: bytes, backs: bytes) -> bytes:
    try:
        with (
            pikepdf.open(io.BytesIO(fronts)) as front,
            pikepdf.open(io.BytesIO(backs)) as back,
            pikepdf.new() as whole,
        ):
            for page in _in_turn(list(front.pages), list(back.pages)):
                whole.pages.append(page)
            out = io.BytesIO()
            whole.save(out, deterministic_id=True)
            return out.getvalue()
    except BROKEN_OBJECT as problem:
        raise Refusal(DAMAGED) from problem


def _joined_tiff(fronts: bytes, backs: bytes, limits: DecodeLimits) -> bytes:
    sides = [list(tiff_document(content, limits)) for content in (fronts, backs)]
    out = io.BytesIO()
    drawn: list[Image.Image] = []
    for page in _in_turn(*sides):
        image = page.image
        image.encoderinfo = {
            "compression": "group4" if page.is_bilevel else "tiff_deflate",
            "dpi": (page.resolution.x, page.resolution.y),
        }
        drawn.append(image)
    drawn[0].save(out, "TIFF", save_all=True, append_images=drawn[1:], **drawn[0].encoderinfo)
    return out.getvalue()


def _in_turn(fronts: list[Any], backs: list[Any]) -> Iterator[Any]:
    if not 0 <= len(fronts) - len(backs) <= 1:
        raise Refusal("other-side")
    sides = zip_longest(fronts, reversed(backs))
    return (side for leaf in sides for side in leaf if side is not None)
