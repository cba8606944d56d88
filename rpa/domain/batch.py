"""How what a channel delivers is made into documents: split, put in order, freed of blank pages."""

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from rpa.domain.model import Value


class Duplex(StrEnum):
    """How a pile with two sides was scanned, where the scanner sees one side at a time."""

    NONE = "none"
    ONE_FILE = "one-file"
    """All fronts, then all backs from the last to the first, in one document."""
    TWO_FILES = "two-files"
    """The fronts are one delivery; the next is the backs, from the last to the first."""


class BlankPages(StrEnum):
    """What becomes of blank pages."""

    KEEP = "keep"
    SET_ASIDE = "set-aside"
    """Kept in the document and listed, but not read."""


class SplitRule(Value):
    """Where one document ends and the next begins."""

    patch_codes: tuple[str, ...] = ("T",)
    """Patch codes that make a page a separator sheet."""
    sheets: tuple[str, ...] = ("PATCHT",)
    """Texts of bar codes that make a page a separator sheet; ``*`` stands for anything."""
    first_pages: tuple[str, ...] = ()
    """Texts of bar codes on the first page of a document, which belongs to it."""
    by_form: bool = False
    """True: a page that is the first of a process's form begins a document."""
    by_number: bool = False
    """True: a page with the printed number 1 ("page 1 de 3", "1/3") begins a document."""
    every: Annotated[int, Field(ge=0)] = 0
    """How many pages each document has, blank ones counted; 0 where that isn't fixed."""

    @property
    def looks_at_print(self) -> bool:
        """Say whether what is printed on pages matters."""
        return self.by_form or self.by_number


class BatchRule(Value):
    """What a channel's deliveries go through before they are cases."""

    split: SplitRule | None = None
    duplex: Duplex = Duplex.NONE
    blank_pages: BlankPages = BlankPages.KEEP

    @property
    def looks_at_sheets(self) -> bool:
        """Say whether marks and blank pages matter."""
        return self.split is not None or self.blank_pages is BlankPages.SET_ASIDE


AS_DELIVERED: Final = BatchRule()
"""Each document of a delivery is one case, with its pages as they are."""
