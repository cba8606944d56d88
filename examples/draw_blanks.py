"""Draws the blank forms of the example processes, and writes where their answers stand.

Each form is laid out once, in points from the top left of a Letter page. The HTML, the PDF and the
zones of ``form.yaml`` come from that one layout, so they cannot disagree. Run from anywhere::

    python examples/draw_blanks.py
"""

from html import escape
from pathlib import Path
from typing import Any, Final

import yaml
from blank_sheet import BOX_HEIGHT, LEFT, RIGHT, ROW_STEP, Question, Sheet
from weasyprint import HTML

from rpa.domain.form import (
    ColumnDefinition,
    FieldKind,
    FormDefinition,
    SumRule,
    TableDefinition,
)
from rpa.domain.geometry import Box
from rpa.domain.model import Bilingual

PROCESSES: Final = Path(__file__).parent / "processes"


def person(sheet: Sheet, y: float) -> None:
    """Ask for the family name and the first name."""
    sheet.ask(
        y,
        Question("nom", "Nom de famille", "Family name", LEFT, 258, FieldKind.NAME),
        Question("prenom", "Prénom", "First name", 314, 258, FieldKind.NAME),
    )


def change_of_address() -> tuple[Sheet, FormDefinition]:
    """Lay out the form ``changement-adresse``."""
    sheet = Sheet("Déclaration de changement d’adresse", "VE-1042")
    sheet.header(
        "Remplissez ce formulaire à la machine ou en lettres moulées, à l’encre noire, puis"
        " transmettez-le par télécopieur au 418 555-0142. Une déclaration incomplète ne peut pas"
        " être traitée. Les champs sont obligatoires, sauf indication contraire."
    )
    _citizen(sheet)
    _new_address(sheet)
    sheet.section(453, "3. Prise d’effet")
    sheet.ask(
        475,
        Question(
            "date_effet", "Date du changement", "Date of the change", LEFT, 166, FieldKind.DATE,
            hint="(année-mois-jour)",
        ),
    )  # fmt: skip
    sheet.section(534, "4. Déclaration")
    sheet.signature(
        556,
        "Je déclare que les renseignements fournis dans ce formulaire sont exacts et complets, et"
        " je demande à la Ville de mettre à jour l’ensemble de mes dossiers municipaux.",
    )
    sheet.footer(
        "Les renseignements personnels recueillis sont nécessaires à l’étude de votre déclaration"
        " et protégés par la Loi sur l’accès aux documents des organismes publics."
    )
    return sheet, sheet.form()


def _citizen(sheet: Sheet) -> None:
    sheet.section(156, "1. Identité du citoyen")
    person(sheet, 178)
    sheet.ask(
        178 + ROW_STEP,
        Question(
            "date_naissance", "Date de naissance", "Date of birth", LEFT, 166, FieldKind.DATE,
            hint="(année-mois-jour)",
        ),
        Question(
            "nas", "Numéro d’assurance sociale", "Social insurance number", 222, 166, FieldKind.SIN
        ),
    )  # fmt: skip


def _new_address(sheet: Sheet) -> None:
    sheet.section(282, "2. Nouvelle adresse")
    sheet.ask(
        304,
        Question(
            "nouvelle_adresse", "Numéro, rue et appartement", "Number, street and unit", LEFT, 532
        ),
    )
    sheet.ask(
        304 + ROW_STEP,
        Question("ville", "Ville ou municipalité", "City or town", LEFT, 350),
        Question("code_postal", "Code postal", "Postal code", 406, 166, FieldKind.POSTAL_CODE),
    )
    sheet.ask(
        304 + 2 * ROW_STEP,
        Question("telephone", "Téléphone", "Telephone", LEFT, 166, FieldKind.PHONE),
        Question(
            "courriel", "Courriel", "E-mail", 222, 350, FieldKind.EMAIL, hint="(facultatif)",
            required=False,
        ),
    )  # fmt: skip


DEPARTMENTS: Final = ("Ressources humaines", "Finances", "Greffe", "Travaux publics")
EMPLOYEE_NUMBER: Final = "^[0-9]{6}$"


def expense_claim() -> tuple[Sheet, FormDefinition]:
    """Lay out the form ``demande-remboursement``."""
    sheet = Sheet("Demande de remboursement de dépenses", "VE-2210")
    sheet.header(
        "À l’usage du personnel. Inscrivez une dépense par ligne, taxes comprises, et joignez la"
        " copie de chaque reçu à la suite de cette page. La demande doit parvenir au Service des"
        " finances dans les trente jours qui suivent la dernière dépense."
    )
    sheet.section(156, "A. Employé")
    person(sheet, 178)
    sheet.ask(
        178 + ROW_STEP,
        Question(
            "matricule", "Matricule", "Employee number", LEFT, 120, hint="(6 chiffres)",
            pattern=EMPLOYEE_NUMBER,
        ),
        Question("service", "Service", "Department", 176, 240, choices=DEPARTMENTS),
        Question(
            "date_demande", "Date de la demande", "Date of the claim", 432, 140, FieldKind.DATE
        ),
    )  # fmt: skip
    sheet.section(282, "B. Dépenses engagées")
    table = expense_table(sheet, top=304)
    bottom = table.first_row_y + table.rows * table.row_height
    total = Question("total", "Total réclamé", "Total claimed", 452, 120, FieldKind.AMOUNT)
    box = Box(x0=452, y0=bottom + 6, x1=RIGHT, y1=bottom + 6 + BOX_HEIGHT)
    sheet.put("box", box)
    sheet.put("org right", Box(x0=280, y0=box.y0 + 5, x1=444, y1=box.y1), "Total réclamé ($)")
    sheet.declare(total, box)
    sheet.section(492, "C. Avance")
    sheet.tick(
        515,
        "avance_recue",
        "J’ai reçu une avance de fonds pour ces dépenses.",
        "I received an advance for these expenses.",
    )
    sheet.section(546, "D. Attestation")
    sheet.signature(
        568,
        "J’atteste avoir engagé ces dépenses dans l’exercice de mes fonctions et n’en avoir reçu"
        " aucun autre remboursement.",
    )
    sheet.footer(
        "Conservez une copie de cette demande. Toute fausse déclaration peut entraîner une mesure"
        " disciplinaire. Directive interne FIN-07 sur le remboursement des dépenses."
    )
    return sheet, sheet.form([table], [SumRule(total="total", table="depenses", column="montant")])


def expense_table(sheet: Sheet, *, top: float) -> TableDefinition:
    """Place the table of expenses and return its definition."""
    columns = (
        ("date", "Date", "Date", FieldKind.DATE, LEFT, 140.0),
        ("description", "Description de la dépense", "Description", FieldKind.TEXT, 140.0, 452.0),
        ("montant", "Montant ($)", "Amount ($)", FieldKind.AMOUNT, 452.0, RIGHT),
    )
    rows, first_row_y = 5, top + 17
    for _name, fr, _en, _kind, x0, x1 in columns:
        sheet.put("head", Box(x0=x0, y0=top, x1=x1, y1=first_row_y), escape(fr))
        for row in range(rows):
            y = first_row_y + row * BOX_HEIGHT
            sheet.put("box", Box(x0=x0, y0=y, x1=x1, y1=y + BOX_HEIGHT))
    return TableDefinition(
        name="depenses",
        label=Bilingual(fr="Dépenses", en="Expenses"),
        rows=rows,
        first_row_y=first_row_y,
        row_height=BOX_HEIGHT,
        columns=tuple(
            ColumnDefinition(name=name, label=Bilingual(fr=fr, en=en), kind=kind, x0=x0, x1=x1)
            for name, fr, en, kind, x0, x1 in columns
        ),
    )


def notice_of_absence() -> tuple[Sheet, FormDefinition]:
    """Lay out the form ``avis-absence``, whose boxes are PDF form fields."""
    sheet = Sheet("Avis d’absence", "VE-3305", digital=True)
    sheet.header(
        "Remplissez ce formulaire à l’écran et envoyez-le par courriel à"
        " absences@val-des-erables.example. N’imprimez pas ce formulaire : il est traité sans"
        " papier."
    )
    sheet.section(156, "Employé")
    person(sheet, 178)
    sheet.ask(
        178 + ROW_STEP,
        Question(
            "matricule", "Matricule", "Employee number", LEFT, 120, hint="(6 chiffres)",
            pattern=EMPLOYEE_NUMBER,
        ),
    )  # fmt: skip
    sheet.section(282, "Absence")
    sheet.ask(
        304,
        Question("debut", "Premier jour", "First day", LEFT, 166, FieldKind.DATE,
                 hint="(année-mois-jour)"),
        Question("fin", "Dernier jour", "Last day", 222, 166, FieldKind.DATE,
                 hint="(année-mois-jour)"),
    )  # fmt: skip
    reasons = ("Vacances", "Maladie", "Obligations familiales", "Formation")
    sheet.ask(
        304 + ROW_STEP,
        Question("motif", "Motif", "Reason", LEFT, 350, hint=f"({', '.join(reasons)})",
                 choices=reasons),
    )  # fmt: skip
    sheet.ask(
        304 + 2 * ROW_STEP,
        Question("remarques", "Remarques", "Remarks", LEFT, 532, hint="(facultatif)",
                 required=False),
    )  # fmt: skip
    sheet.footer(
        "Les renseignements recueillis servent à la gestion des présences et sont détruits à la fin"
        " du délai de conservation."
    )
    return sheet, sheet.form()


class _Inline(dict[str, object]):
    """A mapping written on one line."""


class _Dumper(yaml.SafeDumper):
    """Writes short mappings on one line."""


_Dumper.add_representer(
    _Inline,
    lambda dumper, value: dumper.represent_mapping("tag:yaml.org,2002:map", value, flow_style=True),
)


def as_yaml(form: FormDefinition) -> str:
    """Return the definition as the text of a ``form.yaml``."""

    def inline(value: Any) -> Any:
        if isinstance(value, list):
            return [inline(item) for item in value]
        if not isinstance(value, dict):
            return value
        short = set(value) in ({"fr", "en"}, {"x0", "y0", "x1", "y1"}, {"total", "table", "column"})
        return _Inline(value) if short else {key: inline(item) for key, item in value.items()}

    content = inline(form.model_dump(mode="json", exclude_defaults=True))
    text = yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
    return f"# Written by examples/draw_blanks.py. Zones: points from the page's top left.\n{text}"


FORMS: Final = {
    "changement-adresse": change_of_address,
    "demande-remboursement": expense_claim,
    "avis-absence": notice_of_absence,
}


def draw(folder: Path) -> None:
    """Write ``blank.html``, ``blank.pdf`` and ``form.yaml`` of every form under ``folder``."""
    for process, laid_out in FORMS.items():
        sheet, form = laid_out()
        place = folder / process
        place.mkdir(parents=True, exist_ok=True)
        (place / "blank.html").write_text(sheet.document(), encoding="utf-8")
        (place / "form.yaml").write_text(as_yaml(form), encoding="utf-8")
        HTML(string=sheet.document()).write_pdf(
            place / "blank.pdf", pdf_forms=sheet.digital, pdf_identifier=process.encode()
        )


if __name__ == "__main__":
    draw(PROCESSES)
