"""Changes that whole, sound incremental updates make to a signed sample, and that none may."""

import re
from collections.abc import Mapping
from typing import Any, Final, Protocol

from rpa.testing import signed_samples as s


class Change(Protocol):
    """Makes a change to a signed PDF; ``table`` says how its cross-references are written."""

    def __call__(self, pdf: bytes, **table: Any) -> bytes:
        """Return the changed file."""
        ...


def _change(objects: Mapping[int, bytes]) -> Change:
    def made(pdf: bytes, **table: Any) -> bytes:
        return s.updated(pdf, objects, **table)

    return made


def _edited(number: int, old: bytes, new: bytes, more: Mapping[int, bytes] | None = None) -> Change:
    """Replace one piece of an object's newest text."""

    def made(pdf: bytes, **table: Any) -> bytes:
        found = re.sub(old, lambda _hit: new, s.current(pdf, number), count=1)
        return s.updated(pdf, {number: found, **(more or {})}, **table)

    return made


def _with(number: int, extra: bytes, more: Mapping[int, bytes] | None = None) -> Change:
    """Add entries to a dictionary."""

    def made(pdf: bytes, **table: Any) -> bytes:
        found = s.with_entries(pdf, number, extra)
        return s.updated(pdf, {number: found, **(more or {})}, **table)

    return made


def _listed(number: int, key: bytes, extra: bytes, more: Mapping[int, bytes]) -> Change:
    """Add items to an array of a dictionary."""

    def made(pdf: bytes, **table: Any) -> bytes:
        found = s.with_items(pdf, number, key, extra)
        return s.updated(pdf, {number: found, **more}, **table)

    return made


def _field_added(pdf: bytes, **table: Any) -> bytes:
    return s.updated(
        pdf,
        {
            s.FORM: s.with_items(pdf, s.FORM, b"/Fields", b"40 0 R"),
            s.PAGE: s.with_items(pdf, s.PAGE, b"/Annots", b"40 0 R"),
            40: s.text_field(b"extra", b"900", 41),
            41: s.look(b"900"),
        },
        **table,
    )


_SCRIPT: Final = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"

_REFERENCE: Final = rb"%d 0 R\s*"

CHANGES: Final[dict[str, Change]] = {
    "contents": _change({s.CONTENTS: s.stream(b"BT /F1 14 Tf (other) Tj ET")}),
    "contents-of-second-page": _change({s.CONTENTS_2: s.stream(b"q Q")}),
    "contents-added": _edited(
        s.PAGE,
        rb"/Contents 5 0 R",
        b"/Contents[5 0 R 40 0 R]",
        {40: s.stream(b"1 1 1 rg 0 0 612 792 re f")},
    ),
    "page-added": _edited(
        s.PAGES, rb"4 0 R\s*\]/Count 2", b"4 0 R 40 0 R]/Count 3", {40: s.page(s.CONTENTS_2)}
    ),
    "page-removed": _edited(s.PAGES, rb"4 0 R\]/Count 2", b"]/Count 1"),
    "pages-swapped": _edited(s.PAGES, rb"3 0 R 4 0 R", b"4 0 R 3 0 R"),
    "page-twice": _edited(s.PAGES, rb"3 0 R 4 0 R", b"3 0 R 3 0 R"),
    "page-turned": _with(s.PAGE, b"/Rotate 180"),
    "page-cropped": _with(s.PAGE, b"/CropBox[0 0 300 300]"),
    "page-scaled": _with(s.PAGE, b"/UserUnit 4"),
    "page-action": _with(s.PAGE, b"/AA<</O%s>>" % _SCRIPT),
    "page-inherited": _with(s.PAGES, b"/Rotate 90"),
    "page-parent": _edited(s.PAGE, rb"/Parent 2 0 R", b"/Parent 99 0 R"),
    "page-resources": _edited(s.PAGE, rb"7 0 R", b"40 0 R", {40: b"<</Type/Font/Subtype/Type3>>"}),
    "annotation-added": _listed(
        s.PAGE,
        b"/Annots",
        b"40 0 R",
        {
            40: b"<</Type/Annot/Subtype/FreeText/Rect[60 690 400 720]/DA(/F1 12 Tf)/Contents(9)>>",
        },
    ),
    "annotation-changed": _edited(s.LINK, rb"72 100 200 120", b"0 0 612 792"),
    "annotation-target": _edited(s.LINK, rb"ville", b"autre"),
    "annotation-removed": _edited(s.PAGE, _REFERENCE % s.LINK, b""),
    "annotation-order": _edited(s.PAGE, rb"11 0 R\s+13 0 R\s+18 0 R", b"18 0 R 11 0 R 13 0 R"),
    "annotation-widget-lost": _edited(s.PAGE, _REFERENCE % s.AMOUNT, b""),
    "open-action": _with(s.CATALOG, b"/OpenAction" + _SCRIPT),
    "names-script": _with(s.CATALOG, b"/Names<</JavaScript<</Names[(a)%s]>>>>" % _SCRIPT),
    "catalog-action": _with(s.CATALOG, b"/AA<</WC%s>>" % _SCRIPT),
    "catalog-layers": _with(s.CATALOG, b"/OCProperties<</OCGs[]/D<<>>>>"),
    "catalog-collection": _with(s.CATALOG, b"/Collection<</View/H>>"),
    "catalog-pages": _edited(
        s.CATALOG, rb"/Pages 2 0 R", b"/Pages 40 0 R", {40: b"<</Kids[20 0 R 4 0 R]/Count 2>>"}
    ),
    "attachment": _with(
        s.CATALOG,
        b"/Names<</EmbeddedFiles<</Names[(a)40 0 R]>>>>",
        {
            40: b"<</Type/Filespec/F(a)/EF<</F 41 0 R>>>>",
            41: s.stream(b"x", b"/Type/EmbeddedFile"),
        },
    ),
    "form-removed": _edited(s.CATALOG, rb"/AcroForm 8 0 R", b""),
    "form-script-order": _with(s.FORM, b"/CO[9 0 R]"),
    "form-xfa": _with(s.FORM, b"/XFA 40 0 R", {40: s.stream(b"<xdp/>")}),
    "form-default-look": _edited(s.FORM, rb"12 Tf", b"99 Tf"),
    "form-fields-lost": _edited(s.FORM, _REFERENCE % s.AMOUNT, b""),
    "signature-field-lost": _edited(s.FORM, rb"\d+ 0 R\s*\]", b"]"),
    "field-added": _field_added,
    "field-moved": _edited(s.AMOUNT, rb"560", b"690"),
    "field-hidden": _edited(s.AMOUNT, rb"/F 4", b"/F 2"),
    "field-renamed": _edited(s.AMOUNT, rb"amount", b"other"),
    "field-script": _with(s.NAME, b"/AA<</F%s>>" % _SCRIPT),
    "field-tooltip": _with(s.NAME, b"/TU(sign here)"),
    "field-default-look": _edited(s.NAME, rb"12 Tf 0 g", b"99 Tf 1 g"),
    "field-border": _with(s.AMOUNT, b"/MK<</BG[1 1 1]>>"),
    "field-read-only": _with(s.AMOUNT, b"/Ff 1"),
    "font-swapped": _change({s.FONT: b"<</Type/Font/Subtype/Type1/BaseFont/ZapfDingbats>>"}),
    "validation-store-of-pictures": _with(
        s.CATALOG, b"/DSS<</Certs[40 0 R]>>", {40: s.stream(b"q 0 0 1 rg Q")}
    ),
    "validation-store-with-pages": _with(s.CATALOG, b"/DSS<</Certs[]/Pages 2 0 R>>"),
    "information-with-objects": _change({s.INFORMATION: b"<</Title(x)/More[1 0 R]>>"}),
    "metadata-on-page": _change({s.CONTENTS: s.stream(b"q Q", b"/Type/Metadata/Subtype/XML")}),
    "metadata-of-content": _edited(s.CATALOG, rb"/Metadata 17 0 R", b"/Metadata 19 0 R/X 19 0 R"),
}
"""By what they change. None adds a signature, fills in a field, or keeps to metadata."""
