"""ISO-8859-1 as browsers live it: they mean windows-1252, and send the rest as ``&#NNN;``."""

import re
from urllib.parse import parse_qsl

CODEC = "cp1252"
_ENTITY = re.compile(r"&#(\d{3,7});")


def decoded(body: bytes) -> dict[str, str]:
    """Return the fields of a urlencoded body or query.

    Someone who types ``&#8217;`` himself cannot be told from a browser that could not send ``’``:
    both are kept as ``’``.
    """
    pairs = parse_qsl(
        body.decode("ascii", "replace"), keep_blank_values=True, encoding=CODEC, errors="replace"
    )
    return {name: _ENTITY.sub(_character, value).strip() for name, value in pairs}


def encoded(page: str) -> bytes:
    """Return a page as bytes; what ISO-8859-1 lacks becomes a numeric entity."""
    return page.encode("iso-8859-1", "xmlcharrefreplace")


def _character(entity: re.Match[str]) -> str:
    number = int(entity[1])
    is_character = number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF
    return chr(number) if is_character else entity[0]
