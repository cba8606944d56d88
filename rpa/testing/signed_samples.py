"""Small PDFs whose every object is known, signed, and incremental updates of any making.

They are what attacks and honest later changes are tried on. The objects:

====  ==========================================================================
1     catalog              2      page tree          3, 4   pages
5, 6  their contents       7      Helvetica          8      form
9     field ``name``, empty       10     its appearance
11    field ``amount``, 100       12     its appearance
13    check box ``agreed``        14, 15 its two appearances
16    document information        17     XMP
18    a link on page 1            19     contents that nothing shows
20    a page that nothing shows   21     field ``seen``, to sign in, seen on page 1
22    its first appearance
====  ==========================================================================
"""

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any, Final

from asn1crypto import keys, x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.crypt import AuthStatus
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

CATALOG, PAGES, PAGE, PAGE_2, CONTENTS, CONTENTS_2, FONT, FORM = range(1, 9)
NAME, NAME_LOOK, AMOUNT, AMOUNT_LOOK, AGREED, YES_LOOK, NO_LOOK = range(9, 16)
INFORMATION, XMP, LINK, HIDDEN_CONTENTS, HIDDEN_PAGE, SEEN, SEEN_LOOK = range(16, 23)
SIZE: Final = 23
OBJECT: Final = re.compile(rb"(?<!\d)(\d{1,9}) 0 obj\b")
_TEXT: Final = b"BT /F1 14 Tf 72 700 Td (%s) Tj ET"
_XMP: Final = (
    b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>"
    b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/></x:xmpmeta>"
)
_RESOURCES: Final = b"<</Font<</F1 7 0 R>>>>"


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """Return a stream object's text."""
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(content), content)


def look(text: bytes, *, font: bytes = b"/F1", extra: bytes = b"") -> bytes:
    """Return a text field's appearance."""
    drawn = b"/Tx BMC q BT %s 12 Tf 0 g 2 5 Td (%s) Tj ET Q EMC" % (font, text)
    return stream(
        drawn + extra,
        b"/Type/XObject/Subtype/Form/BBox[0 0 150 20]/Resources" + _RESOURCES,
    )


def text_field(name: bytes, value: bytes, appearance: int, extra: bytes = b"") -> bytes:
    """Return a text field's dictionary."""
    bottom = 600 if name == b"name" else 560
    return (
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(%s)/V(%s)/F 4/DA(/F1 12 Tf 0 g)/P 3 0 R"
        b"/Rect[72 %d 222 %d]/AP<</N %d 0 R>>%s>>"
        % (name, value, bottom, bottom + 20, appearance, extra)
    )


def check_box(state: bytes, *, on: int = YES_LOOK) -> bytes:
    """Return the check box's dictionary."""
    return (
        b"<</Type/Annot/Subtype/Widget/FT/Btn/T(agreed)/V/%s/AS/%s/F 4/P 3 0 R"
        b"/Rect[72 520 92 540]/AP<</N<</Yes %d 0 R/Off 15 0 R>>>>>>" % (state, state, on)
    )


def page(contents: int, annotations: bytes = b"", extra: bytes = b"") -> bytes:
    """Return a page's dictionary."""
    return (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources%s/Contents %d 0 R"
        b"/Annots[%s]%s>>" % (_RESOURCES, contents, annotations, extra)
    )


FIRST_ANNOTATIONS: Final = b"9 0 R 11 0 R 13 0 R 18 0 R 21 0 R"
CATALOG_ENTRIES: Final = b"/Type/Catalog/Pages 2 0 R/AcroForm 8 0 R/Metadata 17 0 R"
FORM_ENTRIES: Final = (
    b"/Fields[9 0 R 11 0 R 13 0 R 21 0 R]/DA(/F1 12 Tf 0 g)/DR<</Font<</F1 7 0 R>>>>"
)


def objects() -> dict[int, bytes]:
    """Return the objects of the document, before anybody signs it."""
    box = b"/Type/XObject/Subtype/Form/BBox[0 0 20 20]"
    return {
        CATALOG: b"<<%s>>" % CATALOG_ENTRIES,
        PAGES: b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>",
        PAGE: page(CONTENTS, FIRST_ANNOTATIONS),
        PAGE_2: page(CONTENTS_2),
        CONTENTS: stream(_TEXT % b"The city pays 100 dollars."),
        CONTENTS_2: stream(_TEXT % b"Second page."),
        FONT: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        FORM: b"<<%s>>" % FORM_ENTRIES,
        NAME: text_field(b"name", b"", NAME_LOOK),
        NAME_LOOK: look(b""),
        AMOUNT: text_field(b"amount", b"100", AMOUNT_LOOK),
        AMOUNT_LOOK: look(b"100"),
        AGREED: check_box(b"Off"),
        YES_LOOK: stream(b"0 0 m 20 20 l S", box),
        NO_LOOK: stream(b"0 0 20 20 re S", box),
        INFORMATION: b"<</Title(Sample)/Producer(test)>>",
        XMP: stream(_XMP, b"/Type/Metadata/Subtype/XML"),
        LINK: b"<</Type/Annot/Subtype/Link/Rect[72 100 200 120]/Border[0 0 0]"
        b"/A<</S/URI/URI(https://ville.example/)>>>>",
        HIDDEN_CONTENTS: stream(_TEXT % b"The city pays 900 dollars."),
        HIDDEN_PAGE: page(HIDDEN_CONTENTS),
        SEEN: b"<</Type/Annot/Subtype/Widget/FT/Sig/T(seen)/F 132/P 3 0 R"
        b"/Rect[300 40 500 90]/AP<</N 22 0 R>>>>",
        SEEN_LOOK: stream(b"0 0 200 50 re S", b"/Type/XObject/Subtype/Form/BBox[0 0 200 50]"),
    }


def packed(found: Mapping[int, bytes]) -> bytes:
    """Return an object stream that holds ``found``."""
    places, at = [], 0
    for number, content in found.items():
        places.append(b"%d %d" % (number, at))
        at += len(content) + 1
    head = b" ".join(places) + b" "
    entries = b"/Type/ObjStm/N %d/First %d" % (len(found), len(head))
    return stream(head + b" ".join(found.values()), entries)


def whole_pdf(found: Mapping[int, bytes] | None = None) -> bytes:
    """Return a document with a cross-reference table."""
    head = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    return head + _body(found or objects(), len(head), Table(previous=None, size=SIZE))


@dataclass(frozen=True)
class Table:
    """How the cross-references of an update are written."""

    previous: int | None
    size: int
    kind: str = "table"
    """``table``, ``stream``, ``empty`` (a table without entries), or ``none``."""
    trailer: bytes = b"/Root 1 0 R/Info 16 0 R"
    entries: Mapping[int, int] | None = None
    """Offsets that are written in place of, or beside, the true ones; -1 frees an object."""
    unnamed: frozenset[int] = frozenset()
    """Objects that no entry names."""
    packed: Mapping[int, tuple[int, int]] | None = None
    """Objects in object streams: the stream's number and the index; of a stream of references."""
    start: int | None = None
    """What stands after ``startxref`` in place of the truth."""
    end: bytes = b"%%EOF\n"


def updated(pdf: bytes, found: Mapping[int, bytes], **table: Any) -> bytes:
    """Return ``pdf`` with an incremental update that holds ``found``."""
    settings: dict[str, Any] = {
        "previous": last_table(pdf),
        "size": max([size_of(pdf), *(number + 1 for number in found)]),
    }
    start = pdf if pdf.endswith(b"\n") else pdf + b"\n"
    return start + _body(found, len(start), Table(**(settings | table)))


def current(pdf: bytes, number: int) -> bytes:
    """Return an object's newest text."""
    found = re.findall(rb"[\r\n]%d 0 obj\s*(.*?)\s*endobj" % number, pdf, re.DOTALL)
    return bytes(found[-1])


def with_entries(pdf: bytes, number: int, extra: bytes) -> bytes:
    """Return a dictionary's newest text with more entries."""
    return current(pdf, number)[:-2] + extra + b">>"


def with_items(pdf: bytes, number: int, key: bytes, extra: bytes) -> bytes:
    """Return a dictionary's newest text with more items in the array under ``key``."""
    return re.sub(rb"(%s\s*\[[^\]]*)\]" % key, rb"\1 %s]" % extra, current(pdf, number), count=1)


def last_table(pdf: bytes) -> int:
    """Return the offset that the last ``startxref`` gives."""
    return int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])


def size_of(pdf: bytes) -> int:
    """Return the largest ``/Size`` in the file."""
    return max(int(one) for one in re.findall(rb"/Size (\d+)", pdf))


def _body(found: Mapping[int, bytes], at: int, table: Table) -> bytes:
    pieces, offsets = [], {}
    for number, content in found.items():
        offsets[number] = at
        pieces.append(b"%d 0 obj\n%s\nendobj\n" % (number, content))
        at += len(pieces[-1])
    named = {n: o for n, o in offsets.items() if n not in table.unnamed} | dict(table.entries or {})
    pieces.append(_references(named, at, table))
    start = at if table.start is None else table.start
    pieces.append(b"startxref\n%d\n" % start + table.end)
    return b"".join(pieces)


def _references(named: Mapping[int, int], at: int, table: Table) -> bytes:
    previous = b"" if table.previous is None else b"/Prev %d" % table.previous
    if table.kind == "none":
        return b"trailer\n<</Size %d%s%s>>\n" % (table.size, table.trailer, previous)
    if table.kind == "stream":
        return _reference_stream(named, at, table, previous)
    lines = [b"xref\n0 1\n0000000000 65535 f \n"] if table.kind == "table" else [b"xref\n0 0\n"]
    for number, offset in sorted(named.items()) if table.kind == "table" else ():
        used = b"%010d 00000 n \n" % offset if offset >= 0 else b"0000000000 00001 f \n"
        lines.append(b"%d 1\n%s" % (number, used))
    lines.append(b"trailer\n<</Size %d%s%s>>\n" % (table.size, table.trailer, previous))
    return b"".join(lines)


def _reference_stream(named: Mapping[int, int], at: int, table: Table, previous: bytes) -> bytes:
    own = table.size
    rows = {
        number: (b"\x01" + offset.to_bytes(4, "big") if offset >= 0 else bytes(5)) + b"\0"
        for number, offset in {**named, own: at}.items()
    }
    for number, (holder, place) in (table.packed or {}).items():
        rows[number] = b"\x02" + holder.to_bytes(4, "big") + bytes([place])
    index = b" ".join(b"%d 1" % number for number in sorted(rows))
    content = zlib.compress(b"".join(rows[number] for number in sorted(rows)))
    entries = b"/Type/XRef/W[1 4 1]/Index[%s]/Size %d%s%s/Filter/FlateDecode" % (
        index,
        own + 1,
        table.trailer,
        previous,
    )
    return b"%d 0 obj\n%s\nendobj\n" % (own, stream(content, entries))


@dataclass(frozen=True)
class Hand:
    """How a sample is signed."""

    field: str = "Signature1"
    level: int | None = None
    """Certify with DocMDP's P; None makes an approval."""
    locked: Sequence[str] | None = None
    """The fields that may not change later; an empty list: none may."""
    box: tuple[int, int, int, int] | None = None
    """Where a new field is seen."""
    password: str | None = None
    size: int = 3000


@cache
def _key(name: str, *, stamps: bool = False) -> tuple[x509.Certificate, keys.PrivateKeyInfo]:
    # pyHanko's clock for tests knows RSA alone; the curve is quicker.
    key = (
        rsa.generate_private_key(65537, 2048) if stamps else ec.generate_private_key(ec.SECP256R1())
    )
    subject = pyca.Name([pyca.NameAttribute(NameOID.COMMON_NAME, name)])
    start = datetime(2020, 1, 1, tzinfo=UTC)
    builder = (
        pyca.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(pyca.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=7300))
    )
    if stamps:
        usage = pyca.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, critical=True)
    der = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    private = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return x509.Certificate.load(der), keys.PrivateKeyInfo.load(private)


@cache
def stranger() -> signers.SimpleSigner:
    """Return a signer whom nobody vouches for: enough where only integrity is asked."""
    certificate, key = _key("Stranger")
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    return signers.SimpleSigner(certificate, key, store)


def signed(
    pdf: bytes, hand: Hand | None = None, signer: signers.SimpleSigner | None = None
) -> bytes:
    """Return ``pdf`` with one more signature, in a new field or one that is there."""
    hand = hand or Hand()
    lock = None
    if hand.locked is not None:
        action = fields.FieldMDPAction.INCLUDE if hand.locked else fields.FieldMDPAction.ALL
        lock = fields.FieldMDPSpec(action, fields=list(hand.locked) or None)
    metadata = signers.PdfSignatureMetadata(
        field_name=hand.field,
        certify=hand.level is not None,
        docmdp_permissions=fields.MDPPerm(hand.level or 2),
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
    )
    spec = fields.SigFieldSpec(hand.field, box=hand.box, field_mdp_spec=lock)
    is_there = b"/T(%s)" % hand.field.encode() in pdf
    made = signers.PdfSigner(
        metadata, signer or stranger(), new_field_spec=None if is_there else spec
    ).sign_pdf(_writer(pdf, hand.password), bytes_reserved=hand.size)
    return bytes(made.getvalue())


def stamped(pdf: bytes, field: str = "Stamp1") -> bytes:
    """Return ``pdf`` with a document timestamp."""
    certificate, key = _key("Clock", stamps=True)
    clock = DummyTimeStamper(certificate, key)
    made = signers.PdfTimeStamper(clock, field_name=field).timestamp_pdf(
        _writer(pdf, None), "sha256"
    )
    return bytes(made.getvalue())


def _writer(pdf: bytes, password: str | None) -> IncrementalPdfFileWriter:
    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
    if password is not None:
        found = writer.encrypt(password)  # type: ignore[no-untyped-call]
        if getattr(found, "status", None) is AuthStatus.FAILED:
            raise ValueError("password")
    return writer
