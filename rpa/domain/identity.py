"""Letters that numbers take from people's names."""

import unicodedata
from typing import Final

LIGATURES: Final = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE"})
FILLER: Final = "X"
"""What programs that read NAMs put where a name is too short."""


def letters_of(name: str, count: int) -> str:
    """Return the first ``count`` letters of ``name``: capitals, no accents, no signs."""
    apart = unicodedata.normalize("NFKD", name.translate(LIGATURES))
    letters = [letter for letter in apart.upper() if "A" <= letter <= "Z"]
    return "".join(letters[:count]).ljust(count, FILLER)
