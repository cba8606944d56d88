"""Odd ways to write an update that readers may read differently (ISO 32000-2, 7.3 and 7.5)."""

import copy
import re
from collections.abc import Callable
from typing import Any, Final

from benchmarks.update_grammar.drawing import line
from benchmarks.update_grammar.model import Pairs, Ref, Stream, Value, written
from benchmarks.update_grammar.scene import NothingToChangeError, Scene

Oddity = Callable[[Scene], dict[str, Any]]
"""Returns settings of the layout."""


def _dictionaries(scene: Scene) -> list[int]:
    touched = sorted(scene.document.touched)
    found = [n for n in touched if isinstance(scene.document.objects.get(n), dict)]
    is_signature = [n for n in found if "ByteRange" in scene.document.objects[n]]
    return [n for n in found if n not in is_signature]


def _escaped(name: bytes) -> bytes:
    return b"#%02x" % name[0] + name[1:]


def escaped_names(scene: Scene) -> dict[str, Any]:
    """Write keys with number signs."""
    number = scene.pick(_dictionaries(scene))
    entries = scene.document.objects[number]
    pairs = [(_escaped(k.encode()) if scene.dice.random() < 0.6 else k.encode(), v)
             for k, v in entries.items()]  # fmt: skip
    return {"texts": {number: written(Pairs(pairs))}}


def _twice(scene: Scene, *, escape: bool, blank: bool = False) -> dict[str, Any]:
    number = scene.pick(_dictionaries(scene))
    new = scene.document.objects[number]
    old = scene.base.document.objects.get(number)
    if not isinstance(old, dict):
        raise NothingToChangeError
    pairs: list[tuple[bytes, Value]] = [(k.encode(), v) for k, v in new.items()]
    other = [(k.encode(), v) for k, v in old.items() if blank or new.get(k) != v]
    other = other or [(k.encode(), None) for k in list(new)[:1]]
    if escape:
        other = [(_escaped(k), v) for k, v in other]
    pairs = [*pairs, *other] if scene.dice.random() < 0.5 else [*other, *pairs]
    return {"texts": {number: written(Pairs(pairs))}}


def keys_twice(scene: Scene) -> dict[str, Any]:
    """Write the old entries beside the new ones."""
    return _twice(scene, escape=False)


def keys_twice_escaped(scene: Scene) -> dict[str, Any]:
    """Write the old entries beside the new ones, their names in another spelling."""
    return _twice(scene, escape=True)


def generation(scene: Scene) -> dict[str, Any]:
    """Write an object with a higher generation number."""
    touched = sorted(scene.document.touched)
    return {"generations": {scene.pick(touched): scene.dice.choice((1, 2, 65535))}}


def freed(scene: Scene) -> dict[str, Any]:
    """Free an object that something refers to."""
    number = scene.pick(sorted(scene.document.objects))
    return {"freed": frozenset({number})}


def object_twice(scene: Scene) -> dict[str, Any]:
    """Write an object twice, the table naming one of them."""
    number = scene.pick(_dictionaries(scene))
    text = written(scene.document.objects[number])
    old = scene.base.document.objects.get(number)
    other = written(old if old is not None else {})
    first, last = (text, other) if scene.dice.random() < 0.5 else (other, text)
    return {"texts": {number: first + b"\nendobj\n%d 0 obj\n" % number + last}}


def length_off(scene: Scene) -> dict[str, Any]:
    """Say that a stream is shorter or longer than it is."""
    touched = sorted(scene.document.touched)
    found = [n for n in touched if isinstance(scene.document.objects.get(n), Stream)]
    number = scene.pick(found)
    stream = copy.copy(scene.document.objects[number])
    size = max(0, len(stream.content) + scene.dice.choice((-3, 4, -20, 40, -len(stream.content))))
    stream.entries = {**stream.entries, "Length": size}
    return {"texts": {number: written(stream)}}


def stream_beside(scene: Scene) -> dict[str, Any]:
    """Hide an object's text inside a stream that holds another end of itself."""
    page = scene.page()
    contents = scene.document.entries(page).get("Contents")
    number = contents.number if isinstance(contents, Ref) else page.number
    inside = b"x\nendstream\nendobj\n%d 0 obj\n" % number
    inside += written(Stream({}, line("900", 72, 650)))
    scene.document.add(Stream({}, inside))
    return {}


def numbers_indirect(scene: Scene) -> dict[str, Any]:
    """Put numbers of a rectangle into objects of their own."""
    number = scene.pick([n for n in _dictionaries(scene) if "Rect" in scene.document.objects[n]])
    rect = scene.document.objects[number]["Rect"]
    scene.document.objects[number]["Rect"] = [scene.document.add(one) for one in rect]
    return {}


def nulls(scene: Scene) -> dict[str, Any]:
    """Write entries that are null, and others that lead to no object."""
    entries = scene.document.objects[scene.pick(_dictionaries(scene))]
    key = scene.pick(sorted(entries))
    entries[key] = scene.dice.choice((None, Ref(99999), Ref(0), Ref(3, 7)))
    return {}


def older_previous(scene: Scene) -> dict[str, Any]:
    """Lead back to older cross-references, past what was signed last."""
    starts = re.findall(rb"startxref\s+(\d+)", scene.document.content)
    scene.document.start = int(scene.pick(starts[:-1] or starts))
    return {}


SYNTAX: Final[dict[str, Oddity]] = {
    "escaped-names": escaped_names, "keys-twice": keys_twice,
    "keys-twice-escaped": keys_twice_escaped, "generation": generation, "freed": freed,
    "object-twice": object_twice, "length-off": length_off, "stream-beside": stream_beside,
    "older-previous": older_previous,
    "numbers-indirect": numbers_indirect, "nulls": nulls,
}  # fmt: skip
