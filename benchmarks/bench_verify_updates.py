"""Try ``rpa verify`` on incremental updates that nobody wrote by hand.

    python benchmarks/bench_verify_updates.py [--count 2000] [--seed 1] [--workers 2]
        [--start 0] [--only KIND] [--keep FOLDER]

Each draw takes one of 240 signed documents of a seed, plain or prepared by its maker, and appends
honest changes, malicious ones, or both, by the grammar in ``benchmarks/update_grammar``. The same
seed and number give the same bytes.

Where the answer on integrity is ``valid``, judges of another make look: PDFium, poppler and MuPDF
must draw and read the file as they do the signed revision, and qpdf must find the same structure,
actions and terms, outside of what the report tells and the signer allows. What differs is a breach.
"""

import argparse
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from benchmarks.update_grammar.campaign import Order, Result, results
from benchmarks.update_grammar.draws import ALL
from benchmarks.update_grammar.readers import missing_tools


class Tally:
    """What came of all draws."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.answers: Counter[str] = Counter()
        self.by_kind: dict[str, Counter[str]] = defaultdict(Counter)
        self.by_base: dict[str, Counter[str]] = defaultdict(Counter)
        self.honest: Counter[str] = Counter()
        self.breaches: dict[str, list[Result]] = defaultdict(list)
        self.alarms: list[Result] = []
        self.check_s = self.draw_s = 0.0
        self.quick: list[float] = []
        self.dead: list[int] = []

    def add(self, result: Result) -> None:
        """Count one draw."""
        self.answers[result.answer] += 1
        if result.answer == "died":
            self.dead.append(result.number)
            return
        self.check_s += result.check_s
        self.draw_s += result.draw_s
        for name in {*result.done, *([result.syntax] if result.syntax else [])}:
            self.by_kind[name][result.answer] += 1
            self.by_kind[name]["breach"] += bool(result.reasons)
        for part in {*result.base.split("+"), f"lock: {result.lock}"}:
            self.by_base[part][result.answer] += 1
            self.by_base[part]["breach"] += bool(result.reasons)
        if result.answer != "valid":
            self.quick.append(result.check_s + result.draw_s)
        if result.reasons:
            self.breaches[result.kind].append(result)
        if result.is_honest:
            self.honest[result.answer] += 1
            if result.answer != "valid":
                self.alarms.append(result)

    def lines(self) -> Iterable[str]:
        """Yield the tables."""
        yield from self._table("change", self.by_kind)
        yield from self._table("document", self.by_base)
        yield f"answers: {dict(self.answers.most_common())}"
        quick = sum(self.quick) / len(self.quick) if self.quick else 0.0
        yield f"CPU s: making {self.draw_s:.0f}, checking and judging {self.check_s:.0f}; "
        yield f"  a draw that is not valid {quick:.3f}"
        yield f"honest draws: {dict(self.honest.most_common())}"
        for one in self.alarms[:40]:
            yield f"  false alarm {one.number} {one.lock} {'+'.join(one.done)} on {one.base}"
        if self.dead:
            yield f"draws whose process died: {self.dead}"
        total = sum(len(one) for one in self.breaches.values())
        yield f"breaches: {total} of {len(self.breaches)} kinds"
        for kind, found in sorted(self.breaches.items(), key=lambda one: -len(one[1])):
            first = min(found, key=lambda one: (len(one.done), one.number))
            yield f"  {len(found):4} {kind}: {first.number} {first.lock} {' '.join(first.reasons)}"

    @staticmethod
    def _table(title: str, counts: dict[str, Counter[str]]) -> Iterable[str]:
        yield f"| {title} | draws | valid | breaches |"
        yield "|---|---|---|---|"
        for name, count in sorted(counts.items()):
            total = sum(count.values()) - count["breach"]
            yield f"| {name} | {total} | {count['valid']} | {count['breach']} |"


def main() -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=int, default=0, help="The first draw's number.")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--only", default="", choices=["", *sorted(ALL)], help="One kind of change."
    )
    parser.add_argument("--keep", type=Path, help="Where files that went wrong are kept.")
    asked = parser.parse_args()
    if missing_tools():
        sys.stdout.write(f"Not installed: {', '.join(missing_tools())}\n")
        return 2
    if asked.keep is not None:
        asked.keep.mkdir(parents=True, exist_ok=True)
    numbers = range(asked.start, asked.start + asked.count)
    order = Order(asked.seed, numbers, asked.only, asked.keep)
    tally, began = Tally(), time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):  # what was tried until then is told
        for result in results(order, asked.workers):
            tally.add(result)
            _tell(result, tally, time.monotonic() - began)
    sys.stdout.write("".join(f"{line}\n" for line in tally.lines()))
    took = time.monotonic() - began
    sys.stdout.write(f"{tally.answers.total()} draws, seed {asked.seed}; {took:.0f} s in all\n")
    return 1 if tally.breaches else 0


def _tell(result: Result, tally: Tally, seconds: float) -> None:
    if result.reasons:
        sys.stderr.write(f"{result.number} {result.kind}: {' '.join(result.reasons)}\n")
    if tally.answers.total() % 500 == 0:
        wrong = sum(len(one) for one in tally.breaches.values())
        sys.stderr.write(f"  {tally.answers.total()} in {seconds:.0f} s, {wrong} wrong\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
