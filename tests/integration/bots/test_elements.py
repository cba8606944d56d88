"""Elements as a person tells them, on pages laid out as old applications lay theirs out."""

import pytest
from playwright.sync_api import sync_playwright

from rpa.bots.adapters.page_script import INSTALL, LIBRARY

pytestmark = pytest.mark.browser

PAGE = """
<form><table>
 <tr><td><b>Nom&nbsp;:</b> <font color=red>*</font></td><td><input id=nom></td>
     <td>Prénom :</td><td><input id=prenom></td></tr>
 <tr><td colspan=2>Adresse</td><td colspan=2>Téléphone</td></tr>
 <tr><td colspan=2><textarea id=adresse></textarea></td><td colspan=2><input id=tel></td></tr>
 <tr><td><label for=ville>Ville</label></td><td><select id=ville><option>Lévis</select></td>
     <td>Ville</td><td><input id=autre></td></tr>
 <tr><td colspan=4><input type=radio name=g id=oui value=1>Oui <input type=radio name=g id=non>
     Non <input type=checkbox id=copie> Copie conforme</td></tr>
 <tr><td>Recherche</td><td><input id=cherche> <input type=image id=loupe src="l.gif" alt="Chercher">
     <input type=checkbox id=tout>Recherche</td></tr>
</table>
Remarques<br><input id=remarques><br>
<div>Montant dû</div><div><input id=montant></div>
<p>Courriel <i>(facultatif)</i> : <input id=courriel></p>
</form>
<table id=liste>
 <tr><th>No</th><th>Nom</th><th>Action</th></tr>
 <tr id=r1><td>12</td><td>Roy</td><td><a id=o1 href="#1">Ouvrir</a> <input id=q1></td></tr>
 <tr id=r2><td>120</td><td>Roy-Côté</td><td><a id=o2 href="#2">Ouvrir</a> <input id=q2></td></tr>
 <tr id=r3><td>7</td><td><input id=n3 value="x"></td><td><a id=o3 href="#3">Ouvrir</a></td></tr>
</table>
<a id=lien href="javascript:void(0)">Enregistrer</a>
<span id=menu onclick="1">Fichier</span> <a id=cache style="display:none" href="#">Quitter</a>
<button id=b1>Envoyer <b>tout</b></button> <input type=submit id=b2 value="Envoyer">
<input id=dup name=dup><input id=dup2 name=dup>
<p id=texte>Résultat de <b>la recherche</b></p>
"""

FOUND = [
    ({"label": "Nom"}, "nom"),
    ({"label": "Nom :"}, "nom"),
    ({"label": "Prénom"}, "prenom"),
    ({"label": "Adresse"}, "adresse"),
    ({"label": "Téléphone"}, "tel"),
    ({"label": "Oui"}, "oui"),
    ({"label": "Non"}, "non"),
    ({"label": "Copie conforme"}, "copie"),
    ({"label": "Remarques"}, "remarques"),
    ({"label": "Montant dû"}, "montant"),
    ({"label": "Courriel (facultatif)"}, "courriel"),
    ({"button": "Chercher"}, "loupe"),
    ({"title": "Chercher"}, "loupe"),
    ({"button": "Envoyer"}, "b2"),
    ({"button": "Envoyer tout"}, "b1"),
    ({"button": "Enregistrer"}, "lien"),
    ({"link": "Enregistrer"}, "lien"),
    ({"link": "Fichier"}, "menu"),
    ({"link": "Quitter", "hidden": True}, "cache"),
    ({"link": "Ouvrir", "row": "Roy"}, "o1"),
    ({"link": "Ouvrir", "row": "12"}, "o1"),
    ({"link": "Ouvrir", "row": "7"}, "o3"),
    ({"row": "Roy", "column": "Action"}, "q1"),
    ({"row": "7", "column": "Nom"}, "n3"),
    ({"link": "Ouvrir", "position": 2}, "o2"),
    ({"name": "dup", "position": 2}, "dup2"),
    ({"selector": "input", "near": "Montant dû"}, "montant"),
    ({"text": "résultat de la recherche"}, "texte"),
    ({"id": "tel"}, "tel"),
]
COUNTED = [
    ({"label": "Nom de famille"}, 0),
    ({"label": "nom"}, 0),
    ({"link": "Quitter"}, 0),
    ({"link": "Ouvrir"}, 3),
    ({"name": "dup"}, 2),
    ({"button": "Env"}, 0),
]


@pytest.fixture(scope="module")
def page(chromium_path):
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content(PAGE)
        page.evaluate(f"(() => {{ {LIBRARY}; window.locate = rpaLocate; }})()")
        yield page
        browser.close()


def ids(page, *told, kind=None):
    spec = {"any": list(told), "kind": kind}
    return page.evaluate("spec => locate(document, spec).found.map((one) => one.id)", spec)


@pytest.mark.parametrize(("told", "identifier"), FOUND, ids=str)
def test_an_element_is_found_as_a_person_tells_it(page, told, identifier):
    assert ids(page, told) == [identifier]


@pytest.mark.parametrize(("told", "count"), COUNTED, ids=str)
def test_what_fits_nothing_or_several_is_told_as_such(page, told, count):
    assert len(ids(page, told)) == count


def test_a_declared_label_goes_before_a_text_that_stands_beside(page):
    assert ids(page, {"label": "Ville"}) == ["ville"]
    assert ids(page, {"label": "Ville"}, kind="text") == ["autre"]


def test_only_a_control_of_the_right_kind_is_meant(page):
    assert ids(page, {"label": "Recherche"}, kind="text") == ["cherche"]
    assert ids(page, {"label": "Recherche"}, kind="mark") == ["tout"]


def test_other_ways_are_tried_in_order(page):
    spec = {"any": [{"label": "Surname"}, {"name": "nowhere"}, {"id": "nom"}]}

    used = page.evaluate("spec => locate(document, spec).used", spec)

    assert (used, ids(page, *spec["any"])) == (2, ["nom"])


def test_the_page_sees_one_name_of_ours_and_cannot_list_it(page):
    page.evaluate(INSTALL)

    assert page.evaluate("typeof window.__rpa.rpaRun") == "function"
    assert page.evaluate("Object.keys(window).filter((key) => key.includes('rpa'))") == []
