"""Signature widgets in the structure of tagged PDFs, so that people who hear a page meet them.

PDF/UA-1 (ISO 14289-1, 7.18.1 and 7.18.4): a widget stands in an element of type ``Form``.
"""

from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name

from rpa.signing.adapters.pages import entry_of, target


def tag_widget(writer: Any, page_ref: Any, widget: Any, reference: Any) -> None:
    """Add a ``Form`` element for the widget at the end of the document's structure.

    A document without a structure, or with one of another shape than usual, is left as it is.
    """
    tree = entry_of(writer.root, "/StructTreeRoot")
    if not isinstance(tree, generic.DictionaryObject):
        return
    parents = entry_of(tree, "/ParentTree")
    numbers = entry_of(parents, "/Nums") if isinstance(parents, generic.DictionaryObject) else None
    document = _document_element(tree)
    if not isinstance(numbers, generic.ArrayObject) or document is None:
        return
    keys = [int(numbers[at]) for at in range(0, len(numbers) - 1, 2)]
    stated = entry_of(tree, "/ParentTreeNextKey", 0)
    key = max([stated if isinstance(stated, int) else 0, *(one + 1 for one in keys)])
    element = writer.add_object(
        _dictionary(
            {
                "/Type": pdf_name("/StructElem"),
                "/S": pdf_name("/Form"),
                "/P": document,
                "/Pg": page_ref,
                "/K": _dictionary({"/Type": pdf_name("/OBJR"), "/Obj": reference, "/Pg": page_ref}),
            }
        )
    )
    _append_kid(writer, target(document), element)
    numbers.extend([_number(key), element])
    writer.update_container(numbers)
    tree[pdf_name("/ParentTreeNextKey")] = _number(key + 1)
    writer.update_container(tree)
    widget[pdf_name("/StructParent")] = _number(key)


def _document_element(tree: generic.DictionaryObject) -> Any:
    """Return a reference to the one element at the top, or None where there is another shape."""
    top: Any = tree.raw_get("/K") if "/K" in tree else None
    listed = target(top)
    if isinstance(listed, generic.ArrayObject):
        top = next(iter(listed)) if len(listed) == 1 else None
    element = target(top)
    is_element = isinstance(element, generic.DictionaryObject) and "/S" in element
    return top if isinstance(top, generic.IndirectObject) and is_element else None


def _append_kid(writer: Any, parent: Any, element: Any) -> None:
    kids = parent.raw_get("/K") if "/K" in parent else None
    listed = target(kids)
    if isinstance(listed, generic.ArrayObject):
        listed.append(element)
        writer.update_container(listed)
        return
    parent[pdf_name("/K")] = generic.ArrayObject([element] if kids is None else [kids, element])
    writer.update_container(parent)


def _dictionary(entries: dict[str, Any]) -> generic.DictionaryObject:
    described = {pdf_name(key): value for key, value in entries.items()}
    return generic.DictionaryObject(described)  # type: ignore[no-untyped-call]


def _number(value: int) -> generic.NumberObject:
    return generic.NumberObject(value)  # type: ignore[no-untyped-call]
