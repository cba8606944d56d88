from datetime import date

import pytest

from rpa.documents.views import (
    amount_view,
    checkbox_view,
    date_view,
    field_views,
    masked_view,
    phone_view,
    table_views,
)
from rpa.domain.form import FieldKind


@pytest.mark.parametrize(
    ("value", "language", "words"),
    [
        ("2026-12-01", "fr", "1er décembre 2026"),
        ("2026-11-24", "fr", "24 novembre 2026"),
        (date(2026, 8, 2), "fr", "2 août 2026"),
        ("2026-12-01", "en", "December 1, 2026"),
        ("", "fr", ""),
    ],
)
def test_a_date_is_told_in_words(value, language, words):
    assert date_view(value, language).replace("\u00a0", " ") == words


@pytest.mark.parametrize(
    ("value", "language", "words"),
    [
        ("1234.50", "fr", "1 234,50 $"),
        ("0.00", "fr", "0,00 $"),
        ("1234567.89", "en", "$1,234,567.89"),
        ("", "fr", ""),
    ],
)
def test_an_amount_follows_the_language(value, language, words):
    assert amount_view(value, language).replace("\u00a0", " ") == words


def test_a_local_number_is_grouped_and_a_foreign_one_left_alone():
    assert phone_view("+14186431234") == "418\u00a0643-1234"
    assert phone_view("+33142345678") == "+33142345678"


def test_only_the_last_three_digits_of_an_identifier_are_shown():
    assert masked_view("046454286") == "•••\u00a0•••\u00a0286"
    assert masked_view("") == ""


def test_a_tick_is_told_in_the_language():
    assert [checkbox_view("true", "fr"), checkbox_view("false", "fr")] == ["Oui", "Non"]
    assert checkbox_view("true", "en") == "Yes"


def test_an_optional_field_without_value_is_an_empty_text():
    kinds = {"nom": FieldKind.NAME, "courriel": FieldKind.EMAIL, "t.1.a": FieldKind.TEXT}

    assert field_views({"nom": "Roy"}, kinds) == {"nom": "Roy", "courriel": ""}


def test_table_rows_come_in_order_without_the_empty_ones():
    kinds = {f"t.{row}.{column}": FieldKind.TEXT for row in (1, 2, 10) for column in "ab"}
    values = {"t.10.a": "ten", "t.2.b": "two"}

    rows = table_views(values, kinds)

    assert rows == {"t": [{"a": "", "b": "two"}, {"a": "ten", "b": ""}]}
