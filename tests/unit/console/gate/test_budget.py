"""Bytes that are held together have a bound."""

import pytest

from rpa.console.gate.budget import Budget
from rpa.console.gate.places import CrowdedError


def test_what_is_given_back_can_be_had_again():
    budget = Budget(100, retry_after_s=20)
    budget.take(60)
    with pytest.raises(CrowdedError) as caught:
        budget.take(41)
    budget.take(40)
    budget.give_back(60)
    budget.take(60)

    assert budget.held == 100
    assert (caught.value.is_own, caught.value.retry_after_s) == (False, 20)
