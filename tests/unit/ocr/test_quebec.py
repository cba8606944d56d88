"""How Québec's numbers are made, on made-up numbers."""

import pytest

from rpa.ocr.quebec import is_nam, is_neq, is_permanent_code, nam_digit, passes_nam, passes_neq


@pytest.mark.parametrize(
    "number",
    ["AAAA01010112", "AAAA01010110", "BAAA01010113", "ZAAA01010112", "AAAZ01010112",
     "AAAA99010115", "AAAA01120114", "AAAA01013110", "LASF80021411", "TEST54122816"],
)  # fmt: skip
def test_numbers_that_another_program_takes_for_right_pass(number):
    assert is_nam(number)
    assert passes_nam(number)


def test_a_woman_s_number_differs_by_her_month_and_its_digit():
    assert is_nam("AAAA01510116")
    assert nam_digit("AAAA0151011", 1900) == "6"
    assert nam_digit("AAAA0101011", 1900) == "2"


@pytest.mark.parametrize("number", ["AAAA01130112", "AAAA01500112", "AAAA01013212"])
def test_a_number_holds_a_day_that_exists(number):
    assert not is_nam(number)


def test_a_permanent_code_has_the_day_first():
    assert is_permanent_code("TREM31120401")
    assert is_permanent_code("TREM31620401")
    assert not is_permanent_code("TREM04311201")


def test_an_enterprise_number_has_its_form_first_and_its_check_digit_last():
    assert is_neq("2212345674")
    assert not is_neq("4412345674")
    assert passes_neq("2212345674")
    assert not passes_neq("2212345675")
