import pytest

from rpa.domain.errors import RecognitionError
from rpa.domain.kinds import FieldKind
from rpa.ocr.unknown.anchors import invoice_anchors
from rpa.ocr.unknown.letters import letter_rules
from rpa.ocr.unknown.page import understood
from rpa.ocr.unknown.proposal import UnderstoodPage, answers_on, proposed_form
from rpa.ocr.unknown.tables import Rules
from rpa.testing.typed_words import page_text

LETTER = (
    (100, 50, "DEMANDE DE PERMIS"),
    (100, 200, "Nom :"), (250, 200, "Tremblay"),
    (100, 300, "Date :"), (250, 300, "2026-11-24"), (600, 300, "Bureau 4"),
    (100, 400, "Dossier no."), (300, 400, "4821"),
    (100, 500, "Total"), (300, 500, "114,98"),
)  # fmt: skip


def page(*texts, dpi=144.0, **how):
    text = page_text(*texts, **how)
    return UnderstoodPage(
        text, understood(text, Rules(), invoices=invoice_anchors(), letters=letter_rules()), dpi
    )


def form(*pages):
    return proposed_form(pages)


def test_every_answer_becomes_a_field_of_its_kind_once():
    made = form(page(*LETTER))

    assert {field.name: field.kind for field in made.fields} == {
        "date": FieldKind.DATE,
        "total": FieldKind.AMOUNT,
        "nom": FieldKind.NAME,
        "dossier_no": FieldKind.TEXT,
    }
    assert made.field("nom").label.fr == "Nom"
    assert made.pages == 1
    assert "DEMANDE" in made.title


def test_zones_are_where_the_values_were_found_in_points():
    zone = form(page(*LETTER)).field("nom").zone

    assert (zone.x0, zone.y0) == (122, 97)
    assert zone.y1 == 113
    assert zone.x1 > (250 + 80) / 2 + 3


def test_a_zone_ends_before_what_stands_right_of_it_and_on_the_page():
    made = form(page(*LETTER, (800, 200, "Approuvé")))

    assert made.field("date").zone.x1 <= 300
    assert all(field.zone.x1 <= 500 for field in made.fields)


def test_pages_are_told_apart_and_names_are_unique():
    made = form(page(*LETTER), page((100, 200, "Nom :"), (250, 200, "Roy")))

    assert [f.page for f in made.fields if f.name in ("nom", "nom_2")] == [1, 2]
    assert made.pages == 2


def test_the_answers_of_a_page_are_what_its_blank_must_not_show():
    places = {(box.x0, box.y0) for box in answers_on(page(*LETTER))}
    assert {(250, 200), (250, 300), (300, 400), (300, 500)} <= places


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        pytest.param(page(*LETTER, turn=180), "not-upright", id="upside down"),
        pytest.param(page(*LETTER, dpi=0.0), "not-upright", id="of unknown size"),
        pytest.param(page((100, 100, "Bonjour")), "no-pairs", id="without answers"),
        pytest.param(page(), "no-pairs", id="white"),
    ],
)
def test_what_no_form_can_be_learned_from_is_refused(given, reason):
    with pytest.raises(RecognitionError) as failed:
        form(given)
    assert failed.value.reason == reason
