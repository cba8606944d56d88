"""Copies of a revision for drawing: without some annotations, or without what these write."""

from collections.abc import Iterable
from io import BytesIO
from typing import Final

import pikepdf

from rpa.signing.adapters.verification.graph import Graph
from rpa.signing.adapters.verification.lexer import Item, Ref
from rpa.signing.adapters.verification.sight import SHOWS

_HIDDEN: Final = 2


def without_annotations(graph: Graph, items: Iterable[Item]) -> bytes:
    """Return a copy that shows none of ``items``: the paper below them."""
    with _copy(graph) as pdf:
        for found in _annotations(pdf, items):
            flags = found.get("/F", 0)
            found["/F"] = (int(flags) if isinstance(flags, int) else 0) | _HIDDEN
        return _saved(pdf)


def without_text(graph: Graph, items: Iterable[Item]) -> bytes:
    """Return a copy in which the looks of ``items`` write nothing themselves: their ground."""
    with _copy(graph) as pdf:
        for found in _annotations(pdf, items):
            look = found.get("/AP", pikepdf.Dictionary()).get("/N")
            if isinstance(look, pikepdf.Stream):
                steps = [
                    step
                    for step in pikepdf.parse_content_stream(look)
                    if str(step.operator) not in SHOWS
                ]
                look.write(pikepdf.unparse_content_stream(steps))
        form = pdf.Root.get("/AcroForm")
        if isinstance(form, pikepdf.Dictionary) and "/NeedAppearances" in form:
            del form["/NeedAppearances"]  # the looks are what is looked at
        return _saved(pdf)


def decrypted(graph: Graph) -> bytes:
    """Return a revision as it is; of an encrypted one, a copy that needs no password."""
    if "Encrypt" not in graph.trailer:
        return graph.content
    with _copy(graph) as pdf:
        return _saved(pdf)


def _copy(graph: Graph) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(graph.content), password=graph.password)


def _annotations(pdf: pikepdf.Pdf, items: Iterable[Item]) -> list[pikepdf.Object]:
    refs = dict.fromkeys(one for one in items if isinstance(one, Ref))
    found = [pdf.get_object((one.number, one.generation)) for one in refs]
    return [one for one in found if isinstance(one, pikepdf.Dictionary)]


def _saved(pdf: pikepdf.Pdf) -> bytes:
    target = BytesIO()
    pdf.save(target, encryption=False, compress_streams=False)
    return target.getvalue()
