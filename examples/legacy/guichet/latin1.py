"""ISO-8859-1 as browsers live it: they mean windows-1252, and send the rest as ``&#NNN;``."""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

CODEC = "cp1252"
_ENTITY = re.compile(r"&#(\d{3,7});")
_BOUNDARY = re.compile(r"multipart/form-data;.*\bboundary=\"?([^\";]+)", re.IGNORECASE)
_PARAMETER = re.compile(r';\s*(name|filename)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """What a form brought."""

    fields: dict[str, str] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)


def decoded(body: bytes) -> dict[str, str]:
    """Return the fields of a urlencoded body or query.

    Someone who types ``&#8217;`` himself cannot be told from a browser that could not send ``’``:
    both are kept as ``’``.
    """
    pairs = parse_qsl(
        body.decode("ascii", "replace"), keep_blank_values=True, encoding=CODEC, errors="replace"
    )
    return {name: _characters(value).strip() for name, value in pairs}


def form_of(body: bytes, content_type: str) -> Form:
    """Return what a form brought, urlencoded or in parts."""
    boundary = _BOUNDARY.match(content_type)
    if boundary is None:
        return Form(fields=decoded(body))
    form = Form()
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary[1].encode("ascii", "replace"))[1:]:
        head, _blank, content = part.partition(b"\r\n\r\n")
        named = dict(_PARAMETER.findall(head.decode(CODEC, "replace")))
        if "filename" in named:
            upload = Upload(_characters(named["filename"]).replace("%22", '"'), content)
            form.uploads[named["name"]] = upload
        elif "name" in named:
            text = _characters(content.decode(CODEC, "replace"))
            form.fields[named["name"]] = text.replace("\r\n", "\n").strip()
    return form


def encoded(page: str) -> bytes:
    """Return a page as bytes; what ISO-8859-1 lacks becomes a numeric entity."""
    return page.encode("iso-8859-1", "xmlcharrefreplace")


def _characters(text: str) -> str:
    return _ENTITY.sub(_character, text)


def _character(entity: re.Match[str]) -> str:
    number = int(entity[1])
    is_character = number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF
    return chr(number) if is_character else entity[0]
