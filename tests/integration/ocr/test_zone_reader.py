import json
from functools import cache

import pytest

from rpa.domain.document import MediaType
from rpa.domain.errors import DefinitionError, RecognitionError, ToolTimeoutError
from rpa.domain.form import FieldDefinition, FieldKind, FormDefinition
from rpa.domain.geometry import Box
from rpa.domain.model import Bilingual, ProcessId
from rpa.domain.pages import DocumentFacts, DocumentPages, PageImage
from rpa.ocr.adapters.rapid_engine import RapidEngine
from rpa.ocr.adapters.tesserocr_engine import TesserocrEngine
from rpa.ocr.api import KnownForm
from rpa.ocr.reader import ZoneReader
from rpa.testing.examples import example_documents
from rpa.testing.faxes import (
    FINE,
    NOISY,
    STANDARD,
    FaxLine,
    document_pages,
    fax,
    filled_page,
    text_zone,
    typed_page,
)
from rpa.testing.ocr import KnowingEngine, TimedOutEngine

pytestmark = pytest.mark.tesseract
NAMES = ("changement-adresse", "demande-remboursement", "avis-absence")
ADDRESS = {
    "nom": "O'Bomsawin",
    "prenom": "André",
    "date_naissance": "1971-03-09",
    "nas": "046 454 286",
    "nouvelle_adresse": "312, boul. des Laurentides",
    "ville": "Saint-Antonin",
    "code_postal": "H7G 2T8",
    "telephone": "418 555-0142",
    "date_effet": "2026-12-01",
}
READ = ADDRESS | {"nas": "046454286", "telephone": "+14185550142"}
CLAIM = {
    "nom": "Bélanger-Côté",
    "prenom": "Jean",
    "matricule": "104233",
    "service": "Travaux publics",
    "date_demande": "2026-11-02",
    "avance_recue": "true",
    "depenses.1.date": "2026-10-12",
    "depenses.1.description": "Repas à Lévis",
    "depenses.1.montant": "1 234,50",
    "depenses.2.date": "2026-10-13",
    "depenses.2.description": "Stationnement",
    "depenses.2.montant": "16,00",
    "total": "1 250,50",
}


@pytest.fixture(scope="module")
def reader():
    return ZoneReader(RapidEngine(), witness=TesserocrEngine())


@pytest.fixture(scope="module")
def forms():
    known = example_documents().known
    return {name: KnownForm(ProcessId(name), *known(name)) for name in NAMES}


def filled(known, typed, line=FINE, *, annexes=(), before=()):
    if annexes or before:
        page = filled_page(known.blank, known.form, typed)
        return document_pages(fax([*before, page, *annexes], line, seed=5))
    return faxed(known.blank, known.form.model_dump_json(), tuple(typed.items()), line)


@cache
def faxed(blank, form, typed, line):
    page = filled_page(blank, FormDefinition.model_validate_json(form), dict(typed))
    return document_pages(fax([page], line, seed=5))


@pytest.mark.parametrize(
    ("line", "doubtful"),
    [
        pytest.param(FINE, set(), id="fine"),
        pytest.param(STANDARD, set(), id="standard"),
        pytest.param(NOISY, {"nom"}, id="noisy and skewed"),
        pytest.param(FaxLine(upside_down=True, skew_degrees=-1), set(), id="upside down"),
    ],
)
def test_a_faxed_form_is_known_and_read_letter_by_letter(reader, forms, line, doubtful):
    known = forms["changement-adresse"]
    document = filled(known, ADDRESS, line)

    told = reader.identify(document, list(forms.values()))
    reading = reader.read(document, known)

    assert told is not None
    assert (told.process, told.by) == (known.process, "picture")
    assert dict(reading.values()) == READ
    assert {field.name for field in reading.fields if field.problems} <= doubtful
    assert reading.alignment > 0.95
    assert not reading.is_native


def test_rows_ticks_and_sums_are_read_and_an_annex_is_let_be(reader, forms):
    known = forms["demande-remboursement"]
    document = filled(known, CLAIM, annexes=[typed_page(["Reçu", "16,00"])])

    reading = reader.read(document, known)

    values = reading.values()
    assert reading.rules_broken == ()
    assert reading.pages == 2
    assert (values["depenses.1.montant"], values["total"]) == ("1234.50", "1250.50")
    assert (values["service"], values["avance_recue"]) == ("Travaux publics", "true")
    assert "depenses.3.montant" not in values


def test_a_sum_that_does_not_hold_is_said(reader, forms):
    known = forms["demande-remboursement"]

    reading = reader.read(filled(known, CLAIM | {"total": "1 205,50"}), known)

    assert reading.rules_broken == ("sum:total",)


def test_a_form_behind_a_cover_sheet_is_found(reader, forms):
    known = forms["changement-adresse"]
    document = filled(known, ADDRESS, before=[typed_page(["BORDEREAU", "2 pages"])])

    told = reader.identify(document, [known])

    assert told is not None
    assert reader.read(document, known).values()["ville"] == "Saint-Antonin"


def test_a_letter_is_none_of_the_forms(reader, forms):
    letter = typed_page(["Changement d’adresse", "", "Nous avons déménagé."])

    assert reader.identify(document_pages(fax([letter], seed=1)), list(forms.values())) is None


def test_a_form_is_not_taken_for_its_sister_of_the_same_lay_out(reader, forms):
    document = filled(forms["changement-adresse"], ADDRESS)

    others = [forms["avis-absence"], forms["demande-remboursement"]]

    assert reader.identify(document, others) is None


def test_pages_of_another_form_are_refused_with_a_reason(reader, forms):
    letter = document_pages(fax([typed_page(["Bonjour"])], seed=1))

    with pytest.raises(RecognitionError, match="Page 1") as refused:
        reader.read(letter, forms["changement-adresse"])

    assert refused.value.reason == "not-this-form"


def test_an_empty_form_misses_what_is_required_and_nothing_else(reader, forms):
    known = forms["changement-adresse"]

    reading = reader.read(filled(known, {}), known)

    missing = {field.name for field in reading.fields if "missing" in field.problems}
    assert missing == {field.name for field in known.form.fields if field.required}
    assert dict(reading.values()) == {}


def test_a_wrong_check_digit_is_found(reader, forms):
    known = forms["changement-adresse"]

    reading = reader.read(filled(known, ADDRESS | {"nas": "046 454 287"}), known)

    nas = next(field for field in reading.fields if field.name == "nas")
    assert (nas.value, nas.reading) == (None, "046 454 287")
    assert "checksum" in nas.problems


def test_a_digital_form_gives_its_data_and_no_engine_is_asked(forms):
    known = forms["avis-absence"]
    values = {"nom": "D’Amours", "prenom": "Zoé", "matricule": "104233", "debut": "2026-12-01"}
    values |= {"fin": "3 décembre 2026", "motif": "Maladie", "remarques": ""}
    facts = DocumentFacts(media_type=MediaType.PDF, pages=1, pixels_digest=None)
    document = DocumentPages(facts=facts, images=(), acroform=tuple(values.items()))
    reader = ZoneReader(TimedOutEngine())

    told = reader.identify(document, list(forms.values()))
    reading = reader.read(document, known)

    assert told is not None
    assert (told.process, told.by) == (known.process, "acroform")
    assert reading.is_native
    assert reading.values()["nom"] == "D'Amours"
    assert reading.values()["fin"] == "2026-12-03"


def test_an_engine_without_words_leaves_answers_unreadable_not_missing(forms):
    known = forms["changement-adresse"]

    reading = ZoneReader(KnowingEngine({})).read(filled(known, {"ville": "Amos"}), known)

    city = next(field for field in reading.fields if field.name == "ville")
    assert city.problems == ("unreadable", "low-confidence")


def test_a_failing_engine_is_not_an_empty_reading(forms):
    known = forms["changement-adresse"]

    with pytest.raises(ToolTimeoutError):
        ZoneReader(TimedOutEngine()).read(filled(known, ADDRESS), known)


def test_a_page_that_is_no_image_is_refused(reader, forms):
    facts = DocumentFacts(media_type=MediaType.TIFF, pages=1, pixels_digest=None)
    broken = PageImage(png=b"no image", dpi=204, bilevel=True)

    with pytest.raises(RecognitionError, match="not a readable image"):
        reader.identify(DocumentPages(facts=facts, images=(broken,)), list(forms.values()))


def test_a_blank_that_is_no_pdf_is_the_process_folders_fault(reader, forms):
    known = forms["changement-adresse"]
    broken = KnownForm(known.process, known.form, b"no pdf")

    with pytest.raises(DefinitionError, match=r"blank\.pdf"):
        reader.read(filled(known, ADDRESS), broken)


def test_lines_of_a_tall_zone_are_read_one_after_the_other(reader, forms):
    known = forms["avis-absence"]
    label = Bilingual(fr="Notes", en="Notes")
    tall = FieldDefinition(name="notes", label=label, zone=Box(x0=40, y0=480, x1=572, y1=560))
    upper = tall.model_copy(update={"zone": Box(x0=40, y0=490, x1=572, y1=510)})
    lower = tall.model_copy(update={"zone": Box(x0=40, y0=520, x1=572, y1=540), "name": "bas"})
    two = known.form.model_copy(update={"fields": (upper, lower)})
    page = filled_page(known.blank, two, {"notes": "Remplacement prévu", "bas": "par le greffe"})
    form = known.form.model_copy(update={"fields": (tall,)})

    reading = reader.read(
        document_pages(fax([page], seed=2)), KnownForm(known.process, form, known.blank)
    )

    assert reading.values() == {"notes": "Remplacement prévu par le greffe"}


def test_a_form_that_others_drew_is_read_by_the_same_code(reader, forms, shared_data):
    folder = shared_data / "fr-forms"
    truth = json.loads((folder / "cerfa_13753_04.gt.json").read_text(encoding="utf-8"))
    places = {f["name"]: tuple(f["rect"]) for f in truth["acroform_fields"]}
    height = truth["pages"][0]["height"]
    asked = {
        "declarant": ("txtNoms[0]", FieldKind.NAME, "Bélanger Marie-Hélène"),
        "voie": ("tktNomVoie[0]", FieldKind.TEXT, "avenue des Peupliers"),
        "commune": ("txtCommune[1]", FieldKind.NAME, "Saint-Étienne"),
        "disparition": ("datDisparition[0]", FieldKind.DATE, "14/10/2026"),
    }
    fields = tuple(
        FieldDefinition(
            name=name,
            label=Bilingual(fr=name, en=name),
            kind=kind,
            zone=text_zone(places[place], page_height=height),
        )
        for name, (place, kind, _typed) in asked.items()
    )
    form = FormDefinition(title="DÉCLARATION", fields=fields)
    known = KnownForm(ProcessId("perte"), form, (folder / "cerfa_13753_04.pdf").read_bytes())
    document = filled(known, {name: typed for name, (_p, _k, typed) in asked.items()})

    told = reader.identify(document, [*forms.values(), known])
    reading = reader.read(document, known)

    assert told is not None
    assert told.process == "perte"
    expected = {name: typed for name, (_p, _k, typed) in asked.items()}
    assert dict(reading.values()) == expected | {"disparition": "2026-10-14"}
