"""The signatures of a file, in whichever of its revisions they were made."""

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rpa.signing.adapters.structure import signature_gap_is_clean
from rpa.signing.adapters.verification.findings import Lock
from rpa.signing.adapters.verification.form import FormField, text_of
from rpa.signing.adapters.verification.graph import Graph
from rpa.signing.adapters.verification.lexer import Item, Name, Ref
from rpa.signing.adapters.verification.updates import OBJECT
from rpa.signing.adapters.verification.views import RevisionView

_RANGE: Final = re.compile(
    rb"/ByteRange[\x00\t\n\f\r ]*\[[\x00\t\n\f\r ]*(\d{1,12})[\x00\t\n\f\r ]+(\d{1,12})"
    rb"[\x00\t\n\f\r ]+(\d{1,12})[\x00\t\n\f\r ]+(\d{1,12})[\x00\t\n\f\r ]*\]"
)
_MOST: Final = 200
_COMMENTS: Final = 3
_SPACE: Final = b"\x00\t\n\f\r "


@dataclass(frozen=True)
class Candidate:
    """What claims to be a signature."""

    name: str
    field: FormField
    entries: dict[str, Item]
    """The signature dictionary's."""
    byte_range: tuple[int, ...]
    number: int
    """The object that holds the dictionary."""
    view: RevisionView
    """The first revision that has it."""
    lock: Lock = dataclasses.field(default_factory=Lock)

    @property
    def end(self) -> int:
        """The offset after the last byte that it covers; 0 where it has no byte range."""
        return sum(self.byte_range[2:]) if len(self.byte_range) == 4 else 0

    @property
    def is_timestamp(self) -> bool:
        """True for a document timestamp."""
        return self.entries.get("Type") == "DocTimeStamp" or self.sub_filter == "ETSI.RFC3161"

    @property
    def sub_filter(self) -> str:
        """The encoding of its contents."""
        found = self.entries.get("SubFilter")
        return str(found) if isinstance(found, Name) else ""

    @property
    def chain(self) -> tuple[bytes, ...]:
        """The certificates beside it (``/Cert``), the signer's first; old encodings only."""
        found = self.view.graph.at(self.entries.get("Cert"))
        items = found if isinstance(found, list) else [found]
        plain = [self.view.graph.at(item) for item in items]
        return tuple(item for item in plain if isinstance(item, bytes))

    @property
    def contents(self) -> bytes:
        """The signature's own bytes."""
        found = self.entries.get("Contents")
        return found if isinstance(found, bytes) else b""

    def is_sound(self, pdf: bytes) -> bool:
        """Say whether its byte range leaves out its own contents and nothing else."""
        is_locked = "Encrypt" in self.view.graph.trailer
        if not signature_gap_is_clean(pdf, self.byte_range, is_locked=is_locked):
            return False
        start = self.byte_range[1]
        above = pdf.rfind(b"obj", 0, start)
        heads = list(OBJECT.finditer(pdf, max(0, above - 30), above + 4))
        if not heads or int(heads[-1][1]) != self.number:
            return False
        gap = bytes.fromhex(pdf[start + 1 : self.byte_range[2] - 1].decode("ascii"))
        return self.contents in (gap, b"") or is_locked


def signed_ends(pdf: bytes) -> list[int]:
    """Return where signed parts of the file seem to end, whatever cross-references say."""
    found = set()
    for hit in _RANGE.finditer(pdf):
        numbers = [int(number) for number in hit.groups()]
        end = numbers[2] + numbers[3]
        if numbers[0] == 0 and 0 < numbers[1] < numbers[2] < end <= len(pdf):
            gap = pdf[numbers[1] : numbers[2]]
            if gap[:1] == b"<" and gap[-1:] == b">" and is_revision_end(pdf, end):
                found.add(end)
    return sorted(found)[:_MOST]


def is_revision_end(pdf: bytes, end: int) -> bool:
    """Say whether a revision can end there: after ``%%EOF``, or in the blank that follows it."""
    tail = pdf[max(0, end - 1200) : end].rstrip(_SPACE)
    return tail.endswith(b"%%EOF") or (end == len(pdf) and b"startxref" in tail[-60:])


def candidates(views: Sequence[RevisionView]) -> tuple[Candidate, ...]:
    """Return all that claim to be signatures in ``views``, oldest first, each once."""
    found: dict[tuple[str, bytes, tuple[int, ...]], Candidate] = {}
    for view in views:
        for name, one in {**_widgets_alone(view), **view.fields}.items():
            # A reference to nothing is no empty field: something was there.
            if one.is_group or one.kind != "Sig" or one.whole.get("V") is None:
                continue
            made = _candidate(view, name, one)
            found.setdefault((name, made.contents, made.byte_range), made)
    return _with_permissions(sorted(found.values(), key=lambda one: one.end)[:_MOST])


def _with_permissions(found: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Let later signatures without a word of their own allow what the certification does.

    DocMDP speaks of the document (ISO 32000-2, 12.8.2.2): where it allows comments (P=3), a later
    timestamp or approval does not forbid them.
    """
    level: int | None = None
    told = []
    for one in found:
        if one.lock.is_certification and level is None:
            level = one.lock.level
        lock = one.lock
        if lock.level is None and level == _COMMENTS:
            lock = dataclasses.replace(lock, level=level)
        told.append(dataclasses.replace(one, lock=lock))
    return tuple(told)


def _widgets_alone(view: RevisionView) -> dict[str, FormField]:
    """Return what pages show as fields to sign in though the form does not list them."""
    widgets = [one for field in view.fields.values() for one in field.widgets]
    known = {one.number for one in widgets if isinstance(one, Ref)}
    found = {}
    for page in view.tree.pages:
        for item in page.annotations:
            own = view.graph.entries(item)
            if own.get("FT") == "Sig" and not (isinstance(item, Ref) and item.number in known):
                name = text_of(view.graph.at(own.get("T")))
                found[name] = FormField(name, item, own, own, (item,), is_group=False)
    return found


def _candidate(view: RevisionView, name: str, one: FormField) -> Candidate:
    graph, value = view.graph, one.whole.get("V")
    entries = {key: _plain(graph, item) for key, item in graph.entries(value).items()}
    numbers = [graph.at(item) for item in graph.items(entries.get("ByteRange"))]
    byte_range = tuple(number for number in numbers if type(number) is int)
    return Candidate(
        name=name,
        field=one,
        entries=entries,
        byte_range=byte_range if len(byte_range) == len(numbers) else (),
        number=value.number if isinstance(value, Ref) else one.number,
        view=view,
        lock=_lock(view, one, entries),
    )


def _plain(graph: Graph, item: Item) -> Item:
    found = graph.at(item)
    return found if isinstance(found, bool | int | float | bytes | Name) else item


def _lock(view: RevisionView, one: FormField, entries: dict[str, Item]) -> Lock:
    """Read what it allows later: DocMDP and FieldMDP (12.8.2.2, 12.8.2.4), and the field's lock."""
    graph = view.graph
    level, is_certification, action, names = None, False, "", frozenset[str]()
    lock = graph.entries(one.own.get("Lock"))
    if lock:
        action, names = _action(graph, one.own.get("Lock"))
        level = _number(graph.at(lock.get("P")))
    for reference in graph.items(entries.get("Reference")):
        method = graph.at(graph.under(reference, "TransformMethod"))
        settings = graph.under(reference, "TransformParams")
        if method == "DocMDP":
            is_certification = True
            said = _number(graph.at(graph.under(settings, "P")))
            level = min(said or 2, level or 3)
        elif method == "FieldMDP":
            action, names = _action(graph, settings)
    return Lock(level, is_certification, action, names, frozenset(view.fields))


def _action(graph: Graph, item: Item) -> tuple[str, frozenset[str]]:
    action = graph.at(graph.under(item, "Action"))
    names = frozenset(text_of(graph.at(one)) for one in graph.items(graph.under(item, "Fields")))
    return str(action) if isinstance(action, Name) else "", names


def _number(item: object) -> int | None:
    return item if isinstance(item, int) and 1 <= item <= 3 else None
