"""What may be told of an error that nobody expected: where, and nothing it says."""

import traceback
from pathlib import Path


def place_of(error: Exception) -> str:
    """Return where an error was raised, without its text or any value."""
    frames = traceback.extract_tb(error.__traceback__)
    return " > ".join(f"{Path(f.filename).name}:{f.lineno}" for f in frames[-4:])
