"""Whether text that a content stream writes can be seen (ISO 32000-2, 8.4, 8.6, 9.3.6).

A value can be written and yet hidden: in the colour of the paper, transparent, in a mode that
paints nothing, or below something that is painted over it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

FILLS: Final = frozenset({"f", "F", "f*", "B", "B*", "b", "b*"})
_COLOURS: Final = frozenset({"g", "rg", "k", "sc", "scn"})
_PAINTING_MODES: Final = frozenset({0, 1, 2, 4, 5, 6})
_LIGHT: Final = 0.9


@dataclass(frozen=True, slots=True)
class _State:
    is_light: bool = False
    is_unpainted: bool = False
    is_faint: bool = False


@dataclass
class Sight:
    """Follows the operators of one stream; ``is_light_seen`` where the paper below is not white."""

    is_light_seen: bool
    _state: _State = field(default_factory=_State)
    _saved: list[_State] = field(default_factory=list)

    @property
    def is_hidden(self) -> bool:
        """Say whether what is written now can't be seen."""
        now = self._state
        return now.is_unpainted or now.is_faint or (now.is_light and not self.is_light_seen)

    def follow(self, name: str, operands: Sequence[object], *, is_faint: bool = False) -> None:
        """Take one operator; ``is_faint`` tells of ``gs`` that what it sets is transparent."""
        if name == "q":
            self._saved.append(self._state)
        elif name == "Q" and self._saved:
            self._state = self._saved.pop()
        elif name in _COLOURS:
            self._state = replace(self._state, is_light=is_light(operands))
        elif name == "cs":
            self._state = replace(self._state, is_light=False)
        elif name == "Tr":
            mode = _numbers(operands)
            self._state = replace(self._state, is_unpainted=not _PAINTING_MODES & set(mode))
        elif name == "gs":
            self._state = replace(self._state, is_faint=is_faint)


def is_light(operands: Sequence[object]) -> bool:
    """Say whether a colour is that of paper: grey, RGB or CMYK by the count of its parts."""
    parts = _numbers(operands)
    if len(parts) == 4:
        return max(parts) <= 1 - _LIGHT
    return bool(parts) and min(parts) >= _LIGHT


def _numbers(operands: Sequence[object]) -> list[float]:
    found: list[float] = []
    for one in operands:
        try:
            found.append(float(one))  # type: ignore[arg-type]
        except (TypeError, ValueError):
            continue
    return found
