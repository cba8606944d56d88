"""Structure, order, actions, terms of fields: the same, outside of what is explained."""

from typing import Any, Final

from benchmarks.update_grammar.explained import Explained
from benchmarks.update_grammar.facts import Facts, FieldFacts

_ACTS: Final = {"/A", "/AA", "/PA", "/Dest", "/JS", "/URI", "/OC", "/Next"}
_LOOKS: Final = {"/MK", "/DA", "/Q", "/DS", "/BS", "/Border", "/H"}
"""What filling in may change beside the value: pictures tell whether it shows."""

_HIDING: Final = 1 | 2 | 32
_TURNING: Final = 8 | 16 | 256
"""Flags of annotations (ISO 32000-2, table 167)."""


def meaning_reasons(old: Facts, new: Facts, found: Explained) -> list[str]:
    """Return what means or does another thing, by kind."""
    reasons = [f"catalog{key}" for key in _differing(old.catalog, new.catalog)]
    reasons += [f"form{key}" for key in _differing(old.form, new.form)]
    if len(old.pages) != len(new.pages):
        return [*reasons, "facts:page-count"]
    for before, after in zip(old.pages, new.pages, strict=True):
        reasons += [f"page{key}" for key in _differing(before, after)]
    reasons += _fields(old, new, found)
    reasons += _annotations(old, new, found)
    reasons += _structure(old, new, found)
    return reasons


def _differing(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return [key for key in sorted(old.keys() | new.keys()) if old.get(key) != new.get(key)]


def _hides_or_shows(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Say whether flags hide, or turn and zoom otherwise; signing may show what was prepared."""
    old, new = before.get("/F", 0), after.get("/F", 0)
    if not isinstance(old, int) or not isinstance(new, int):
        return True
    return bool((old ^ new) & _TURNING) or bool(new & ~old & _HIDING) or bool(old & ~new & 4)


def _fields(old: Facts, new: Facts, found: Explained) -> list[str]:
    reasons = []
    for name, before in old.fields.items():
        now = new.fields.get(name)
        if now is None:
            reasons.append("field-lost")
            continue
        apart = _LOOKS if name in found.filled else set()
        if name in found.filled and not _hides_or_shows(before.terms, now.terms):
            apart = apart | {"/F"}
        keys = [k for k in _differing(before.terms, now.terms) if k not in apart]
        reasons += [f"field{key}" for key in keys]
        if len(before.widgets) != len(now.widgets):
            reasons.append("field-widgets")
            continue
        for one, other in zip(before.widgets, now.widgets, strict=True):
            keys = [k for k in _differing(one, other) if k not in apart]
            reasons += [f"widget{key}" for key in keys]
    for name in new.fields.keys() - old.fields.keys():
        reasons += _new_field(new.fields[name])
    return reasons


def _new_field(one: FieldFacts) -> list[str]:
    found = {key for held in (one.terms, *one.widgets) for key in held if key in _ACTS}
    return [f"new-field{key}" for key in sorted(found)]


def _annotations(old: Facts, new: Facts, found: Explained) -> list[str]:
    reasons: list[str] = []
    for before, after in zip(old.annotations, new.annotations, strict=True):
        fresh = found.numbers - {n for n, _k, _s in before}
        apart = fresh | found.comments
        was = [one for one in before if one[0] not in apart]
        now = [one for one in after if one[0] not in apart]
        if [one[0] for one in was] != [one[0] for one in now]:
            reasons.append("annotation-list")
            continue
        listed = [one[0] for one in after if one[0]]
        if len(listed) != len(set(listed)) and len(after) != len(before):
            reasons.append("annotation-listed-twice")
        for (number, kind, said), (_number, other_kind, other) in zip(was, now, strict=True):
            if kind != other_kind:
                reasons.append("annotation-kind")
            looks = _LOOKS if number in found.numbers else set()
            if looks and not _hides_or_shows(said, other):
                looks = looks | {"/F"}
            reasons += [f"annotation{k}" for k in _differing(said, other) if k not in looks]
        reasons += _commented(before, after, found)
        reasons += [
            f"new-annotation{key}"
            for number, _kind, said in after
            for key in sorted(said.keys() & _ACTS)
            if number in fresh
        ]
    return reasons


def _commented(before: list[Any], after: list[Any], found: Explained) -> list[str]:
    known = {number: said for number, _kind, said in before}
    return [
        f"comment{key}"
        for number, _kind, said in after
        if number in found.comments and number in known
        for key in _differing(known[number], said)
        if key in _ACTS
    ]


def _structure(old: Facts, new: Facts, found: Explained) -> list[str]:
    fresh = found.numbers - {n for one in old.fields.values() for n in one.numbers}
    now = _without(new.structure, fresh)
    reasons = [] if old.structure == now else ["structure"]
    if any(new.parent_tree.get(key) != value for key, value in old.parent_tree.items()):
        reasons.append("parent-tree")
    return reasons


def _without(kids: list[Any], fresh: set[int]) -> list[Any]:
    """Leave out the elements that hold nothing but new fields."""
    kept = []
    for one in kids:
        if one[0] != "element":
            kept.append(one)
            continue
        below = one[2]
        is_form = one[1].get("/S") == ("name", "/Form")
        if is_form and below and all(b[0] == "object" and b[1] in fresh for b in below):
            continue
        kept.append((one[0], one[1], _without(below, fresh)))
    return kept
