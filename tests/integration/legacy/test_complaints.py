import hashlib
import re
from html import unescape

import pytest

from rpa.testing.clerk import clerk_at

REFUSED = "L'état de cette page n'est pas valide"
FIELDS = {"ctl00$T1": "P-1", "ctl00$T2": "Roy", "ctl00$D1": "ON"}


def field(page, name):
    return unescape(re.search(rf'name="{re.escape(name)}"[^>]* value="([^"]*)"', page)[1])


def rows(page):
    return re.findall(
        r"<td><a href=\"/registre/([^\"]+)\">.*?</td><td>.*?</td><td>(.*?)</td>", page
    )


def searched(clerk, part):
    clerk.get("/registre")
    answer = clerk.post("/registre", {"__VIEWSTATE": clerk.state, "ctl00$T1": part})
    return rows(answer.text)


def test_a_complaint_is_kept_with_every_accent_and_its_file_and_answered_with_an_empty_form(
    commis, guichet, complain
):
    scan = b"%PDF-1.4\r\n--x\r\n\x00\xff"

    answer = complain(commis, "P-whole", file=("résumé d'œuvre.pdf", scan))

    (deposit,) = guichet.deposits("P-whole")
    assert answer.status_code == 200
    assert deposit.number not in answer.text
    assert field(answer.text, "ctl00$T1") == ""
    assert "P-whole" not in answer.text
    assert 'class="erreur"' not in answer.text
    assert deposit.module == "plainte"
    assert deposit.files == {"résumé d'œuvre.pdf": hashlib.sha256(scan).hexdigest()}
    assert deposit.fields == {
        "nom": "Lefrançois-Œuvray",
        "prenom": "Łucja",
        "telephone": "418 643-1234",
        "province": "QC",
        "region": "Côte-Nord",
        "mode": "T",
        "confidentiel": False,
        "urgent": True,
        "reponse": False,
        "expose": "L’odeur\n« forte » à 5 €",
        "jour": "2026-10-31",
    }


def test_the_picture_without_a_name_saves_and_the_one_beside_it_erases(commis, guichet, complain):
    complain(commis, "P-picture", save="", x="3", y="4")
    complain(commis, "P-erased", save="", **{"ctl00$IB2.x": "3", "ctl00$IB2.y": "4"})

    assert len(guichet.deposits("P-picture")) == 1
    assert guichet.deposits("P-erased") == []


def test_a_province_posts_back_and_fills_the_regions(commis, guichet):
    before = commis.get("/plainte").text

    after = commis.post_back("/plainte", {**FIELDS, "ctl00$T1": "P-regions"}, target="ctl00$D1")

    assert "Nord" not in before
    assert '<option value="Nord">' in after.text
    assert field(after.text, "ctl00$T1") == "P-regions"
    assert guichet.deposits("P-regions") == []


def test_the_calendar_turns_by_links_and_shows_days_of_the_months_beside(commis):
    commis.get("/plainte")
    commis.post_back("/plainte", FIELDS, target="ctl00$Cal1", argument="V9801")  # November 2026

    turned = commis.post_back("/plainte", FIELDS, target="ctl00$Cal1", argument="9834")

    links = re.findall(r"ctl00\$Cal1','(V?\d+)'\)", turned.text)
    assert "décembre 2026" in turned.text
    assert (links[0], links[1], links[2]) == ("V9801", "V9862", "9829")  # Sunday 29 November
    assert re.search(r'bgcolor="#003366"><a href="[^"]*9834', turned.text)
    assert field(turned.text, "ctl00$T2") == "Roy"


def test_mistakes_are_told_in_red_and_nothing_is_kept(commis, guichet, complain):
    answer = complain(commis, "P-red", file=("x.exe", b"MZ"), **{"ctl00$D2": "Nord"})

    assert answer.status_code == 200
    assert "Région : code inconnu." in answer.text
    assert "Pièce : ce type de fichier n'est pas accepté." in unescape(answer.text)
    assert guichet.deposits("P-red") == []


@pytest.mark.parametrize("kind", ["used", "stale", "changed", "missing", "another's"])
def test_a_page_state_that_is_not_the_newest_is_refused_with_200(commis, guichet, kind):
    commis.get("/plainte")
    state = commis.state
    if kind == "used":
        commis.post_back("/plainte", FIELDS, target="ctl00$D1")
    elif kind == "stale":
        commis.get("/plainte")
    elif kind == "changed":
        state = state[:40] + ("A" if state[40] != "A" else "B") + state[41:]
    elif kind == "missing":
        state = ""
    else:
        with clerk_at(guichet) as other:
            other.log_in()
            other.get("/plainte")
            state = other.state
    commis.state = state

    answer = commis.post_back("/plainte", {**FIELDS, "ctl00$T1": f"P-{kind}"}, target="ctl00$LB1")

    assert answer.status_code == 200
    assert REFUSED in unescape(answer.text)
    assert guichet.deposits(f"P-{kind}") == []


def test_the_register_finds_parts_and_shows_ten_at_a_time(commis, complain):
    for number in range(1, 13):
        complain(commis, f"P-many-{number}")
    first = searched(commis, "p-MANY-")

    following = commis.post(
        "/registre",
        {
            "__VIEWSTATE": commis.state,
            "__EVENTTARGET": "ctl00$GV1",
            "__EVENTARGUMENT": "Page$Next",
            "ctl00$T1": "p-MANY-",
        },
    )

    assert [reference for _number, reference in first] == [f"P-many-{n}" for n in range(1, 11)]
    assert [reference for _number, reference in rows(following.text)] == ["P-many-11", "P-many-12"]
    assert [reference for _number, reference in searched(commis, "P-many-1")] == [
        "P-many-1", "P-many-10", "P-many-11", "P-many-12",
    ]  # fmt: skip


def test_a_complaint_is_read_again_with_its_file_and_only_in_the_register(commis, complain):
    complain(commis, "P-again", file=("a.txt", b"un\r\ndeux"))
    ((number, _reference),) = searched(commis, "P-again")

    detail = commis.get(f"/registre/{number}")

    assert "Côte-Nord" in detail.text
    assert "2026-10-31" in detail.text
    assert commis.get(f"/registre/{number}/piece/1").content == b"un\r\ndeux"
    assert commis.get(f"/registre/{number}/piece/2").status_code == 404
    assert commis.get("/registre/PL-2026-999999").status_code == 404
    assert ">P-again<" not in commis.post("/recherche", {"REF": "P-again"}).text


def test_every_form_carries_its_state_where_that_is_asked_for(worse):
    legacy = worse("--page-state")
    fields = {"REF": "R-state", "NATURE": "Permis", "DEMANDEUR": "Zoé"}
    with clerk_at(legacy) as clerk:
        clerk.log_in()
        without = clerk.post("/demande", fields)
        clerk.get("/demande")
        state = {"__VIEWSTATE": clerk.state}
        taken = clerk.post("/demande", {**fields, **state})
        again = clerk.post("/demande", {**fields, **state})

    assert (REFUSED in without.text, "ACC-" in taken.text, REFUSED in again.text) == (True,) * 3
    assert len(legacy.deposits("R-state")) == 1
