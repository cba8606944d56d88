"""What a fax machine wrote beside a page: the tags of TIFF class F (RFC 2306) and their like."""

from collections.abc import Mapping
from typing import Any, Final

from rpa.domain.pages import FaxFacts

_COMPRESSION: Final = 259
_DESCRIPTION: Final = 270
_DATE_TIME: Final = 306
_ARTIST: Final = 315
_BAD_LINES: Final = 326
_CLEAN_DATA: Final = 327
_CONSECUTIVE: Final = 328
_FAX_ONLY: Final = frozenset({_BAD_LINES, _CLEAN_DATA, _CONSECUTIVE})
_CCITT: Final = frozenset({2, 3, 4})
_MAX_CHARACTERS: Final = 200


def fax_facts(tags: Mapping[int, Any]) -> FaxFacts | None:
    """Return what the tags tell of a fax; None where the page is none or nothing is told."""
    texts = {tag: _text(tags.get(tag)) for tag in (_DESCRIPTION, _DATE_TIME, _ARTIST)}
    is_told = any(texts.values()) and tags.get(_COMPRESSION) in _CCITT
    if not (is_told or _FAX_ONLY & tags.keys()):
        return None
    return FaxFacts(
        bad_lines=_count(tags.get(_BAD_LINES)),
        consecutive_bad_lines=_count(tags.get(_CONSECUTIVE)),
        clean_data=_count(tags.get(_CLEAN_DATA)),
        sender=texts[_ARTIST],
        sent_at=texts[_DATE_TIME],
        description=texts[_DESCRIPTION],
    )


def _count(value: Any) -> int | None:
    first = value[0] if isinstance(value, tuple) and value else value
    return first if isinstance(first, int) and first >= 0 else None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    return "".join(letter for letter in value if letter.isprintable())[:_MAX_CHARACTERS].strip()
