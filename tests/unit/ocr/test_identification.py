from types import MappingProxyType

from rpa.domain.document import MediaType
from rpa.domain.form import FieldDefinition, FormDefinition
from rpa.domain.geometry import Box
from rpa.domain.model import Bilingual, ProcessId
from rpa.domain.pages import DocumentFacts, DocumentPages
from rpa.ocr.adapters.form_index import Fronts
from rpa.ocr.api import KnownForm
from rpa.ocr.identification import identified

FIELDS = MappingProxyType(
    {"demande": ("nom", "montant", "date"), "avis": ("nom", "debut", "fin", "motif")}
)


def form(name):
    fields = tuple(
        FieldDefinition(
            name=field, label=Bilingual(fr=field, en=field), zone=Box(x0=0, y0=0, x1=9, y1=9)
        )
        for field in FIELDS[name]
    )
    return KnownForm(ProcessId(name), FormDefinition(title=name, fields=fields), b"")


def filled_with(*names):
    facts = DocumentFacts(media_type=MediaType.PDF, pages=1, pixels_digest=None)
    return DocumentPages(facts=facts, images=(), acroform=tuple((n, "x") for n in names))


FORMS = [form("demande"), form("avis")]


def test_a_digital_form_is_known_by_the_names_of_its_fields():
    told = identified(filled_with("nom", "debut", "fin", "motif"), FORMS, Fronts())

    assert told is not None
    assert (told.process, told.by) == ("avis", "acroform")


def test_a_value_cut_up_into_several_form_fields_counts_as_all_of_them():
    demande = form("demande")
    cut = demande.form.fields[0].model_copy(update={"acroform": "n1 + n2 + n3 + n4"})
    known = demande.form.model_copy(update={"fields": (cut, *demande.form.fields[1:])})
    forms = [KnownForm(ProcessId("coupee"), known, b""), form("avis")]

    told = identified(filled_with("n1", "n2", "n3", "n4", "montant", "date"), forms, Fronts())

    assert told is not None
    assert told.process == "coupee"


def test_fields_of_another_form_are_none_of_them():
    assert identified(filled_with("nom", "adresse", "ville"), FORMS, Fronts()) is None


def test_two_forms_with_the_same_fields_are_not_told_apart_by_them():
    twins = [form("demande"), form("demande")]

    assert identified(filled_with(*FIELDS["demande"]), twins, Fronts()) is None


def test_a_document_without_pages_or_fields_is_none_of_them():
    assert identified(filled_with(), FORMS, Fronts()) is None
