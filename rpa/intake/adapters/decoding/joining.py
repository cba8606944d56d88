"""A pile scanned in two runs, its odd sides and then its even sides, put together again."""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
from PIL import Image

from rpa.intake.adapters.decoding.pdf_source import BROKEN_OBJECT
from rpa.intake.adapters.decoding.program import Answer, Work
from rpa.intake.adapters.decoding.refusal import DAMAGED, Refusal
from rpa.intake.adapters.decoding.tiff import tiff_document


def join_halves(work: Work) -> Answer:
    """Return one document of the two, whose bytes follow each other in ``work``.

    ``split_at`` says where the second begins, ``is_reversed`` that it begins with the last side.
    Two PDFs keep their pages as they are; two TIFFs keep their pixels and resolutions. The same
    halves give the same bytes.

    Raises:
        Refusal: They don't have as many pages, or not one side less in the second.
    """
    at = int(work.arguments["split_at"])
    halves = work.content[:at], work.content[at:]
    joined = _joined_pdf if work.kind == "pdf" else _joined_tiff
    return Answer(pieces=iter((joined(halves, work),)))


def _joined_pdf(halves: tuple[bytes, bytes], work: Work) -> bytes:
    try:
        with (
            pikepdf.open(io.BytesIO(halves[0])) as odd,
            pikepdf.open(io.BytesIO(halves[1])) as even,
            pikepdf.new() as whole,
        ):
            for page in _in_turn(list(odd.pages), list(even.pages), work):
                whole.pages.append(page)
            out = io.BytesIO()
            whole.save(out, deterministic_id=True)
            return out.getvalue()
    except BROKEN_OBJECT as problem:
        raise Refusal(DAMAGED) from problem


def _joined_tiff(halves: tuple[bytes, bytes], work: Work) -> bytes:
    odd, even = (list(tiff_document(half, work.limits)) for half in halves)
    out = io.BytesIO()
    drawn: list[Image.Image] = []
    for page in _in_turn(odd, even, work):
        image = page.image
        image.encoderinfo = {
            "compression": "group4" if page.is_bilevel else "tiff_deflate",
            "dpi": (page.resolution.x, page.resolution.y),
        }
        drawn.append(image)
    drawn[0].save(out, "TIFF", save_all=True, append_images=drawn[1:], **drawn[0].encoderinfo)
    return out.getvalue()


def _in_turn(odd: list[Any], even: list[Any], work: Work) -> Iterator[Any]:
    if not 0 <= len(odd) - len(even) <= 1:
        raise Refusal("other-side")
    backs = list(reversed(even)) if work.arguments["is_reversed"] else even
    for number, front in enumerate(odd):
        yield front
        if number < len(backs):
            yield backs[number]
