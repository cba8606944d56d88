"""Fit the shipped calibration to filled and faxed forms with known truth, and tell how good it is.

Run with the folder of real blanks (docs/benchmarks.md says which): half an hour on two cores.
Each form is judged by coefficients fitted to all the others.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from filled_forms import DATA, FilledForm, Harm, blanks, filled, known_form

from rpa.bootstrap.intake import open_decoder
from rpa.bootstrap.reading import open_engines
from rpa.domain.errors import RecognitionError
from rpa.ocr.calibration import (
    PROMISES,
    Calibration,
    Engines,
    calibration_error,
    fitted,
    merged,
    shipped_calibration,
    threshold_for,
)
from rpa.ocr.reader import ZoneReader

TARGET = Path(__file__).parents[1] / "rpa" / "ocr" / "calibration.json"
WAYS = (
    (Harm(), "typed"),
    (Harm(dpi=(204, 98)), "typed"),
    (Harm(noise=0.003), "typed"),
    (Harm(), "pencil"),
)


@dataclass(frozen=True)
class Sample:
    """One value that was read, and whether it is right."""

    form: str
    way: str
    evidence: tuple[float, ...]
    is_right: bool


def samples(data: Path, seeds: Sequence[int], engines: Engines) -> Iterator[Sample]:
    """Yield every value read on the forms drawn with ``seeds``."""
    decoder, opened = open_decoder(), open_engines()
    first, second = (opened.first, opened.second) if engines == "two" else (opened.tesseract, None)
    reader = ZoneReader(first, witness=second)
    for known in [known_form(name, blank) for name, blank in blanks(data)]:
        for seed, (harm, hand) in product(seeds, WAYS):
            # Half of the forms are as nobody has looked through them yet: every field a text.
            form = filled(known, seed=seed, harm=harm, hand=hand, kinds=bool(seed % 2))
            try:
                reading = reader.read(decoder.pages(form.document), form.known)
            except RecognitionError:
                continue
            declared = "kinds" if seed % 2 else "texts"
            yield from _of(form, reading.fields, f"{harm.dpi[1]}-{hand}-{harm.noise}-{declared}")
    opened.close()


def _of(form: FilledForm, fields: Sequence[object], way: str) -> Iterator[Sample]:
    for field in fields:
        evidence, value, name = field.evidence, field.value, field.name  # type: ignore[attr-defined]
        if evidence:
            is_right = form.truth.get(name) == value
            yield Sample(form.name, way, evidence, is_right)


def told(kept: Sequence[Sample]) -> None:
    """Print how well probabilities fitted to other forms hold on each form."""
    forms = sorted({sample.form for sample in kept})
    evidence = np.array([sample.evidence for sample in kept])
    right = np.array([sample.is_right for sample in kept], dtype=float)
    chances = np.zeros(len(kept))
    for form in forms:
        here = np.array([sample.form == form for sample in kept])
        fit = fitted(evidence[~here].tolist(), [bool(v) for v in right[~here]])
        chances[here] = [fit.probability(one) for one in evidence[here]]
    print(f"{len(kept)} values, {int((1 - right).sum())} wrong;", end=" ")
    print(f"expected calibration error {calibration_error(chances, right):.4f}")
    print("stated   measured  values")
    order = np.argsort(chances)
    for part in np.array_split(order, 10):
        print(f"{chances[part].mean():7.4f}  {right[part].mean():7.4f}  {len(part):6}")
    ways = np.array([sample.way for sample in kept])
    level = {
        promise: max(
            threshold_for(promise, chances[ways == w], right[ways == w]) for w in set(ways)
        )
        for promise in PROMISES[:5]
    }
    for way in sorted(set(ways)):
        here = ways == way
        print(f"{way}: {right[here].mean():.4f} right", end="")
        for promise in PROMISES[:5]:
            taken = here & (chances >= level[promise])
            error = 1 - right[taken].mean() if taken.any() else 0.0
            print(
                f" | {promise}: {taken.sum() / here.sum():.3f} through, {error:.4f} wrong", end=""
            )
        print()


def main() -> None:
    """Draw, read, fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="?", default=DATA)
    parser.add_argument("--seeds", type=int, default=14)
    parser.add_argument("--first-seed", type=int, default=200)
    parser.add_argument("--engines", nargs="+", choices=("two", "one"), default=("two", "one"))
    said = parser.parse_args()
    if not said.data.is_dir():
        sys.exit(f"{said.data} is not there; docs/benchmarks.md says what it holds")
    seeds = range(said.first_seed, said.first_seed + said.seeds)
    fits = {}
    for engines in said.engines:
        kept = list(samples(said.data, seeds, engines))
        print(f"== {engines}")
        told(kept)
        fits[engines] = fitted(
            [sample.evidence for sample in kept],
            [sample.is_right for sample in kept],
            [sample.way for sample in kept],
        )
    write(merged(shipped_calibration(), fits))


def write(calibration: Calibration) -> None:
    """Write the shipped calibration."""
    text = json.dumps(calibration.model_dump(mode="json"), indent=1, sort_keys=True)
    TARGET.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
