"""Judge signed files of other makers, and their honest later changes: how often is an alarm false?

    python benchmarks/bench_other_makers.py WORK --tools TOOLS [--held-out] [--misses]

The files are made on the spot by the tools that are there; one that is absent is named and left
out. ``TOOLS`` holds ``node`` and ``node-old`` (folders with ``node_modules``) and ``python`` (an
environment for each library, by name); programs and Java's libraries are those of the system. How
to fill it stands in ``docs/benchmarks.md``. ``WORK`` is emptied first.

More than half of the makers are held out: nobody looked at what is said of them while the verifier
was mended. ``--held-out`` judges those alone. Integrity alone is judged; ``modified`` and
``invalid`` of a file that nobody altered are false alarms.
"""

import argparse
import math
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Final

from other_makers.cases import Made, Maker, by_hand, prepared
from other_makers.pki import clock_service, made_pki
from other_makers.tools import TOOLS, Place, compiled

from rpa.domain.signature import Integrity
from rpa.signing.adapters.pyhanko_validator import PyHankoValidator

AT: Final = datetime(2026, 12, 31, tzinfo=UTC)
_BROKEN: Final = (Integrity.MODIFIED, Integrity.INVALID)
_WIDE: Final = 1.959964
Judged = tuple[Made, Integrity]


def interval(hits: int, count: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share."""
    if not count:
        return 0.0, 1.0
    share, square = hits / count, _WIDE**2
    middle = (share + square / (2 * count)) / (1 + square / count)
    spread = share * (1 - share) / count + square / (4 * count**2)
    half = _WIDE * math.sqrt(spread) / (1 + square / count)
    return max(0.0, middle - half), min(1.0, middle + half)


def made_files(place: Place, *, held_out: bool | None) -> list[Made]:
    """Make every file with the tools that are there, and name those that are not."""
    there = [tool for tool in TOOLS if tool.is_present(place)]
    for tool in TOOLS:
        if tool not in there:
            sys.stdout.write(f"absent: {tool.name}\n")
    if held_out is False:
        there = [tool for tool in there if not tool.is_held_out]
    prepared(place)
    compiled(place)
    made = chain(Maker(place, there).files(), by_hand(place))
    return [one for one in made if held_out is None or one.is_held_out is held_out]


def judged(files: Sequence[Made]) -> list[Judged]:
    """Say of each file that was made what ``rpa verify`` says."""
    validator = PyHankoValidator(trust_roots=[])
    return [
        (one, validator.validate(one.path.read_bytes(), at=AT).integrity)
        for one in files
        if one.path is not None
    ]


def told(found: Sequence[Judged], title: str) -> None:
    """Print one group's figures."""
    makers = {maker for one, _said in found for maker in one.makers}
    alarms = sum(said in _BROKEN for _one, said in found)
    changes = sum(one.is_change for one, _said in found)
    low, high = interval(alarms, len(found))
    said = Counter(one.value for _made, one in found)
    sys.stdout.write(
        f"{title}: {len(found)} files of {len(makers)} makers, {changes} of them changed later; "
        f"{alarms} false alarms (95 %: {low:.1%} to {high:.1%}); {dict(said)}\n"
    )


def main() -> int:
    """Make, judge and tell; end with 1 where an alarm is false."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--tools", type=Path, required=True)
    side = parser.add_mutually_exclusive_group()
    side.add_argument("--held-out", action="store_const", const=True, dest="held_out")
    side.add_argument("--seen", action="store_const", const=False, dest="held_out")
    parser.add_argument("--misses", action="store_true", help="Name every file not called valid.")
    asked = parser.parse_args()
    work = asked.work.resolve()
    shutil.rmtree(work, ignore_errors=True)
    pki = made_pki(work / "pki")
    with clock_service(pki) as clock:
        place = Place(asked.tools.resolve(), work, pki, clock)
        files = made_files(place, held_out=asked.held_out)
    refused = sum(one.path is None for one in files)
    sys.stdout.write(f"{refused} things that a tool would not do, or did by writing all anew\n")
    found = judged(files)
    for title, held_out in (("seen", False), ("held out", True)):
        if group := [pair for pair in found if pair[0].is_held_out is held_out]:
            told(group, title)
    if asked.misses:
        for one, said in found:
            if said is not Integrity.VALID:
                sys.stdout.write(f"  {said.value}: {one.name}\n")
    return 1 if any(said in _BROKEN for _one, said in found) else 0


if __name__ == "__main__":
    sys.exit(main())
