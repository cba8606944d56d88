import pytest

from rpa.bots.recording.committing import commit_of, pattern_of, proofs
from rpa.bots.recording.matching import Matcher
from rpa.bots.recording.walking import walked
from rpa.testing.recordings import HOME, asked, event, number, sample_of, shown

CASE = sample_of({"nom": "Roy", "prenom": "Ève"})
SENT = asked("/form", method="POST")


def steps(*events):
    return walked(events, Matcher(CASE), home=HOME)


def committed(*events):
    made = steps(*events)
    at = commit_of(made, Matcher(CASE))
    return None if at is None else made[at].event.ways[0]


@pytest.mark.parametrize(
    ("token", "around", "pattern"),
    [
        ("ACC-2026-000001", "", r"ACC-\d{4}-\d{6}"),
        ("R-7", "", r"R-\d+"),
        ("0004711", "", r"\d{7}"),
        ("471100", "", r"\d{6,}"),
        ("4711", "Dossier no 4711 enregistré", r"\bno\W*(\d+)"),
        ("4711", "4711 enregistré", r"(\d+)"),
    ],
)
def test_a_pattern_fits_other_numbers_of_the_kind(token, around, pattern):
    assert pattern_of(token, around) == pattern


def test_the_click_after_which_a_new_number_is_shown_commits():
    receipt = shown("/fini", numbers=(number("ACC-2026-000001", "enregistrée sous le numéro"),))

    assert committed(
        event("fill", "Nom", value="Roy"),
        event("click", "Suivant"),
        SENT,
        shown("/2"),
        event("click", "Confirmer"),
        SENT,
        receipt,
        event("click", "Menu"),
        asked("/menu"),
    ) == {"button": "Confirmer"}


def test_without_a_number_it_is_the_last_click_that_sent_something():
    assert committed(
        event("fill", "Nom", value="Roy"),
        event("click", "Enregistrer"),
        SENT,
        shown("/form"),
        event("click", "Liste"),
        asked("/liste"),
        shown("/liste", numbers=(number("ACC-2026-000009", "numéro"),)),
    ) == {"button": "Enregistrer"}


def test_what_is_typed_again_after_something_was_sent_is_a_search():
    assert committed(
        event("fill", "Réf", value=CASE.key),
        event("fill", "Nom", value="Roy"),
        event("click", "Enregistrer"),
        SENT,
        event("fill", "Chercher", value=CASE.key),
        event("click", "OK"),
        asked("/liste", method="POST"),
    ) == {"button": "Enregistrer"}


def test_a_value_that_a_form_asks_for_twice_is_no_search():
    assert committed(
        event("fill", "Nom", value="Roy"),
        event("fill", "Nom encore", value="Roy"),
        event("click", "Enregistrer"),
        SENT,
    ) == {"button": "Enregistrer"}


def test_without_a_click_nothing_commits():
    assert committed(event("fill", "Nom", value="Roy")) is None


def found(page, *before):
    made = steps(*before, event("click", "OK"), SENT, page)
    return proofs(made, len(made) - 1, Matcher(CASE))


def test_dates_amounts_years_and_what_was_shown_before_are_no_receipt():
    texts = ("2026-11-24", "24/11/2026", "12.50", "2026", "14:30", "A-100", CASE.key)
    numbers = [number(text, f"numéro {text}") for text in texts]
    before = [event("click", "x"), asked(), shown(numbers=(number("A-100"),))]

    assert found(shown("/fini", numbers=numbers), *before) == []


def test_the_number_that_most_speaks_for_itself_is_first():
    page = shown(
        "/fini",
        numbers=(number("12345", "Total 12345"), number("R-2026-7", "Reçu numéro R-2026-7", "#r")),
    )

    assert [proof.number for proof in found(page)] == ["R-2026-7"]
    assert found(page)[0].body == {"selector": "#r", "pattern": r"R-\d{4}-\d+"}


def test_a_number_in_the_address_that_the_page_shows_is_a_receipt():
    page = shown("/issue12?ok=issue%2012%20created", numbers=(number("issue 12 created"),))

    assert found(page)[0].body == {"url": r"/issue(\d+)(?:[/.?#]|$)"}


def test_a_number_of_the_addresss_query_is_a_receipt_where_it_is_called_one():
    assert found(shown("/show?id=4711"))[0].body == {"url": r"[?&]id=(\d+)"}
    assert found(shown("/adresse/3")) == []
