"""Draws the twelve documents that reach the example organisation, each with its truth.

Names and numbers are invented; social insurance numbers start with 0 or 9 and belong to nobody.
"""

import argparse
import json
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Final

import yaml
from PIL import Image

from rpa.domain.form import FormDefinition
from rpa.testing.faxes import (
    FINE,
    NOISY,
    STANDARD,
    TYPEFACES,
    FaxLine,
    Hand,
    fax,
    filled_page,
    filled_pdf,
    grey_scan,
    typed_page,
)

PROCESSES: Final = Path(__file__).parent / "processes"
ADDRESS, CLAIM, ABSENCE = "changement-adresse", "demande-remboursement", "avis-absence"

PEOPLE: Final = (
    ("O’Bomsawin", "Marie-Ève"),
    ("Bélanger-Côté", "Jean-François"),
    ("Lévesque", "Zoé"),
    ("St-Hilaire", "Gaëtan"),
    ("D’Amours", "Noémie"),
    ("Tremblay", "Françoise"),
    ("Nguyen", "Anh Thu"),
    ("Desruisseaux", "Loïc"),
    ("Boisvert-Gagné", "Hélène"),
    ("L’Écuyer", "Benoît"),
    ("McKenzie", "Uashat"),
    ("Pâquet", "Maëlle"),
)
PLACES: Final = (
    ("1204, rue Saint-Vallier Ouest, app. 7", "Québec", "G1N 1P4"),
    ("85, 1er rang Nord", "Saint-Jérôme", "J7Z 4V2"),
    ("450, chemin de la Côte-Sainte-Catherine", "Montréal", "H2V 2B6"),
    ("2, rue de l’Église, C.P. 19", "Baie-Saint-Paul", "G3Z 1M3"),
    ("3371, boul. des Forges, bureau 210", "Trois-Rivières", "G8Y 5J6"),
    ("17-B, avenue Œuvre-des-Terrains", "Sept-Îles", "G4R 2T8"),
    ("990, 12e Avenue Nord", "Sherbrooke", "J1E 2X3"),
    ("6, place D’Youville", "L’Ancienne-Lorette", "G2E 3J1"),
)
COARSE_PEOPLE: Final = (("O’Bomsawin", "Denise"), ("D’Amours", "André"), ("Tremblay", "Solange"))
COARSE_PLACES: Final = (
    ("2, rue Principale, C.P. 19", "Baie-Saint-Paul", "G3Z 1M3"),
    ("312, boul. des Laurentides", "Saint-Antonin", "H7G 2T8"),
)
"""At 98 lines to the inch, accents on capitals and on i run into their letters."""
REGIONS: Final = ("418", "514", "450", "819", "581", "438")
EXPENSES: Final = (
    "Repas, formation à Lévis",
    "Kilométrage, 142 km aller-retour",
    "Stationnement, hôtel de ville",
    "Hébergement, congrès de l’UMQ",
    "Billet de train Québec-Montréal",
    "Fournitures de bureau",
)
DEPARTMENTS: Final = ("Ressources humaines", "Finances", "Greffe", "Travaux publics")
REASONS: Final = ("Vacances", "Maladie", "Obligations familiales", "Formation")


@dataclass(frozen=True)
class Incoming:
    """One document on its way in, with what is true of it."""

    name: str
    channel: str
    """``fax``, ``numerisation`` or ``courriel``."""
    path: Path
    process: str | None
    values: Mapping[str, str]
    """The canonical values that are on the document, without those left empty."""
    expected: str
    """``filed``, ``awaiting-signature``, ``archived``, ``duplicate``, ``unknown-form``,
    ``damaged`` or ``in-review``."""


def canonical(values: Mapping[str, str]) -> dict[str, str]:
    """Return values as the framework keeps them: apostrophes straight."""
    return {name: value.replace("’", "'") for name, value in values.items()}


@dataclass(frozen=True)
class Filled:
    """A form filled in: what is typed, and what it means."""

    process: str
    typed: Mapping[str, str]
    values: Mapping[str, str]

    def page(self, hand: Hand | None = None) -> Image.Image:
        """Return the filled page as pixels."""
        form, blank = known(self.process)
        return filled_page(blank, form, self.typed, hand=hand)


def known(process: str) -> tuple[FormDefinition, bytes]:
    """Return the form of an example process and its blank."""
    folder = PROCESSES / process
    declared = yaml.safe_load((folder / "form.yaml").read_text(encoding="utf-8"))
    return FormDefinition.model_validate(declared), (folder / "blank.pdf").read_bytes()


def luhn_digit(digits: str) -> str:
    """Return the digit that makes ``digits`` pass the Luhn check."""
    doubled = [int(d) * (2 - i % 2) for i, d in enumerate(reversed(digits))]
    return str(-sum(d - 9 if d > 9 else d for d in doubled) % 10)


def social_insurance_number(chance: random.Random) -> str:
    """Return nine digits that pass the Luhn check and belong to nobody."""
    head = chance.choice("09") + "".join(chance.choices("0123456789", k=7))
    return head + luhn_digit(head)


def change_of_address(chance: random.Random, *, accents: bool = True) -> Filled:
    """Fill the form ``changement-adresse``, with few accents where the fax will be a coarse one."""
    family, first = chance.choice(PEOPLE if accents else COARSE_PEOPLE)
    street, city, postal_code = chance.choice(PLACES if accents else COARSE_PLACES)
    born = date(1948, 1, 1) + timedelta(days=chance.randrange(20_000))
    effective = date(2026, 9, 1) + timedelta(days=chance.randrange(180))
    nas, region = social_insurance_number(chance), chance.choice(REGIONS)
    number = f"555{chance.randrange(100, 200):04}"
    typed = {
        "nom": family,
        "prenom": first,
        "date_naissance": born.isoformat(),
        "nas": f"{nas[:3]} {nas[3:6]} {nas[6:]}",
        "nouvelle_adresse": street,
        "ville": city,
        "code_postal": postal_code,
        "telephone": f"{region} {number[:3]}-{number[3:]}",
        "date_effet": effective.isoformat(),
    }
    if chance.random() < 0.7:
        typed["courriel"] = f"citoyen.{chance.randrange(100, 999)}@courriel.example.com"
    values = {**typed, "nas": nas, "telephone": f"+1{region}{number}"}
    return Filled(ADDRESS, typed, values)


def expense_claim(chance: random.Random) -> Filled:
    """Fill the form ``demande-remboursement``."""
    family, first = chance.choice(PEOPLE)
    asked = date(2026, 10, 1) + timedelta(days=chance.randrange(50))
    typed = {
        "nom": family,
        "prenom": first,
        "matricule": f"{chance.randrange(100_000, 999_999)}",
        "service": chance.choice(DEPARTMENTS),
        "date_demande": asked.isoformat(),
    }
    values, cents = dict(typed), 0
    for row, what in enumerate(chance.sample(EXPENSES, k=chance.randrange(2, 6)), start=1):
        amount = chance.randrange(450, 130_000)
        spent = asked - timedelta(days=chance.randrange(1, 28))
        name, cents = f"depenses.{row}", cents + amount
        typed |= {
            f"{name}.date": spent.isoformat(),
            f"{name}.description": what,
            f"{name}.montant": french_amount(amount),
        }
        values |= {
            f"{name}.date": spent.isoformat(),
            f"{name}.description": what,
            f"{name}.montant": f"{amount / 100:.2f}",
        }
    ticked = "true" if chance.random() < 0.5 else "false"
    typed |= {"total": french_amount(cents), "avance_recue": ticked}
    values |= {"total": f"{cents / 100:.2f}", "avance_recue": ticked}
    return Filled(CLAIM, typed, values)


def notice_of_absence(chance: random.Random) -> Filled:
    """Fill the form ``avis-absence``."""
    family, first = chance.choice(PEOPLE)
    begin = date(2026, 12, 1) + timedelta(days=chance.randrange(60))
    typed = {
        "nom": family,
        "prenom": first,
        "matricule": f"{chance.randrange(100_000, 999_999)}",
        "debut": begin.isoformat(),
        "fin": (begin + timedelta(days=chance.randrange(1, 10))).isoformat(),
        "motif": chance.choice(REASONS),
    }
    if chance.random() < 0.5:
        typed["remarques"] = "Remplacement prévu avec l’équipe de l’accueil."
    return Filled(ABSENCE, typed, typed)


def french_amount(cents: int) -> str:
    """Return an amount as typed in French: ``1 234,50``."""
    return f"{cents // 100:,}".replace(",", " ") + f",{cents % 100:02}"


def message(filled: Filled, sent: datetime) -> bytes:
    """Return an e-mail that carries the form as a PDF with its values."""
    _form, blank = known(filled.process)
    mail = EmailMessage()
    mail["From"] = "employe@val-des-erables.example"
    mail["To"] = "absences@val-des-erables.example"
    mail["Subject"] = "Avis d’absence"
    mail["Date"] = format_datetime(sent)
    mail["Message-ID"] = f"<{filled.values['matricule']}.{sent:%Y%m%d}@val-des-erables.example>"
    mail.set_content("Bonjour,\n\nVous trouverez ci-joint mon avis d’absence.\n\nMerci.\n")
    mail.add_attachment(
        filled_pdf(blank, filled.typed),
        maintype="application",
        subtype="pdf",
        filename="avis-absence.pdf",
    )
    mail.set_boundary("==val-des-erables==")
    return mail.as_bytes()


RECEIPTS: Final = (
    "COPIE DES REÇUS",
    "",
    "Hôtel du Fleuve, Lévis",
    "Facture 20417          2 nuits",
    "Chambre                 289,00",
    "TPS                      14,45",
    "TVQ                      28,83",
    "",
    "Stationnement Grande Allée",
    "Reçu no 88213            16,00",
)
ADVERT: Final = (
    "CLIMATISATION BORÉALE INC.",
    "",
    "À l’attention du responsable des achats",
    "",
    "Madame, Monsieur,",
    "Profitez de nos rabais de fin de saison sur",
    "l’entretien de vos systèmes de ventilation.",
    "Soumission gratuite en moins de 48 heures.",
    "",
    "Appelez-nous au 418 555-0177.",
)


def draw_documents(folder: Path, *, seed: int) -> list[Incoming]:
    """Write the twelve documents into ``folder`` and return them with their truth."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)  # noqa: S311 - test data, no secret
    drawn = [*_faxes(folder, chance, seed), *_digital(folder, chance, seed)]
    drawn += _troublesome(folder, chance, seed, twin=drawn[0])
    return drawn


def _faxes(folder: Path, chance: random.Random, seed: int) -> list[Incoming]:
    first, third = change_of_address(chance), change_of_address(chance)
    second = change_of_address(chance, accents=False)
    claim = expense_claim(chance)
    upside_down = FaxLine(skew_degrees=0.7, upside_down=True)
    receipts = typed_page(RECEIPTS)
    return [
        _fax(folder / "01-changement-adresse.tif", first, FINE, seed),
        _fax(folder / "02-changement-adresse-standard.tif", second, STANDARD, seed),
        _fax(folder / "03-changement-adresse-inverse.tif", third, upside_down, seed),
        _fax(folder / "04-remboursement-deux-pages.tif", claim, FINE, seed, annexes=[receipts]),
    ]


def _digital(folder: Path, chance: random.Random, seed: int) -> list[Incoming]:
    claim = expense_claim(chance)
    scan = grey_scan([claim.page(Hand(TYPEFACES[1]))], seed=seed)
    scanned = _kept(folder / "05-remboursement-numerise.pdf", scan)
    drawn = [_incoming(scanned, "numerisation", claim, "awaiting-signature")]
    sent = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    for number in (6, 7):
        notice = notice_of_absence(chance)
        mail = message(notice, sent + timedelta(minutes=number))
        path = _kept(folder / f"{number:02}-avis-absence.eml", mail)
        drawn.append(_incoming(path, "courriel", notice, "filed"))
    return drawn


def _troublesome(
    folder: Path, chance: random.Random, seed: int, *, twin: Incoming
) -> list[Incoming]:
    copy = _kept(folder / "08-changement-adresse-copie.tif", twin.path.read_bytes())
    advert = _kept(folder / "09-publicite.tif", fax([typed_page(ADVERT)], FINE, seed=seed))
    whole = fax([change_of_address(chance).page()], FINE, seed=seed)
    damaged = _kept(folder / "10-telecopie-tronquee.tif", whole[: len(whole) // 3])
    noisy = change_of_address(chance)
    return [
        Incoming(copy.name, "fax", copy, ADDRESS, twin.values, "duplicate"),
        Incoming(advert.name, "fax", advert, None, {}, "unknown-form"),
        Incoming(damaged.name, "fax", damaged, None, {}, "damaged"),
        _wrong_number(folder, chance, seed),
        _fax(folder / "12-changement-adresse-bruite.tif", noisy, NOISY, seed),
    ]


def _wrong_number(folder: Path, chance: random.Random, seed: int) -> Incoming:
    right = change_of_address(chance)
    nas = right.values["nas"]
    wrong = nas[:8] + str((int(nas[8]) + 1 + chance.randrange(9)) % 10)
    typed = {**right.typed, "nas": f"{wrong[:3]} {wrong[3:6]} {wrong[6:]}"}
    filled = Filled(right.process, typed, {**right.values, "nas": wrong})
    path = folder / "11-changement-adresse-nas-errone.tif"
    return _fax(path, filled, FINE, seed, expected="in-review")


def _fax(path: Path, filled: Filled, line: FaxLine, seed: int, **more: Any) -> Incoming:
    annexes: Sequence[Image.Image] = more.get("annexes", ())
    usual = "filed" if filled.process == ADDRESS else "awaiting-signature"
    _kept(path, fax([filled.page(), *annexes], line, seed=seed + len(path.name)))
    return _incoming(path, "fax", filled, more.get("expected", usual))


def _incoming(path: Path, channel: str, filled: Filled, expected: str) -> Incoming:
    return Incoming(path.name, channel, path, filled.process, canonical(filled.values), expected)


def _kept(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def main() -> None:
    """Draw the documents into a folder and print what they are as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    said = parser.parse_args()
    drawn = draw_documents(said.folder, seed=said.seed)
    listed = [{**asdict(one), "path": str(one.path), "values": dict(one.values)} for one in drawn]
    sys.stdout.write(json.dumps(listed, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
