import pytest

from rpa.ocr.unknown.pairs import PLAIN, UNDER, WITH_COLON, pairs_of
from rpa.ocr.unknown.segments import rows_of, segments_of, upright
from rpa.testing.typed_words import page_text


def told(*texts):
    pairs = pairs_of(segments_of(rows_of(upright(page_text(*texts)))))
    return {pair.key.text: pair.value.text for pair in pairs}


def test_a_value_stands_right_of_its_key():
    assert told((100, 100, "Nom :"), (220, 100, "Marie Tremblay")) == {"Nom :": "Marie Tremblay"}


def test_a_value_stands_under_its_key_where_nothing_is_right_of_it():
    assert told((100, 100, "Adresse :"), (104, 125, "312 boul. Laurier")) == {
        "Adresse :": "312 boul. Laurier"
    }


def test_a_value_of_several_rows_is_one_value():
    found = told(
        (100, 100, "Adresse :"),
        (250, 100, "312 boul. Laurier"),
        (250, 125, "Québec QC"),
        (100, 180, "Ville"),
    )
    assert found["Adresse :"] == "312 boul. Laurier Québec QC"


def test_rows_of_keys_take_no_part_of_each_other_s_values():
    found = told(
        (100, 100, "Nom :"), (250, 100, "Tremblay"), (100, 125, "Ville :"), (250, 125, "Lévis")
    )
    assert found == {"Nom :": "Tremblay", "Ville :": "Lévis"}


@pytest.mark.parametrize(
    ("key", "value"),
    [("Total", "4 950,00 $"), ("Sous-total", "12.50"), ("Vendu à", "Ville de Lévis")],
)
def test_without_colon_a_label_is_told_by_itself_or_by_its_value(key, value):
    assert told((100, 100, key), (400, 100, value)) == {key: value}


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param([(100, 100, "Bonjour"), (400, 100, "Madame")], id="words beside words"),
        pytest.param([(100, 100, "Nom :"), (300, 100, "Date :")], id="two keys"),
        pytest.param([(100, 100, "Approuvé par :"), (400, 100, "Date")], id="a key and a label"),
        pytest.param([(100, 100, "Total"), (900, 100, "12,50")], id="too far"),
        pytest.param([(100, 100, "Nom :"), (100, 200, "Tremblay")], id="too far below"),
        pytest.param([(100, 100, "Nom :")], id="nothing"),
        pytest.param([], id="an empty page"),
    ],
)
def test_what_is_no_pair_is_not_told(texts):
    assert told(*texts) == {}


def test_words_without_colon_are_an_answer_in_line_with_a_pair_that_is_sure():
    found = told(
        (100, 100, "Zone"), (450, 100, "Centre-ville"),
        (100, 140, "Valeur"), (450, 140, "2,00 $"),
        (100, 180, "Média"), (450, 180, "Affiche"),
    )  # fmt: skip
    assert found == {"Zone": "Centre-ville", "Valeur": "2,00 $", "Média": "Affiche"}


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param([(100, 140, "Zone"), (510, 140, "Centre")], id="value out of line"),
        pytest.param([(160, 140, "Zone"), (450, 140, "Centre")], id="key out of line"),
        pytest.param([(100, 500, "Zone"), (450, 500, "Centre")], id="far from it"),
    ],
)
def test_words_that_are_not_in_line_with_it_are_none(texts):
    assert told((100, 100, "Valeur"), (450, 100, "2,00 $"), *texts) == {"Valeur": "2,00 $"}


def test_a_value_typed_half_a_line_too_low_belongs_to_the_key_beside_it():
    assert told((100, 100, "Nom :"), (300, 112, "Tremblay")) == {"Nom :": "Tremblay"}
    assert told((100, 100, "Nom :"), (300, 116, "Tremblay")) == {}


def test_each_value_belongs_to_one_key_and_a_colon_goes_first():
    found = told((100, 100, "Total"), (100, 125, "Montant :"), (250, 125, "12,50"))
    assert found == {"Montant :": "12,50"}


def test_confidence_is_that_of_the_link_times_that_of_the_reading():
    texts = ((100, 100, "Nom :"), (220, 100, "Roy"), (100, 200, "Total"), (300, 200, "5,00"))
    colon, plain = pairs_of(segments_of(rows_of(upright(page_text(*texts)))))

    assert colon.confidence == pytest.approx(WITH_COLON * 0.9)
    assert plain.confidence == pytest.approx(PLAIN * 0.9)
    assert UNDER < WITH_COLON


def test_boxes_hold_all_words_of_a_key_and_of_a_value():
    [pair] = pairs_of(
        segments_of(rows_of(upright(page_text((100, 100, "Nom de famille :"), (300, 102, "Roy")))))
    )
    assert (pair.key.box.x0, pair.key.box.x1) == (100, 260)
    assert (pair.value.box.x0, pair.value.box.y0) == (300, 102)
