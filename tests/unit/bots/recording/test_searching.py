from rpa.bots.recording.matching import Matcher
from rpa.bots.recording.searching import search_of
from rpa.bots.recording.walking import walked
from rpa.testing.recordings import HOME, asked, event, row, sample_of, shown

CASE = sample_of({"nom": "Roy", "ville": "Lévis"})


def searched(*rows, number="", templates=(), headings=("Résultat",), **facts):
    events = [
        shown("/chercher", headings=("Recherche",)),
        event("fill", "Réf", value=CASE.key),
        event("click", "OK"),
        asked("/liste"),
        shown("/liste", rows=rows, headings=headings, **facts),
    ]
    made = walked(events, Matcher(CASE), home=HOME)
    return search_of(made, Matcher(CASE), templates, number)


def test_the_key_in_a_cell_is_the_reference_and_the_receipt_the_number():
    found = searched(row(("Réf", CASE.key), ("No", "R-7")), number="R-7")

    assert found.hits.body == {
        "rows": "table.liste tr", "reference": {"column": "Réf"}, "number": {"column": "No"},
    }  # fmt: skip
    assert found.expect.ways == ({"text": "Résultat"},)
    assert found.expect.notes
    assert found.steps == 2


def test_columns_without_a_head_are_told_by_their_place():
    found = searched(row(("", CASE.key), ("", "R-7")), number="R-7")

    assert found.hits.body["reference"] == {"selector": "td:nth-child(1)"}


def test_the_key_within_a_typed_text_is_matched_as_it_was_typed_and_nothing_else():
    found = searched(
        row(("Titre", f"{CASE.key} Roy"), ("État", "Lévis"), links=("issue12",)),
        templates=("{key} {nom}",),
        number="12",
    )

    assert found.hits.body["match"] == {"Titre": "{key} {nom}"}
    assert found.hits.body["number"] == {"link": r"issue(\d[\w-]*)"}


def test_without_a_key_several_columns_must_be_equal_and_a_person_confirms_it():
    found = searched(row(("Nom", "Roy"), ("Ville", "Lévis"), ("No", "77")))

    assert found.hits.body["match"] == {"Nom": "{nom}", "Ville": "{ville}"}
    assert found.hits.body["number"] == {"column": "No"}
    assert len(found.hits.notes) == 2
    assert searched(row(("Nom", "Roy"), ("No", "77"))) is None


def test_a_number_that_links_to_the_hit_is_preferred_where_no_receipt_is_known():
    told = row(("Reçu", "2026-11-24"), ("Réf", CASE.key), ("No", "PL-1"), links=("/registre/PL-1",))

    assert searched(told).hits.body["number"] == {"column": "No"}


def test_a_heading_that_changes_with_the_case_proves_no_list():
    found = searched(row(("Réf", CASE.key), ("No", "R-7")), headings=("3 dossiers", "Roy"))

    assert found.expect.ways == ({"selector": "table.liste"},)


def test_a_case_that_was_not_seen_is_not_found_again():
    assert searched(row(("Réf", "AUTRE"), ("No", "R-7"))) is None
