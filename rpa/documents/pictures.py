"""What is promised of pictures of a PDF's pages, for reading without a viewer."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PagePicture:
    """One page as it is seen, and as it is heard."""

    png: bytes
    width: int
    """Pixels."""
    height: int
    text: str
    """The page's text layer; empty where it has none."""


class PagePictures(Protocol):
    """Draws pages. Hostile bytes can't hurt the caller. Safe from several threads."""

    def count(self, pdf: bytes) -> int:
        """Return how many pages the PDF has.

        Raises:
            DocumentRefusedError: It can't be drawn: damaged, or locked by a password.
            ToolTimeoutError: It took too long.
        """
        ...

    def page(self, pdf: bytes, number: int) -> PagePicture:
        """Draw the page ``number``, from 1; raises as :meth:`count`."""
        ...

    def close(self) -> None:
        """End what draws."""
        ...
