import time

import pytest
import requests

from rpa.testing.legacy import running_legacy

REQUEST = {"REF": "R-1", "NATURE": "Permis", "DEMANDEUR": "Zoé", "OBJET": "", "DETAIL1": "Détail"}


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with running_legacy(tmp_path_factory.mktemp("guichet"), session_minutes=0.02) as legacy:
        yield legacy


@pytest.fixture
def legacy(running):
    yield running
    running.misbehave("none")


@pytest.fixture
def clerk(legacy):
    with requests.Session() as session:
        session.post(
            f"{legacy.url}/ouverture", data={"USAGER": "commis", "MDP": "papier"}, timeout=9
        )
        yield session


def send(clerk, legacy, path, fields):
    """Send a form as a browser does from a page in ISO-8859-1."""
    encoded = {name: value.encode("cp1252", "xmlcharrefreplace") for name, value in fields.items()}
    return clerk.post(f"{legacy.url}{path}", data=encoded, timeout=9)


def test_a_deposit_is_kept_with_every_accent_and_answered_with_its_number(clerk, legacy):
    fields = {**REQUEST, "REF": "R-accents", "OBJET": "l’œuvre d'Łucja à 5 €"}

    answer = send(clerk, legacy, "/demande", fields)

    (deposit,) = legacy.deposits("R-accents")
    assert answer.headers["Content-Type"] == "text/html; charset=ISO-8859-1"
    assert deposit.number in answer.text
    assert (deposit.module, deposit.fields["objet"]) == ("demande", "l’œuvre d'Łucja à 5 €")


def test_the_same_deposit_is_taken_twice(clerk, legacy):
    for _time in range(2):
        send(clerk, legacy, "/demande", {**REQUEST, "REF": "R-twice"})

    first, second = legacy.deposits("R-twice")
    assert first.number != second.number


def test_the_search_finds_parts_of_references(clerk, legacy):
    send(clerk, legacy, "/demande", {**REQUEST, "REF": "R-part-1"})

    found = send(clerk, legacy, "/recherche", {"REF": "r-PART"})

    assert '<td class="ref">R-part-1</td>' in found.text


def test_an_error_is_answered_in_red_with_status_200_and_nothing_is_kept(clerk, legacy):
    answer = send(clerk, legacy, "/demande", {**REQUEST, "REF": "R-red", "NATURE": ""})

    assert answer.status_code == 200
    assert "Nature de la demande : champ obligatoire." in answer.text
    assert 'class="erreur"' in answer.text
    assert legacy.deposits("R-red") == []


def test_an_expired_session_is_answered_with_a_log_in_box_and_status_200(clerk, legacy):
    time.sleep(1.5)

    answer = clerk.get(f"{legacy.url}/menu", timeout=9)

    assert answer.status_code == 200
    assert "Veuillez vous identifier" in answer.text


def test_a_wrong_password_opens_nothing(legacy):
    told = {"USAGER": "commis", "MDP": "autre"}

    answer = requests.post(f"{legacy.url}/ouverture", data=told, timeout=9)

    assert "mot de passe erroné" in answer.text
    assert "Set-Cookie" not in answer.headers


def test_the_wizard_carries_its_values_on_the_server_until_the_last_page(clerk, legacy):
    person = {"REF": "R-wiz", "NOM": "Roy", "PRENOM": "Zoé", "NAS": "046454286"}
    place = {"ADRESSE": "1, rue A", "VILLE": "Alma", "CODMUN": "10035", "PROV": "QC"}
    birth = {"J_NAISS": "3", "M_NAISS": "7", "A_NAISS": "1950"}
    effect = {"J_EFFET": "1", "M_EFFET": "12", "A_EFFET": "2026"}
    send(clerk, legacy, "/adresse/1", {**person, **birth})
    send(clerk, legacy, "/adresse/2", {**place, "CP": "G1R 4S9", "TEL": "4186431234"})
    assert legacy.deposits("R-wiz") == []

    send(clerk, legacy, "/adresse/3", effect)

    (deposit,) = legacy.deposits("R-wiz")
    assert (deposit.fields["nom"], deposit.fields["effet"]) == ("Roy", "2026-12-01")


@pytest.mark.parametrize(
    ("fault", "kept"), [("500", 0), ("session", 0), ("500-after", 1), ("lost-answer", 1)]
)
def test_a_fault_strikes_once_before_or_after_the_deposit(clerk, legacy, fault, kept):
    reference = f"R-{fault}"
    legacy.misbehave(fault)

    try:
        answer = send(clerk, legacy, "/demande", {**REQUEST, "REF": reference}).text
    except requests.ConnectionError:
        answer = ""

    assert "ACC-" not in answer
    assert len(legacy.deposits(reference)) == kept


def test_a_fault_that_does_not_exist_is_refused(legacy):
    answer = requests.post(f"{legacy.url}/__mal", data={"fault": "?"}, timeout=9)

    assert answer.status_code == 400
