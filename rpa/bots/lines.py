"""Where in a YAML text each key and value stands, so that a mistake can be pointed at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import yaml

from rpa.i18n import _

_TAB: Final = "found character '\\t' that cannot start any token"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a text, both numbers from 1."""

    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Found:
    """A mistake of the YAML itself."""

    place: Place
    message: str


@dataclass(frozen=True, slots=True)
class Lines:
    """The places of one YAML text."""

    root: yaml.Node | None = field(repr=False)

    def place_of(self, location: Sequence[int | str], *, key: bool = False) -> Place:
        """Return where the value at ``location`` begins, or with ``key`` its key.

        A part of the location that the text does not show, such as the name of a model, is passed
        over; what is missing is where it should stand.
        """
        node, at = self.root, self.root
        for part in location:
            inside, name = _inside(node, part)
            if inside is not None:
                node, at = inside, name if key and name is not None else inside
        return _place(at)

    def scalar(self, location: Sequence[int | str], text: str) -> Place:
        """Return where ``text`` stands as a value under ``location``; where that begins if not."""
        node = self.root
        for part in location:
            inside, _name = _inside(node, part)
            node = inside or node
        found = (one for one in _scalars(node) if one.value == text)
        return _place(next(found, node))


def read_places(text: str) -> tuple[Lines | None, tuple[Found, ...]]:
    """Return the places of a YAML text, None where it is none, and what is wrong with it.

    A key that is said twice is a mistake: YAML's readers take the last one without a word.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        return None, (_syntax(error),)
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        line = before.count("\n") + 1
        place = Place(line, len(before) - before.rfind("\n"))
        return None, (Found(place, _("A character that YAML does not take.")),)
    return Lines(root), tuple(_twice(root))


def _syntax(error: yaml.MarkedYAMLError) -> Found:
    mark = error.problem_mark or error.context_mark
    place = Place(mark.line + 1, mark.column + 1) if mark else Place()
    if error.problem and error.problem.startswith(_TAB):
        return Found(place, _("A tab: YAML is indented with blanks only."))
    said = ": ".join(part for part in (error.context, error.problem) if part)
    return Found(place, _("No valid YAML: {problem}.", problem=said))


def _inside(node: yaml.Node | None, part: int | str) -> tuple[yaml.Node | None, yaml.Node | None]:
    """Return the value that ``part`` leads to, and its key where it has one."""
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if name.value == str(part):
                return value, name
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], None
    return None, None


def _place(node: yaml.Node | None) -> Place:
    return Place(node.start_mark.line + 1, node.start_mark.column + 1) if node else Place()


def _nodes(node: yaml.Node | None) -> Iterator[yaml.Node]:
    """Yield a node and all inside it; an alias leads to what was passed already."""
    waiting, seen = [node], set()
    while waiting:
        one = waiting.pop(0)
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        if isinstance(one, yaml.SequenceNode):
            waiting = [*one.value, *waiting]
        if isinstance(one, yaml.MappingNode):
            waiting = [*(value for _key, value in one.value), *waiting]


def _scalars(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    return (one for one in _nodes(node) if isinstance(one, yaml.ScalarNode))


def _twice(root: yaml.Node | None) -> Iterator[Found]:
    for node in _nodes(root):
        if not isinstance(node, yaml.MappingNode):
            continue
        first: dict[str, int] = {}
        for name, _value in node.value:
            line = first.setdefault(str(name.value), name.start_mark.index)
            if line != name.start_mark.index:
                yield Found(_place(name), _("“{key}” is said twice.", key=name.value))
