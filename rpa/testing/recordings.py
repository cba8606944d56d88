"""Events of recordings made by hand, and a clerk who keys the example cases into Guichet."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import FrameLocator, Page

from rpa.bots.recording.events import Event
from rpa.bots.recording.sample import Sample
from rpa.domain.form import FieldKind
from rpa.processes.folder import load_process
from rpa.testing.filings import KINDS, PROCESSES, VALUES

HOME: Final = "http://target.example"


def event(kind: str, label: str = "", **facts: Any) -> Event:
    """Return an event; ``label`` tells a field by its label, and by its name in capitals."""
    if label and kind == "click":
        facts = {"ways": ({"button": label},), **facts}
    elif label:
        name = label.upper().replace(" ", "_")
        facts = {"ways": ({"label": label}, {"name": name}), "control": name, **facts}
        facts["label"] = label
    return Event.model_validate({"kind": kind, "url": f"{HOME}/", **facts})


def options(*texts: str, values: tuple[str, ...] = ()) -> tuple[dict[str, str], ...]:
    """Return the options of a list; without ``values`` each is its own text."""
    return tuple(
        {"value": value, "text": text} for value, text in zip(values or texts, texts, strict=True)
    )


def shown(url: str = "/", *, frame: str = "", **facts: Any) -> Event:
    """Return the event of a page that came."""
    return Event.model_validate({"kind": "page", "frame": frame, "url": f"{HOME}{url}", **facts})


def asked(url: str = "/", *, method: str = "GET", **facts: Any) -> Event:
    """Return the event of a page that was asked for."""
    return Event.model_validate({"kind": "request", "url": HOME + url, "method": method, **facts})


def number(text: str, around: str = "", selector: str = "#accuse") -> dict[str, Any]:
    """Return a text with a number, as a page shows it."""
    return {"text": text, "around": around or text, "ways": ({"selector": selector},)}


def row(*cells: tuple[str, str], table: str = "table.liste", links: tuple[str, ...] = ()) -> Any:
    """Return a row of a list, by column and text."""
    shown_cells = [
        {"column": column, "text": text, "selector": f"td:nth-child({place})"}
        for place, (column, text) in enumerate(cells, start=1)
    ]
    return {"table": table, "cells": shown_cells, "links": links}


def sample_of(values: Mapping[str, str], **kinds: FieldKind) -> Sample:
    """Return a sample case; fields without a kind are texts."""
    return Sample(values, {name: kinds.get(name, FieldKind.TEXT) for name in values})


def example_sample(process: str) -> Sample:
    """Return the sample case of an example process, with the labels of its form."""
    fields = load_process(PROCESSES / process).definition.form.all_fields()
    return Sample(
        VALUES[process],
        KINDS[process],
        {field.name: (field.label.fr, field.label.en) for field in fields},
        {field.name: field.choices for field in fields},
    )


class Clerk:
    """Keys a sample case into Guichet as a person does, and looks it up afterwards."""

    def __init__(self, page: Page, sample: Sample) -> None:
        """Log in; ``page`` shows the log-in."""
        self.page = page
        self.sample = sample
        page.on("dialog", lambda dialog: dialog.accept())
        page.fill("[name=USAGER]", "commis")
        page.fill("[name=MDP]", "papier")
        page.click("text=Entrer")
        self.menu = page.frame_locator("[name=menu]")
        self.main: FrameLocator = page.frame_locator("[name=principal]")

    def type(self, **fields: str) -> None:
        """Type texts into fields by their HTML names."""
        for name, text in fields.items():
            self.main.locator(f"[name={name}]").fill(text)

    def date(self, name: str, field: str) -> None:
        """Choose a date of the sample in its three lists."""
        year, month, day = self.sample.values[field].split("-")
        for part, text in (("J", str(int(day))), ("M", str(int(month))), ("A", year)):
            self.main.locator(f"[name={part}_{name}]").select_option(text)

    def send(self, button: str) -> None:
        """Send the case, and wait for its receipt."""
        self.main.get_by_role("button", name=button).click()
        self.main.get_by_text("ACC-").wait_for()

    def look_up(self) -> None:
        """Search for the case."""
        self.menu.get_by_text("Recherche", exact=True).click()
        self.main.locator("[name=REF]").fill(self.sample.key)
        self.main.locator("[name=REF]").press("Enter")
        self.main.get_by_text("Résultat").wait_for()


def key_absence(clerk: Clerk) -> None:
    """Key a notice of absence, after one attempt that is refused."""
    values = clerk.sample.values
    clerk.menu.get_by_text("Avis d'absence").click()
    clerk.type(REF=clerk.sample.key, NOM=values["nom"], PRENOM=values["prenom"])
    clerk.main.get_by_role("button", name="Transmettre").click()
    clerk.main.locator(".erreur").wait_for()
    clerk.type(MATRICULE=values["matricule"], REMARQUES=values["remarques"])
    clerk.date("DEBUT", "debut")
    clerk.date("FIN", "fin")
    clerk.main.locator("[name=MOTIF]").select_option("OF")
    clerk.send("Transmettre")
    clerk.look_up()


def key_address(clerk: Clerk) -> None:
    """Key a change of address: three pages and a window to look the town up in."""
    values = clerk.sample.values
    clerk.menu.get_by_text("Changement d'adresse").click()
    clerk.type(REF=clerk.sample.key, NOM=values["nom"], PRENOM=values["prenom"])
    clerk.date("NAISS", "date_naissance")
    clerk.type(NAS=values["nas"])
    clerk.main.get_by_text("Suivant").click()
    clerk.type(ADRESSE=values["nouvelle_adresse"])
    with clerk.page.expect_popup() as opening:
        clerk.main.get_by_text("Chercher la mun").click()
    window = opening.value
    window.fill("[name=Q]", values["ville"])
    window.get_by_text("Chercher").click()
    try:
        window.get_by_role("link", name=values["ville"]).click()
    except PlaywrightError:
        if not window.is_closed():  # by the click, and at times before it is told as done
            raise
    clerk.main.locator("[name=PROV]").select_option("QC")
    clerk.type(CP=values["code_postal"], COURRIEL=values.get("courriel", ""))
    clerk.main.locator("[name=TEL]").press_sequentially("4186431234")
    clerk.main.get_by_text("Suivant").click()
    clerk.date("EFFET", "date_effet")
    clerk.send("Confirmer")
    clerk.look_up()


def key_refund(clerk: Clerk) -> None:
    """Key a claim for expenses with two of five rows."""
    values = clerk.sample.values
    clerk.menu.get_by_text("Remboursement").click()
    clerk.type(REF=clerk.sample.key, NOM=values["nom"], PRENOM=values["prenom"])
    clerk.type(MATRICULE=values["matricule"])
    clerk.main.locator("[name=SERVICE]").select_option("04")
    clerk.date("DEMANDE", "date_demande")
    clerk.main.locator("[name=AVANCE]").check()
    for place in (1, 3):
        clerk.date(f"LDATE{place}", f"depenses.{place}.date")
        amount = values[f"depenses.{place}.montant"].replace(".", ",")
        texts = {f"LDESC{place}": values[f"depenses.{place}.description"], f"LMNT{place}": amount}
        clerk.type(**texts)
    clerk.type(TOTAL=values["total"].replace(".", ","))
    clerk.send("Transmettre")
    clerk.look_up()


KEYED: Final[Mapping[str, Callable[[Clerk], None]]] = {
    "avis-absence": key_absence,
    "changement-adresse": key_address,
    "demande-remboursement": key_refund,
}
"""How the clerk keys the case of each example process."""


def confirmed(path: Path) -> Path:
    """Take the comments away that ask to confirm, as the clerk does; everything else stays."""
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [line.partition("  # ")[0] for line in lines if not line.lstrip().startswith("#")]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return path
