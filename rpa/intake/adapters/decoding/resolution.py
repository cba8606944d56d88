"""How fine a page is: as it says, where that can be true, else as its own pixels tell."""

from dataclasses import dataclass
from typing import Final

MAX_PLAUSIBLE_DPI: Final = 4800
MIN_PLAUSIBLE_DPI: Final = 50
_MAX_ASPECT: Final = 5.0
_FAX_WIDTHS: Final = {1728: 204, 2048: 204, 2432: 204}  # ITU-T T.4: A4, B4 and A3 at 8 pixels/mm
_SUPERFINE_HEIGHT: Final = 3300
_FINE_HEIGHT: Final = 1470  # a 7.5 inch sheet at 196 lines, a 15 inch sheet at 98
_PAPERS: Final = ((8.5, 11.0), (8.27, 11.69), (8.5, 14.0))  # Letter, A4, Legal
_PROPORTION: Final = 0.012
"""How far a page may be from a paper's proportion; a camera's 3 to 4 is 0.03 from Letter."""
_WIDEST_IN: Final = 17.5
"""The short side of the largest sheet that offices scan: 11 by 17 inches and A2 fit."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """Pixels to the inch across and down; 0 where not known."""

    x: float = 0.0
    y: float = 0.0

    @property
    def is_plausible(self) -> bool:
        """Say whether a scanner or fax may have made it."""
        if not all(MIN_PLAUSIBLE_DPI <= value <= MAX_PLAUSIBLE_DPI for value in (self.x, self.y)):
            return False
        return max(self.x, self.y) <= _MAX_ASPECT * min(self.x, self.y)

    def turned(self) -> "Resolution":
        """Return the resolution of the page turned by a quarter."""
        return Resolution(self.y, self.x)

    def fits(self, width: int, height: int) -> bool:
        """Say whether so many pixels are then a sheet that offices have."""
        return self.is_plausible and min(width / self.x, height / self.y) <= _WIDEST_IN


def told_resolution(said: Resolution, width: int, height: int, *, is_bilevel: bool) -> Resolution:
    """Return ``said`` if it can be true, else what the page's own pixels tell, else nothing.

    A bilevel page as wide as a fax is one, and its height tells its lines to the inch; another
    page with the proportions of Letter, A4 or Legal has that size.
    """
    fax_dpi = _FAX_WIDTHS.get(width, 0) if is_bilevel else 0
    if said.fits(width, height) and not (fax_dpi and said.x < 150):
        return Resolution(round(said.x, 2), round(said.y, 2))
    if fax_dpi:
        return Resolution(fax_dpi, _fax_lines(height))
    return _from_proportion(width, height)


def _fax_lines(height: int) -> float:
    if height >= _SUPERFINE_HEIGHT:
        return 391.0
    return 196.0 if height >= _FINE_HEIGHT else 98.0


def _from_proportion(width: int, height: int) -> Resolution:
    short, long = sorted((width, height))
    for across, down in _PAPERS:
        dpi = short / across
        if abs(short / long - across / down) <= _PROPORTION and dpi >= MIN_PLAUSIBLE_DPI:
            return Resolution(round(dpi, 2), round(dpi, 2))
    return Resolution()
