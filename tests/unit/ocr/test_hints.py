"""Words of forms, and the kind of value that they ask for."""

import pytest

from rpa.domain.kinds import FieldKind
from rpa.ocr.hints import HINTS, kind_of_label

LABELS = {
    "email": ("Courriel", "Adresse de courriel", "E-mail address", "Adresse électronique"),
    "phone": ("Téléphone", "Tél. (domicile)", "Telephone", "Cellulaire", "Phone number"),
    "postal-code": ("Code postal", "Postal code"),
    "zip": ("City, state and ZIP code",),
    "sin": ("Numéro d'assurance sociale", "NAS", "Social insurance number"),
    "nam": ("Numéro d’assurance maladie", "N° d'assurance-maladie", "Health insurance number"),
    "neq": ("NEQ", "Numéro d’entreprise du Québec (NEQ)", "Québec enterprise number"),
    "permanent-code": ("Code permanent", "Permanent code"),
    "driver-licence": ("N° du permis de conduire", "Driver's licence number"),
    "bn": ("Numéro d’entreprise (ARC)", "Business number"),
    "iban": ("IBAN",),
    "account": ("Numéro de compte", "N° du compte", "Bank account number"),
    "ssn": ("Social security number",),
    "ein": ("Employer identification number",),
    "siret": ("N°SIRET de l’établissement",),
    "siren": ("Numéro SIREN",),
    "nir": ("NIR de l’apprenti(e)", "Numéro de sécurité sociale"),
    "date": (
        "Date de naissance",
        "Né(e) le (JJ/MM/AAAA)",
        "Date (MM-DD-YYYY)",
        "Date de la signature",
    ),
    "signature": (
        "Signature du demandeur",
        "Signature of applicant",
        "Nom et signature",
        "Sign here",
    ),
    "stamp": ("Cachet de l'établissement", "Tampon", "Sceau de la municipalité"),
    "time": ("Heure de l'accident", "Time of arrival"),
    "percent": ("Taux", "Part (%)"),
    "amount": ("Montant demandé", "Total amount", "Coût prévu", "Salaire brut"),
    "integer": ("Nombre d'enfants", "Number of dependants", "Âge"),
    "address": ("Adresse", "Nom de la rue", "Street", "Mailing address"),
    "name": ("Nom", "Prénom", "First name", "NOM DE FAMILLE"),
    "text": ("Remarques", "Circonstances", "Signet", "Ville"),
}


@pytest.mark.parametrize(
    ("kind", "label"), [(kind, label) for kind, labels in LABELS.items() for label in labels]
)
def test_a_label_hints_at_its_kind(kind, label):
    assert kind_of_label(label).value == kind


def test_every_kind_that_is_written_has_its_words():
    others = {"text", "number", "checkbox"}

    assert {kind.value for kind in FieldKind} - others <= {kind.value for kind in HINTS}
