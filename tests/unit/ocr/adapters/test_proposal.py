"""What a place is called by the words around it."""

import pytest

from rpa.domain.geometry import Box
from rpa.ocr.adapters.proposal import Place, fields_of

BOX = Box(x0=200, y0=100, x1=300, y1=116)
TICK = Box(x0=200, y0=102, x1=210, y1=112)


def word(text, x0, top, width=40.0):
    return {"text": text, "x0": x0, "top": top, "x1": x0 + width, "bottom": top + 10}


def called(*words, box=BOX, is_tick=False, acroform=None):
    [field] = fields_of([Place(1, box, acroform, is_tick)], words)
    return field.label.fr


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ([word("Nom", 155, 102), word("Ville", 200, 88)], "Nom"),
        ([word("Numéro", 100, 102), word("NAS :", 150, 102)], "Numéro NAS"),
        ([word("Ville", 200, 88), word("Pays", 200, 118)], "Ville"),
        ([word("Pays", 200, 118)], "Pays"),
        ([word("Total", 100, 102)], "Total"),
        ([word("Autre", 20, 102)], "champ p1"),
    ],
    ids=["before", "before, two words", "above", "under", "far before", "too far"],
)
def test_the_nearest_words_name_a_place(words, label):
    assert called(*words) == label


def test_the_file_s_own_name_comes_before_words_far_off():
    assert called(word("Total", 100, 102), acroform="montant") == "montant"


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ([word("Sexe", 150, 102), word("M", 213, 102, 8)], "M"),
        ([word("oui", 157, 102), word("ou", 223, 102, 12)], "oui"),
        ([word("Conjoint", 214, 102)], "Conjoint"),
    ],
    ids=["after is nearer", "before is nearer", "after alone"],
)
def test_a_tick_box_is_named_by_the_nearer_side(words, label):
    assert called(*words, box=TICK, is_tick=True) == label
