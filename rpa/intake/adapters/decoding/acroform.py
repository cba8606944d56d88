"""The values a person typed into a PDF's form fields (ISO 32000-2, 12.7)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pikepdf

from rpa.intake.adapters.decoding.pdf_source import BROKEN_OBJECT
from rpa.intake.adapters.decoding.refusal import DAMAGED, Refusal

OFF: Final = "Off"
SIGNED: Final = "Yes"
_MAX_DEPTH: Final = 32
_MAX_FIELDS: Final = 20_000
_PUSH_BUTTON: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class _Inherited:
    """What a field takes over from the fields it stands in."""

    name: str = ""
    kind: str = ""
    flags: int = 0
    value: Any = None

    def into(self, field: Any) -> "_Inherited":
        part = str(field.get("/T", "")) if "/T" in field else ""
        return _Inherited(
            name=".".join(name for name in (self.name, part) if name),
            kind=str(field.get("/FT", self.kind)),
            flags=int(field.get("/Ff", self.flags)),
            value=field.get("/V", self.value),
        )


def form_values(structure: Any) -> list[tuple[str, str]]:
    """Return each field's full name and value, in the order of the form.

    A tick box or a group of radio buttons has the name of its ticked state, else ``Off``. Several
    chosen values stand on lines of their own. A field that was signed has one, push buttons
    none.

    Raises:
        Refusal: The form's structure is damaged.
    """
    try:
        form = structure.Root.get("/AcroForm")
        if not isinstance(form, pikepdf.Dictionary):
            return []
        found: dict[str, str] = {}
        # Some programs that print a form to a PDF keep its fields on the pages alone.
        tops = list(form.get("/Fields", ())) or list(_tops(structure))
        for name, value in _fields(tops, _Inherited(), 0):
            if len(found) >= _MAX_FIELDS:
                raise Refusal("too-demanding")
            found.setdefault(name, value)
    except BROKEN_OBJECT as problem:
        raise Refusal(DAMAGED) from problem
    return list(found.items())


def _tops(structure: Any) -> Iterator[Any]:
    """Yield the outermost field of each form field that a page shows, once."""
    seen: set[tuple[int, int]] = set()
    for page in structure.pages:
        for annotation in page.obj.get("/Annots", ()):
            if isinstance(annotation, pikepdf.Dictionary) and _is_widget(annotation):
                top = _top(annotation)
                if not top.is_indirect or top.objgen not in seen:
                    seen.add(top.objgen)
                    yield top


def _is_widget(annotation: Any) -> bool:
    return str(annotation.get("/Subtype", "")) == "/Widget"


def _top(field: Any) -> Any:
    for _level in range(_MAX_DEPTH):
        above = field.get("/Parent")
        if not isinstance(above, pikepdf.Dictionary):
            return field
        field = above
    raise Refusal(DAMAGED)


def _fields(kids: Any, above: _Inherited, depth: int) -> Iterator[tuple[str, str]]:
    if depth > _MAX_DEPTH:
        raise Refusal(DAMAGED)
    for field in kids:
        if not isinstance(field, pikepdf.Dictionary):
            continue
        here = above.into(field)
        inner = [kid for kid in field.get("/Kids", ()) if "/T" in kid]
        if inner:
            yield from _fields(inner, here, depth + 1)
        elif here.name:
            yield from _value(here)


def _value(field: _Inherited) -> Iterator[tuple[str, str]]:
    match field.kind:
        case "/Btn" if not field.flags & _PUSH_BUTTON:
            yield field.name, _state(field.value)
        case "/Tx" | "/Ch":
            yield field.name, _text(field.value)
        case "/Sig" if field.value is not None:
            yield field.name, SIGNED


def _state(value: Any) -> str:
    return OFF if value is None else str(value).removeprefix("/") or OFF


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, pikepdf.Array):
        return "\n".join(str(one) for one in value)
    if isinstance(value, pikepdf.Stream):
        raw = bytes(value.read_bytes())
        return raw.decode("utf-16" if raw[:2] == b"\xfe\xff" else "latin-1")
    return str(value)
