"""The parts of a document that updates act on: pages, fields, widgets, annotations."""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.update_grammar.document import Document
from benchmarks.update_grammar.model import Ref, Stream, Value


@dataclass(frozen=True)
class Field:
    """A form field with its name and the widgets that show it."""

    ref: Ref
    name: str
    kind: str
    widgets: tuple[Ref, ...]
    parents: tuple[Ref, ...] = ()


def pages(document: Document) -> list[Ref]:
    """Return the pages, in order."""
    return [one for one in _nodes(document) if "Kids" not in document.entries(one)]


def page_nodes(document: Document) -> list[Ref]:
    """Return the inner nodes of the page tree."""
    return [one for one in _nodes(document) if "Kids" in document.entries(one)]


def _nodes(document: Document) -> Iterator[Ref]:
    waiting, seen = [document.catalog.get("Pages")], set()
    while waiting:
        one = waiting.pop(0)
        if not isinstance(one, Ref) or one in seen:
            continue
        seen.add(one)
        yield one
        kids = document.at(document.entries(one).get("Kids"))
        waiting = [*(kids if isinstance(kids, list) else []), *waiting]


def annotations(document: Document, page: Ref) -> list[Ref]:
    """Return a page's annotations."""
    found = document.at(document.entries(page).get("Annots"))
    return [one for one in found if isinstance(one, Ref)] if isinstance(found, list) else []


def all_annotations(document: Document) -> list[Ref]:
    """Return every page's annotations that are no widgets."""
    return [
        one
        for page in pages(document)
        for one in annotations(document, page)
        if document.entries(one).get("Subtype") != "Widget"
    ]


def fields(document: Document) -> list[Field]:
    """Return the terminal fields."""
    form = document.entries(document.catalog.get("AcroForm"))
    found: list[Field] = []
    for item in document.at(form.get("Fields")) or []:
        _descend(document, item, (), found)
    return found


def _descend(document: Document, item: Value, parents: tuple[Ref, ...], found: list[Field]) -> None:
    if not isinstance(item, Ref) or item in parents or len(parents) > 6:
        return
    entries = document.entries(item)
    kids = document.at(entries.get("Kids"))
    kids = [one for one in kids if isinstance(one, Ref)] if isinstance(kids, list) else []
    named = [one for one in kids if "T" in document.entries(one)]
    nameless = [one for one in kids if "T" not in document.entries(one)]
    chain = [*parents, item]
    names = [document.entries(one).get("T") for one in chain]
    name = ".".join(t.decode("latin-1") for t in names if isinstance(t, bytes))
    kind = next((str(e["FT"]) for e in map(document.entries, reversed(chain)) if "FT" in e), "")
    if not named or nameless:
        widgets = tuple(nameless) or (item,)
        found.append(Field(item, name, kind, widgets, parents))
    for one in named:
        _descend(document, one, (*parents, item), found)


def inherited(document: Document, field: Field, key: str) -> Value:
    """Return a field's entry, its own or a parent's."""
    for one in (field.ref, *reversed(field.parents)):
        found = document.entries(one).get(key)
        if found is not None:
            return document.at(found)
    return None


def widgets(document: Document) -> list[Ref]:
    """Return every page's widgets."""
    return [
        one
        for page in pages(document)
        for one in annotations(document, page)
        if document.entries(one).get("Subtype") == "Widget"
    ]


def streams(document: Document, kind: str = "") -> list[Ref]:
    """Return the streams, those of a subtype where one is asked for."""
    return [
        Ref(number)
        for number, value in document.objects.items()
        if isinstance(value, Stream) and (not kind or value.entries.get("Subtype") == kind)
    ]


def dictionaries(document: Document) -> list[Ref]:
    """Return all objects that are dictionaries or streams."""
    return [Ref(n) for n in sorted(document.objects) if document.entries(Ref(n))]
