"""File names made safe to store, show and write."""

import unicodedata
from pathlib import PurePosixPath
from typing import Final

MAX_BYTES: Final = 150
NAMELESS: Final = "document"
_UNSAFE_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_UNSAFE_CHARACTERS: Final = frozenset('/\\:*?"<>|')


def safe_name(name: str) -> str:
    """Return ``name`` without folders, control or direction characters; never empty or long.

    Accents stay, composed (NFC). The extension survives the cut of a long name.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rstrip("/").rpartition("/")[2]
    plain = "".join("_" if _is_unsafe(character) else character for character in last)
    return _shortened(plain.strip(" .")) or NAMELESS


def _is_unsafe(character: str) -> bool:
    return character in _UNSAFE_CHARACTERS or unicodedata.category(character) in _UNSAFE_CATEGORIES


def _shortened(name: str) -> str:
    if len(name.encode()) <= MAX_BYTES:
        return name
    suffix = PurePosixPath(name).suffix
    kept = suffix if len(suffix.encode()) <= 10 else ""
    room = MAX_BYTES - len(kept.encode())
    return name[: len(name) - len(kept)].encode()[:room].decode(errors="ignore").rstrip() + kept
