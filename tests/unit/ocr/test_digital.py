from rpa.domain.document import MediaType
from rpa.domain.form import FieldDefinition, FieldKind, FormDefinition
from rpa.domain.geometry import Box
from rpa.domain.model import Bilingual
from rpa.domain.pages import DocumentFacts, DocumentPages, TextWord
from rpa.domain.reading import Method
from rpa.ocr.digital import acroform_share, from_acroform, from_text_layer

LABEL = Bilingual(fr="l", en="l")
PRINTED = (TextWord("Nom", 10, 10, 30, 20), TextWord("Date", 10, 50, 30, 60))
FACTS = DocumentFacts(media_type=MediaType.PDF, pages=1, pixels_digest=None)


def form(**said):
    zones = {"nom": (40, 5, 200, 25), "jour": (40, 45, 200, 65)}
    kinds = {"nom": FieldKind.NAME, "jour": FieldKind.DATE}
    fields = [
        FieldDefinition(
            name=name,
            label=LABEL,
            kind=kinds[name],
            zone=Box(x0=zone[0], y0=zone[1], x1=zone[2], y1=zone[3]),
        )
        for name, zone in zones.items()
    ]
    return FormDefinition(title="Avis", fields=tuple(fields), **said)


def document(*, words=(), acroform=()):
    return DocumentPages(facts=FACTS, images=(), words=(tuple(words),), acroform=acroform)


FILLED = (
    *PRINTED,
    TextWord("Bélanger-Côté", 45, 10, 100, 20),
    TextWord("2026-11-24", 45, 50, 100, 60),
)


def test_form_fields_give_the_values():
    read = from_acroform(document(acroform=(("nom", "Zoé"), ("jour", "2026-11-24"))), form())

    assert read is not None
    assert [(f.value, f.method) for f in read] == [
        ("Zoé", Method.ACROFORM),
        ("2026-11-24", Method.ACROFORM),
    ]


def test_form_fields_of_another_form_are_not_this_form():
    other = document(acroform=(("montant", "12"), ("adresse", "rue")))

    assert acroform_share(other, form()) == 0
    assert from_acroform(other, form()) is None


def cut_up(kind, cells):
    field = FieldDefinition(
        name="numero",
        label=LABEL,
        kind=kind,
        cells=cells,
        zone=Box(x0=0, y0=0, x1=90, y1=20),
        acroform="a[0] + a[1] + b",
    )
    return FormDefinition(title="Avis", fields=(field,))


def test_a_value_cut_up_into_several_form_fields_is_put_together():
    parts = (("a[0]", "536"), ("a[1]", "90"), ("b", "4399"))

    number = from_acroform(document(acroform=parts), cut_up(FieldKind.SSN, 9))
    words = from_acroform(document(acroform=parts), cut_up(FieldKind.TEXT, 0))

    assert number is not None
    assert number[0].value == "536-90-4399"
    assert words is not None
    assert words[0].value == "536 90 4399"
    assert acroform_share(document(acroform=parts[:2]), cut_up(FieldKind.SSN, 9)) == 0


def test_a_form_field_may_have_a_plus_in_its_name():
    held = (("a[0] + a[1] + b", "x"),)

    read = from_acroform(document(acroform=held), cut_up(FieldKind.TEXT, 0))

    assert read is not None
    assert read[0].value == "x"


def test_form_fields_left_empty_may_have_been_printed_over():
    assert from_acroform(document(acroform=(("nom", ""), ("jour", ""))), form()) is None


def test_text_typed_into_the_zones_gives_the_values():
    read = from_text_layer(document(words=FILLED), form(), [PRINTED])

    assert read is not None
    assert [(f.value, f.method) for f in read] == [
        ("Bélanger-Côté", Method.TEXT_LAYER),
        ("2026-11-24", Method.TEXT_LAYER),
    ]


def test_a_zone_without_text_is_empty():
    read = from_text_layer(document(words=FILLED[:3]), form(), [PRINTED])

    assert read is not None
    assert read[1].problems == ("missing",)


def test_text_that_is_not_in_the_blanks_places_is_not_trusted():
    moved = [TextWord(w.text, w.x0 + 9, w.y0, w.x1 + 9, w.y1) for w in FILLED]

    assert from_text_layer(document(words=moved), form(), [PRINTED]) is None


def test_a_blank_without_text_cannot_vouch_for_a_text_layer():
    assert from_text_layer(document(words=FILLED), form(), [()]) is None


def test_a_text_layer_with_nothing_added_leaves_the_page_to_be_read():
    assert from_text_layer(document(words=PRINTED), form(), [PRINTED]) is None


def test_a_form_with_a_tick_box_is_read_from_pixels():
    tick = FieldDefinition(
        name="oui", label=LABEL, kind=FieldKind.CHECKBOX, zone=Box(x0=0, y0=0, x1=9, y1=9)
    )
    ticked = form().model_copy(update={"fields": (*form().fields, tick)})

    assert from_text_layer(document(words=FILLED), ticked, [PRINTED]) is None


def test_a_document_shorter_than_its_form_is_not_that_form():
    assert from_text_layer(document(words=FILLED), form(pages=2), [PRINTED, PRINTED]) is None
