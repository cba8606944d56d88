"""The decoder: one for all that a process does, since its nursery takes long to start."""

from functools import cache

from rpa.intake.adapters.contained import ContainedDecoder
from rpa.intake.api import Decoder


@cache
def open_decoder() -> Decoder:
    """Return the room that opens documents; needs no home. Always the same one."""
    return ContainedDecoder()
