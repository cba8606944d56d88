"""Judge the signing corpus, the published attacks and honest updates by ``rpa verify``'s verdicts.

    python benchmarks/bench_verify.py FOLDER... [--misses]

Each ``FOLDER`` holds a corpus (``expected.json``: what may be answered for each file). Integrity
alone is judged. Attacks and honest updates are made on the spot, on samples of our own.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Final

from rpa.domain.signature import Integrity
from rpa.signing.adapters.pyhanko_validator import PyHankoValidator
from rpa.testing.signature_attacks import attacks
from rpa.testing.sound_updates import sound_files

AT: Final = datetime(2026, 11, 28, tzinfo=UTC)
_NOT_SOUND: Final = (Integrity.MODIFIED, Integrity.INVALID, Integrity.INDETERMINATE)


@dataclass(frozen=True)
class Judged:
    """One file and what was said of it."""

    group: str
    name: str
    said: Integrity
    accepted: tuple[str, ...]
    seconds: float

    @property
    def is_right(self) -> bool:
        """True where the answer is one of those that may be given."""
        return self.said.value in self.accepted

    @property
    def is_false_valid(self) -> bool:
        """True for the one answer that must never be given."""
        return self.said is Integrity.VALID and "valid" not in self.accepted


def judged(
    validator: PyHankoValidator, files: Iterable[tuple[str, str, bytes, Sequence[str]]]
) -> list[Judged]:
    """Check every file."""
    found = []
    for group, name, content, accepted in files:
        began = time.monotonic()
        report = validator.validate(content, at=AT)
        took = time.monotonic() - began
        found.append(Judged(group, name, report.integrity, tuple(accepted), took))
    return found


def corpus(folder: Path) -> Iterable[tuple[str, str, bytes, Sequence[str]]]:
    """Yield a corpus: attacks and altered files, genuinely signed ones, unsigned ones."""
    entries = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["entries"]
    for entry in entries:
        group = "unsigned" if entry["family"] == "TOSIGN" else "signed"
        if group == "signed" and entry["verdict"] != "valid":
            group = "altered or attack"
        group = f"{folder.name}, {group}"
        content = (folder / entry["file"]).read_bytes()
        yield group, entry["file"], content, entry["accept"]


def own() -> Iterable[tuple[str, str, bytes, Sequence[str]]]:
    """Yield attacks and honest updates on samples of our own."""
    for name, content in attacks():
        yield "own attack", name, content, [one.value for one in _NOT_SOUND]
    for name, content in sound_files():
        yield "own honest update", name, content, ["valid"]


def main() -> int:
    """Print a line a group; end with 1 where an attack is called valid."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--misses", action="store_true", help="Name every file answered wrongly.")
    asked = parser.parse_args()
    validator = PyHankoValidator(trust_roots=[])
    found = judged(validator, [*chain.from_iterable(map(corpus, asked.folders)), *own()])
    for group in dict.fromkeys(one.group for one in found):
        members = [one for one in found if one.group == group]
        right = sum(one.is_right for one in members)
        false = sum(one.is_false_valid for one in members)
        seconds = sorted(one.seconds for one in members)
        said = Counter(one.said.value for one in members)
        sys.stdout.write(
            f"{group}: {right} of {len(members)} right, {false} falsely valid; {dict(said)}; "
            f"median {seconds[len(seconds) // 2] * 1000:.0f} ms, slowest {seconds[-1]:.2f} s\n"
        )
    if asked.misses:
        for one in found:
            if not one.is_right:
                sys.stdout.write(f"  {one.name}: {one.said.value}, not {one.accepted}\n")
    return 1 if any(one.is_false_valid for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
