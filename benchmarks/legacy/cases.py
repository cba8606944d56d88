"""Cases for each application: French names and notes, accents, apostrophes, dates, amounts."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

FIRST = ("Éloïse", "Jean-François", "Zoé", "Noël", "Maëlle", "Françoise", "André", "Benoît", "Ève")
LAST = ("Côté", "L'Heureux", "D'Amours", "Lefèbvre", "O'Neil", "Bélanger-Gagné", "Žižek", "Pâquet")
FIRMS = (
    "Épicerie Côté & fils", "L'Atelier d'Hélène", "Garage O'Neil inc.", "Boulangerie « Noël »",
    "Coopérative de l'Anse-à-Beaufils et de la Baie-des-Chaleurs", "Société 3 < 4 > 2",
    'Quincaillerie "Au Clou"', "100 % Québec", "Œuvres du Cœur", "A_B_C",
)  # fmt: skip
TOWNS = (
    ("Québec", "G1R 4S9"), ("Trois-Rivières", "G9A 5H7"), ("L'Ancienne-Lorette", "G2E 3J2"),
    ("Saint-Louis-du-Ha! Ha!", "G0L 3S0"), ("Montréal", "H2Y 1C6"), ("Baie-d'Urfé", "H9X 2N4"),
)  # fmt: skip
NOTES = (
    "Ouvert l'été seulement.", "Ligne une\nLigne deux : « à côté »\nFin.", "Prix : 12,50 $ (±5 %)",
    "Réf. 50 % & <b>gras</b>", "Dossier reçu par télécopieur — à vérifier", "",
)  # fmt: skip
Line = dict[str, Any]


def lines(app: str, count: int, folder: Path) -> list[Line]:
    """Return the lines of a ``cases.jsonl`` for an application; files go to ``folder``."""
    return [_BUILDERS[app](number, folder) for number in range(count)]


def _place(number: int) -> dict[str, str]:
    town, code = TOWNS[number % len(TOWNS)]
    street = f"{number + 1}, rue de l'Église"
    return {"ville": town, "code_postal": code, "adresse": street}


def _sql_ledger(number: int, _folder: Path) -> Line:
    fields = {
        "nom": f"{FIRMS[number % len(FIRMS)]}"[:44] + f" {number}",
        **_place(number), "adresse2": "Bureau 2ᵉ étage" if number % 3 == 0 else "",
        "province": "QC", "pays": "Canada", "telephone": f"418 643-{number:04d}",
        "courriel": f"client{number}@example.org", "limite": f"{number + 1} 234,5{number % 10}",
        "debut": (date(2024, 2, 28) + timedelta(days=number * 17)).isoformat(),
        "notes": NOTES[number % len(NOTES)],
    }  # fmt: skip
    # "C-1" is a part of "C-10": a search for one finds the other.
    return {"case": f"SL-{number:04d}", "key": f"C-{number + 1}", "fields": fields}


def _roundup(number: int, folder: Path) -> Line:
    file = folder / f"pièce-{number}.txt"
    file.write_text(f"Pièce n° {number} : été\n", "utf-8")
    priorities = ("Critique", "Urgent", "Anomalie", "Ajout", "Souhait")
    fields = {
        "titre": f"{FIRMS[number % len(FIRMS)]} {number}", "priorite": priorities[number % 5],
        "etat": ("unread", "deferred", "chatting")[number % 3],
        "responsable": ("admin", "demo")[number % 2], "note": NOTES[number % (len(NOTES) - 1)],
    }  # fmt: skip
    return {"case": f"RU-{number:04d}", "fields": fields, "files": {"piece": file.name}}


def _asp_net(number: int, folder: Path) -> Line:
    file = folder / f"photo-{number}.jpg"
    file.write_bytes(b"\xff\xd8\xff" + bytes([number]) * 100)
    countries = ("Spain", "Japan", "Austria", "France", "Great Britain", "Italia", "India")
    fields = {
        "jour": (date(2026, 9, 25) + timedelta(days=number * 3)).isoformat(),
        "pays": countries[number % len(countries)],
        "remarque": NOTES[number % (len(NOTES) - 2)].replace("<b>gras</b>", "gras"),
        "objet": f"{FIRST[number % len(FIRST)]} {LAST[number % len(LAST)]} {number}",
        "code": f"mot-{number}",
    }  # fmt: skip
    return {"case": f"AN-{number:04d}", "fields": fields, "files": {"piece": file.name}}


def _request_tracker(number: int, _folder: Path) -> Line:
    fields = {
        "objet": f"{FIRMS[number % len(FIRMS)]} {number}",
        "message": NOTES[number % (len(NOTES) - 1)].replace("<b>gras</b>", "gras"),
        "etat": ("new", "open")[number % 2], "demandeur": f"demandeur{number}@example.org",
    }  # fmt: skip
    return {"case": f"RT-{number:04d}", "fields": fields}


def _ldap_admin(number: int, _folder: Path) -> Line:
    place = _place(number)
    fields = {
        "prenom": FIRST[number % len(FIRST)], "nom": LAST[number % len(LAST)],
        "organisation": FIRMS[number % 5], "rue": place["adresse"], "ville": place["ville"],
        "code_postal": place["code_postal"], "telephone": f"418 643-{number:04d}",
        "courriel": f"p{number}@example.org",
    }  # fmt: skip
    return {"case": f"LA-{number:04d}", "fields": fields}


def _postfix_admin(number: int, _folder: Path) -> Line:
    fields = {
        "compte": f"compte{number}", "passe": f"Secret{number}9!",
        "nom": f"{FIRST[number % len(FIRST)]} {LAST[number % len(LAST)]}",
        "quota": str(number % 9 + 1), "autre": f"autre{number}@example.org",
    }  # fmt: skip
    return {"case": f"PA-{number:04d}", "fields": fields}


def _trac(number: int, folder: Path) -> Line:
    file = folder / f"piece-{number}.txt"
    file.write_text(f"Pièce n° {number} : été\n", "utf-8")
    fields = {
        "objet": f"{FIRMS[number % len(FIRMS)]} {number}",
        "description": NOTES[number % (len(NOTES) - 1)],
        "genre": ("defect", "enhancement", "task")[number % 3],
        "priorite": ("blocker", "minor", "trivial")[number % 3],
        "jalon": f"milestone{number % 4 + 1}", "mots": f"mot{number}, l'été",
    }  # fmt: skip
    return {"case": f"TR-{number:04d}", "fields": fields, "files": {"piece": file.name}}


def _nagios(number: int, _folder: Path) -> Line:
    fields = {
        "poste": ("accueil", "archives", "greffe", "urbanisme")[number % 4],
        "remarque": f"{FIRMS[number % len(FIRMS)]} n° {number}",
        "durable": number % 3 > 0,
    }  # fmt: skip
    return {"case": f"NA-{number:04d}", "fields": fields}


_BUILDERS = {
    "sql-ledger": _sql_ledger,
    "roundup": _roundup,
    "asp-net": _asp_net,
    "request-tracker": _request_tracker,
    "ldap-admin": _ldap_admin,
    "postfix-admin": _postfix_admin,
    "trac": _trac,
    "nagios": _nagios,
}


def amount(text: str) -> float:
    """Return a French amount as a number."""
    return float(text.replace(" ", "").replace(",", "."))


def fields_of(line: Line) -> Mapping[str, str]:
    """Return a line's fields."""
    fields: Mapping[str, str] = line["fields"]
    return fields
