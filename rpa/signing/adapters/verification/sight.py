"""Whether text that a content stream writes can be seen (ISO 32000-2, 8.4, 8.6, 9.3.6).

A value can be written and yet hidden: in the colour of the paper, transparent, in a mode that
paints nothing, below something that is painted over it, out of its box, or too small.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from rpa.signing.adapters.verification.placing import Placing, numbers_of

SHOWS: Final = frozenset({"Tj", "TJ", "'", '"'})
FILLS: Final = frozenset({"f", "F", "f*", "B", "B*", "b", "b*"})
_COLOURS: Final = frozenset({"g", "rg", "k", "sc", "scn"})
_PAINTING_MODES: Final = frozenset({0, 1, 2, 4, 5, 6})
_LIGHT: Final = 0.9


@dataclass(frozen=True, slots=True)
class _State:
    is_light: bool = False
    is_unpainted: bool = False
    is_faint: bool = False


@dataclass(frozen=True, slots=True)
class Ground:
    """What a field's text stands on."""

    is_light_seen: bool
    """Whether what is below is darker than paper, or the field is meant to be white."""
    is_scrolled: bool
    """Whether there may be more lines than the box has room for."""
    has_rows: bool = False
    """Whether rows are drawn one after the other, the chosen ones on a ground of their own."""
    turned: float = 0.0
    """How far the text may be turned within the look, counterclockwise, in degrees."""


@dataclass
class Sight:
    """Follows the operators of one stream."""

    ground: Ground
    placing: Placing
    _has_written: bool = False
    _state: _State = field(default_factory=_State)
    _saved: list[_State] = field(default_factory=list)

    @property
    def is_hidden(self) -> bool:
        """Say whether what is written now can't be seen."""
        now = self._state
        is_pale = now.is_light and not self.ground.is_light_seen
        is_bound = not (self.ground.is_scrolled and self._has_written)
        return now.is_unpainted or now.is_faint or is_pale or (is_bound and self.placing.is_outside)

    def hides(self, name: str, operands: Sequence[object], *, is_faint: bool) -> bool:
        """Take one operator; say whether it writes what can't be seen, or hides what was written.

        ``is_faint`` tells of ``gs`` that what it sets is transparent.
        """
        self.follow(name, operands, is_faint=is_faint)
        if name in SHOWS:
            hidden, self._has_written = self.is_hidden, True
            return hidden
        is_cover = name in FILLS and self._has_written and not self.ground.has_rows
        return is_cover or (name == "BDC" and bool(operands) and str(operands[0]) == "/OC")

    def follow(self, name: str, operands: Sequence[object], *, is_faint: bool) -> None:
        """Keep what one operator sets."""
        self.placing.follow(name, operands)
        if name == "q":
            self._saved.append(self._state)
        elif name == "Q" and self._saved:
            self._state = self._saved.pop()
        elif name in _COLOURS:
            self._state = replace(self._state, is_light=is_light(operands))
        elif name == "cs":
            self._state = replace(self._state, is_light=False)
        elif name == "Tr":
            mode = numbers_of(operands)
            self._state = replace(self._state, is_unpainted=not _PAINTING_MODES & set(mode))
        elif name == "gs":
            self._state = replace(self._state, is_faint=is_faint)


def is_light(operands: Sequence[object]) -> bool:
    """Say whether a colour is that of paper: grey, RGB or CMYK by the count of its parts."""
    parts = numbers_of(operands)
    if len(parts) == 4:
        return max(parts) <= 1 - _LIGHT
    return bool(parts) and min(parts) >= _LIGHT
