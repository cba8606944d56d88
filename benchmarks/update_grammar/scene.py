"""One update in the making: the document, the dice, and what was done to it."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from benchmarks.update_grammar.bases import Base
from benchmarks.update_grammar.document import Document
from benchmarks.update_grammar.model import Ref, Value
from benchmarks.update_grammar.parts import Field, fields, inherited, pages

PRESERVE: Final = 1
FILL: Final = 2
ANNOTATE: Final = 3
UNCERTIFIED: Final = 4
"""What a change takes: validation data; filling and signing; comments; no certification."""


class NothingToChangeError(Exception):
    """The document has no part of the kind that the change is for."""


ODD: Final = (
    NothingToChangeError,
    AttributeError,
    IndexError,
    KeyError,
    TypeError,
    ValueError,
    RecursionError,
)
"""What changes raise on documents that earlier changes left odd."""


@dataclass
class Scene:
    """What changes act on."""

    base: Base
    document: Document
    dice: random.Random
    is_twin: bool = False
    """In the twin of an update, what is shown is what is said: how lies are told apart."""
    needs: list[tuple[int, str]] = field(default_factory=list)
    """What the honest changes take of the signer's permissions, with the field's name."""
    lies: bool = False
    """Whether a look was made that shows another value."""
    signature: Ref | None = None
    """The signature dictionary that closes the update."""
    syntax: dict[str, Any] = field(default_factory=dict)
    """How the update is written."""

    def pick(self, found: list[Any]) -> Any:
        """Choose one.

        Raises:
            NothingToChangeError: There is none.
        """
        if not found:
            raise NothingToChangeError
        return self.dice.choice(found)

    def page(self) -> Ref:
        """Choose a page."""
        return self.pick(pages(self.document))  # type: ignore[no-any-return]

    def field(self, *kinds: str) -> Field:
        """Choose a field of one of the kinds."""
        found = [one for one in fields(self.document) if not kinds or one.kind in kinds]
        return self.pick(found)  # type: ignore[no-any-return]

    def edit(self, target: Ref) -> dict[str, Value]:
        """Return an object's entries, to be changed."""
        self.document.touch(target)
        return self.document.entries(target)

    def flags(self, one: Field) -> int:
        """Return a field's flags."""
        found = inherited(self.document, one, "Ff")
        return found if isinstance(found, int) else 0

    def box(self, widget: Ref) -> tuple[float, float]:
        """Return a widget's extent."""
        rect = self.document.at(self.document.entries(widget).get("Rect"))
        if not isinstance(rect, list) or len(rect) < 4:
            return (150, 20)
        numbers = [one if isinstance(one, int | float) else 0 for one in rect]
        return (abs(numbers[2] - numbers[0]), abs(numbers[3] - numbers[1]))

    @property
    def fonts(self) -> dict[str, Any]:
        """Resources with the document's own font."""
        return {"Font": {"F1": self.document.marks["font"]}}


Operation = Callable[[Scene], None]
