"""Filing requests of the three example processes, with values that are hard to type."""

from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Final

from rpa.bots.api import FilingRequest, Target
from rpa.domain.form import FieldKind as Kind

PROCESSES: Final = Path(__file__).parents[2] / "examples" / "processes"

KINDS: Final[Mapping[str, Mapping[str, Kind]]] = {
    "changement-adresse": {
        "nom": Kind.NAME,
        "prenom": Kind.NAME,
        "date_naissance": Kind.DATE,
        "nas": Kind.SIN,
        "nouvelle_adresse": Kind.TEXT,
        "ville": Kind.TEXT,
        "code_postal": Kind.POSTAL_CODE,
        "telephone": Kind.PHONE,
        "courriel": Kind.EMAIL,
        "date_effet": Kind.DATE,
    },
    "demande-remboursement": {
        "nom": Kind.NAME,
        "prenom": Kind.NAME,
        "matricule": Kind.TEXT,
        "service": Kind.TEXT,
        "date_demande": Kind.DATE,
        "avance_recue": Kind.CHECKBOX,
        "total": Kind.AMOUNT,
        **{
            f"depenses.{row}.{column}": kind
            for row in range(1, 6)
            for column, kind in (
                ("date", Kind.DATE),
                ("description", Kind.TEXT),
                ("montant", Kind.AMOUNT),
            )
        },
    },
    "avis-absence": {
        "nom": Kind.NAME,
        "prenom": Kind.NAME,
        "matricule": Kind.TEXT,
        "debut": Kind.DATE,
        "fin": Kind.DATE,
        "motif": Kind.TEXT,
        "remarques": Kind.TEXT,
    },
}

VALUES: Final[Mapping[str, Mapping[str, str]]] = {
    "changement-adresse": {
        "nom": "Lefrançois-Œuvray",
        "prenom": "Zoé Łucja",
        "date_naissance": "1950-07-03",
        "nas": "046454286",
        "nouvelle_adresse": "12, rue de l’Église, app. 4",
        "ville": "L'Ancienne-Lorette",
        "code_postal": "G1R 4S9",
        "telephone": "+14186431234",
        "date_effet": "2026-12-01",
    },
    "demande-remboursement": {
        "nom": "Bélanger",
        "prenom": "Noël",
        "matricule": "004217",
        "service": "Travaux publics",
        "date_demande": "2026-11-09",
        "avance_recue": "true",
        "total": "1284.55",
        "depenses.1.date": "2026-10-31",
        "depenses.1.description": "Hébergement à Sept-Îles",
        "depenses.1.montant": "1234.50",
        "depenses.3.date": "2026-11-02",
        "depenses.3.description": "Repas « midi »",
        "depenses.3.montant": "50.05",
    },
    "avis-absence": {
        "nom": "D'Amours",
        "prenom": "Maïté",
        "matricule": "300112",
        "debut": "2026-12-21",
        "fin": "2027-01-04",
        "motif": "Obligations familiales",
        "remarques": "Retour prévu à 13 h ; joindre au besoin.",
    },
}

_numbers = count(1)


def filing_request(process: str, target: Target, *, key: str = "", **changed: str) -> FilingRequest:
    """Return a filing of an example process; without ``key``, under one never used before."""
    return FilingRequest(
        key=key or f"T-{next(_numbers):05d}-{process}",
        values={**VALUES[process], **changed},
        kinds=KINDS[process],
        definition=PROCESSES / process / "bot.yaml",
        target=target,
    )
