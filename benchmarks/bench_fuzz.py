"""Opens spoiled documents by the thousand: nothing may hang, and nothing may hurt the program.

Run: ``python benchmarks/bench_fuzz.py --files 5000 --seed 1 [FOLDER…]``. Documents are drawn by the
project; those of the folders named are spoiled too. The same seed spoils the same way.
"""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from time import perf_counter

from rpa.domain.errors import ApplicationError, BusinessError
from rpa.intake.adapters.contained import ContainedDecoder
from rpa.intake.adapters.decoding.limits import DecodeLimits
from rpa.intake.media import DOCUMENTS, kind_of
from rpa.testing.hostile_images import fax_tiff
from rpa.testing.mutations import dice_of, mutated
from rpa.testing.scans import drawn_documents

LIMITS = DecodeLimits(time_s=20)
MAX_BYTES = 2_000_000
SHARES = {"tiff": 4, "pdf": 4, "jpeg": 2, "png": 2}
"""How often a kind is taken to another's once."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One spoiled document, opened."""

    kind: str
    outcome: str
    seconds: float


def sources(folders: Sequence[Path]) -> list[tuple[str, bytes]]:
    """Return the documents to spoil, with their kind."""
    found = [content for _name, content in drawn_documents()]
    for folder in folders:
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        found += [path.read_bytes() for path in paths if path.stat().st_size <= MAX_BYTES]
    kinds = [(kind_of(content), content) for content in found]
    return [(kind, content) for kind, content in kinds if kind in DOCUMENTS]


def spoiled(documents: Sequence[tuple[str, bytes]], seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield spoiled documents for ever, the kinds in turn as :data:`SHARES` says."""
    dice = dice_of(seed)
    by_kind: dict[str, list[bytes]] = {}
    for kind, content in documents:
        by_kind.setdefault(kind, []).append(content)
    turns = [kind for kind in sorted(by_kind) for _share in range(SHARES.get(kind, 1))]
    while True:
        for kind in turns:
            yield kind, mutated(dice.choice(by_kind[kind]), dice)


def opened(decoder: ContainedDecoder, kind: str, content: bytes) -> Trial:
    """Open one document as the program does: inspected, then its pages."""
    started = perf_counter()
    try:
        decoder.inspect(content)
        decoder.pages(content)
        outcome = "read"
    except BusinessError as error:
        outcome = error.reason
    except ApplicationError as error:
        outcome = f"FAILED {error.reason}"
    return Trial(kind, outcome, perf_counter() - started)


def report(trials: Sequence[Trial], seconds: float, peak_bytes: int) -> None:
    """Print what became of them."""
    slowest = max(trials, key=lambda trial: trial.seconds)
    print(f"{len(trials)} spoiled documents in {seconds:.0f} s")
    for kind, count in sorted(Counter(trial.kind for trial in trials).items()):
        print(f"  {kind:10} {count:6}")
    print("outcomes:")
    for outcome, count in Counter(trial.outcome for trial in trials).most_common():
        print(f"  {outcome:24} {count:6}")
    print(f"slowest: {slowest.seconds:.2f} s ({slowest.kind}, {slowest.outcome})")
    print(f"peak memory of a child: {peak_bytes / 1e6:.0f} MB")
    failed = sum(trial.outcome.startswith("FAILED") for trial in trials)
    hung = sum(trial.seconds > 2 * LIMITS.wall_s for trial in trials)
    print(f"hangs: {hung}; not the document's fault: {failed}; crashes of the program: 0")


def main() -> int:
    """Spoil, open, report; a good document must still go through at the end."""
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    reader.add_argument("--files", type=int, default=500)
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("folders", nargs="*", type=Path)
    said = reader.parse_args()
    decoder = ContainedDecoder(LIMITS)
    started = perf_counter()
    work = islice(spoiled(sources(said.folders), said.seed), said.files)
    with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        trials = list(pool.map(lambda one: opened(decoder, *one), work))
    report(trials, perf_counter() - started, decoder.peak_bytes)
    return 0 if decoder.inspect(fax_tiff()).pages == 1 else 1


if __name__ == "__main__":
    sys.exit(main())
