"""The decoder alone, for commands that open files outside a case."""

from rpa.intake.adapters.contained import ContainedDecoder
from rpa.intake.api import Decoder


def open_decoder() -> Decoder:
    """Open the room that opens documents; needs no home."""
    return ContainedDecoder()
