import json

import numpy as np
import pytest

from rpa.domain.errors import DefinitionError
from rpa.ocr.calibration import (
    PROMISES,
    Calibration,
    Fitted,
    calibration_error,
    fitted,
    load_calibration,
    merged,
    shipped_calibration,
    threshold_for,
)
from rpa.ocr.evidence import FEATURES

CHANCE = np.random.default_rng(7)


def drawn(count):
    """Evidence in which the second engine's agreement makes a value right nine times in ten."""
    evidence, right = [], []
    for _ in range(count):
        agrees = bool(CHANCE.random() < 0.7)
        numbers = dict.fromkeys(FEATURES, 0.0) | {"constant": 1.0, "second": float(agrees)}
        evidence.append(tuple(numbers.values()))
        right.append(bool(CHANCE.random() < (0.95 if agrees else 0.4)))
    return evidence, right


def test_what_was_fitted_states_the_shares_that_were_measured():
    evidence, right = drawn(4000)

    fit = fitted(evidence, right)

    with_it = dict.fromkeys(FEATURES, 0.0) | {"constant": 1.0, "second": 1.0}
    assert abs(fit.probability(tuple(with_it.values())) - 0.95) < 0.02
    without = dict.fromkeys(FEATURES, 0.0) | {"constant": 1.0}
    assert abs(fit.probability(tuple(without.values())) - 0.4) < 0.04
    assert fit.expected_calibration_error < 0.02
    assert (fit.samples, fit.errors) == (4000, right.count(False))


def test_a_doubt_never_raises_a_probability():
    evidence, right = drawn(3000)
    place = FEATURES.index("doubtful")
    told = [
        (*one[:place], float(is_right and bool(CHANCE.random() < 0.5)), *one[place + 1 :])
        for one, is_right in zip(evidence, right, strict=True)
    ]

    fit = fitted(told, right)

    assert fit.weights["doubtful"] == 0
    assert fit.weights["second"] > 1


@pytest.mark.parametrize("right", [[True] * 500, [False] * 500, [True, False] * 20])
def test_too_little_to_go_by_is_said(right):
    evidence = [(1.0,) * len(FEATURES)] * len(right)

    with pytest.raises(DefinitionError, match="too few") as refused:
        fitted(evidence, right)

    assert refused.value.reason == "too-few-samples"


def test_no_more_than_what_was_promised_is_wrong_from_the_threshold_on():
    chances = CHANCE.random(5000)
    right = (CHANCE.random(5000) < chances).astype(float)

    for promise in (0.2, 0.1, 0.05):
        kept = chances >= threshold_for(promise, chances, right)
        assert kept.any()
        assert 1 - right[kept].mean() <= promise


def test_few_values_cannot_promise_much():
    chances, right = np.full(50, 0.99), np.ones(50)

    assert threshold_for(0.001, chances, right) > 0.99


def test_a_promise_is_kept_for_each_way_by_itself():
    evidence, right = drawn(2000)
    spoiled = [False if n % 40 == 0 else one for n, one in enumerate(right)]
    ways = ["coarse" if n % 2 == 0 else "fine" for n in range(len(right))]

    together = fitted(evidence, spoiled).thresholds["0.05"]
    apart = fitted(evidence, spoiled, ways).thresholds["0.05"]

    assert apart >= together


def test_chances_that_are_too_high_are_an_error_of_calibration():
    chances, right = np.full(1000, 0.9), np.array([1.0, 0.0] * 500)

    assert abs(calibration_error(chances, right) - 0.4) < 1e-9
    assert calibration_error(np.full(1000, 0.5), right) < 1e-9


def calibration(**thresholds):
    fit = Fitted(
        weights={}, thresholds=thresholds, samples=1, errors=1, expected_calibration_error=0
    )
    return Calibration(engines={"two": fit, "one": fit})


@pytest.mark.parametrize(
    ("promise", "level"),
    [(0.01, 0.7), (0.02, 0.7), (0.006, 0.9), (0.005, 0.9), (0.001, 0.999)],
)
def test_the_next_stricter_promise_is_kept(promise, level):
    known = calibration(**{"0.01": 0.7, "0.005": 0.9})

    assert known.threshold(promise, engines="two") == level


def test_the_shipped_calibration_knows_both_ways_of_reading():
    shipped = shipped_calibration()

    for engines in ("two", "one"):
        fit = shipped.engines[engines]
        assert set(fit.weights) == set(FEATURES)
        assert set(fit.thresholds) == {str(promise) for promise in PROMISES}
        levels = [fit.thresholds[str(promise)] for promise in PROMISES]
        assert levels == sorted(levels)


def test_an_organisations_own_fit_takes_the_place_of_the_shipped_one(tmp_path):
    evidence, right = drawn(1000)
    own = fitted(evidence, right)
    path = tmp_path / "calibration.json"

    path.write_text(merged(shipped_calibration(), {"two": own}).model_dump_json(), "utf-8")

    read = load_calibration(path)
    assert read.engines["two"] == own
    assert read.engines["one"] == shipped_calibration().engines["one"]


@pytest.mark.parametrize("text", ["no json", json.dumps({"engines": {"three": {}}})])
def test_a_file_that_is_no_calibration_is_said(tmp_path, text):
    path = tmp_path / "calibration.json"
    path.write_text(text, "utf-8")

    with pytest.raises(DefinitionError, match="rpa ocr calibrate"):
        load_calibration(path)
