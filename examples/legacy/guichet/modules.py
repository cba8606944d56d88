"""The modules: what each form takes in, and what it refuses."""

from decimal import Decimal

from guichet.checks import Answers, Checked, passes_luhn
from guichet.tables import PROVINCES, REASONS, SERVICES

ROWS = range(1, 6)
DETAILS = range(1, 7)
POSTAL_CODE = r"[A-Z]\d[A-Z] ?\d[A-Z]\d"


def address_person(answers: Answers) -> Checked:
    """Check the first page of « Changement d'adresse »."""
    checked = Checked(answers)
    checked.text("REF", "Réf. externe", longest=40)
    checked.text("NOM", "Nom")
    checked.text("PRENOM", "Prénom")
    checked.date("NAISS", "Date de naissance")
    number = checked.pattern("NAS", "NAS", shape=r"\d{9}")
    checked.that(lambda: not passes_luhn(number), "NAS : le chiffre de contrôle est faux.")
    return checked


def address_place(answers: Answers) -> Checked:
    """Check the second page of « Changement d'adresse »."""
    checked = Checked(answers)
    checked.text("ADRESSE", "Nouvelle adresse", longest=80)
    checked.text("VILLE", "Ville (choisir dans la liste)")
    checked.pattern("CODMUN", "Code de municipalité", shape=r"\d{5}")
    checked.code("PROV", "Province", table=PROVINCES)
    checked.pattern("CP", "Code postal", shape=POSTAL_CODE)
    checked.pattern("TEL", "Téléphone", shape=r"\d{10}")
    checked.pattern("COURRIEL", "Courriel", shape=r"[^@\s]+@[^@\s]+", required=False)
    return checked


def address_effect(answers: Answers) -> Checked:
    """Check the third page of « Changement d'adresse »."""
    checked = Checked(answers)
    checked.date("EFFET", "Date d'effet")
    return checked


def refund(answers: Answers) -> Checked:
    """Check « Demande de remboursement »; the total is computed again."""
    checked = Checked(answers)
    checked.text("REF", "Réf. externe", longest=40)
    checked.text("NOM", "Nom")
    checked.text("PRENOM", "Prénom")
    checked.pattern("MATRICULE", "Matricule", shape=r"\d{6}")
    checked.code("SERVICE", "Service", table=SERVICES)
    checked.date("DEMANDE", "Date de la demande")
    checked.tick("AVANCE")
    amounts = [_expense(checked, answers, row) for row in ROWS]
    total = checked.amount("TOTAL", "Total")
    checked.that(
        lambda: sum((a for a in amounts if a), Decimal(0)) != total,
        "Total : ne correspond pas à la somme des montants.",
    )
    checked.that(lambda: not any(amounts), "Dépenses : au moins une ligne est obligatoire.")
    return checked


def _expense(checked: Checked, answers: Answers, row: int) -> Decimal | None:
    names = [f"{part}_LDATE{row}" for part in "JMA"] + [f"LDESC{row}", f"LMNT{row}"]
    is_used = any(answers.get(name) for name in names)
    checked.date(f"LDATE{row}", f"Ligne {row}, date", required=is_used)
    checked.text(f"LDESC{row}", f"Ligne {row}, description", required=is_used, longest=50)
    return checked.amount(f"LMNT{row}", f"Ligne {row}, montant", required=is_used)


def absence(answers: Answers) -> Checked:
    """Check « Avis d'absence »."""
    checked = Checked(answers)
    checked.text("REF", "Réf. externe", longest=40)
    checked.text("NOM", "Nom")
    checked.text("PRENOM", "Prénom")
    checked.pattern("MATRICULE", "Matricule", shape=r"\d{6}")
    first = checked.date("DEBUT", "Premier jour")
    last = checked.date("FIN", "Dernier jour")
    checked.code("MOTIF", "Motif", table=REASONS)
    checked.text("REMARQUES", "Remarques", required=False, longest=500)
    checked.that(
        lambda: first is not None and last is not None and last < first,
        "Dernier jour : précède le premier jour.",
    )
    return checked


def request(answers: Answers) -> Checked:
    """Check « Demandes diverses », which takes anything."""
    checked = Checked(answers)
    checked.text("REF", "Réf. externe", longest=40)
    checked.text("NATURE", "Nature de la demande", longest=80)
    checked.text("DEMANDEUR", "Nom du demandeur", longest=80)
    checked.text("OBJET", "Objet", required=False, longest=120)
    for line in DETAILS:
        checked.text(f"DETAIL{line}", f"Détail {line}", required=False, longest=250)
    return checked


FORMS = {
    "remboursement": ("Remboursement de dépenses", refund),
    "absence": ("Avis d'absence", absence),
    "demande": ("Demandes diverses", request),
}
"""The modules of one page: title and check by path."""

WIZARD = (address_person, address_place, address_effect)
"""The pages of « Changement d'adresse », in order."""
