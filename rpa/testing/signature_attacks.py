"""The published ways to make a signed PDF show something else, each on a sample of our own.

Universal signature forgery, signature wrapping and incremental saving: Mladenov, Mainka et al.,
"1 Trillion Dollar Refund", CCS 2019. Shadow attacks: Mainka, Mladenov, Rohlmann, NDSS 2021. Evil
annotations and sneaky signatures on certified documents: Rohlmann et al., IEEE S&P 2021.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from rpa.testing import signed_samples as s
from rpa.testing.later_changes import CHANGES

Attack = Callable[[bytes], bytes]

_FORGED: Final = b"BT /F1 14 Tf 72 700 Td (The city pays 900 dollars.) Tj ET"
_OTHER: Final = s.stream(_FORGED)


def attacks() -> Iterator[tuple[str, bytes]]:
    """Yield every attack's name and the file that it makes."""
    plain = s.signed(s.whole_pdf())
    for name, attack in _on_plain().items():
        yield name, attack(plain)
    for name, attack in _on_prepared().items():
        yield name, attack(s.signed(s.whole_pdf(_prepared())))
    annotated = s.signed(s.whole_pdf(), s.Hand(level=3))
    filled = s.signed(s.whole_pdf(), s.Hand(level=2))
    closed = s.signed(s.whole_pdf(), s.Hand(level=1))
    locked = s.signed(s.whole_pdf(), s.Hand(locked=["name"]))
    for name, pdf in _on_certified(annotated, filled, closed, locked):
        yield name, pdf
    for name, change in CHANGES.items():
        yield f"change-{name}", change(plain)
        yield f"change-{name}-stream", _through_stream(change, plain)


def _through_stream(change: Callable[..., bytes], pdf: bytes) -> bytes:
    return change(pdf, kind="stream")


def _byte_range(pdf: bytes) -> tuple[int, int, int, int]:
    found = re.findall(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)", pdf)[-1]
    first, second, third, fourth = (int(number) for number in found)
    return first, second, third, fourth


def _kept_length(pdf: bytes, pattern: bytes, new: bytes) -> bytes:
    """Replace the first match, blanks keeping its length, so that every offset stays true."""
    found = re.search(pattern, pdf, re.DOTALL)
    if found is None or len(new) > len(found[0]):
        raise ValueError(pattern)
    return pdf[: found.start()] + new.ljust(len(found[0])) + pdf[found.end() :]


def _forgery(pattern: bytes, new: bytes) -> Attack:
    return lambda pdf: _kept_length(pdf, pattern, new)


_CONTENTS: Final = rb"/Contents <[0-9A-Fa-f]+>"
_RANGE: Final = rb"/ByteRange \[[^\]]+\]"


def _on_plain() -> dict[str, Attack]:
    return _forgeries() | _wrappings() | _savings() | _tails()


def _forgeries() -> dict[str, Attack]:
    """Universal signature forgery: the dictionary is emptied of what a check needs."""
    contents = {
        "empty": b"/Contents <>",
        "no-value": b"/Contents ",
        "null": b"/Contents null",
        "zero": b"/Contents <00>",
        "missing": b"",
        "number": b"/Contents 1",
        "empty-string": b"/Contents ()",
        "renamed": b"/Content <00>",
    }
    ranges = {
        "empty": b"/ByteRange []",
        "null": b"/ByteRange null",
        "missing": b"",
        "no-value": b"/ByteRange ",
        "zeros": b"/ByteRange [0 0 0 0]",
        "negative": b"/ByteRange [0 -9 9 9]",
        "one": b"/ByteRange [0 9]",
        "large": b"/ByteRange [0 9 9 9999999]",
    }
    return {
        **{f"usf-contents-{name}": _forgery(_CONTENTS, new) for name, new in contents.items()},
        **{f"usf-range-{name}": _forgery(_RANGE, new) for name, new in ranges.items()},
    }


_CLOSING: Final = b"/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached>>\nendobj\n"


def _wrappings() -> dict[str, Attack]:
    """Signature wrapping: what is signed is moved, and other content takes its place."""
    return {
        "swa-new-range": lambda pdf: _wrapped(pdf, _CLOSING),
        "swa-no-object-end": lambda pdf: _wrapped(pdf, _CLOSING[:-7]),
        "swa-not-closed": lambda pdf: _wrapped(pdf, _CLOSING[:-9] + b"/X("),
        "swa-commented": lambda pdf: _wrapped(pdf, _CLOSING + b"%"),
        "swa-blank-first": lambda pdf: _wrapped(pdf, _CLOSING, lead=b"  \n"),
        "swa-zeros-first": lambda pdf: _wrapped(pdf, _CLOSING, inside=b"00" * 8),
        "swa-hidden-in-string": lambda pdf: _wrapped(pdf, _CLOSING, inside=b"\n5 0 obj\n"),
    }


def _wrapped(pdf: bytes, closing: bytes, *, lead: bytes = b"", inside: bytes = b"") -> bytes:
    """Put another byte range, and another table where the old one stood, before the moved rest."""
    _zero, before, after, rest = _byte_range(pdf)
    start = s.last_table(pdf)
    contents = pdf[before : after - 1] + inside + b">"
    moved = after
    for _round in range(4):
        head = pdf[:before] + contents + lead
        head += b"/ByteRange [0 %d %d %d]" % (before, moved, rest) + closing
        head = head.ljust(start)
        places = {int(hit[1]): hit.start() for hit in s.OBJECT.finditer(pdf)}
        places = {n: at if at < after else at + moved - after for n, at in places.items()}
        table = b"xref\n0 1\n0000000000 65535 f \n"
        places[s.CONTENTS] = len(head) + 20 * len(places) + 7 * len(places) + 200
        for number, at in sorted(places.items()):
            table += b"%d 1\n%010d 00000 n \n" % (number, at)
        table += b"trailer\n<</Size 40/Root 1 0 R/Info 16 0 R>>\n"
        head = (head + table).ljust(places[s.CONTENTS])
        head += b"5 0 obj\n" + _OTHER + b"\nendobj\n"
        moved = len(head)
    return head + pdf[after : after + rest]


def _savings() -> dict[str, Attack]:
    """Incremental saving: what follows shows another page, and is no whole update."""
    new = {s.CONTENTS: _OTHER}
    return {
        "isa-no-table": lambda pdf: s.updated(pdf, new, kind="none"),
        "isa-empty-table": lambda pdf: s.updated(pdf, new, kind="empty"),
        "isa-bare": lambda pdf: pdf + b"5 0 obj\n" + _OTHER + b"\nendobj\n",
        "isa-bare-trailer": lambda pdf: (
            pdf + b"5 0 obj\n" + _OTHER + b"\nendobj\ntrailer\n<</Root 1 0 R/Size 30>>\n"
        ),
        "isa-old-start": lambda pdf: s.updated(pdf, new, start=s.last_table(pdf)),
        "isa-wrong-start": lambda pdf: s.updated(pdf, new, start=7),
        "isa-no-end": lambda pdf: s.updated(pdf, new, end=b""),
        "isa-no-previous": lambda pdf: s.updated(pdf, new, previous=None),
        "isa-older-previous": lambda pdf: s.updated(pdf, {}, previous=_first_table(pdf)),
        "isa-copied-signature": _copied,
        "isa-other-root": lambda pdf: s.updated(
            pdf,
            {40: s.with_entries(pdf, s.CATALOG, b"/OpenAction[4 0 R/Fit]")},
            trailer=b"/Root 40 0 R/Info 16 0 R",
        ),
        "isa-unnamed-object": lambda pdf: s.updated(
            pdf, {16: b"<</Title(x)>>", 5: _OTHER}, unnamed=frozenset({5})
        ),
        "isa-twice-in-one": lambda pdf: s.updated(
            pdf, {16: b"<</Title(x)>>\nendobj\n5 0 obj\n" + _OTHER}
        ),
        "isa-inside-stream": lambda pdf: s.updated(
            pdf, {17: s.stream(b"\nendstream endobj\n5 0 obj\n" + _OTHER, b"/Type/Metadata")}
        ),
        "isa-in-comment": lambda pdf: s.updated(
            pdf, {16: b"<</Title(x)>>\n%\n5 0 obj\n" + _OTHER + b"\nendobj"}
        ),
        "isa-freed": lambda pdf: s.updated(pdf, {}, entries={s.CONTENTS: -1}),
        "isa-generation": lambda pdf: pdf + b"\n5 1 obj\n" + _OTHER + b"\nendobj\n",
        "isa-hybrid": _hybrid,
        "isa-packed": lambda pdf: _packed(pdf, {5: (40, 0)}),
        "isa-packed-unnamed": lambda pdf: _packed(pdf, {16: (40, 1)}),
    }


def _first_table(pdf: bytes) -> int:
    return int(re.findall(rb"startxref\s+(\d+)", pdf)[0])


def _copied(pdf: bytes) -> bytes:
    """Repeat the signature's own object behind a change, as if it had been made after it."""
    found = re.search(rb"(\d+) 0 obj\s*(<<[^>]*/Type /Sig\b.*?)endobj", pdf, re.DOTALL)
    if found is None:
        found = re.search(rb"(\d+) 0 obj\s*(<<(?:(?!endobj).)*/ByteRange.*?)endobj", pdf, re.DOTALL)
    number, content = (int(found[1]), found[2]) if found else (30, b"<<>>")
    return s.updated(pdf, {s.CONTENTS: _OTHER, number: content})


def _hybrid(pdf: bytes) -> bytes:
    """Name the forged object only in the hidden half of a hybrid table."""
    at = len(pdf) + 1
    piece = b"5 0 obj\n" + _OTHER + b"\nendobj\n"
    rows = b"\x01" + at.to_bytes(4, "big") + b"\0"
    entries = b"/Type/XRef/W[1 4 1]/Index[5 1]/Size 40"
    place = at + len(piece)
    piece += b"39 0 obj\n" + s.stream(rows, entries) + b"\nendobj\n"
    table = at + len(piece)
    trailer = b"<</Size 40/Root 1 0 R/Info 16 0 R/Prev %d/XRefStm %d>>" % (
        s.last_table(pdf),
        place,
    )
    piece += b"xref\n0 1\n0000000000 65535 f \ntrailer\n" + trailer
    return pdf + b"\n" + piece + b"\nstartxref\n%d\n%%%%EOF\n" % table


def _packed(pdf: bytes, named: dict[int, tuple[int, int]]) -> bytes:
    """Put other objects into an object stream of which a repairing reader takes everything."""
    inside = {s.PAGE: s.page(s.HIDDEN_CONTENTS), s.INFORMATION: b"<</Title(x)>>"}
    if 5 in named:
        inside, named = {s.PAGE: s.page(s.HIDDEN_CONTENTS)}, {s.PAGE: (40, 0)}
    return s.updated(pdf, {40: s.packed(inside)}, kind="stream", packed=named)


def _tails() -> dict[str, Attack]:
    return {
        "tail-text": lambda pdf: pdf + b"The city pays 900 dollars.\n",
        "tail-comment": lambda pdf: pdf + b"%" + b" " * 1100 + b"5 0 obj " + _OTHER + b" endobj\n",
        "tail-second-document": lambda pdf: pdf + s.whole_pdf(s.objects() | {5: _OTHER}),
        "tail-rewritten": lambda pdf: s.whole_pdf(s.objects() | {5: _OTHER}) + pdf,
        "byte-in-content": lambda pdf: pdf.replace(b"pays 100", b"pays 900", 1),
        "byte-in-head": lambda pdf: pdf.replace(b"%PDF-1.7", b"%PDF-1.6", 1),
        "cut-end": lambda pdf: pdf[:-40],
        "signature-of-another": lambda pdf: _kept_length(
            pdf,
            _CONTENTS,
            re.findall(_CONTENTS, s.signed(s.whole_pdf(s.objects() | {5: _OTHER})))[0],
        ),
    }


def _prepared() -> dict[int, bytes]:
    """Return a document that its author made ready to be turned into another."""
    double = s.objects()
    double[s.AMOUNT_LOOK] = s.look(b"900")  # the value says 100, what is seen says 900
    return double


def _on_prepared() -> dict[str, Attack]:
    """Shadow attacks: hide, replace, hide and replace."""
    return {
        "shadow-hide-contents": lambda pdf: s.updated(
            pdf, {}, entries={s.CONTENTS: _offset(pdf, s.HIDDEN_CONTENTS)}
        ),
        "shadow-hide-overlay": CHANGES["annotation-removed"],
        "shadow-hide-and-replace": lambda pdf: s.updated(
            pdf, {s.PAGES: b"<</Type/Pages/Kids[20 0 R 4 0 R]/Count 2>>"}
        ),
        "shadow-hide-and-replace-old": lambda pdf: s.updated(
            pdf, {}, entries={s.PAGE: _offset(pdf, s.HIDDEN_PAGE)}
        ),
        "shadow-contents-reference": lambda pdf: s.updated(
            pdf, {s.PAGE: s.current(pdf, s.PAGE).replace(b"/Contents 5 0", b"/Contents 19 0")}
        ),
    } | _replacements()


def _replacements() -> dict[str, Attack]:
    return {
        "shadow-replace-look": lambda pdf: s.updated(pdf, {s.AMOUNT_LOOK: s.look(b"100")}),
        "shadow-replace-look-forged": lambda pdf: s.updated(pdf, {s.AMOUNT_LOOK: s.look(b"1")}),
        "shadow-replace-look-new": lambda pdf: s.updated(
            pdf, {s.AMOUNT: s.text_field(b"amount", b"100", 31), 31: s.look(b"100")}
        ),
        "shadow-replace-regenerated": lambda pdf: s.updated(
            pdf, {s.FORM: s.with_entries(pdf, s.FORM, b"/NeedAppearances true")}
        ),
        "shadow-replace-value-only": lambda pdf: s.updated(
            pdf, {s.NAME: s.text_field(b"name", b"Bob", s.NAME_LOOK)}
        ),
        "shadow-replace-other-look": lambda pdf: s.updated(
            pdf,
            {s.NAME: s.text_field(b"name", b"Bob", s.NAME_LOOK), s.NAME_LOOK: s.look(b"Eve")},
        ),
        "shadow-replace-picture": lambda pdf: s.updated(
            pdf,
            {
                s.NAME: s.text_field(b"name", b"Bob", s.NAME_LOOK),
                s.NAME_LOOK: s.look(b"Bob", extra=b" BI /W 1 /H 1 /BPC 8 /CS /G ID \0 EI"),
            },
        ),
        "shadow-replace-nothing": lambda pdf: s.updated(pdf, {s.AMOUNT_LOOK: b"null"}),
        "shadow-replace-garbled": lambda pdf: s.updated(
            pdf,
            {
                s.NAME: s.text_field(b"name", b"Bob", s.NAME_LOOK),
                s.NAME_LOOK: s.look(b"Bob", extra=b" \xce\xff\xfe q Q"),
            },
        ),
        "shadow-replace-pointed": lambda pdf: s.updated(
            pdf,
            {
                s.NAME: s.text_field(b"name", b"Bob", s.NAME_LOOK, b"/AA<</E<</S/Hide>>>>"),
                s.NAME_LOOK: s.look(b"Bob"),
            },
        ),
    } | _fonts()


def _fonts() -> dict[str, Attack]:
    return {
        "shadow-font": lambda pdf: s.updated(
            pdf,
            {
                s.FONT: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Type/Encoding"
                b"/Differences[49/nine]>>>>"
            },
        ),
        "shadow-font-family": lambda pdf: s.updated(
            pdf, {s.FONT: b"<</Type/Font/Subtype/Type1/BaseFont/Symbol>>"}
        ),
        "shadow-field-font": _with_own_font,
        "shadow-check-look": lambda pdf: s.updated(
            pdf, {s.AGREED: s.check_box(b"Yes", on=s.NO_LOOK)}
        ),
        "shadow-check-look-in-place": lambda pdf: s.updated(
            pdf, {s.YES_LOOK: s.stream(b"0 0 20 20 re f", b"/Subtype/Form/BBox[0 0 20 20]")}
        ),
    }


def _with_own_font(pdf: bytes) -> bytes:
    """Fill a field in a font brought along, which says of its letters that they are others."""
    said = b" ".join(
        b"<%02x> <%04x>" % (code, ord(meant)) for code, meant in zip(b"Eve", "Bob", strict=True)
    )
    drawn = s.look(b"Eve").replace(b"7 0 R", b"31 0 R")
    return s.updated(
        pdf,
        {
            s.NAME: s.text_field(b"name", b"Bob", s.NAME_LOOK),
            s.NAME_LOOK: drawn,
            31: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 32 0 R>>",
            32: s.stream(b"3 beginbfchar " + said + b" endbfchar"),
        },
    )


def _offset(pdf: bytes, number: int) -> int:
    return pdf.index(b"\n%d 0 obj" % number) + 1


def _annotation(kind: bytes, extra: bytes = b"") -> bytes:
    return b"<</Type/Annot/Subtype/%s/Rect[60 690 400 720]/F 4/Contents(900)%s>>" % (kind, extra)


def _on_certified(
    annotated: bytes, filled: bytes, closed: bytes, locked: bytes
) -> Iterator[tuple[str, bytes]]:
    drawn = {41: s.stream(_FORGED, b"/Type/XObject/Subtype/Form/BBox[0 0 340 30]")}
    with_look = b"/AP<</N 41 0 R>>"
    for kind in (b"FreeText", b"Stamp", b"Redact", b"Square", b"Highlight", b"Ink", b"Watermark"):
        overlay = {**_on_page(annotated), 40: _annotation(kind, with_look), **drawn}
        yield f"eaa-{kind.decode().lower()}", s.updated(annotated, overlay)
    link = _annotation(b"Link", b"/A<</S/JavaScript/JS(app.alert\\(1\\))>>")
    yield "eaa-link", s.updated(annotated, {**_on_page(annotated), 40: link})
    note = {**_on_page(filled), 40: _annotation(b"Text")}
    yield "eaa-note-where-forbidden", s.updated(filled, note)
    yield "eaa-removed", CHANGES["annotation-removed"](annotated)
    over = s.Hand("Sneaky", box=(60, 690, 400, 720))
    yield "ssa-seen-in-certified", s.signed(filled, over)
    yield "ssa-seen-in-certified-3", s.signed(annotated, over)
    yield "ssa-over-text", s.signed(s.signed(s.whole_pdf()), over)
    field = b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Sneaky)/F 132/P 3 0 R" + with_look
    empty = {40: field + b"/Rect[60 690 400 720]>>", **_on_page(filled), **_in_form(filled)}
    yield "ssa-unsigned-field", s.updated(filled, {**empty, **drawn})
    kind = s.current(filled, s.NAME).replace(b"/FT/Tx", b"/FT/Btn")
    yield "field-of-another-kind", s.updated(filled, {s.NAME: kind})
    yield "lock-p1-filled", _bob(closed)
    unseen = field.replace(with_look, b"/Rect[0 0 0 0]>>")
    yield "lock-p1-field", s.updated(closed, {40: unseen, **_in_form(closed)})
    yield "lock-field-filled", _bob(locked)
    yield "lock-all-filled", _bob(s.signed(s.whole_pdf(), s.Hand(locked=[])))
    seen = s.signed(s.whole_pdf(), s.Hand("seen"))
    yield "signature-look-replaced", s.updated(seen, _replaced_look(seen))


def _replaced_look(pdf: bytes) -> dict[int, bytes]:
    found = re.findall(rb"/N (\d+) 0 R", pdf)[-1]
    return {int(found): s.stream(_FORGED, b"/Type/XObject/Subtype/Form/BBox[0 0 200 50]")}


def _on_page(pdf: bytes) -> dict[int, bytes]:
    return {s.PAGE: s.with_items(pdf, s.PAGE, b"/Annots", b"40 0 R")}


def _in_form(pdf: bytes) -> dict[int, bytes]:
    return {s.FORM: s.with_items(pdf, s.FORM, b"/Fields", b"40 0 R")}


def _bob(pdf: bytes) -> bytes:
    return s.updated(
        pdf, {s.NAME: s.text_field(b"name", b"Bob", s.NAME_LOOK), s.NAME_LOOK: s.look(b"Bob")}
    )
