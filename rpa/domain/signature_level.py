"""How much a signature proves of itself, without the rest of what a check of one says."""

from enum import StrEnum
from typing import Final


class SignatureLevel(StrEnum):
    """PAdES baseline levels (ETSI EN 319 142-1, clause 6), lowest first."""

    B_B = "B-B"
    B_T = "B-T"
    B_LT = "B-LT"
    B_LTA = "B-LTA"

    def reaches(self, wanted: "SignatureLevel") -> bool:
        """Say whether this level is ``wanted`` or a higher one."""
        levels = list(SignatureLevel)
        return levels.index(self) >= levels.index(wanted)


LONG_TERM: Final = (SignatureLevel.B_LT, SignatureLevel.B_LTA)
"""Levels that hold what proves their certificates."""
