"""A form that nobody here drew goes the whole way, with a process folder and nothing else."""

import json
from datetime import date
from pathlib import Path

import pytest
import yaml

from rpa.bootstrap.toolbox import open_toolbox
from rpa.domain.case import CaseState
from rpa.domain.document import DocumentRole
from rpa.domain.signature import Indication
from rpa.processes.folder import load_process
from rpa.steps.advance import advance
from rpa.steps.receive import receive
from rpa.steps.values import values_of
from rpa.testing.faxes import FINE, fax, filled_page, text_zone
from rpa.testing.home import make_test_home

pytestmark = [pytest.mark.browser, pytest.mark.tesseract, pytest.mark.slow]

CERFA = "cerfa_13753_04"
FIELDS = {
    "perte": ("Groupe_de_boutons_radio[0]", 0, "checkbox", "true"),
    "vol": ("Groupe_de_boutons_radio[0]", 1, "checkbox", "false"),
    "declarant": ("txtNoms[0]", 0, "name", "Bélanger Marie-Hélène"),
    "commune_naissance": ("txtCommune[0]", 0, "name", "Saint-Étienne"),
    "nom_voie": ("tktNomVoie[0]", 0, "text", "avenue des Peupliers"),
    "commune": ("txtCommune[1]", 0, "name", "Montbéliard"),
    "immatriculation": ("txtImmatriculation[0]", 0, "text", "AB-482-KD"),
    "marque": ("txtMarque[0]", 0, "text", "Renault"),
    "disparition": ("datDisparition[0]", 0, "date", "14/10/2026"),
    "lieu": ("txtLieuDisporation[0]", 0, "text", "parking de la gare"),
}
PROCESS = {
    "name": {"fr": "Perte de certificat", "en": "Lost registration"},
    "owner": "Préfecture",
    "stops": ["decide", "file", "compose", "sign", "archive"],
    "filing": {"target": "ancien-systeme"},
    "signature": {"by": "organization", "credential": "sceau"},
    "keep_years": 5,
}
BOT = """
login:
  - goto: "{url}/"
  - fill: {name: USAGER, value: "{username}"}
  - fill: {name: MDP, value: "{password}"}
  - click: {button: Entrer}
  - frame: menu
  - expect: {link: Recherche}
logged_out: {text: Veuillez vous identifier}
error: {selector: .erreur}
file:
  - frame: menu
  - click: {link: Demandes diverses}
  - frame: principal
  - fill: {name: REF, value: "{key}"}
  - fill: {name: NATURE, value: "Perte de certificat"}
  - fill: {name: DEMANDEUR, value: "{declarant}"}
  - fill: {name: OBJET, value: "{immatriculation}"}
  - fill: {name: DETAIL1, value: "{marque}"}
  - fill: {name: DETAIL2, value: "{disparition.fr} {lieu}"}
  - fill: {name: DETAIL3, value: "{nom_voie} {commune}"}
  - fill: {name: DETAIL4, value: "{commune_naissance}"}
  - dialog: {answer: accept, text: Enregistrer}
  - click: {button: Enregistrer, commits: true}
  - receipt: {selector: table.accuse, pattern: 'ACC-\\d{4}-\\d{6}'}
find:
  - frame: menu
  - click: {link: Recherche}
  - frame: principal
  - fill: {name: REF, value: "{key}"}
  - click: {button: Rechercher}
  - expect: {text: Résultat de la recherche}
  - hits: {rows: table.resultats tr.hit, reference: td.ref, number: td.num, more: .suite}
"""
LETTER = """{% extends "rpa/letter.html" %}
{% block title %}Déclaration de perte{% endblock %}
{% block service %}Préfecture{% endblock %}
{% block addressee %}{{ f.declarant }}<br>{{ f.nom_voie }}<br>{{ f.commune }}{% endblock %}
{% block body %}<p>Votre déclaration du {{ f.disparition|date }} est enregistrée.</p>{% endblock %}
"""


def process_folder(root: Path, data: Path) -> Path:
    """Write what operations staff would: five files about the form, no code."""
    truth = json.loads((data / f"{CERFA}.gt.json").read_text(encoding="utf-8"))
    folder = root / "perte-certificat"
    folder.mkdir(parents=True)
    (folder / "blank.pdf").write_bytes((data / f"{CERFA}.pdf").read_bytes())
    height = truth["pages"][0]["height"]
    fields = []
    for name, (acroform, which, kind, _typed) in FIELDS.items():
        places = [f["rect"] for f in truth["acroform_fields"] if f["name"] == acroform]
        zone = text_zone(tuple(places[which]), page_height=height)
        label = {"fr": name, "en": name}
        fields.append({"name": name, "label": label, "kind": kind, "zone": zone.model_dump()})
    form = {
        "title": "DÉCLARATION de CERTIFICAT D’IMMATRICULATION D’UN VÉHICULE",
        "fields": fields,
        "groups": [{"one_of": ["perte", "vol"]}],
    }
    files = {"process.yaml": PROCESS, "form.yaml": form}
    for name, said in files.items():
        (folder / name).write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
    (folder / "bot.yaml").write_text(BOT, encoding="utf-8")
    (folder / "letter.html").write_text(LETTER, encoding="utf-8")
    return folder


def test_a_form_we_did_not_draw_is_filed_sealed_and_archived(tmp_path, shared_data, legacy, pki):
    folder = process_folder(tmp_path / "processes", shared_data / "fr-forms")
    form = load_process(folder).definition.form
    typed = {name: text for name, (_field, _which, _kind, text) in FIELDS.items()}
    page = filled_page((folder / "blank.pdf").read_bytes(), form, typed)
    pki_folder, timestamp_url = pki
    home = make_test_home(
        tmp_path / "home",
        target=legacy.url,
        timestamp_url=timestamp_url,
        pki=pki_folder,
        processes=[folder.parent],
    )
    (home.channels["fax"].folder / "declaration.tif").write_bytes(fax([page], FINE, seed=3))
    tools = open_toolbox(home)

    (received,) = receive("fax", tools)
    case = advance(received.case.case_id, tools)

    assert case is not None
    assert case.state is CaseState.ARCHIVED, case.reason
    assert case.process == "perte-certificat"
    expected = {**typed, "disparition": date(2026, 10, 14).isoformat()}
    assert values_of(case, tools).values == expected
    (deposit,) = legacy.deposits()
    assert deposit.reference == case.case_id
    assert "Bélanger Marie-Hélène" in deposit.fields.values()
    letter = tools.store.get(case.document(DocumentRole.SIGNED).digest)
    report = tools.validator.validate(letter, at=tools.now())
    assert report.indication is Indication.TOTAL_PASSED
    assert [status.is_timestamped for status in report.signatures] == [True]
