"""Where in a document a change was found, in the language that is spoken.

Reports name places by stable codes in English; names of fields and keys of the file stand as they
are.
"""

import re
from typing import Final

from rpa.i18n import _

_PAGE: Final = re.compile(r"page (\d+)")
_DRAWN: Final = re.compile(r"page (\d+) as (\S+) draws it(?:, (.+))?")
_NOT_DRAWN: Final = re.compile(r"not drawn by (\S+)")
_MORE: Final = re.compile(r"more than (\d+) pages")
_BYTE: Final = re.compile(r"byte (\d+)")


def place_words(where: str) -> str:
    """Return what people call a place that a report names."""
    if found := _DRAWN.fullmatch(where):
        told = _("page {number} as {program} draws it", number=found[1], program=found[2])
        return f"{told}, {_doubts(found[3])}" if found[3] else told
    if found := _PAGE.fullmatch(where):
        return _("page {number}", number=found[1])
    if found := _NOT_DRAWN.fullmatch(where):
        return _("{program} could not draw it", program=found[1])
    if found := _MORE.fullmatch(where):
        return _("more than {count} pages", count=found[1])
    if found := _BYTE.fullmatch(where):
        return _("byte {number}", number=found[1])
    return _parts(where)


def _doubts(code: str) -> str:
    words = {
        "beside text": _("right beside text"),
        "out of its box": _("text larger than its box"),
        "read back": _("not read as the value that the field holds"),
        "drawn anew": _("drawn anew"),
        "over another field": _("over another field"),
        "not seen": _("not seen"),
    }
    return words.get(code, code)


def _parts(code: str) -> str:
    words = {
        "pages": _("pages"),
        "pages as drawn": _("the pages as they are drawn"),
        "page tree": _("the order of the pages"),
        "pages that readers count differently": _("pages that readers count differently"),
        "renderers disagree": _("programs draw what was signed differently"),
        "a value that no renderer shows": _("a value that nobody sees"),
        "not drawn": _("it could not be drawn"),
        "a second renderer is missing": _("a second program to draw with is missing"),
        "second analysis objects": _("a second analysis objects"),
        "second analysis unable": _("a second analysis can't read the file"),
        "structure tree": _("what screen readers read"),
        "document information": _("title, author and the like"),
        "object stream": _("objects that nothing names"),
        "generation": _("an object under another number"),
        "unclear": _("too much to compare"),
    }
    return words.get(code, code)
