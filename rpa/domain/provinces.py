"""Canada's provinces and territories: their codes, names and postal letters."""

import unicodedata
from collections.abc import Mapping
from typing import Final

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "AB": ("alberta", "alb"),
    "BC": ("colombie britannique", "british columbia", "cb"),
    "MB": ("manitoba", "man"),
    "NB": ("nouveau brunswick", "new brunswick"),
    "NL": ("terre neuve et labrador", "newfoundland and labrador", "terre neuve", "newfoundland"),
    "NS": ("nouvelle ecosse", "nova scotia", "ne"),
    "NT": ("territoires du nord ouest", "northwest territories", "tn o"),
    "NU": ("nunavut",),
    "ON": ("ontario", "ont"),
    "PE": ("ile du prince edouard", "prince edward island", "ipe", "pei"),
    "QC": ("quebec", "que", "pq"),
    "SK": ("saskatchewan", "sask"),
    "YT": ("yukon", "yn"),
}
"""Names and usual short forms in both languages, without accents and signs."""
POSTAL_LETTERS: Final[Mapping[str, tuple[str, ...]]] = {
    "A": ("NL",),
    "B": ("NS",),
    "C": ("PE",),
    "E": ("NB",),
    **dict.fromkeys("GHJ", ("QC",)),
    **dict.fromkeys("LMNP", ("ON",)),
    "K": ("ON", "QC"),
    "R": ("MB",),
    "S": ("SK",),
    "T": ("AB",),
    "V": ("BC",),
    "X": ("NT", "NU"),
    "Y": ("YT",),
}
"""Canada Post, Addressing Guidelines: the first letter is the postal district. Federal offices in
Gatineau have codes of Ottawa (K1A)."""


def province_of_text(text: str) -> str | None:
    """Return the code of the province that ``text`` names, or None."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    signs = (
        c if c.isascii() and c.isalnum() else " " for c in apart if not unicodedata.combining(c)
    )
    plain = " ".join("".join(signs).split())
    if plain.upper() in NAMES:
        return plain.upper()
    return next((code for code, names in NAMES.items() if plain in names), None)


def province_of_postal_code(code: str) -> tuple[str, ...]:
    """Return the codes of the provinces where a postal code can be; empty where it is none."""
    return POSTAL_LETTERS.get(code[:1].upper(), ())
