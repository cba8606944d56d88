"""What fields of a form show, before and after a revision, and whether it is what they hold."""

import math
from collections.abc import Mapping
from typing import Final

from rpa.signing.adapters.verification.appearances import (
    Appearances,
    name_of,
    normal_appearance,
    states_of,
)
from rpa.signing.adapters.verification.drawn_ticks import ticks_are_plain
from rpa.signing.adapters.verification.equality import Equality
from rpa.signing.adapters.verification.form import FormField, text_of
from rpa.signing.adapters.verification.graph import Graph, Node, Stream
from rpa.signing.adapters.verification.lexer import Item, Ref
from rpa.signing.adapters.verification.placing import Matrix, box_within, matrix_of, rectangle
from rpa.signing.adapters.verification.sight import Ground, is_light

_PUSH_BUTTON: Final = 1 << 16
_COMBO: Final = 1 << 17
_PASSWORD: Final = 1 << 13
_MULTILINE: Final = 1 << 12
_DISTORTED: Final = 1.5


class FieldLooks:
    """Compares what fields show with what they hold."""

    def __init__(
        self,
        graphs: tuple[Graph, Graph],
        before: Mapping[str, FormField],
        equality: Equality,
        touched: frozenset[int],
    ) -> None:
        """Keep both revisions, and the fields of the first."""
        self._old, self._new = graphs
        self._before = before
        self._equality = equality
        self._shown_before = Appearances(self._old, frozenset())
        self._shown_after = Appearances(self._new, touched)

    def is_drawn_as_said(self, field: FormField) -> bool:
        """Say whether drawing a field anew, as viewers do when asked, changes nothing seen."""
        if field.is_group or field.kind not in ("Tx", "Ch"):
            return True
        value = text_of(self._old.at(field.whole.get("V")))
        looks = [normal_appearance(self._old, widget) for widget in field.widgets]
        return all(look is None or self._shown_before.shows(look, value) for look in looks)

    def is_shared(self, field: FormField) -> bool:
        """Say whether something else uses the appearance that the field had: then it is content."""
        own = {field.number} | {one.number for one in field.widgets if isinstance(one, Ref)}
        looks = {
            look.number
            for widget in field.widgets
            if isinstance(look := self._old.entries(widget).get("AP"), Ref)
        }
        if not looks:
            return False
        users = {
            number
            for number, others in self._old.references()
            if any(other in looks for _key, other in others)
        }
        in_trailer = any(
            isinstance(item, Ref) and item.number in looks for item in self._old.trailer.values()
        )
        return in_trailer or bool(users - own)

    def has_changed(self, old: FormField, new: FormField) -> bool:
        """Say whether a field looks different, or shows another of its states."""
        pairs = zip(old.widgets, new.widgets, strict=False)
        return any(
            not self._equality.same(self._old.under(one, key), self._new.under(other, key))
            for one, other in pairs
            for key in ("AP", "AS")
        )

    def is_honest(self, field: FormField) -> bool:
        """Say whether what a field shows is what it says it holds."""
        return all(
            self._tells(self._new, self._shown_after, field, widget) for widget in field.widgets
        )

    def is_lost(self, old: FormField, new: FormField) -> bool:
        """Say whether something that was drawn is drawn no more."""
        return any(
            self._old.at(normal_appearance(self._old, one)) is not None
            and self._new.at(normal_appearance(self._new, other)) is None
            for one, other in zip(old.widgets, new.widgets, strict=False)
        )

    def was_honest(self, field: FormField) -> bool:
        """Say whether it was so in the revision before."""
        return all(
            self._tells(self._old, self._shown_before, field, widget) for widget in field.widgets
        )

    def _tells(self, graph: Graph, shown: Appearances, field: FormField, widget: Item) -> bool:
        flags = graph.at(field.whole.get("Ff"))
        flag = flags if isinstance(flags, int) else 0
        if field.kind == "Btn":
            return not flag & _PUSH_BUTTON and self._button_tells(graph, field, widget)
        look, value = normal_appearance(graph, widget), graph.at(field.whole.get("V"))
        if self._other_looks(graph, widget) or isinstance(value, Stream):
            return False
        if graph.at(look) is None:
            # Viewers draw what has no look at all; one that leads nowhere hides the value.
            return graph.at(graph.entries(widget).get("AP")) is None
        on = None
        if graph is self._new:
            if not _fits(graph, widget, look):
                return False
            has_ground = graph.under(widget, "MK", "BG") is not None
            is_white = _is_light(graph.at(field.whole.get("DA")))
            turned = _asked_turn(graph, widget) - _turn(matrix_of(graph, look))
            has_rows = field.kind == "Ch" and not flag & _COMBO
            on = Ground(has_ground or is_white, bool(flag & _MULTILINE), has_rows, turned)
        if field.kind == "Ch":
            chosen = self._chosen(graph, field, value)
            texts = self._options(graph, field, value, flag)
            return shown.shows_one_of(look, texts, on=on, always=chosen)
        text = "*" * len(text_of(value)) if flag & _PASSWORD else text_of(value)
        return field.kind == "Tx" and shown.shows(look, text, on=on)

    def _other_looks(self, graph: Graph, widget: Item) -> bool:
        """Say whether a widget has looks for being pointed at, which nobody compares."""
        return bool(graph.entries(graph.under(widget, "AP")).keys() - {"N"})

    def _button_tells(self, graph: Graph, field: FormField, widget: Item) -> bool:
        """A button's looks are those it was signed with, or plain marks; the choice is new."""
        old = self._before.get(field.name)
        index = field.widgets.index(widget)
        if old is None or index >= len(old.widgets):
            return False
        before, after = (
            self._old.under(old.widgets[index], "AP"),
            graph.under(widget, "AP"),
        )
        state, value = name_of(graph.under(widget, "AS")), name_of(graph.at(field.whole.get("V")))
        own = states_of(graph, normal_appearance(graph, widget))
        is_anew = graph is self._new and not self._equality.same(before, after)
        if is_anew and not (self._others_kept(before, after) and ticks_are_plain(graph, widget)):
            return False
        if value not in _all_states(graph, field) | {"Off", ""}:
            return False
        return state == value if value in own else state in ("", "Off")

    def _others_kept(self, before: Item, after: Item) -> bool:
        """Say whether the looks for the pointer are what they were, or gone."""
        old, new = self._old.entries(before), self._new.entries(after)
        return not any(key in new for key in self._equality.same_entries(old, new, {"N"}))

    def _chosen(self, graph: Graph, field: FormField, value: Node) -> set[str]:
        """Return what the chosen options are called, as they are shown (12.7.5.4)."""
        values = {text_of(graph.at(one)) for one in (value if isinstance(value, list) else [value])}
        named = {}
        for option in graph.items(field.whole.get("Opt")):
            pair = graph.items(option)
            export, text = (pair[0], pair[-1]) if pair else (option, option)
            named[text_of(graph.at(export))] = text_of(graph.at(text))
        return {named.get(one, one) for one in values}

    def _options(self, graph: Graph, field: FormField, value: object, flag: int) -> set[str]:
        texts: set[str] = set()
        values = {text_of(one) for one in value} if isinstance(value, list) else {text_of(value)}
        for option in graph.items(field.whole.get("Opt")):
            pair = graph.items(option)
            export, text = (pair[0], pair[-1]) if pair else (option, option)
            if not flag & _COMBO or text_of(graph.at(export)) in values:
                texts.add(text_of(graph.at(text)))
        return texts | values


def _all_states(graph: Graph, field: FormField) -> set[str]:
    """Return the states that any widget of a button can show."""
    looks = [normal_appearance(graph, widget) for widget in field.widgets]
    return {state for look in looks for state in states_of(graph, look)}


def _fits(graph: Graph, widget: Item, look: Item) -> bool:
    """Say whether a look has about the shape of its field, so that nothing is cut or flattened."""
    matrix = matrix_of(graph, look)
    if matrix[0] * matrix[3] - matrix[1] * matrix[2] <= 0:
        return False
    drawn = box_within(matrix, rectangle(graph, graph.entries(look).get("BBox")))
    place = rectangle(graph, graph.entries(widget).get("Rect"))
    sides = [box[at + 2] - box[at] for box in (drawn, place) for at in (0, 1)]
    if min(sides) <= 0:
        return False
    ratio = (sides[0] / sides[1]) / (sides[2] / sides[3])
    return 1 / _DISTORTED < ratio < _DISTORTED


def _turn(matrix: Matrix) -> float:
    return math.degrees(math.atan2(matrix[1], matrix[0]))


def _asked_turn(graph: Graph, widget: Item) -> float:
    """Return how far a widget is turned on its page, in degrees (12.5.6.19, table 192, /R)."""
    said = graph.at(graph.under(widget, "MK", "R"))
    return float(said) if isinstance(said, int | float) else 0.0


def _is_light(appearance: object) -> bool:
    """Say whether a field's default appearance writes in the colour of paper."""
    words = appearance.split() if isinstance(appearance, bytes) else []
    parts = {b"g": 1, b"rg": 3, b"k": 4}
    return any(
        is_light([word.decode("latin-1") for word in words[at - parts[operator] : at]])
        for at, operator in enumerate(words)
        if operator in parts and at >= parts[operator]
    )
