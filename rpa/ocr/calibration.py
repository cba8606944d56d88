"""From evidence to the probability that a value is right, fitted to values whose truth is known.

A logistic regression: few numbers, that an organisation can fit anew to its own reviewed cases. The
shipped one is fitted to faxed forms with known truth, see ``docs/reading.md``.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from rpa.domain.errors import DefinitionError
from rpa.i18n import _
from rpa.ocr.evidence import AGAINST, FEATURES

SHIPPED: Final = "calibration.json"
PENALTY: Final = 0.3
"""Weight of the penalty on large coefficients (ridge); the constant goes free."""
ROUNDS: Final = 60
PROMISES: Final = (0.05, 0.02, 0.01, 0.005, 0.002, 0.001)
"""Field errors for which a threshold is worked out."""
LEAST_SAMPLES: Final = 200
HIGHEST: Final = 0.9995

Engines = Literal["two", "one"]
"""Whether a second engine of another kind gave its opinion."""
Floats = NDArray[np.float64]


class Fitted(BaseModel):
    """Coefficients for one set of engines, and what they were fitted to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    weights: Mapping[str, float]
    """By feature; those that are not named count nothing."""
    thresholds: Mapping[str, float]
    """Probability from which a value is accepted, by promised field error (``"0.005"``)."""
    samples: int
    errors: int
    expected_calibration_error: float

    def probability(self, evidence: Sequence[float]) -> float:
        """Return how probable it is that the value is right, from 0 to 1."""
        named = [self.weights.get(name, 0.0) for name in FEATURES]
        score = sum(w * x for w, x in zip(named, evidence, strict=True))
        return min(HIGHEST, float(_sigmoid(np.array([score]))[0]))


class Calibration(BaseModel):
    """The coefficients for machines with a second engine and without."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    engines: Mapping[Engines, Fitted]

    def probability(self, evidence: Sequence[float], *, engines: Engines) -> float:
        """Return how probable it is that the value is right."""
        return self.engines[engines].probability(evidence)

    def threshold(self, promise: float, *, engines: Engines) -> float:
        """Return the probability from which values may be accepted at a promised field error.

        The next stricter promise that was worked out is taken; beyond the strictest, only values
        more probable than ``1 - promise`` are.
        """
        known = {float(said): level for said, level in self.engines[engines].thresholds.items()}
        strict = [said for said in known if said <= promise * 1.000001]
        return known[max(strict)] if strict else 1 - promise


@cache
def shipped_calibration() -> Calibration:
    """Return the calibration that comes with the package."""
    text = files("rpa.ocr").joinpath(SHIPPED).read_text(encoding="utf-8")
    return Calibration.model_validate_json(text)


def load_calibration(path: Path) -> Calibration:
    """Return a calibration of the organisation's own.

    Raises:
        DefinitionError: The file is not one.
    """
    try:
        return Calibration.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError, UnicodeDecodeError) as error:
        raise DefinitionError(
            _("{file} is no calibration; make it anew with `rpa ocr calibrate`.", file=path)
        ) from error


def fitted(
    evidence: Sequence[Sequence[float]], is_right: Sequence[bool], ways: Sequence[str] = ()
) -> Fitted:
    """Fit coefficients to values whose truth is known.

    ``ways`` names for each value how it came (a fine fax, a coarse one): a promise is then kept
    for each of them by itself, not only for all together.

    Raises:
        DefinitionError: There are too few values, or none that is wrong.
    """
    wrong = len(is_right) - sum(is_right)
    if len(is_right) < LEAST_SAMPLES or not wrong or wrong == len(is_right):
        raise DefinitionError(
            _(
                "{count} values with known truth, {wrong} of them wrong: too few to calibrate by."
                " At least {least} are needed, right and wrong ones.",
                count=len(is_right),
                wrong=wrong,
                least=LEAST_SAMPLES,
            ),
            code="too-few-samples",
        )
    x, y = np.array(evidence, dtype=np.float64), np.array(is_right, dtype=np.float64)
    weights = _in_sense(x, y)
    chances = np.asarray(_sigmoid(x @ weights))
    return Fitted(
        weights={name: round(float(w), 5) for name, w in zip(FEATURES, weights, strict=True)},
        thresholds={str(promise): _for_each(promise, chances, y, ways) for promise in PROMISES},
        samples=len(y),
        errors=wrong,
        expected_calibration_error=round(calibration_error(chances, y), 5),
    )


def threshold_for(promise: float, chances: Floats, is_right: Floats) -> float:
    """Return the lowest probability from which no more than ``promise`` of the values are wrong.

    One error more than was seen is counted, so that few values cannot promise much.
    """
    order = np.argsort(-chances)
    wrong = np.cumsum(1 - is_right[order]) + 1
    kept = wrong / np.arange(1, len(order) + 1) <= promise
    # Values of the same probability are accepted together or not at all.
    last = np.flatnonzero(kept)
    if not len(last):
        return HIGHEST
    return round(float(min(HIGHEST, chances[order][last[-1]])), 5)


def _for_each(promise: float, chances: Floats, is_right: Floats, ways: Sequence[str]) -> float:
    if not ways:
        return threshold_for(promise, chances, is_right)
    named = np.array(ways)
    return max(
        threshold_for(promise, chances[named == way], is_right[named == way]) for way in set(ways)
    )


def calibration_error(chances: Floats, is_right: Floats, *, bins: int = 10) -> float:
    """Return the expected calibration error: how far stated and measured shares lie apart.

    Bins hold equally many values (Nguyen and O'Connor, 2015).
    """
    order = np.argsort(chances)
    parts = [part for part in np.array_split(order, bins) if len(part)]
    apart = [abs(chances[p].mean() - is_right[p].mean()) * len(p) for p in parts]
    return float(sum(apart) / max(1, len(chances)))


def _in_sense(x: Floats, y: Floats) -> Floats:
    """Fit weights of which none says the opposite of what it stands for.

    With few errors, chance makes doubts speak for a reading; what came out so counts nothing.
    """
    against = np.array([name in AGAINST for name in FEATURES])
    used = np.ones(len(FEATURES), dtype=bool)
    while True:
        weights = _newton(x * used, y) * used
        wrong = against & (weights > 0)
        if not wrong.any():
            return np.asarray(weights, dtype=np.float64)
        used &= ~wrong


def _newton(x: Floats, y: Floats) -> Floats:
    weights = np.zeros(x.shape[1])
    ridge = np.full(x.shape[1], PENALTY)
    ridge[0] = 1e-3
    for _round in range(ROUNDS):
        chances = _sigmoid(x @ weights)
        slope = x.T @ (y - chances) - ridge * weights
        curve = (x * (chances * (1 - chances))[:, None]).T @ x + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        weights = weights + step
        if float(np.abs(step).max()) < 1e-8:
            break
    return np.asarray(weights, dtype=np.float64)


def _sigmoid(scores: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -30, 30))), dtype=np.float64)


def merged(shipped: Calibration, own: Mapping[Engines, Fitted]) -> Calibration:
    """Return a calibration with the organisation's own fits where there are any."""
    return Calibration(engines={**shipped.engines, **own})
