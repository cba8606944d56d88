"""Try ``rpa verify`` on signed PDFs that were spoiled in thousands of ways.

    python benchmarks/bench_verify_fuzz.py FOLDER [--count 10000] [--seed 1] [--workers 2]

``FOLDER`` holds the signing corpus (``expected.json``). Each mutant is made of one soundly signed
file, of the corpus or of our own making, by damage to bytes or by changes that know the structure;
the same seed makes the same mutants. Each is checked as ``rpa verify`` does, in a contained child.

A mutant counts as falsely valid where it is called valid and yet a byte that a signature covers is
another, or a page looks or reads differently than in the file it was made of (drawn by pdfium),
unless the report says that fields were filled in.
"""

import argparse
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

import pypdfium2 as pdfium

from rpa.bootstrap.verifying import open_validator
from rpa.domain.signature import Integrity, ValidationReport
from rpa.signing.api import SignatureValidator
from rpa.testing import signed_samples as samples
from rpa.testing.later_changes import CHANGES
from rpa.testing.mutations import dice_of, mutated
from rpa.testing.sound_updates import sound_files

AT: Final = datetime(2026, 11, 28, tzinfo=UTC)
_RANGE: Final = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")
_PAGES: Final = 4
_LARGEST: Final = 400_000
Mutation = Callable[[bytes, random.Random], bytes]


@dataclass(frozen=True)
class Mutant:
    """One spoiled file."""

    base: str
    number: int
    how: str
    content: bytes


Task = tuple[SignatureValidator, Mutant]


def bases(folder: Path) -> dict[str, bytes]:
    """Return the soundly signed files that mutants are made of."""
    entries = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["entries"]
    found = {
        entry["file"]: (folder / entry["file"]).read_bytes()
        for entry in entries
        if entry["verdict"] == "valid" and entry["bytes"] <= _LARGEST
    }
    return found | {f"own: {name}": pdf for name, pdf in sound_files()}


def mutants(found: dict[str, bytes], count: int, seed: int) -> Iterator[Mutant]:
    """Yield ``count`` mutants; the same seed makes the same."""
    names = sorted(found)
    for number in range(count):
        dice = dice_of(f"{seed}-{number}")
        name, how = dice.choice(names), dice.choice(sorted(MUTATIONS))
        try:
            content = MUTATIONS[how](found[name], dice)
        except (IndexError, ValueError, re.error):
            how, content = "bytes", mutated(found[name], dice)
        yield Mutant(name, number, how, content)


def _ends(pdf: bytes) -> list[int]:
    return [int(hit[3]) + int(hit[4]) for hit in _RANGE.finditer(pdf)]


def _tail(pdf: bytes, dice: random.Random) -> bytes:
    """Spoil only what follows the first signed end; or, where nothing does, the last kilobyte."""
    start = min([end for end in _ends(pdf) if end < len(pdf)], default=max(0, len(pdf) - 1000))
    return pdf[:start] + mutated(pdf[start:], dice)


def _gap(pdf: bytes, dice: random.Random) -> bytes:
    """Spoil only the signature's own bytes."""
    hit = dice.choice(list(_RANGE.finditer(pdf)))
    start, end = int(hit[2]), int(hit[3])
    return (
        pdf[:start]
        + mutated(pdf[start:end], dice)[: end - start].ljust(end - start, b"0")
        + (pdf[end:])
    )


def _envelope(pdf: bytes, dice: random.Random) -> bytes:
    """Change single hexadecimal digits of the signature."""
    hit = dice.choice(list(_RANGE.finditer(pdf)))
    spoiled = bytearray(pdf)
    for _change in range(dice.randint(1, 3)):
        spoiled[dice.randrange(int(hit[2]) + 1, int(hit[3]) - 1)] = dice.choice(b"0123456789abcdef")
    return bytes(spoiled)


def _appended(pdf: bytes, dice: random.Random) -> bytes:
    """Append a whole update that redefines a random object."""
    number = dice.randrange(1, samples.size_of(pdf) + 3)
    content = dice.choice(
        (
            samples.stream(b"BT /F1 40 Tf 50 500 Td (other) Tj ET"),
            b"<</Type/Page/MediaBox[0 0 9 9]>>",
            b"null",
            b"[]",
            b"<<>>",
            b"<</Type/Catalog>>",
            samples.text_field(b"x", b"y", 3),
        )
    )
    kind = dice.choice(("table", "stream", "empty", "none"))
    return samples.updated(pdf, {number: content}, kind=kind, trailer=_trailer(pdf))


def _edited(pdf: bytes, dice: random.Random) -> bytes:
    """Append an update that repeats an object with a piece of it changed."""
    hits = re.findall(rb"[\r\n](\d+) 0 obj\s*(<<.{2,3000}?>>)\s*endobj", pdf, re.DOTALL)
    number, content = dice.choice(hits)
    changed = re.sub(rb"\d+", lambda hit: _other(hit[0], dice), content)
    return samples.updated(pdf, {int(number): changed}, trailer=_trailer(pdf))


def _other(number: bytes, dice: random.Random) -> bytes:
    return b"%d" % dice.randrange(0, 700) if dice.random() < 0.2 else number


def _changed(pdf: bytes, dice: random.Random) -> bytes:
    """Apply a change that no signature allows."""
    return CHANGES[dice.choice(sorted(CHANGES))](pdf, trailer=_trailer(pdf))


def _moved_back(pdf: bytes, dice: random.Random) -> bytes:
    """Append a table that brings an object back to another place of the file."""
    places = [hit.start() for hit in samples.OBJECT.finditer(pdf)]
    number = dice.randrange(1, samples.size_of(pdf))
    return samples.updated(pdf, {}, entries={number: dice.choice(places)}, trailer=_trailer(pdf))


def _numbers(pdf: bytes, dice: random.Random) -> bytes:
    """Change one number after the signed end."""
    start = min([end for end in _ends(pdf) if end < len(pdf)], default=len(pdf) - 200)
    hits = list(re.finditer(rb"\d+", pdf[start:]))
    hit = dice.choice(hits)
    new = b"%d" % dice.choice((0, 1, 7, 65535, 2**31, int(hit[0]) + 1, int(hit[0]) * 2))
    return pdf[: start + hit.start()] + new + pdf[start + hit.end() :]


def _spliced(pdf: bytes, dice: random.Random) -> bytes:
    """Repeat a piece of the file behind its end."""
    start = dice.randrange(len(pdf))
    return pdf + pdf[start : start + dice.randrange(20, 4000)]


def _unwound(pdf: bytes, dice: random.Random) -> bytes:
    """Take away the last update, or cut inside it."""
    ends = [hit.end() for hit in re.finditer(rb"%%EOF", pdf)]
    return pdf[: dice.choice(ends)] if dice.random() < 0.5 else pdf[: dice.randrange(ends[-1])]


def _trailer(pdf: bytes) -> bytes:
    root = re.findall(rb"/Root\s+(\d+ \d+ R)", pdf)
    return b"/Root %s" % root[-1] if root else b"/Root 1 0 R"


MUTATIONS: Final[dict[str, Mutation]] = {
    "bytes": mutated,
    "tail": _tail,
    "gap": _gap,
    "envelope": _envelope,
    "appended": _appended,
    "edited": _edited,
    "changed": _changed,
    "moved-back": _moved_back,
    "numbers": _numbers,
    "spliced": _spliced,
    "unwound": _unwound,
}


@cache
def _seen(pdf: bytes) -> tuple[tuple[bytes, str], ...]:
    """Return what pdfium draws and reads of the first pages; empty where it can't."""
    try:
        document = pdfium.PdfDocument(pdf)
    except pdfium.PdfiumError:
        return ()
    try:
        if document.get_formtype():
            document.init_forms()
        pages = [document[index] for index in range(min(len(document), _PAGES))]
        return tuple(
            (bytes(page.render(scale=0.6).buffer), page.get_textpage().get_text_range())
            for page in pages
        )
    except pdfium.PdfiumError:
        return ()
    finally:
        document.close()


def falsely_valid(base: bytes, content: bytes, report: ValidationReport) -> str:
    """Return why calling a mutant valid is false; empty where it isn't, or not called so."""
    if report.integrity is not Integrity.VALID:
        return ""
    signed = max((one.end for one in report.revisions), default=0)
    for hit in _RANGE.finditer(base):
        first, second, third = int(hit[2]), int(hit[3]), int(hit[3]) + int(hit[4])
        is_claimed = third <= max(signed, 0) and third <= len(content)
        if is_claimed and (base[:first], base[second:third]) != (
            content[:first],
            content[second:third],
        ):
            return "covered bytes differ"
    if "form-filled" not in report.warnings and _seen(base) != _seen(content):
        return "pages look different"
    return ""


def run(folder: Path, *, count: int, seed: int, workers: int, keep: Path | None) -> int:
    """Check all mutants and print the table of what came of them."""
    found = bases(folder)
    validator = open_validator(roots=[])
    outcomes: Counter[str] = Counter()
    bad: list[str] = []
    slowest, began = 0.0, time.monotonic()
    with ThreadPoolExecutor(workers) as pool:
        tasks = ((validator, mutant) for mutant in mutants(found, count, seed))
        for batch in _batches(tasks, 200):
            for mutant, report, took in pool.map(_checked, batch):
                slowest = max(slowest, took)
                outcomes[report.integrity.value] += 1
                outcomes.update(code for code in report.warnings if code.startswith("check-"))
                why = falsely_valid(found[mutant.base], mutant.content, report)
                if why or any(code.startswith("check-") for code in report.warnings):
                    bad.append(
                        f"{mutant.number} {mutant.how} {mutant.base}: {why or report.warnings}"
                    )
                    if keep is not None:
                        (keep / f"{mutant.number}.pdf").write_bytes(mutant.content)
            _seen.cache_clear()
    sys.stdout.write(
        f"{count} mutants of {len(found)} files, seed {seed}: {dict(outcomes)}; "
        f"slowest {slowest:.1f} s; {time.monotonic() - began:.0f} s in all\n"
    )
    sys.stdout.write("".join(f"  {line}\n" for line in bad))
    return 1 if bad else 0


def _checked(
    task: Task,
) -> tuple[Mutant, ValidationReport, float]:
    validator, mutant = task
    began = time.monotonic()
    report = validator.validate(mutant.content, at=AT)
    return mutant, report, time.monotonic() - began


def _batches(items: Iterator[Task], size: int) -> Iterator[Sequence[Task]]:
    batch: list[Task] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def main() -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="Where mutants that went wrong are kept.")
    asked = parser.parse_args()
    if asked.keep is not None:
        asked.keep.mkdir(parents=True, exist_ok=True)
    return run(
        asked.folder, count=asked.count, seed=asked.seed, workers=asked.workers, keep=asked.keep
    )


if __name__ == "__main__":
    sys.exit(main())
