import pytest

from rpa.ocr.checks import calendar_day, e164, email_address, is_postal_code, passes_luhn


@pytest.mark.parametrize("digits", ["046454286", "79927398713", "0"])
def test_a_number_with_its_right_check_digit_passes(digits):
    assert passes_luhn(digits)


@pytest.mark.parametrize("place", range(9))
def test_no_single_misread_digit_passes_the_luhn_check(place):
    right = "046454286"
    others = [digit for digit in "0123456789" if digit != right[place]]

    assert not any(passes_luhn(right[:place] + digit + right[place + 1 :]) for digit in others)


@pytest.mark.parametrize("text", ["", "04645428a", "046 454 286"])
def test_only_digits_can_pass(text):
    assert not passes_luhn(text)


def test_a_postal_code_keeps_to_the_alphabet_of_canada_post():
    assert is_postal_code("G1R 4S9")
    assert not any(is_postal_code(text) for text in ("G1R4S9", "O1R 4S9", "G1D 4S9", "G1R 4S9 "))


def test_the_year_must_be_one_that_a_form_can_mean():
    assert calendar_day(1900, 1, 1) is not None
    assert calendar_day(1899, 12, 31) is None
    assert calendar_day(2101, 1, 1) is None


def test_a_number_from_abroad_keeps_its_country():
    assert e164("+33 1 42 68 53 00") == "+33142685300"


def test_no_name_server_is_asked_about_an_address():
    assert email_address("someone@no-such-domain.example") == "someone@no-such-domain.example"
