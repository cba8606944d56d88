"""What a file says, as qpdf reads it: fields, widgets, structure, actions."""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

Box = tuple[float, float, float, float]
_DEPTH: Final = 40


@dataclass(frozen=True)
class Widget:
    """One place where a field is seen."""

    page: int
    box: Box
    """From the upper left corner of the page as it is shown, in points."""
    number: int


@dataclass
class FieldFacts:
    """One field of the form."""

    kind: str
    values: dict[str, Any]
    """Its value, with what goes with it."""
    terms: dict[str, Any]
    """What it is: type, flags, options, names for people, actions."""
    widgets: list[dict[str, Any]]
    numbers: frozenset[int]
    """The objects that are the field and its widgets."""


@dataclass
class Facts:
    """What is compared of a file beside its looks."""

    catalog: dict[str, Any]
    form: dict[str, Any]
    pages: list[dict[str, Any]]
    fields: dict[str, FieldFacts]
    annotations: list[list[tuple[int, str, dict[str, Any]]]]
    """On each page in order: object number, subtype, what it says and does."""
    boxes: list[Widget]
    """Of every annotation on every page."""
    structure: list[Any]
    parent_tree: dict[int, Any]
    names_of_objects: dict[int, str] = field(default_factory=dict)


class FactsError(Exception):
    """The file can't be read."""


def facts(pdf: bytes) -> Facts:
    """Return what a file says.

    Raises:
        FactsError: It can't be read.
    """
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            return _Reading(opened).facts()
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError) as bad:
        raise FactsError(str(bad)) from bad


def _number(item: Any) -> int:
    return int(item.objgen[0]) if isinstance(item, pikepdf.Object) else 0


class _Reading:
    """The reading of one file."""

    def __init__(self, opened: pikepdf.Pdf) -> None:
        self._pdf = opened
        self._pages = list(opened.pages)
        self._places = {page.obj.objgen[0]: i for i, page in enumerate(self._pages)}
        self._known = {
            _number(one) for page in self._pages for one in _list(page.obj.get("/Annots", []))
        }
        form = opened.Root.get("/AcroForm")
        self._know(form.get("/Fields") if isinstance(form, Dictionary) else None, 0)

    def _know(self, listed: Any, depth: int) -> None:
        for one in _list(listed) if depth < 12 else ():
            if isinstance(one, Dictionary):
                self._known.add(_number(one))
                self._know(one.get("/Kids"), depth + 1)

    def facts(self) -> Facts:
        root = self._pdf.Root
        form = root.get("/AcroForm", Dictionary())
        fields: dict[str, FieldFacts] = {}
        listed: Any = form.get("/Fields", []) if isinstance(form, Dictionary) else []
        for item in _list(listed):
            self._field(item, "", {}, fields, 0)
        structure = root.get("/StructTreeRoot")
        return Facts(
            catalog=self._plain(root, _CATALOG_APART),
            form=self._plain(
                form, {"/Fields", "/DR", "/SigFlags", "/NeedAppearances", "/DA", "/Q"}
            ),
            pages=[self._page(page) for page in self._pages],
            fields=fields,
            annotations=[list(self._annotations(page)) for page in self._pages],
            boxes=[box for i, page in enumerate(self._pages) for box in self._boxes(i, page)],
            structure=self._element(structure, 0) if structure is not None else [],
            parent_tree=self._parent_tree(structure),
        )

    def _page(self, page: Any) -> dict[str, Any]:
        drawn = page.obj.get("/Contents")
        streams = [one for one in (_list(drawn) or [drawn]) if isinstance(one, Stream)]
        contents = hashlib.sha256(b"\n".join(_bytes(one) for one in streams)).hexdigest()
        resources = _inherited(page.obj, "/Resources")
        named = resources.get("/Properties") if isinstance(resources, Dictionary) else None
        own = {"/Contents": contents, "/Properties": self.told(named, depth=1)}
        return self._plain(page.obj, _PAGE_APART) | own

    def _plain(self, item: Any, apart: set[str]) -> dict[str, Any]:
        if not isinstance(item, Dictionary | Stream):
            return {"": self.told(item)}
        told = {key: self.told(item[key]) for key in sorted(item.keys()) if key not in apart}
        return {key: value for key, value in told.items() if (key, value) not in _DEFAULTS}

    def told(self, item: Any, seen: tuple[int, ...] = (), depth: int = 0) -> Any:
        """Return a value without references, so that two of different files can be compared."""
        number = _number(item)
        if number in self._places and number:
            return ("page", self._places[number])
        if number and depth and number in self._known:
            return ("annotation", number)
        if number and (number in seen or depth > _DEPTH):
            return ("again", len(seen))
        return self._nested(item, (*seen, number) if number else seen, depth)

    def _nested(self, item: Any, seen: tuple[int, ...], depth: int) -> Any:
        if isinstance(item, Stream):
            content = hashlib.sha256(_bytes(item)).hexdigest()
            keys = sorted(set(item.keys()) - {"/Length", "/Filter", "/DecodeParms"})
            return ("stream", content, [(k, self.told(item[k], seen, depth + 1)) for k in keys])
        if isinstance(item, Dictionary):
            skipped = {"/Parent", "/P", "/Prev"} if depth else set()
            keys = sorted(set(item.keys()) - skipped)
            return tuple((key, self.told(item[key], seen, depth + 1)) for key in keys)
        if isinstance(item, Array):
            return [self.told(one, seen, depth + 1) for one in item]
        return _scalar(item)

    def _field(
        self,
        item: Any,
        before: str,
        above: dict[str, Any],
        found: dict[str, FieldFacts],
        depth: int,
    ) -> None:
        if not isinstance(item, Dictionary) or depth > 12:
            return
        own = item.get("/T")
        name = before if own is None else f"{before}.{own}".lstrip(".")
        inherited = above | {k: item[k] for k in _INHERITED if k in item}
        kids = [one for one in _list(item.get("/Kids", [])) if isinstance(one, Dictionary)]
        widgets = [one for one in kids if "/T" not in one] or ([] if kids else [item])
        while name in found:
            name += "*"
        values: dict[str, Any] = {k: self.told(inherited[k]) for k in _VALUES if k in inherited}
        values |= {k: self.told(item[k]) for k in _VALUES if k in item}
        skipped = {*_VALUES, *_UNREAD, "/AP", "/AS", "/Kids", "/Subtype", "/Rect"}
        numbers = frozenset(_number(one) for one in (item, *widgets))
        found[name] = FieldFacts(
            kind=str(inherited.get("/FT", "")),
            values=values,
            terms=self._terms(item, skipped, inherited),
            widgets=[
                self._plain(one, {*_VALUES, *_UNREAD, "/AP", "/AS", "/Kids"}) for one in widgets
            ],
            numbers=numbers - {0},
        )  # fmt: skip
        for one in kids:
            if "/T" in one:
                self._field(one, name, inherited, found, depth + 1)

    def _terms(self, item: Any, apart: set[str], inherited: dict[str, Any]) -> dict[str, Any]:
        told = {key: self.told(value) for key, value in inherited.items() if key not in _VALUES}
        told = {key: value for key, value in told.items() if (key, value) not in _DEFAULTS}
        return self._plain(item, apart) | told

    def _annotations(self, page: Any) -> Iterator[tuple[int, str, dict[str, Any]]]:
        for one in _list(page.obj.get("/Annots", [])):
            if isinstance(one, Dictionary):
                apart = {"/AP", "/AS", "/Kids", *_UNREAD, *_VALUES}
                yield _number(one), str(one.get("/Subtype", "")), self._plain(one, apart)
            else:
                yield 0, "", {"": self.told(one)}

    def _boxes(self, place: int, page: Any) -> Iterator[Widget]:
        for one in _list(page.obj.get("/Annots", [])):
            rect = one.get("/Rect") if isinstance(one, Dictionary) else None
            numbers = _numbers(rect)
            if len(numbers) == 4:
                yield Widget(place, self._placed(page, numbers), _number(one))

    def _placed(self, page: Any, rect: list[float]) -> Box:
        crop = _numbers(page.cropbox) or [0, 0, 612, 792]
        media = _numbers(page.mediabox) or crop
        left, bottom = max(crop[0], media[0]), max(crop[1], media[1])
        right, top = min(crop[2], media[2]), min(crop[3], media[3])
        x1, x2 = sorted((rect[0], rect[2]))
        y1, y2 = sorted((rect[1], rect[3]))
        turn = int(_inherited(page.obj, "/Rotate") or 0) % 360
        corners = [(x1, y1), (x2, y2)]
        placed = [
            {
                0: (x - left, top - y),
                90: (y - bottom, x - left),
                180: (right - x, y - bottom),
                270: (top - y, right - x),
            }.get(turn, (x - left, top - y))
            for x, y in corners
        ]
        xs, ys = [one[0] for one in placed], [one[1] for one in placed]
        return (min(xs), min(ys), max(xs), max(ys))

    def _element(self, item: Any, depth: int, path: tuple[int, ...] = ()) -> list[Any]:
        """Return the elements below one in reading order (ISO 32000-2, 14.7.2)."""
        number = _number(item)
        if depth > 60 or (number and number in path):
            return [("again",)]
        path = (*path, number)
        if isinstance(item, Array):
            return [one for kid in item for one in self._element(kid, depth + 1, path)]
        if not isinstance(item, Dictionary):
            return [("content", _scalar(item))]
        if item.get("/Type") == Name.OBJR or "/Obj" in item:
            return [("object", _number(item.get("/Obj")), self.told(item.get("/Pg")))]
        kids = self._element(item["/K"], depth + 1, path) if "/K" in item else []
        apart = {"/K", "/P", "/ParentTree", "/ParentTreeNextKey", "/IDTree", "/Type", "/M"}
        return [("element", self._plain(item, apart), kids)]

    def _parent_tree(self, structure: Any) -> dict[int, Any]:
        if not isinstance(structure, Dictionary) or "/ParentTree" not in structure:
            return {}
        found: dict[int, Any] = {}
        self._nums(structure["/ParentTree"], found, 0)
        return found

    def _nums(self, node: Any, found: dict[int, Any], depth: int) -> None:
        if not isinstance(node, Dictionary) or depth > 12:
            return
        items = _list(node.get("/Nums", []))
        for key, value in zip(items[0::2], items[1::2], strict=False):
            targets = list(value) if isinstance(value, Array) else [value]
            found[int(key)] = [_number(one) for one in targets]
        for kid in _list(node.get("/Kids", [])):
            self._nums(kid, found, depth + 1)


_CATALOG_APART: Final = {
    "/Pages", "/AcroForm", "/DSS", "/Metadata", "/Extensions", "/Version", "/StructTreeRoot",
    "/Perms",
    "/PieceInfo", "/NeedAppearances",
}  # fmt: skip
_PAGE_APART: Final = {
    "/Annots", "/Contents", "/Resources", "/Parent", "/Metadata", "/LastModified", "/PieceInfo",
    "/TU", "/ActualText", "/ID", "/Lang", "/PV",
}  # fmt: skip
_UNREAD: Final = {"/Next", "/ActualText", "/Alt", "/E", "/Phoneme", "/M", "/NM", "/P", "/Parent",
                   "/Type"}  # fmt: skip
"""What no reader looks for in a field or an annotation, or what has its own comparison."""
_VALUES: Final = ("/V", "/I", "/TI", "/RV")
_INHERITED: Final = ("/FT", "/Ff", "/V", "/DV", "/MaxLen", "/Opt", "/Q", "/DA", "/TI", "/I", "/RV")


_DEFAULTS: Final = [("/Q", 0), ("/Ff", 0)]
"""Entries that say what holds without them."""


def _bytes(stream: Any) -> bytes:
    try:
        return bytes(stream.read_bytes())
    except pikepdf.PdfError:
        return bytes(stream.read_raw_bytes())


def _list(item: Any) -> list[Any]:
    return list(item) if isinstance(item, Array | list) else []


def _numbers(item: Any) -> list[float]:
    found = []
    for one in _list(item):
        try:
            found.append(float(one))
        except (TypeError, ValueError):
            return []
    return found


def _scalar(item: Any) -> Any:
    if isinstance(item, Name):
        return ("name", str(item))
    if isinstance(item, pikepdf.String):
        return ("string", bytes(item))
    if isinstance(item, bool | int) or item is None:
        return item
    try:
        return float(item)
    except (TypeError, ValueError):
        return str(item)


def _inherited(node: Any, key: str) -> Any:
    for _step in range(12):
        if not isinstance(node, Dictionary):
            return None
        if key in node:
            return node[key]
        node = node.get("/Parent")
    return None
