"""What the signer allows and the report tells of: only that may look or read differently."""

from dataclasses import dataclass, field
from typing import Final

from benchmarks.update_grammar.bases import Base
from benchmarks.update_grammar.facts import Box, Facts, FieldFacts, Widget
from rpa.domain.signature import ChangeKind, ValidationReport

_MARGIN: Final = 1.0
_ENDS: Final = 9.0
"""How far the rounded ends of a mark reach beyond its rectangle."""
_UNSEEN: Final = 1 | 2 | 32
"""Flags of annotations that are not shown: Invisible, Hidden, NoView."""
_ICON: Final = 24.0
"""How far the icon of a small note reaches beyond its rectangle, in points."""


@dataclass
class Explained:
    """The fields and annotations that may differ."""

    filled: set[str] = field(default_factory=set)
    """Fields that were there, with another value."""
    added: set[str] = field(default_factory=set)
    """New fields, signed or to be signed in."""
    comments: set[int] = field(default_factory=set)
    """Annotations that P=3 allows to add or change, by object number."""
    wrong: list[str] = field(default_factory=list)
    """What was done though nothing allows it, or though the report is silent on it."""
    boxes: list[tuple[int, Box]] = field(default_factory=list)
    """Where pages may look differently: page and place."""
    new_boxes: list[tuple[int, Box]] = field(default_factory=list)
    """Those of fields that the signer did not see."""
    value_boxes: list[tuple[int, Box]] = field(default_factory=list)
    """Where a value that was filled in must be seen."""
    numbers: set[int] = field(default_factory=set)
    """The objects of all these fields and annotations, old ones too."""


def explained(base: Base, old: Facts, new: Facts, report: ValidationReport) -> Explained:
    """Return what explains differences between the signed revision and the file as it is."""
    found = Explained()
    told = {
        change.where
        for status in report.signatures
        for change in status.changes_after
        if change.permitted
    }
    for name, now in new.fields.items():
        before = old.fields.get(name)
        if before is None:
            _added(base, name, now, found)
        elif before.values != now.values:
            _filled(base, name, (before, now), found, told)
        elif name in told and base.lock != "P1" and not _is_locked(base, name):
            found.filled.add(name)  # the same value, shown anew
            found.numbers |= before.numbers | now.numbers
    _comments(base, old, new, found, report)
    _places(old, new, found)
    return found


def _added(base: Base, name: str, now: FieldFacts, found: Explained) -> None:
    if now.kind != "/Sig":
        found.wrong.append("field-added")
        return
    value = dict(now.values.get("/V", ()) or ())
    is_stamp = value.get("/Type") == ("name", "/DocTimeStamp")
    is_certified = base.lock.startswith("P")
    if base.lock == "P1" and not is_stamp:
        found.wrong.append("field-added-under-P1")
    elif is_certified and not value:
        found.wrong.append("empty-field-added-under-certification")
    found.added.add(name)
    found.numbers |= now.numbers


def _filled(
    base: Base, name: str, facts: tuple[FieldFacts, FieldFacts], found: Explained, told: set[str]
) -> None:
    before, now = facts
    if before.kind == "/Sig" and "/V" in before.values:
        found.wrong.append("signature-changed")
        return
    if base.lock == "P1" or _is_locked(base, name):
        found.wrong.append("locked-field-filled")
        return
    if before.values.get("/V") == now.values.get("/V") and before.kind != "/Ch":
        found.wrong.append("value-companion-changed")
        return
    if name.rstrip("*") not in told and before.kind != "/Sig":
        found.wrong.append("fill-not-told")
    found.filled.add(name)
    found.numbers |= before.numbers | now.numbers


def _is_locked(base: Base, name: str) -> bool:
    is_named = any(name == one or name.startswith(f"{one}.") for one in base.locked)
    return {"all": True, "include": is_named, "exclude": not is_named}.get(base.lock, False)


def _comments(
    base: Base, old: Facts, new: Facts, found: Explained, report: ValidationReport
) -> None:
    if base.lock != "P3":
        return
    known = {number for page in old.annotations for number, _kind, _said in page}
    is_told = any(
        change.kind is ChangeKind.ANNOTATION and change.permitted
        for status in report.signatures
        for change in status.changes_after
    )
    for page in new.annotations:
        for number, kind, said in page:
            if kind == "/Widget" or number == 0:
                continue
            if number not in known:
                found.comments.add(number)
                if not is_told:
                    found.wrong.append("comment-not-told")
                if said.keys() & {"/A", "/AA", "/Dest", "/PA"}:
                    found.wrong.append("comment-with-action")
    both = {number for page in old.annotations for number, kind, _said in page if kind != "/Widget"}
    found.comments |= both - {0} if is_told else set()


def _lies_on_a_field(one: Widget, old: Facts) -> bool:
    """Say whether a new field is seen where another stands: a tick drawn into an empty box."""
    left, top, right, bottom = one.box
    numbers = {n for held in old.fields.values() for n in held.numbers}
    return any(
        min(right, other.box[2]) - max(left, other.box[0]) > _MARGIN
        and min(bottom, other.box[3]) - max(top, other.box[1]) > _MARGIN
        for other in old.boxes
        if other.page == one.page and other.number in numbers
    )


def _valued(new: Facts, found: Explained) -> set[int]:
    """Return the widgets of fields that were filled in with a text and are meant to be seen."""
    numbers: set[int] = set()
    for name in found.filled:
        one = new.fields[name]
        kind, *value = one.values.get("/V") or ("",) if one.kind in ("/Tx", "/Ch") else ("",)
        flags = [widget.get("/F", 0) for widget in one.widgets]
        is_hidden = any(not isinstance(flag, int) or flag & _UNSEEN for flag in flags)
        is_layered = any("/OC" in widget for widget in one.widgets)
        if kind == "string" and any(value) and not is_hidden and not is_layered:
            numbers |= one.numbers
    return numbers


def _grown(box: Box, *, is_comment: bool) -> Box | None:
    """Return how far what is drawn for an annotation may reach; None where it has no extent."""
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    if not is_comment:
        grow = _MARGIN
    elif min(width, height) < _ICON:
        grow = _ENDS + _ICON
    else:
        grow = _ENDS
    if not is_comment and width < 0.01 and height < 0.01:
        return None
    return (left - grow, top - grow, right + grow, bottom + grow)


def _places(old: Facts, new: Facts, found: Explained) -> None:
    allowed = found.numbers | found.comments
    fresh = {n for name in found.added for n in new.fields[name].numbers}
    if any(_lies_on_a_field(one, old) for one in new.boxes if one.number in fresh):
        found.wrong.append("new-field-over-field")
    valued = _valued(new, found)
    found.value_boxes = [(one.page, one.box) for one in new.boxes if one.number in valued]
    for facts in (old, new):
        for one in facts.boxes:
            if one.number not in allowed:
                continue
            box = _grown(one.box, is_comment=one.number in found.comments)
            if box is None:
                continue
            found.boxes.append((one.page, box))
            if one.number in fresh:
                found.new_boxes.append((one.page, box))
