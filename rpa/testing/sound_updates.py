"""What honest programs do to signed PDFs: none of it may be called a change of the document."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Final

import pikepdf

from rpa.testing import signed_samples as s

_XMP: Final = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/'
    b'22-rdf-syntax-ns#"/></x:xmpmeta>'
)
_BOB: Final = {s.NAME: s.text_field(b"name", b"Bob", s.NAME_LOOK), s.NAME_LOOK: s.look(b"Bob")}
_DER: Final = b"\x30\x03\x02\x01\x01"


def sound_files() -> Iterator[tuple[str, bytes]]:
    """Yield soundly signed files, each with what happened to it, in words for a test's name."""
    plain = s.whole_pdf()
    once = s.signed(plain)
    yield "signed once", once
    yield from _of_other_builds(plain)
    yield from _signed_again(plain, once)
    yield from _filled(plain, once)
    yield from _kept_alive(once)
    yield from _described(once)
    yield from _certified(plain)


def _rewritten(pdf: bytes, **how: object) -> bytes:
    target = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as opened:
        opened.save(target, **how)  # type: ignore[arg-type]
    return target.getvalue()


def _of_other_builds(plain: bytes) -> Iterator[tuple[str, bytes]]:
    packed = pikepdf.ObjectStreamMode.generate
    for name, built in (
        ("object streams", _rewritten(plain, object_stream_mode=packed)),
        ("linearized", _rewritten(plain, linearize=True)),
        ("linearized, packed", _rewritten(plain, linearize=True, object_stream_mode=packed)),
        ("hybrid", hybrid(plain)),
        ("two revisions before", s.updated(plain, {s.INFORMATION: b"<</Title(New)>>"})),
        ("carriage returns", plain.replace(b"%%EOF\n", b"%%EOF\r\n")),
        ("no line after the end", plain.rstrip(b"\n")),
        ("blanks after the end", plain + b"\n\n  \n"),
        ("dynamic form", _with_xfa(plain)),
    ):  # fmt: skip
        yield f"{name}, signed", s.signed(built)
        yield f"{name}, signed twice", s.signed(s.signed(built), s.Hand("Second"))
        yield f"{name}, stamped", s.stamped(s.signed(built))
    for revision in (4, 6):
        locked = pikepdf.Encryption(owner="owner", user="", R=revision)
        encrypted = s.signed(_rewritten(plain, encryption=locked), s.Hand(password=""))
        yield f"encrypted without a password to read, R{revision}", encrypted
        yield (
            f"encrypted without a password to read, R{revision}, signed twice",
            s.signed(encrypted, s.Hand("Second", password="")),
        )


def hybrid(plain: bytes) -> bytes:
    """Return the document with one object named only in the hidden half of its table."""
    table = s.last_table(plain)
    at = len(plain)
    offset = plain.index(b"\n19 0 obj") + 1
    rows = b"\x01" + offset.to_bytes(4, "big") + b"\0"
    entries = b"/Type/XRef/W[1 4 1]/Index[19 1]/Size 24"
    piece = b"23 0 obj\n" + s.stream(rows, entries) + b"\nendobj\n"
    trailer = b"<</Size 24/Root 1 0 R/Info 16 0 R/Prev %d/XRefStm %d>>" % (table, at)
    start = at + len(piece)
    piece += b"xref\n0 1\n0000000000 65535 f \ntrailer\n" + trailer
    return plain + piece + b"\nstartxref\n%d\n%%%%EOF\n" % start


def _with_xfa(plain: bytes) -> bytes:
    packets = b"/XFA[(template)30 0 R(datasets)31 0 R]"
    return s.updated(
        plain,
        {
            s.FORM: s.with_entries(plain, s.FORM, packets),
            30: s.stream(b"<template/>"),
            31: s.stream(b"<xfa:datasets/>"),
        },
    )


def _signed_again(plain: bytes, once: bytes) -> Iterator[tuple[str, bytes]]:
    twice = s.signed(once, s.Hand("Second"))
    yield "signed three times", s.signed(twice, s.Hand("Third"))
    yield "a prepared field signed later", s.signed(once, s.Hand("seen"))
    yield "a seen field signed first", s.signed(s.signed(plain, s.Hand("seen")), s.Hand("Second"))
    yield "a new field on blank paper", s.signed(once, s.Hand("Margin", box=(300, 100, 500, 150)))
    yield (
        "an empty field added",
        s.updated(
            once,
            {
                s.FORM: s.with_items(once, s.FORM, b"/Fields", b"40 0 R"),
                s.PAGE: s.with_items(once, s.PAGE, b"/Annots", b"40 0 R"),
                40: b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Later)/F 132/P 3 0 R/Rect[0 0 0 0]>>",
            },
        ),
    )
    yield (
        "signature flags set",
        s.updated(
            once, {s.FORM: re.sub(rb"/SigFlags \d", b"/SigFlags 1", s.current(once, s.FORM))}
        ),
    )


def _filled(plain: bytes, once: bytes) -> Iterator[tuple[str, bytes]]:
    yield "a field filled in", s.updated(once, _BOB)
    yield "a field filled in, by a stream of references", s.updated(once, _BOB, kind="stream")
    yield (
        "a field filled in, in an object stream",
        s.updated(
            once,
            {s.NAME_LOOK: s.look(b"Bob"), 40: s.packed({s.NAME: _BOB[s.NAME]})},
            kind="stream",
            packed={s.NAME: (40, 0)},
        ),
    )
    yield (
        "a field filled in, with a look of its own",
        s.updated(once, {s.NAME: s.text_field(b"name", b"Bob", 40), 40: s.look(b"Bob")}),
    )
    yield (
        "a field filled in without a look",
        s.updated(
            once, {s.NAME: s.text_field(b"name", b"Bob", 40).replace(b"/AP<</N 40 0 R>>", b"")}
        ),
    )
    yield (
        "a field filled in, two lines",
        s.updated(once, {**_BOB, s.NAME_LOOK: s.look(b"Bo) Tj 0 -4 Td (b")}),
    )
    other = s.text_field(b"amount", b"250", s.AMOUNT_LOOK)
    yield "a value replaced", s.updated(once, {s.AMOUNT: other, s.AMOUNT_LOOK: s.look(b"250")})
    yield "a box ticked", s.updated(once, {s.AGREED: s.check_box(b"Yes")})
    yield "filled in, then signed", s.signed(s.updated(once, _BOB), s.Hand("Second"))
    yield "filled in, then stamped", s.stamped(s.updated(once, _BOB))
    accented = s.text_field(b"name", b"Ren\xe9", s.NAME_LOOK)
    yield (
        "filled in with an accent",
        s.updated(once, {s.NAME: accented, s.NAME_LOOK: s.look(b"Ren\xe9")}),
    )
    wide = s.text_field(b"name", b"\xfe\xff\0R\0e\0n\0\xe9", s.NAME_LOOK)
    yield "filled in with UTF-16", s.updated(once, {s.NAME: wide, s.NAME_LOOK: s.look(b"Ren\xe9")})
    yield "a look drawn anew", s.updated(once, {s.AMOUNT_LOOK: s.look(b"100", extra=b" q Q")})
    dynamic = s.signed(_with_xfa(plain))
    yield (
        "the data of a dynamic form",
        s.updated(dynamic, {31: s.stream(b"<xfa:datasets>1</xfa:datasets>")}),
    )


def _kept_alive(once: bytes) -> Iterator[tuple[str, bytes]]:
    store = b"/DSS<</Type/DSS/Certs[40 0 R]/OCSPs[41 0 R]/CRLs[42 0 R]/VRI 43 0 R>>"
    data = {number: s.stream(_DER) for number in (40, 41, 42)}
    data[43] = b"<</%s<</Type/VRI/Cert[40 0 R]/OCSP[41 0 R]/TU(D:20260101000000Z)>>>>" % (
        b"AB" * 20
    )
    with_store = s.updated(once, {s.CATALOG: s.with_entries(once, s.CATALOG, store), **data})
    yield "validation data", with_store
    yield "validation data, then a timestamp", s.stamped(with_store)
    renewed = s.stamped(with_store)
    yield "two timestamps", s.stamped(renewed, "Stamp2")
    yield "three timestamps", s.stamped(s.stamped(renewed, "Stamp2"), "Stamp3")
    yield "timestamp, then a signature", s.signed(renewed, s.Hand("Second"))
    yield (
        "an empty store",
        s.updated(once, {s.CATALOG: s.with_entries(once, s.CATALOG, b"/DSS<</Type/DSS>>")}),
    )
    indirect = {40: b"<</Certs 41 0 R>>", 41: b"[42 0 R]", 42: s.stream(_DER)}
    yield (
        "a store in objects of its own",
        s.updated(once, {s.CATALOG: s.with_entries(once, s.CATALOG, b"/DSS 40 0 R"), **indirect}),
    )


def _described(once: bytes) -> Iterator[tuple[str, bytes]]:
    yield "document information", s.updated(once, {s.INFORMATION: b"<</Title(T)/ModDate(D:2026)>>"})
    yield "XMP", s.updated(once, {s.XMP: s.stream(_XMP, b"/Type/Metadata/Subtype/XML")})
    yield "extensions", s.updated(
        once,
        {
            s.CATALOG: re.sub(
                rb"/Extensions\s*<<", b"/Extensions<</ADBE<</BaseVersion/1.7/ExtensionLevel 8>>",
                s.current(once, s.CATALOG), count=1,
            )
        },
    )  # fmt: skip
    unversioned = re.sub(rb"/Version\s*/[\d.]+", b"", s.current(once, s.CATALOG))
    yield "version", s.updated(once, {s.CATALOG: unversioned[:-2] + b"/Version/2.0>>"})
    yield (
        "objects written again",
        s.updated(
            once, {number: s.current(once, number) for number in (s.PAGE, s.FONT, s.CONTENTS)}
        ),
    )
    yield "an update without objects", s.updated(once, {})
    yield "blank lines after the end", once + b"\r\n\n"
    yield "another identifier", s.updated(once, {}, trailer=b"/Root 1 0 R/Info 16 0 R/ID[<01><02>]")
    yield "an unused object added", s.updated(once, {40: b"(nobody refers to it)"})


def _certified(plain: bytes) -> Iterator[tuple[str, bytes]]:
    for level in (1, 2, 3):
        sealed = s.signed(plain, s.Hand(level=level))
        yield f"certified, P={level}", sealed
        yield f"certified, P={level}, stamped", s.stamped(sealed)
        if level > 1:
            yield f"certified, P={level}, filled in", s.updated(sealed, _BOB)
            yield f"certified, P={level}, signed", s.signed(sealed, s.Hand("seen"))
            yield f"certified, P={level}, signed unseen", s.signed(sealed, s.Hand("Second"))
    noted = s.signed(plain, s.Hand(level=3))
    yield (
        "certified, P=3, with a note",
        s.updated(
            noted,
            {
                s.PAGE: s.with_items(noted, s.PAGE, b"/Annots", b"40 0 R"),
                40: b"<</Type/Annot/Subtype/Text/Rect[500 700 520 720]/Contents(Seen)>>",
            },
        ),
    )
    kept = s.signed(plain, s.Hand(locked=["amount"]))
    yield "one field locked, another filled in", s.updated(kept, _BOB)
