"""Judge signed files of other makers, and their honest later changes: how often is an alarm false?

    python benchmarks/bench_other_makers.py WORK --tools TOOLS [--held-out] [--misses]
    python benchmarks/bench_other_makers.py WORK --tools TOOLS --bases PDF_OR_FOLDER... [--misses]

The files are made on the spot by the tools that are there; one that is absent is named and left
out. ``TOOLS`` holds ``node`` and ``node-old`` (folders with ``node_modules``) and ``python`` (an
environment for each library, by name); programs and Java's libraries are those of the system. How
to fill it stands in ``docs/benchmarks.md``. ``WORK`` is emptied first.

More than half of the makers are held out: nobody looked at what is said of them while the verifier
was mended. ``--held-out`` judges those alone. Integrity alone is judged; ``modified`` and
``invalid`` of a file that nobody altered are false alarms.

``--bases`` takes documents of others instead of ours: each is signed once, by one tool, and changed
once, by another; tools and kinds of change take turns.
"""

import argparse
import math
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Final

from other_makers.cases import Made, Maker, by_hand, prepared
from other_makers.given import Rounds, documents
from other_makers.pki import clock_service, made_pki
from other_makers.tools import TOOLS, Place, Tool, compiled

from rpa.domain.signature import Integrity, ValidationReport
from rpa.signing.adapters.pyhanko_validator import PyHankoValidator

AT: Final = datetime(2026, 12, 31, tzinfo=UTC)
_BROKEN: Final = (Integrity.MODIFIED, Integrity.INVALID)
_TAIL: Final = 0.025
Judged = tuple[Made, ValidationReport]


def interval(hits: int, count: int) -> tuple[float, float]:
    """Return the exact 95 % interval of a share (Clopper and Pearson)."""
    low = 0.0 if hits == 0 else _solved(lambda share: 1 - _at_most(hits - 1, count, share) > _TAIL)
    high = 1.0 if hits == count else _solved(lambda share: _at_most(hits, count, share) < _TAIL)
    return low, high


def _at_most(hits: int, count: int, share: float) -> float:
    """Return the chance of so many hits or fewer."""
    return sum(
        math.comb(count, one) * share**one * (1 - share) ** (count - one) for one in range(hits + 1)
    )


def _solved(is_above: Callable[[float], bool]) -> float:
    """Return the share from which on something is true."""
    low, high = 0.0, 1.0
    for _step in range(50):
        middle = (low + high) / 2
        low, high = (low, middle) if is_above(middle) else (middle, high)
    return high


def present(place: Place) -> list[Tool]:
    """Return the tools that are there, ready to be used, and name those that are not."""
    there = [tool for tool in TOOLS if tool.is_present(place)]
    for tool in TOOLS:
        if tool not in there:
            sys.stdout.write(f"absent: {tool.name}\n")
    prepared(place)
    compiled(place)
    return there


def made_files(place: Place, *, held_out: bool | None) -> Iterator[Made]:
    """Make every file with the tools that are there."""
    there = [tool for tool in present(place) if held_out is not False or not tool.is_held_out]
    for one in chain(Maker(place, there).files(), by_hand(place)):
        if held_out is None or one.is_held_out is held_out:
            yield one


def judged(files: Iterable[Made], *, names_misses: bool) -> tuple[list[Judged], int]:
    """Say of each file what ``rpa verify`` says; and how many the tools did not make."""
    validator = PyHankoValidator(trust_roots=[])
    found, refused = [], 0
    for one in files:
        if one.path is None:
            refused += 1
            continue
        report = validator.validate(one.path.read_bytes(), at=AT)
        found.append((one, report))
        if names_misses and report.integrity is not Integrity.VALID:
            sys.stdout.write(f"  {report.integrity.value}: {one.name}: {reasons(report)}\n")
            sys.stdout.flush()
    return found, refused


def reasons(report: ValidationReport) -> str:
    """Return what a report holds against the file's signatures."""
    against = {
        f"{change.kind.value} {change.where}".strip()
        for status in report.signatures
        for change in status.changes_after
        if not change.permitted
    }
    codes = {
        one.sub_indication
        for one in report.signatures
        if one.integrity is not Integrity.VALID and one.sub_indication
    }
    return ", ".join(sorted(against) + sorted(codes))


def told(found: Sequence[Judged], title: str) -> None:
    """Print one group's figures."""
    makers = {maker for one, _report in found for maker in one.makers}
    alarms = sum(report.integrity in _BROKEN for _one, report in found)
    changes = sum(one.is_change for one, _report in found)
    low, high = interval(alarms, len(found))
    said = Counter(report.integrity.value for _made, report in found)
    sys.stdout.write(
        f"{title}: {len(found)} files of {len(makers)} makers, {changes} of them changed later; "
        f"{alarms} false alarms (95 %: {low:.1%} to {high:.1%}); {dict(said)}\n"
    )


def groups(found: Sequence[Judged], *, are_given: bool) -> dict[str, list[Judged]]:
    """Return what is told apart: the makers' halves, or what was done to given documents."""
    if not are_given:
        return {
            "seen": [pair for pair in found if not pair[0].is_held_out],
            "held out": [pair for pair in found if pair[0].is_held_out],
        }
    by_kind: dict[str, list[Judged]] = {"all": list(found)}
    for pair in found:
        kind = pair[0].name.rpartition(", then ")[2] if pair[0].is_change else "signed once"
        by_kind.setdefault(kind, []).append(pair)
    return by_kind


def asked() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--tools", type=Path, required=True)
    side = parser.add_mutually_exclusive_group()
    side.add_argument("--held-out", action="store_const", const=True, dest="held_out")
    side.add_argument("--seen", action="store_const", const=False, dest="held_out")
    side.add_argument("--bases", type=Path, nargs="+", help="Documents to sign, instead of ours.")
    parser.add_argument("--misses", action="store_true", help="Name every file not called valid.")
    return parser.parse_args()


def main() -> int:
    """Make, judge and tell; end with 1 where an alarm is false."""
    wanted = asked()
    work = wanted.work.resolve()
    shutil.rmtree(work, ignore_errors=True)
    pki = made_pki(work / "pki")
    with clock_service(pki) as clock:
        place = Place(wanted.tools.resolve(), work, pki, clock)
        if wanted.bases:
            files = Rounds(place, present(place), documents(wanted.bases)).files()
        else:
            files = made_files(place, held_out=wanted.held_out)
        found, refused = judged(files, names_misses=wanted.misses)
    sys.stdout.write(f"{refused} things that a tool would not do, or did by writing all anew\n")
    for title, group in groups(found, are_given=bool(wanted.bases)).items():
        if group:
            told(group, title)
    return 1 if any(report.integrity in _BROKEN for _one, report in found) else 0


if __name__ == "__main__":
    sys.exit(main())
