"""How a reader says no: a code and its arguments, put into words by the parent."""

from typing import Final

Argument = int | str
"""What crosses to the parent as JSON."""

DAMAGED: Final = "damaged"
DAMAGED_PAGE: Final = "damaged-page"


class Refusal(Exception):  # noqa: N818 - a verdict on a document, not a fault of the program
    """The document can't be taken in; ``code`` is one of :data:`rpa.intake.refusals.WHY`."""

    def __init__(self, code: str, **arguments: Argument) -> None:
        """Keep the code and what its sentence needs."""
        super().__init__(code)
        self.code = code
        self.arguments = arguments
