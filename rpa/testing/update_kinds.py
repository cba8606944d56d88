"""Kinds of updates that a grammar of updates found to be called valid, each as small as can be.

They stand on the samples of :mod:`rpa.testing.signed_samples`. What changes in each is what a
reader shows, reads out or does, or what of that depends on the reader.
"""

import re
from collections.abc import Callable
from typing import Final

from rpa.testing import signed_samples as s

Kind = Callable[[], bytes]
_TITLE_LOOK: Final = b"/Type/XObject/Subtype/Form/BBox[0 0 150 20]"


def _plain(level: int | None = None) -> bytes:
    return s.signed(s.whole_pdf(), s.Hand(level=level))


def _edited(pdf: bytes, number: int, old: bytes, new: bytes, **more: bytes) -> bytes:
    found = s.current(pdf, number)
    if old not in found:
        raise ValueError(old)
    extra = {int(key[1:]): value for key, value in more.items()}
    return s.updated(pdf, {number: found.replace(old, new, 1), **extra})


# What the tree of pages is.


def _pages_direct() -> bytes:
    node = b"/Pages<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>"
    return _edited(_plain(), s.CATALOG, b"/Pages 2 0 R", node)


def _kids_with_null() -> bytes:
    return _edited(_plain(), s.PAGES, b"/Kids[", b"/Kids[null ")


def _kids_nested() -> bytes:
    return _edited(_plain(), s.PAGES, b"/Kids[3 0 R 4 0 R]", b"/Kids[[3 0 R] 4 0 R]")


def _template() -> bytes:
    return _edited(_plain(), s.PAGE_2, b"/Type/Page", b"/Type/Template")


def _generation() -> bytes:
    """A page is written with a generation that no reference names."""
    pdf = _plain()
    whole = s.updated(pdf, {s.PAGE: s.current(pdf, s.PAGE)})
    tail = whole[len(pdf) :].replace(b"3 0 obj", b"3 1 obj", 1)
    return whole[: len(pdf)] + re.sub(rb"(3 1\n\d{10} )00000 n", rb"\g<1>00001 n", tail)


# What readers take for an annotation.


def _subtype_indirect() -> bytes:
    return _edited(_plain(), s.AMOUNT, b"/Subtype/Widget", b"/Subtype 40 0 R", _40=b"/Widget")


def _listed_twice() -> bytes:
    pdf = _plain(1)
    return s.updated(pdf, {s.PAGE: s.with_items(pdf, s.PAGE, b"/Annots", b"9 0 R")})


def _on_another_page() -> bytes:
    pdf = _plain()
    return s.updated(pdf, {s.PAGE_2: s.with_items(pdf, s.PAGE_2, b"/Annots", b"11 0 R")})


def _hidden_amount() -> bytes:
    return _edited(_plain(2), s.AMOUNT, b"/F 4", b"/F 6")


def _turned_with_the_page() -> bytes:
    return _edited(_plain(2), s.AMOUNT, b"/F 4", b"/F 20")


def _rect_of_five() -> bytes:
    return _edited(_plain(), s.AMOUNT, b" 580]", b" 580 5]")


def _layered() -> bytes:
    group = b"<</Type/OCG/Name(Gone)>>"
    return _edited(_plain(), s.AMOUNT, b"/F 4", b"/F 4/OC 40 0 R", _40=group)


def _linked() -> bytes:
    return _edited(_plain(), s.AMOUNT, b"/F 4", b"/F 4/A<</S/URI/URI(https://x.example/)>>")


# Groups: a field with a named kid and a widget of its own.


def _group() -> dict[int, bytes]:
    found = s.objects()
    head = b"<</FT/Tx/T(group)/DA(/F1 12 Tf 0 g)/Kids[41 0 R 42 0 R]>>"
    kid = b"<</Type/Annot/Subtype/Widget/Parent 40 0 R/F 4/P 3 0 R%s>>"
    found[40] = head
    found[41] = kid % b"/FT/Tx/T(own)/Rect[72 400 222 420]/AP<</N 43 0 R>>"
    found[42] = kid % b"/Rect[72 360 222 380]/AP<</N 44 0 R>>"
    found[43], found[44] = s.look(b""), s.look(b"Group")
    found[s.FORM] = found[s.FORM].replace(b"/Fields[", b"/Fields[40 0 R ")
    found[s.PAGE] = found[s.PAGE].replace(b"/Annots[", b"/Annots[41 0 R 42 0 R ")
    return found


def _signed_group(level: int | None = None) -> bytes:
    pdf = s.whole_pdf(_group())
    return s.signed(pdf.replace(b"/Size 23", b"/Size 45"), s.Hand(level=level))


def _group_look() -> bytes:
    return s.updated(_signed_group(1), {44: s.look(b"900")})


def _group_other_look() -> bytes:
    return _edited(_signed_group(1), 42, b"/N 44 0 R", b"/N 12 0 R")


def _group_acts() -> bytes:
    script = b"/F 4/AA<</E<</S/JavaScript/JS(1)>>>>"
    return _edited(_signed_group(), 42, b"/F 4", script)


def _kid_listed_as_field() -> bytes:
    pdf = _signed_group(2)
    return s.updated(pdf, {s.FORM: s.with_items(pdf, s.FORM, b"/Fields", b"42 0 R")})


# What fields hold beside their value.


def _companion(entry: bytes) -> Kind:
    return lambda: _edited(_plain(1), s.AMOUNT, b"/F 4", b"/F 4" + entry)


def _listed() -> dict[int, bytes]:
    found = s.objects()
    found[40] = (
        b"<</Type/Annot/Subtype/Widget/FT/Ch/T(due)/F 4/DA(/F1 12 Tf 0 g)/P 3 0 R/V(one)/I[0]/TI 0"
        b"/Opt[(one)(nine)]/Rect[72 400 222 420]/AP<</N 41 0 R>>>>"
    )
    found[41] = s.look(b"one")
    found[s.FORM] = found[s.FORM].replace(b"/Fields[", b"/Fields[40 0 R ")
    found[s.PAGE] = found[s.PAGE].replace(b"/Annots[", b"/Annots[40 0 R ")
    return found


def _another_row() -> bytes:
    """Choose an entry of a list, and show another."""
    pdf = s.signed(s.whole_pdf(_listed()).replace(b"/Size 23", b"/Size 42"))
    return _edited(pdf, 40, b"/V(one)", b"/V(nine)", _41=s.look(b"one "))


def _no_state() -> bytes:
    """Give a box a value that is none of its states."""
    return _edited(_plain(), s.AGREED, b"/V/Off", b"/V/X")


def _prompt() -> bytes:
    return _edited(_plain(), s.AMOUNT, b"/F 4", b"/F 4/TU(Pay 900)")


def _drawn_anew() -> bytes:
    """Every look is what its maker drew; readers asked to draw them show another size."""
    found = s.objects()
    found[s.AMOUNT] = found[s.AMOUNT].replace(b"/F1 12 Tf", b"/F1 4 Tf")
    pdf = s.signed(s.whole_pdf(found), s.Hand(level=2))
    return s.updated(pdf, {s.FORM: s.with_entries(pdf, s.FORM, b"/NeedAppearances true")})


# What a screen reader gets.


def _tagged() -> dict[int, bytes]:
    found = s.objects()
    found[s.CONTENTS] = s.stream(
        b"/P <</MCID 0>> BDC BT /F1 14 Tf 72 700 Td (The city pays 100 dollars.) Tj ET EMC"
    )
    found[s.PAGE] = found[s.PAGE].replace(b"/Contents", b"/StructParents 0/Tabs/S/Contents")
    found[s.CATALOG] = b"<<%s/StructTreeRoot 40 0 R/MarkInfo<</Marked true>>>>" % s.CATALOG_ENTRIES
    element = b"<</Type/StructElem/S/%s/P %d 0 R/K %s%s>>"
    found[40] = b"<</Type/StructTreeRoot/K 41 0 R/ParentTree 45 0 R/ParentTreeNextKey 1>>"
    found[41] = element % (b"Document", 40, b"[42 0 R 44 0 R]", b"")
    found[42] = element % (b"Sect", 41, b"[43 0 R]", b"")
    found[43] = element % (b"P", 42, b"0", b"/Pg 3 0 R/ActualText(100 dollars)")
    found[44] = element % (b"P", 41, b"[]", b"/Alt(End)")
    found[45] = b"<</Nums[0[43 0 R]]>>"
    return found


def _signed_tagged(level: int | None = None) -> bytes:
    pdf = s.whole_pdf(_tagged())
    return s.signed(pdf.replace(b"/Size 23", b"/Size 46"), s.Hand(level=level))


def _with_field(pdf: bytes, entries: bytes = b"", **more: bytes) -> dict[int, bytes]:
    field = (
        b"<</Type/Annot/Subtype/Widget/FT/Sig/T(later)/F 132/P 3 0 R/Rect[0 0 0 0]%s>>" % entries
    )
    return {
        60: field,
        s.PAGE: s.with_items(pdf, s.PAGE, b"/Annots", b"60 0 R"),
        s.FORM: s.with_items(pdf, s.FORM, b"/Fields", b"60 0 R"),
        **{int(key[1:]): value for key, value in more.items()},
    }


def _read_beside_a_field(number: int, old: bytes, new: bytes) -> Kind:
    """Change an element in the same update that adds a field."""

    def made() -> bytes:
        pdf = _signed_tagged()
        changed = s.current(pdf, number).replace(old, new)
        return s.updated(pdf, {**_with_field(pdf), number: changed})

    return made


def _element_of_a_field(element: bytes) -> Kind:
    def made() -> bytes:
        pdf = _signed_tagged()
        kid = b"<</Type/OBJR/Obj 60 0 R/Pg 3 0 R>>"
        found = _with_field(pdf, b"/StructParent 1", _61=element + b"/P 41 0 R/K %s>>" % kid)
        found[41] = s.with_items(pdf, 41, b"/K", b"61 0 R")
        found[45] = b"<</Nums[0[43 0 R]1 61 0 R]>>"
        return s.updated(pdf, found)

    return made


def _parents_swapped() -> bytes:
    return s.updated(_signed_tagged(), {45: b"<</Nums[0[44 0 R]]>>"})


def _tabs() -> bytes:
    return _edited(_signed_tagged(2), s.PAGE, b"/Tabs /S", b"/Tabs /R")


def _empty_field() -> bytes:
    pdf = _plain(2)
    return s.updated(pdf, _with_field(pdf))


# Looks over, and beside, what is there.


def _field_over(rect: bytes, drawn: bytes) -> Kind:
    def made() -> bytes:
        pdf = _plain()
        found = _with_field(pdf, b"/AP<</N 61 0 R>>", _61=_form(drawn))
        found[60] = found[60].replace(b"[0 0 0 0]", rect)
        return s.updated(pdf, found)

    return made


def _form(drawn: bytes, more: bytes = b"") -> bytes:
    return s.stream(drawn, _TITLE_LOOK + b"/Resources<</Font<</F1 7 0 R>>%s>>" % more)


def _filled(drawn: bytes, more: bytes = b"", **extra: bytes) -> Kind:
    """Fill in ``name`` with 100, and a look of any kind."""

    def made() -> bytes:
        new = {s.NAME: s.text_field(b"name", b"100", s.NAME_LOOK), s.NAME_LOOK: _form(drawn, more)}
        return s.updated(_plain(), new | {int(key[1:]): value for key, value in extra.items()})

    return made


_SAID: Final = b"BT /F1 12 Tf 2 5 Td (100) Tj ET "
_OTHER: Final = b"BT /F1 12 Tf 2 5 Td (900) Tj ET "
_TILE: Final = (
    b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 150 20]/XStep 150/YStep 20"
    b"/Resources<</Font<</F1 7 0 R>>>>"
)

KINDS: Final[dict[str, Kind]] = {
    "page-node-direct": _pages_direct,
    "kids-with-null": _kids_with_null,
    "kids-nested": _kids_nested,
    "page-called-template": _template,
    "page-of-another-generation": _generation,
    "subtype-indirect": _subtype_indirect,
    "widget-listed-twice": _listed_twice,
    "widget-on-another-page": _on_another_page,
    "widget-hidden": _hidden_amount,
    "widget-not-turned": _turned_with_the_page,
    "rectangle-of-five": _rect_of_five,
    "widget-in-a-layer": _layered,
    "widget-linked": _linked,
    "group-widget-look": _group_look,
    "group-widget-other-look": _group_other_look,
    "group-widget-script": _group_acts,
    "kid-listed-as-field": _kid_listed_as_field,
    "first-entry-under-P1": _companion(b"/TI 1"),
    "chosen-entry-under-P1": _companion(b"/I[1]"),
    "rich-value-under-P1": _companion(b"/RV(<p>900</p>)"),
    "rich-value-of-a-drawn-object": _companion(b"/RV 12 0 R"),
    "prompt": _prompt,
    "another-row-shown": _another_row,
    "no-state-of-the-box": _no_state,
    "looks-drawn-anew": _drawn_anew,
    "text-deep-beside-a-field": _read_beside_a_field(43, b"(100 dollars)", b"(900 dollars)"),
    "title-beside-a-field": _read_beside_a_field(43, b"/ActualText", b"/T(x)/ActualText"),
    "order-beside-a-field": _read_beside_a_field(41, b"[42 0 R 44 0 R]", b"[44 0 R 42 0 R]"),
    "role-beside-a-field": _read_beside_a_field(43, b"/S/P", b"/S/Artifact"),
    "description-beside-a-field": _read_beside_a_field(44, b"(End)", b"(900)"),
    "element-with-a-text": _element_of_a_field(b"<</Type/StructElem/S/Form/ActualText(900)"),
    "element-of-another-role": _element_of_a_field(b"<</Type/StructElem/S/P/Alt(900 dollars)"),
    "parents-swapped": _parents_swapped,
    "tabs-under-P2": _tabs,
    "empty-field-under-P2": _empty_field,
    "sign-before-a-number": _field_over(b"[158 698 166 712]", b"0 4 m 6 4 l S"),
    "noughts-behind-a-number": _field_over(b"[188 698 215 712]", _OTHER),
    "ground-over-a-value": _field_over(b"[72 560 222 580]", b"1 g 0 0 150 20 re f"),
    "ground-over-a-tick-box": _field_over(b"[70 518 94 542]", b"1 g 0 0 150 20 re f"),
    "value-by-a-pattern": _filled(
        b"/Pattern cs /P1 scn 0 0 150 20 re f",
        b"/Pattern<</P1 61 0 R>>",
        _61=s.stream(_OTHER, _TILE),
    ),
    "value-covered": _filled(_SAID + b"1 g 0 0 150 20 re f 0 g 4 4 3 9 re f"),
    "value-in-strokes": _filled(b"1 w 4 4 m 4 14 l S 9 4 m 9 14 l S"),
    "value-turned": _filled(b"q -1 0 0 -1 60 18 cm " + _SAID + b"Q"),
    "value-and-more-in-strokes": _filled(_SAID + b"1 w 24 4 m 24 14 l 30 14 l 30 4 l h S"),
    "value-in-a-nested-form": _filled(b"/X1 Do", b"/XObject<</X1 61 0 R>>", _61=_form(_OTHER)),
    "value-backwards": _filled(b"BT /F1 12 Tf -13.34 Tc 40 5 Td (100) Tj 0 Tc ET"),
    "value-kerned-backwards": _filled(b"BT /F1 12 Tf 20 5 Td [(1) 1668 (0) 1668 (0)] TJ ET"),
    "value-placed-backwards": _filled(
        b"BT /F1 12 Tf 1 0 0 1 20 5 Tm (1) Tj 1 0 0 1 4 5 Tm (00) Tj ET"
    ),
    "value-moved-backwards": _filled(
        b"q 1 0 0 1 20 0 cm BT /F1 12 Tf 2 5 Td (1) Tj ET Q BT /F1 12 Tf 2 5 Td (00) Tj ET"
    ),
    "value-in-one-place": _filled(b"BT /F1 12 Tf 2 5 Td [(1) 556 (0) 556 (0)] TJ ET"),
    "value-in-two-sizes": _filled(b"BT /F1 12 Tf 2 5 Td (1) Tj /F1 3 Tf (00) Tj ET"),
    "value-in-two-lines": _filled(b"BT /F1 8 Tf 2 2 Td (1) Tj 0 9 Td (00) Tj ET"),
    "value-clipped-away": _filled(b"q 0 0 0 0 re W n " + _SAID + b"Q"),
}
"""By what they change."""
