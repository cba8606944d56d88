"""What other makers' programs change in a signed file without touching what it says, and forgeries.

Each is a name and a file; the forged neighbours of a kind stand beside the sound ones.
"""

import re
from collections.abc import Iterator
from typing import Final

from rpa.testing import signed_samples as s

NOTE, POPUP, MARK = 24, 25, 26
_NOTE: Final = (
    b"<</Type/Annot/Subtype/Text/Rect[500 700 520 720]/Contents(%s)/T(Clerk)/F 28/P 3 0 R"
    b"/Popup 25 0 R/NM(n1)>>"
)
_MARK: Final = (
    b"<</Type/Annot/Subtype/Highlight/Rect[72 695 200 715]/C[1 1 0]/CA 0.4/F 4/P 3 0 R"
    b"/QuadPoints[72 715 200 715 72 695 200 695]/Contents(%s)>>"
)
_ORDERED: Final = b"<</Encoding/WinAnsiEncoding/BaseFont/Helvetica/Subtype/Type1/Type/Font>>"


def sound_changes() -> Iterator[tuple[str, bytes]]:
    """Yield files that were changed as their signers permit."""
    once = s.signed(s.whole_pdf())
    moved = b"/Root 40 0 R/Info 16 0 R"
    catalog = s.current(once, s.CATALOG)
    yield "the catalog under another number", s.updated(once, {40: catalog}, trailer=moved)
    yield (
        "the catalog under another number, by a stream",
        s.updated(once, {40: catalog}, trailer=moved, kind="stream"),
    )
    for key in (b"/ADBE_Mark 1", b"/ITXT_Mark<</A 1/B(x)>>", b"/PTEX_Mark[1 2]", b"/XXOwn true"):
        named = key.decode("ascii")
        yield f"a maker's own key on a node: {named}", _with(once, s.PAGES, key)
        yield f"a maker's own key on a page: {named}", _with(once, s.PAGE, key)
        yield f"a maker's own key in the catalog: {named}", _with(once, s.CATALOG, key)
    yield "a maker's prefix alone on a node", _with(once, s.PAGES, b"/ITXT(2.1.7)")
    yield "an object of another generation to which nothing leads", _born_late(once)
    yield "an unseen signature that does not turn", _signed_unseen(once, flags=148)
    yield "a form's font written again in another order", _with_font(once, _ORDERED)
    yield "a form's font under another number", _with_font(once, s.current(once, s.FONT))
    yield "a field filled in, its default look in other words", _refilled(once)
    yield (
        "the same with the border and flags that are the default",
        _refilled(once, b"/BS<</S/S/W 1>>/Ff 0"),
    )
    yield "an unseen signature whose look is a dictionary", _signed_unseen(once)
    for name, change in _notes(noted(3)):
        yield f"P=3: {name}", change


def forged_changes() -> Iterator[tuple[str, bytes]]:
    """Yield their forged neighbours."""
    once = s.signed(s.whole_pdf())
    moved = b"/Root 40 0 R/Info 16 0 R"
    action = s.with_entries(once, s.CATALOG, b"/OpenAction<</S/URI/URI(https://x.example/)>>")
    yield "another catalog with an action", s.updated(once, {40: action}, trailer=moved)
    for key in (b"/Rotate 90", b"/MediaBox[0 0 99 99]", b"/Resources<<>>", b"/CropBox[0 0 9 9]"):
        yield f"an inherited key on a node: {key.decode()}", _with(once, s.PAGES, key)
    yield "a prefix alone with a drawing", _with(once, s.PAGES, b"/ITXT 5 0 R")
    yield "an object of another generation that a page shows", _born_late(once, s.PAGE)
    yield "a seen field that does not turn", _signed_unseen(once, flags=148, box=b"300 100 500 150")
    for font in (b"Courier", b"Symbol"):
        named = _ORDERED.replace(b"Helvetica", font)
        yield f"another font under a form's name: {font.decode()}", _with_font(once, named)
    for drawn in (b"1 g /Helv 12 Tf", b"0 g /Helv 1 Tf", b"0 g /Zapf 12 Tf"):
        words = drawn.decode("ascii")
        yield f"a field filled in with another default look: {words}", _refilled(once, look=drawn)
    yield "a field filled in with another flag", _refilled(once, b"/Ff 8192")
    kept = noted(3)
    links = s.current(kept, s.PAGE).replace(b"18 0 R", b"")
    yield "P=3: a link taken away", s.updated(kept, {s.PAGE: links})
    widget = s.current(kept, s.PAGE).replace(b"11 0 R", b"")
    yield "P=3: a field's box taken away", s.updated(kept, {s.PAGE: widget})
    for level in (1, 2):
        for name, change in _notes(noted(level)):
            yield f"P={level}: {name}", change


def noted(level: int) -> bytes:
    """Return a document with a note and a mark that its author certified with P=``level``."""
    plain = s.whole_pdf()
    with_notes = s.updated(
        plain,
        {
            s.PAGE: s.with_items(plain, s.PAGE, b"/Annots", b"24 0 R 25 0 R 26 0 R"),
            NOTE: _NOTE % b"Seen",
            POPUP: b"<</Type/Annot/Subtype/Popup/Rect[300 600 500 700]/Parent 24 0 R/Open false>>",
            MARK: _MARK % b"",
        },
    )
    return s.signed(with_notes, s.Hand(level=level))


def _notes(kept: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield changes and deletions of notes: ISO 32000-2, 12.8.2.2, table 257, P=3."""
    yield "a note says something else", s.updated(kept, {NOTE: _NOTE % b"Seen again"})
    yield "a mark gets a comment", s.updated(kept, {MARK: _MARK % b"Why?"})
    page = s.current(kept, s.PAGE)
    without = page.replace(b"24 0 R 25 0 R", b"")
    yield "a note is deleted", s.updated(kept, {s.PAGE: without})
    freed = {NOTE: -1, POPUP: -1}
    yield (
        "a note is deleted and its number freed",
        s.updated(kept, {s.PAGE: without}, entries=freed),
    )
    yield "a mark is deleted", s.updated(kept, {s.PAGE: page.replace(b"26 0 R", b"")})
    elsewhere = (_NOTE % b"Seen").replace(b"[500 700 520 720]", b"[500 600 520 620]")
    yield "a note is moved over blank paper", s.updated(kept, {NOTE: elsewhere})


def _refilled(once: bytes, extra: bytes = b"", *, look: bytes = b"0 g /Helv 12 Tf") -> bytes:
    """Fill in a field as libraries do that write its default look (12.7.4.3) anew."""
    field = s.text_field(b"name", b"Bob", 41, extra).replace(b"/F1 12 Tf 0 g", look)
    drawn = s.look(b"Bob", font=b"/Helv").replace(b"/F1 7 0 R", b"/Helv 42 0 R")
    return s.updated(once, {s.NAME: field, 41: drawn, 42: s.current(once, s.FONT)})


def _born_late(once: bytes, shown_by: int | None = None) -> bytes:
    """Add an object of generation 1, as poppler does to what it left over."""
    changed = s.updated(once, {40: s.stream(b"q Q"), 41: b"null"})
    if shown_by is not None:
        page = s.current(once, shown_by).replace(b"/Contents 5 0 R", b"/Contents 40 1 R")
        changed = s.updated(once, {40: s.stream(b"q Q"), shown_by: page})
    start = changed.rindex(b"\n40 0 obj")
    end = changed[start:].replace(b"\n40 0 obj", b"\n40 1 obj")
    return changed[:start] + re.sub(rb"(\n40 1\n\d{10}) 00000 n", rb"\1 00001 n", end)


def _signed_unseen(once: bytes, *, flags: int = 132, box: bytes = b"0 0 0 0") -> bytes:
    """Sign again in a field without extent (12.7.5.5), as endesive writes it."""
    look = b"<</Type/XObject/Subtype/Form/Bbox[0 0 0 0]/Length 0>>"
    prepared = s.updated(
        once,
        {
            s.FORM: s.with_items(once, s.FORM, b"/Fields", b"40 0 R"),
            40: b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Second)/F %d/P 3 0 R/Rect[%s]"
            b"/AP<</N 41 0 R>>>>" % (flags, box),
            41: look,
        },
    )
    return s.signed(prepared, s.Hand("Second"))


def _with(once: bytes, number: int, key: bytes) -> bytes:
    return s.updated(once, {number: s.with_entries(once, number, key)})


def _with_font(once: bytes, font: bytes) -> bytes:
    form = s.current(once, s.FORM).replace(b"/F1 7 0 R", b"/F1 41 0 R")
    return s.updated(once, {s.FORM: form, 41: font})
