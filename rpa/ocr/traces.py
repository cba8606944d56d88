"""What ink in a place for a signature or a stamp means."""

from dataclasses import dataclass
from typing import Final

from rpa.domain.geometry import Box
from rpa.domain.reading import Written


@dataclass(frozen=True, slots=True)
class Trace:
    """What a pen, a stamp or a machine left in a zone; lengths in points."""

    length: float
    """Of all strokes together."""
    width: float
    height: float
    """Of the place that the ink takes up."""
    inside: float
    """Share of the ink that lies in the zone, of all that touches it."""
    letters: int
    """Parts of the size of letters."""
    fullness: float
    """Share of the place that is inked."""
    framed: bool
    """True where a closed line runs around other ink, as around a stamp's text."""
    leans: bool
    """True where the letters stand on lines that are not level."""
    written: Written | None
    box: Box | None
    """Where the ink is, in points on the blank."""


NOTHING: Final = 10.0
"""Length of strokes up to which there is nothing but specks."""
SIGNED: Final = 36.0
"""Length of strokes from which a mark may be a signature: initials came to 40 and more."""
LEAST_WIDTH: Final = 12.0
LETTERS: Final = 9
"""So many parts are letters of something, and no signature's strokes."""
MINE: Final = 0.4
"""Share of the ink that must lie in the zone, or it is a stroke from elsewhere."""
STAMPED: Final = (8, 24.0, 12.0)
"""Letters, width and height from which ink without a frame may be a stamp."""
DENSE: Final = 0.45
"""Share of its place that is inked, from which ink is a solid stamp."""


def signature_of(trace: Trace) -> tuple[bool, str]:
    """Say whether somebody signed, and the code of what makes that doubtful, if anything."""
    if trace.length <= NOTHING:
        return False, ""
    if trace.framed or (trace.letters >= STAMPED[0] and trace.leans):
        return True, "stamped-over"
    if trace.written is Written.PRINT:
        return False, "typed-signature"
    is_large = trace.length >= SIGNED and trace.width >= LEAST_WIDTH
    is_sure = is_large and trace.inside >= MINE and trace.letters < LETTERS
    return is_large, "" if is_sure else "doubtful-signature"


def stamp_of(trace: Trace) -> tuple[bool, str]:
    """Say whether something was stamped, and the code of what makes that doubtful, if anything."""
    if trace.length <= NOTHING:
        return False, ""
    letters, width, height = STAMPED
    is_large = trace.width >= width and trace.height >= height
    is_text = trace.letters >= letters and (trace.leans or trace.written is Written.PRINT)
    if is_large and trace.inside >= MINE:
        if trace.framed or trace.fullness >= DENSE or is_text:
            return True, ""
        return True, "doubtful-stamp"
    return False, "doubtful-stamp"
