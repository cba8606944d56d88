"""Message catalogues read: the part of gettext's PO format that Babel writes into ours.

Babel's own reader takes longer than the rest of a command's start; these lines read the same
messages (a test compares them) in a tenth of the time. Plurals and contexts are not used here.
"""

import re
from pathlib import Path
from typing import Final

_ESCAPE: Final = re.compile(r"\\(.)")
_MEANT: Final = {"n": "\n", "t": "\t", "r": "\r"}


def read_catalog(path: Path) -> dict[str, str]:
    """Return what each message is translated to; one that is marked as doubtful is left out."""
    entries = path.read_text(encoding="utf-8").split("\n\n")
    told = dict(_entry(entry) for entry in entries if "#, fuzzy" not in entry)
    return {message: text for message, text in told.items() if message and text}


def _entry(lines: str) -> tuple[str, str]:
    """Return a message and its translation, each put together from its quoted parts."""
    found = {"msgid": "", "msgstr": ""}
    key = ""
    for line in lines.splitlines():
        if line.startswith("#"):
            continue
        word, _space, quoted = line.partition('"')
        key = word.strip() or key
        if key in found:
            found[key] += _ESCAPE.sub(_meant, quoted.rpartition('"')[0])
    return found["msgid"], found["msgstr"]


def _meant(escape: re.Match[str]) -> str:
    return _MEANT.get(escape[1], escape[1])
