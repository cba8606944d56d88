"""What PDF/A asks of a signed document, as far as it can be checked without a full validator.

The clauses are those of ISO 19005-2 (and -3, which has the same); where ISO 19005-1 differs, its
clause is named. Only what a signature may break is checked: the revision it adds, the widgets, the
appearance with its font and colours, the metadata, the signature dictionary.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

import pikepdf
from asn1crypto import cms
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

PRINT: Final = 0b100
HIDDEN: Final = 0b1 | 0b10 | 0b100000 | 0b100000000
"""Invisible, Hidden, NoView and ToggleNoView."""
DEVICE_OPERATORS: Final = frozenset(("g", "G", "rg", "RG", "k", "K"))
CALIBRATED: Final = frozenset(("/CalRGB", "/CalGray", "/Lab", "/ICCBased"))
FORBIDDEN_FILTERS: Final = frozenset(("/LZWDecode", "/Crypt"))
_PART: Final = re.compile(rb"pdfaid:part(?:>|=[\"'])\s*(\d)")
_CONFORMANCE: Final = re.compile(rb"pdfaid:conformance(?:>|=[\"'])\s*([ABUabu])")


def pdfa_claim(pdf: bytes) -> str:
    """Return what the document claims to be, such as ``2b``; empty where it claims nothing."""
    with pikepdf.open(BytesIO(pdf)) as document:
        if "/Metadata" not in document.Root:
            return ""
        metadata = document.Root.Metadata.read_bytes()
    part, conformance = _PART.search(metadata), _CONFORMANCE.search(metadata)
    if part is None:
        return ""
    return part[1].decode() + (conformance[1].decode().lower() if conformance else "")


def pdfa_findings(before: bytes, after: bytes) -> list[str]:
    """Return what the revisions that ``after`` adds to ``before`` break; empty where nothing."""
    claim = pdfa_claim(before)
    with pikepdf.open(BytesIO(before)) as old, pikepdf.open(BytesIO(after)) as new:
        found = [
            *_of_file(before, after, old, new, claim),
            *_of_form(new),
            *(finding for page in new.pages for finding in _of_page(page, old)),
            *_of_signatures(new, after),
        ]
    return list(dict.fromkeys(found))


def _of_file(before: bytes, after: bytes, old: Any, new: Any, claim: str) -> Iterator[str]:
    if not after.startswith(before):
        yield "the bytes before were changed"
    if _metadata(old) != _metadata(new):
        yield "6.6.2: the metadata was changed"
    if _facts(old.docinfo) != _facts(new.docinfo):
        yield "6.6.2: the information dictionary was changed"
    if "/Encrypt" in new.trailer:
        yield "6.1.3: encrypted"
    if len(new.trailer.get("/ID", ())) != 2:
        yield "6.1.3: no identifier"
    if list(new.Root.get("/OutputIntents", ())) and not list(old.Root.get("/OutputIntents", ())):
        yield "6.2.3: an output intent was added"
    added = after[len(before) :]
    had_streams = b"/XRef" in before or b"/ObjStm" in before
    if claim.startswith("1") and not had_streams and (b"/ObjStm" in added or b"/XRef" in added):
        yield "19005-1, 6.1.4: a cross-reference stream or object stream was added"


def _of_form(document: Any) -> Iterator[str]:
    form = document.Root.get("/AcroForm", {})
    if bool(form.get("/NeedAppearances", False)):
        yield "6.4.1: NeedAppearances is true"
    if "/XFA" in form:
        yield "6.4.2: XFA"


def _of_page(page: Any, old: Any) -> Iterator[str]:
    for annotation in page.obj.get("/Annots", ()):
        if annotation.get("/FT") == "/Sig":
            yield from _of_widget(annotation, old)


def _of_widget(widget: Any, old: Any) -> Iterator[str]:
    flags = int(widget.get("/F", 0))
    if not flags & PRINT or flags & HIDDEN:
        yield "6.3.2: the widget is not printed, or hidden"
    if "/A" in widget or "/AA" in widget:
        yield "6.4.1: the widget has an action"
    left, bottom, right, top = (float(edge) for edge in widget.Rect)
    if left == right or bottom == top:
        return
    appearance = widget.get("/AP", {})
    if set(appearance.keys()) != {"/N"}:
        yield "6.3.3: the appearance is not one normal appearance alone"
        return
    yield from _of_stream(appearance["/N"], old)


def _of_stream(form: Any, old: Any) -> Iterator[str]:
    if not isinstance(form, pikepdf.Stream):
        yield "6.3.3: the appearance is no stream"
        return
    if "/Group" in form or "/SMask" in form:
        yield "6.2.10, 19005-1 6.4: a transparency group"
    if _filters(form) & FORBIDDEN_FILTERS:
        yield "6.1.7: a forbidden filter"
    resources: Any = form.get("/Resources", {})
    for state in resources.get("/ExtGState", {}).values():
        if float(state.get("/ca", 1)) < 1 or float(state.get("/CA", 1)) < 1:
            yield "6.2.10, 19005-1 6.4: transparency"
    yield from _of_colors(form, resources.get("/ColorSpace", {}), old)
    for font in resources.get("/Font", {}).values():
        yield from _of_font(font)


def _of_colors(form: Any, spaces: Any, old: Any) -> Iterator[str]:
    instructions: Any = pikepdf.parse_content_stream(form)
    for operands, operator in instructions:
        name = str(operator)
        if name in DEVICE_OPERATORS and not _covered(old, name):
            yield f"6.2.4.3: the device colour operator {name} without an output intent"
        if name in ("cs", "CS") and not _is_calibrated(spaces, operands[0]):
            yield "6.2.4: a colour space that is not device-independent"


def _is_calibrated(spaces: Any, name: Any) -> bool:
    space = spaces.get(str(name))
    return space is not None and str(space[0]) in CALIBRATED


def _covered(document: Any, operator: str) -> bool:
    intents = list(document.Root.get("/OutputIntents", ()))
    components = [int(one.DestOutputProfile.N) for one in intents if "/DestOutputProfile" in one]
    needed = {"rg": 3, "k": 4}.get(operator.lower())
    return bool(components) and (needed is None or needed in components)


def _of_font(font: Any) -> Iterator[str]:
    """Check an embedded composite font (6.2.11)."""
    if font.get("/Subtype") != "/Type0" or font.get("/Encoding") != "/Identity-H":
        yield "6.2.11.3: the font is no composite one with Identity-H"
        return
    inner = font.DescendantFonts[0]
    descriptor = inner.FontDescriptor
    if "/FontFile2" not in descriptor:
        yield "6.2.11.4: the font is not embedded"
        return
    program = TTFont(BytesIO(descriptor.FontFile2.read_bytes()))
    count = program["maxp"].numGlyphs
    metrics = [program["hmtx"][name][0] for name in program.getGlyphOrder()]
    scale = 1000 / program["head"].unitsPerEm
    widths = [int(width) for width in inner.W[1]]
    if any(abs(w - m * scale) > 1 for w, m in zip(widths, metrics, strict=True)):
        yield "6.2.11.5: widths do not agree with the font program"
    members = descriptor.CIDSet.read_bytes() if "/CIDSet" in descriptor else b""
    if int.from_bytes(members, "big").bit_count() != count:
        yield "6.2.11.4.2, 19005-1 6.3.5: the CIDSet does not list the glyphs embedded"
    if inner.get("/CIDToGIDMap") != "/Identity":
        yield "6.2.11.3.2: no CIDToGIDMap"
    if font.BaseFont != inner.BaseFont or descriptor.FontName != font.BaseFont:
        yield "6.2.11.2: the font's names differ"
    said = font.ToUnicode.read_bytes() if "/ToUnicode" in font else b""
    # Every glyph but the missing one, and the range of codes.
    if len(re.findall(rb"^<[0-9A-F]{4}> <", said, re.MULTILINE)) != count:
        yield "6.2.11.7: letters without a way back to Unicode"


def _of_signatures(document: Any, pdf: bytes) -> Iterator[str]:
    """Check signature dictionaries (6.4.3)."""
    form = document.Root.get("/AcroForm", {})
    values = [
        field.V for field in form.get("/Fields", ()) if "/V" in field and field.get("/FT") == "/Sig"
    ]
    ends = []
    for value in values:
        start, before, after, rest = (int(number) for number in value.ByteRange)
        ends.append(after + rest)
        if start or pdf[before : before + 1] != b"<" or pdf[after - 1 : after] != b">":
            yield "6.4.3: the byte range leaves out more than the signature"
        yield from _of_cms(bytes(value.Contents))
    if values and max(ends) != len(pdf):
        yield "6.4.3: the last signature does not cover the whole file"


def _of_cms(content: bytes) -> Iterator[str]:
    info = cms.ContentInfo.load(content.rstrip(b"\0") + b"\0" * 8)
    signed = info["content"]
    if info["content_type"].native != "signed_data":
        yield "6.4.3: the signature is no SignedData"
    elif len(signed["signer_infos"]) != 1:
        yield "6.4.3: not one SignerInfo alone"
    elif not len(signed["certificates"]):
        yield "6.4.3: the signer's certificate is missing"
    elif content[1] == 0x80:
        yield "6.4.3: the signature is not in DER"


def _metadata(document: Any) -> bytes:
    return document.Root.Metadata.read_bytes() if "/Metadata" in document.Root else b""


def _facts(information: Any) -> dict[str, str]:
    return {str(key): str(value) for key, value in information.items()}


def _filters(stream: Any) -> set[str]:
    said = stream.get("/Filter", [])
    return {str(one) for one in said} if isinstance(said, pikepdf.Array | list) else {str(said)}
