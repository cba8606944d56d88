"""Letter requests for tests."""

from datetime import date
from pathlib import Path
from typing import Final

from rpa.documents.api import LetterRequest
from rpa.domain.form import FieldKind

_KINDS: Final = {
    "nom": FieldKind.NAME,
    "nas": FieldKind.SIN,
    "date_effet": FieldKind.DATE,
    "telephone": FieldKind.PHONE,
    "courriel": FieldKind.EMAIL,
    "total": FieldKind.AMOUNT,
    "depenses.1.description": FieldKind.TEXT,
    "depenses.1.montant": FieldKind.AMOUNT,
    "depenses.2.description": FieldKind.TEXT,
    "depenses.2.montant": FieldKind.AMOUNT,
}
_VALUES: Final = {
    "nom": "Tremblay & fils <SENC>",
    "nas": "046454286",
    "date_effet": "2026-12-01",
    "telephone": "+14186431234",
    "total": "1234.50",
    "depenses.2.description": "Repas",
    "depenses.2.montant": "1234.50",
}


def letter_template(folder: Path, body: str) -> Path:
    """Write a one-page template with ``body`` into ``folder``."""
    template = folder / "letter.html"
    template.write_text(
        '{% extends "rpa/letter.html" %}\n{% block title %}Avis{% endblock %}\n'
        "{% block body %}\n" + body + "\n{% endblock %}\n",
        encoding="utf-8",
    )
    return template


def letter_request(template: Path, *, language: str = "fr") -> LetterRequest:
    """Return a request with one value of every kind, and one optional field left empty."""
    return LetterRequest(
        template=template,
        language=language,
        case_id="2026-000042",
        organization="Ville de Rivière-aux-Pins",
        values=_VALUES,
        kinds=_KINDS,
        receipt_number="R-917",
        today=date(2026, 11, 24),
    )
