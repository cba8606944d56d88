"""The console over HTTP, as whoever attacks it would speak to it."""

import dataclasses
import hashlib
import re
import time
from datetime import timedelta

import pytest
from sqlalchemy import text
from starlette.requests import Request

from rpa.console.visit import FORM_FIELD
from rpa.console.web import Door, _shown
from rpa.domain.errors import ToolUnavailableError
from rpa.domain.person import Assurance, Person, PersonId
from rpa.domain.signature_request import RequestState, SignerState
from rpa.steps.accounts import begin_codes, choose_password, confirm_codes, password_link
from rpa.steps.log_in import BY_ACCOUNT
from rpa.steps.signature_requests.asking import cancel
from rpa.testing.clock import FrozenClock
from rpa.testing.console import ASKER, LUCIE, MARC, PASSWORDS, titled_pdf
from rpa.testing.register import open_test_register

PASSWORD = PASSWORDS[LUCIE]
TOKEN = re.compile(rf'name="{FORM_FIELD}" value="([0-9a-f]{{64}})"')


def somebody(console, name, *, with_codes=False, credential=""):
    """Add a person of this test's own; returns their one-time code key."""
    person_id = PersonId(name)
    desk = console.desk
    person = Person(
        person_id=person_id, name=name.title(), email=f"{name}@ville.example", credential=credential
    )
    desk.accounts.register.add_person(person, actor="person:admin")
    choose_password(person_id, PASSWORD, actor="person:admin", tools=desk.accounts)
    if not with_codes:
        return None
    key, _sealed = begin_codes(person_id, desk.accounts)
    # The code of half a minute ago turns them on, so that this half minute's is still unused.
    code = desk.accounts.codes.code(key, at=desk.accounts.now() - timedelta(seconds=30))
    confirm_codes(person_id, key, code, desk.accounts)
    return key


def code_now(console, key, *, ahead=0):
    at = console.desk.accounts.now() + timedelta(seconds=30 * ahead)
    return console.desk.accounts.codes.code(key, at=at)


def opened(person, console, number):
    person.get(f"/demandes/{number}/document.pdf")
    return console.request(number).current


def signs(person, number, document, **fields):
    said = {"oui": "oui", "motdepasse": PASSWORD, **fields, "document": document}
    return person.submit(f"/demandes/{number}/signer", **said)


def test_every_page_forbids_scripts_frames_and_referrers(visitor):
    page = visitor.get("/connexion")

    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script" not in policy
    assert "<script" not in page.text
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert "server" not in page.headers


def test_cookies_can_be_read_by_no_script_and_sent_from_no_other_site(visitor):
    set_cookie = visitor.log_in().headers["set-cookie"].lower()

    assert "httponly" in set_cookie
    assert "samesite=lax" in set_cookie


def test_behind_a_proxy_with_https_cookies_are_secure_and_held_to_the_host(visitor):
    by_https = {"x-forwarded-proto": "https"}
    page = visitor.get("/connexion", headers=by_https)
    said = {FORM_FIELD: TOKEN.search(page.text).group(1), "nom": LUCIE, "motdepasse": PASSWORD}
    cookie = page.headers["set-cookie"].partition(";")[0]

    inside = visitor.post("/connexion", data=said, headers={**by_https, "cookie": cookie})

    for answer, name in ((page, "__Host-rpa_visite"), (inside, "__Host-rpa_session")):
        assert answer.headers["set-cookie"].startswith(f"{name}=")
        assert "; Secure" in answer.headers["set-cookie"]
    assert "strict-transport-security" in page.headers


def test_the_server_keeps_a_session_by_its_digest_alone(console, visitor):
    desk = console.desk
    session = visitor.log_in().cookies["rpa_session"]
    assert len(session) >= 43  # 256 bits
    assert desk.accounts.register.session(session, idle_s=60) is None  # kept by its digest alone
    digest = hashlib.sha256(session.encode()).hexdigest()
    assert desk.accounts.register.session(digest, idle_s=60).person_id == LUCIE


@pytest.mark.parametrize("path", ["/demandes", "/compte", "/demandes/S-2026-000001/document.pdf"])
def test_a_copied_link_leads_to_the_log_in_and_no_further(visitor, path):
    page = visitor.get(path)

    assert page.status_code == 303
    assert page.headers["location"].startswith("/connexion?suite=")


@pytest.mark.parametrize("where", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_the_log_in_leads_to_no_other_site(visitor, where):
    page = visitor.log_in(suite=where)

    assert page.headers["location"] == "/demandes"


def test_somebody_else_sees_neither_the_request_nor_whether_there_is_one(console, lucie):
    number = console.ask(MARC)

    for path in ("", "/document", "/document.pdf", "/signature", "/refuser"):
        assert lucie.get(f"/demandes/{number}{path}").status_code == 404
    theirs, none = lucie.get(f"/demandes/{number}"), lucie.get("/demandes/S-2026-999999")
    assert theirs.text.replace(number, "") == none.text.replace("S-2026-999999", "")


def test_looking_changes_nothing(console, lucie):
    number = console.ask(LUCIE)
    before = console.request(number)

    for path in ("", "/signer", "/refuser", "/deleguer", "/signature"):
        lucie.get(f"/demandes/{number}{path}")

    assert console.request(number) == before


@pytest.mark.parametrize("mark", ["", "0" * 64])
def test_a_form_that_another_page_sent_is_refused(console, lucie, mark):
    number = console.ask(LUCIE)
    document = opened(lucie, console, number)
    said = {"oui": "oui", "motdepasse": PASSWORD, "document": document, FORM_FIELD: mark}

    assert lucie.post(f"/demandes/{number}/signer", data=said).status_code == 403
    assert console.request(number).state is RequestState.OPEN


def test_a_form_with_another_session_s_mark_is_refused(lucie, other):
    other.log_in(MARC)

    page = lucie.post("/deconnexion", data={FORM_FIELD: other.mark("/compte")})

    assert page.status_code == 403
    assert lucie.get("/demandes").status_code == 200


@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}]
)
def test_a_form_that_comes_from_another_site_is_refused(lucie, headers):
    said = {FORM_FIELD: lucie.mark("/compte")}

    assert lucie.post("/deconnexion", data=said, headers=headers).status_code == 403


def test_a_stolen_cookie_is_worth_nothing_after_log_out(lucie, other):
    stolen = lucie.cookies["rpa_session"]
    other.cookies.set("rpa_session", stolen)
    assert other.get("/demandes").status_code == 200

    lucie.submit("/deconnexion")

    assert other.get("/demandes").status_code == 303


def test_a_new_password_throws_out_every_other_browser(console, visitor, other):
    somebody(console, "josee")
    visitor.log_in("josee", PASSWORD)
    other.log_in("josee", PASSWORD)
    new = "quatre pommes vertes"

    done = visitor.submit("/compte/mot-de-passe", actuel=PASSWORD, nouveau=new, encore=new)

    assert done.headers["location"] == "/connexion?fait=motdepasse"
    assert [one.get("/demandes").status_code for one in (visitor, other)] == [303, 303]
    assert visitor.log_in("josee", new).status_code == 303


def test_a_weak_new_password_is_refused_with_the_reason(lucie):
    said = {"actuel": PASSWORD, "nouveau": "motdepasse2026", "encore": "motdepasse2026"}

    page = lucie.submit("/compte/mot-de-passe", **said)

    assert page.status_code == 422
    assert 'href="#nouveau"' in page.text


def test_wrong_passwords_are_slowed_and_say_nothing_of_who_exists(console, visitor):
    somebody(console, "guessed")

    def guess(name):
        page = visitor.log_in(name, "faux faux faux")
        return page.status_code, re.sub(r'value="[^"]*"', "", page.text)

    known, nobody = guess("guessed"), guess("nobody-at-all")
    assert known == nobody
    codes = [guess("guessed")[0] for _each in range(BY_ACCOUNT.free)]

    assert codes[-1] == 429
    held_up = visitor.log_in("guessed", PASSWORD)
    assert held_up.status_code == 429
    assert int(held_up.headers["retry-after"]) >= 1


def test_a_code_lets_in_once(console, visitor, other):
    key = somebody(console, "codes", with_codes=True)
    assert visitor.log_in("codes", PASSWORD).status_code == 422
    code = code_now(console, key)

    assert visitor.log_in("codes", PASSWORD, code=code).status_code == 303
    assert other.log_in("codes", PASSWORD, code=code).status_code == 422


def test_one_time_codes_are_turned_off_by_whoever_gives_password_and_code(console, visitor):
    key = somebody(console, "turning-off", with_codes=True)
    visitor.log_in("turning-off", PASSWORD, code=code_now(console, key))
    path = "/compte/codes/retirer"
    marks = re.findall(r' id="(\w+)"', visitor.get("/compte").text)
    assert "code_retrait" in marks
    assert len(marks) == len(set(marks))

    assert 'href="#actuel_codes"' in visitor.submit(path, actuel=PASSWORD).text
    code = code_now(console, key, ahead=1)
    assert visitor.submit(path, actuel=PASSWORD, code=code).status_code == 303
    assert console.desk.accounts.register.account(PersonId("turning-off")).totp is None


def test_a_first_password_is_chosen_by_its_link_once(console, visitor):
    console.desk.accounts.register.add_person(
        Person(person_id=PersonId("nouveau"), name="Nouveau", email="n@ville.example"),
        actor="person:admin",
    )
    link = password_link(PersonId("nouveau"), actor="person:admin", tools=console.desk.accounts)
    path = f"/mot-de-passe/{link}"
    page = visitor.get(path)  # looking, as a mail scanner does, uses nothing up
    assert 'value="nouveau" autocomplete="username" readonly' in page.text

    done = visitor.submit(path, seen_on=path, nouveau=PASSWORD, encore=PASSWORD)

    assert done.status_code == 303
    assert visitor.get(path).status_code == 404
    assert visitor.log_in("nouveau", PASSWORD).status_code == 303


def test_only_what_was_opened_in_this_session_can_be_signed(console, lucie, other):
    number = console.ask(LUCIE)
    other.log_in(LUCIE)
    document = opened(other, console, number)

    assert signs(lucie, number, document).status_code == 422
    opened(lucie, console, number)
    assert signs(lucie, number, document).status_code == 303


def test_asking_for_the_head_of_a_document_opens_nothing(console, lucie):
    number = console.ask(LUCIE)
    lucie.head(f"/demandes/{number}/document.pdf")

    assert signs(lucie, number, console.request(number).current).status_code == 422


def test_the_bytes_delivered_are_those_of_the_digest_shown(console, lucie):
    number = console.ask(LUCIE)
    content = lucie.get(f"/demandes/{number}/document.pdf")

    assert content.headers["content-type"] == "application/pdf"
    digest = hashlib.sha256(content.content).hexdigest()
    assert digest == console.request(number).current
    assert digest in lucie.get(f"/demandes/{number}").text


def test_a_long_document_is_opened_when_all_of_its_parts_were_shown(console, lucie):
    number = console.ask(LUCIE, title="Long", pages=12)
    document = console.request(number).current
    first = lucie.get(f"/demandes/{number}/document")
    assert first.text.count("<img") == 10
    assert signs(lucie, number, document).status_code == 422

    lucie.get(f"/demandes/{number}/document?partie=2")

    assert signs(lucie, number, document).status_code == 303
    assert lucie.get(f"/demandes/{number}/document?partie=3").status_code == 404


def test_a_signature_of_another_meanwhile_asks_to_open_again(console, lucie, other):
    number = console.ask(LUCIE, MARC, title="Ensemble", in_order=False)
    document = opened(lucie, console, number)
    other.log_in(MARC)
    mine = {"motdepasse": PASSWORDS[MARC], "phrase": console.passphrase}
    assert signs(other, number, opened(other, console, number), **mine).status_code == 303

    page = signs(lucie, number, document)

    assert page.status_code == 422
    assert 'href="#document"' in page.text
    assert signs(lucie, number, opened(lucie, console, number)).status_code == 303
    assert console.request(number).state is RequestState.COMPLETED


def test_without_the_tick_or_the_password_nothing_is_signed(console, lucie):
    number = console.ask(LUCIE, title="Sans case")
    document = opened(lucie, console, number)

    assert 'href="#oui"' in signs(lucie, number, document, oui="").text
    assert 'href="#motdepasse"' in signs(lucie, number, document, motdepasse="").text
    assert 'href="#motdepasse"' in signs(lucie, number, document, motdepasse="faux").text
    assert console.request(number).signers[0].state is SignerState.ASKED


def test_a_session_in_which_proofs_are_wrong_ends_and_says_so(console, visitor):
    somebody(console, "thief-s", credential="lucie")
    number = console.ask(PersonId("thief-s"), title="Preuves fausses")
    visitor.log_in("thief-s", PASSWORD)
    document = opened(visitor, console, number)

    pages = [signs(visitor, number, document, motdepasse="faux") for _guess in range(4)]
    last = signs(visitor, number, document, motdepasse="faux")

    assert all("Le mot de passe est inexact." in page.text for page in pages)
    assert "cette session est terminée" in last.text
    assert visitor.get("/demandes").headers["location"].startswith("/connexion")
    assert visitor.log_in("thief-s", PASSWORD).status_code == 303
    assert signs(visitor, number, opened(visitor, console, number)).status_code == 303


def test_strangers_who_guess_keep_nobody_out_of_the_browser_they_use(console, visitor, other):
    somebody(console, "hunted")
    assert visitor.log_in("hunted", PASSWORD).status_code == 303
    cookie = visitor.cookies["rpa_appareil"]
    visitor.submit("/deconnexion")
    for _guess in range(BY_ACCOUNT.free + 1):
        held_up = other.log_in("hunted", "faux faux faux")
    assert held_up.status_code == 429

    assert visitor.cookies["rpa_appareil"] == cookie
    assert visitor.log_in("hunted", PASSWORD).status_code == 303
    assert other.log_in("hunted", PASSWORD).status_code == 429


def test_a_second_click_signs_nothing_more(console, lucie):
    number = console.ask(LUCIE, title="Deux clics")
    document = opened(lucie, console, number)

    first, second = (signs(lucie, number, document) for _click in range(2))

    assert first.headers["location"] == second.headers["location"]
    assert len([s for s in console.request(number).signers if s.record]) == 1


def test_a_request_for_two_proofs_takes_password_and_code(console, visitor):
    key = somebody(console, "two-proofs", with_codes=True, credential="lucie")
    number = console.ask(
        PersonId("two-proofs"), title="Deux preuves", assurance=Assurance.SUBSTANTIAL
    )
    visitor.log_in("two-proofs", PASSWORD, code=code_now(console, key))
    document = opened(visitor, console, number)

    assert 'href="#code"' in signs(visitor, number, document).text
    code = code_now(console, key, ahead=1)
    assert signs(visitor, number, document, code=code).status_code == 303


def test_a_key_of_one_s_own_opens_by_its_passphrase_alone(console, visitor):
    number = console.ask(MARC, title="Own key", language="en")
    visitor.log_in(MARC)
    document = opened(visitor, console, number)
    mine = {"motdepasse": PASSWORDS[MARC]}

    assert 'href="#phrase"' in signs(visitor, number, document, **mine).text
    wrong = signs(visitor, number, document, **mine, phrase="not it")
    assert wrong.status_code == 409
    assert "not it" not in wrong.text
    right = signs(visitor, number, document, **mine, phrase=console.passphrase)
    assert right.status_code == 303


def test_declining_ends_the_request_for_everybody(console, lucie, other):
    number = console.ask(LUCIE, MARC, title="Refusée")
    assert 'href="#raison"' in lucie.submit(f"/demandes/{number}/refuser").text

    lucie.submit(f"/demandes/{number}/refuser", raison="Le montant est faux.")

    assert console.request(number).state is RequestState.DECLINED
    other.log_in(MARC)
    assert "Le montant est faux." in other.get(f"/demandes/{number}").text


def test_passing_a_signature_on_takes_it_from_oneself(console, lucie, other):
    number = console.ask(LUCIE, title="Déléguée")
    done = lucie.submit(f"/demandes/{number}/deleguer", personne=MARC)

    assert done.headers["location"] == f"/demandes/{number}/deleguee"
    again = lucie.submit(f"/demandes/{number}/deleguer", personne=MARC)
    assert again.headers["location"] == f"/demandes/{number}/deleguee"
    assert len(console.request(number).signers[0].asked_of) == 1
    assert lucie.get(f"/demandes/{number}").status_code == 303
    assert lucie.get(f"/demandes/{number}/document").status_code == 404
    other.log_in(MARC)
    assert number in other.get("/demandes").text


@pytest.mark.parametrize("to", ["", "nobody-here", LUCIE, ASKER, "<script>"])
def test_a_signature_goes_to_nobody_who_can_t_sign(console, lucie, to):
    number = console.ask(LUCIE, title="Déléguée à personne")

    page = lucie.submit(f"/demandes/{number}/deleguer", personne=to, raison="<b>x</b>")

    assert page.status_code == 422
    assert 'href="#personne"' in page.text
    assert "<script" not in page.text
    assert "&lt;b&gt;x" in page.text
    assert console.request(number).signers[0].person == LUCIE


def test_who_passed_nothing_on_learns_nothing_of_who_did(console, lucie, other):
    number = console.ask(LUCIE, title="Déléguée deux fois")
    lucie.submit(f"/demandes/{number}/deleguer", personne=MARC)
    other.log_in(ASKER)

    assert other.get(f"/demandes/{number}/deleguee").status_code == 404
    assert other.get("/demandes/S-2026-999999/deleguee").status_code == 404


def test_whom_no_notice_reaches_is_shown_to_those_concerned(console, lucie):
    number = console.ask(LUCIE, MARC, title="Sans courriel")

    page = lucie.get(f"/demandes/{number}").text

    told = "Aucun avis ne joint Lucie Roy, Marc Gagné, Odile Côté"
    assert f"{told} : aucun serveur de courriel n’est configuré ici." in page


def test_a_request_that_was_taken_back_says_so_and_offers_nothing(console, lucie):
    number = console.ask(LUCIE, title="Reprise")
    document = opened(lucie, console, number)
    cancel(number, f"person:{ASKER}", "Erreur de date", console.desk.tools)

    page = lucie.get(f"/demandes/{number}")

    assert "Erreur de date" in page.text
    assert "/signer" not in page.text
    assert signs(lucie, number, document).headers["location"] == f"/demandes/{number}"


def test_past_the_deadline_nothing_is_offered_and_nothing_is_taken(console, lucie):
    number = console.ask(LUCIE, title="En retard", within=timedelta(seconds=1.5))
    document = opened(lucie, console, number)
    time.sleep(1.5)

    page = lucie.get(f"/demandes/{number}")

    assert "L’échéance est passée." in page.text
    assert "/signer" not in page.text
    assert signs(lucie, number, document).status_code == 409
    assert number not in lucie.get("/demandes").text.partition("h-others")[0]


def uploaded(visitor, content, name="a.pdf"):
    files = {"pdf": (name, content, "application/pdf")}
    mark = {FORM_FIELD: visitor.mark("/verifier")}
    return visitor.post("/verifier", data=mark, files=files)


def test_anybody_verifies_a_file_and_learns_that_it_is_registered(console, lucie, other):
    number = console.ask(LUCIE, title="À vérifier")
    signs(lucie, number, opened(lucie, console, number))
    content = lucie.get(f"/demandes/{number}/document.pdf").content

    page = uploaded(other, content)
    assert page.status_code == 200
    assert 'class="verdict open"' in page.text
    assert "a été révoqué" in page.text
    assert "Marie Tremblay" in page.text
    told = other.get(f"/v/{console.request(number).current}")
    assert told.status_code == 200
    assert "Lucie" not in told.text
    assert "À vérifier" not in told.text
    assert 'class="verdict bad"' in uploaded(other, content + b"\n1 0 obj <<>> endobj").text


def test_a_request_s_number_tells_strangers_nothing(console, other):
    number = console.ask(LUCIE)

    known, none = other.get(f"/v/{number}"), other.get("/v/S-2026-999999")

    assert known.status_code == none.status_code == 200
    assert known.text.replace(number, "") == none.text.replace("S-2026-999999", "")


def test_whatever_is_handed_over_gets_an_answer(visitor):
    assert uploaded(visitor, b"no pdf at all").status_code == 200
    assert uploaded(visitor, b"").status_code == 422
    assert uploaded(visitor, b"0" * 1_000_001).status_code == 413
    assert uploaded(visitor, titled_pdf("x"), name="<script>.pdf").text.count("<script") == 0


def test_verifications_without_end_are_slowed(console, visitor):
    mark = {FORM_FIELD: visitor.mark("/verifier")}
    files = {"pdf": ("a.pdf", b"%PDF", "application/pdf")}
    codes = {visitor.post("/verifier", data=mark, files=files).status_code for _each in range(25)}

    assert 429 in codes
    console.desk.accounts.register.attempt_succeeded(
        clearing=[console.desk.accounts.seal.mark("127.0.0.1", use="verify")]
    )


@pytest.mark.parametrize(("path", "code"), [("/nulle-part", 404), ("/deconnexion", 405)])
def test_an_address_that_leads_nowhere_has_a_page_in_both_languages(visitor, path, code):
    french = visitor.get(path)
    visitor.submit("/langue", seen_on="/connexion", langue="en")
    english = visitor.get(path)

    assert {french.status_code, english.status_code} == {code}
    assert 'lang="fr"' in french.text
    assert "There is no such page" in english.text
    assert "Traceback" not in french.text


def shown(desk, handler, *, cookie=""):
    """Return what a browser is shown by a page that does ``handler``."""
    scope = {"type": "http", "method": "GET", "path": "/x", "query_string": b"", "scheme": "http"}
    scope |= {"server": ("localhost", 80), "client": ("192.0.2.7", 1)}
    headers = [(b"cookie", cookie.encode()), (b"host", b"localhost")]
    request = Request({**scope, "headers": headers})
    return _shown(request, Door("/x", handler, is_public=True), desk, {}, None)


def raising(error):
    def handler(_visit):
        raise error

    return handler


def test_a_fault_of_ours_shows_a_page_and_leaves_no_value_in_the_log(console, caplog):
    page = shown(console.desk, raising(ValueError("nom de famille")))

    assert page.status_code == 500
    assert "consigné" in page.body.decode()
    assert "ValueError at" in caplog.text
    assert "famille" not in page.body.decode() + caplog.text
    assert "192.0.2.7" not in caplog.text


def test_what_does_not_answer_is_said_and_worth_another_try(console):
    page = shown(console.desk, raising(ToolUnavailableError("down")))

    assert page.status_code == 503
    assert "Rien n’a été fait." in page.body.decode()


def test_without_a_register_there_is_still_a_page_in_both_languages(console, tmp_path):
    register = open_test_register(tmp_path, FrozenClock())
    with register._database.writing() as connection:
        connection.execute(text("drop table sessions"))
    accounts = dataclasses.replace(console.desk.accounts, register=register)
    desk = dataclasses.replace(console.desk, accounts=accounts)

    page = shown(desk, raising(ValueError()), cookie="rpa_session=x")

    assert page.status_code == 503
    assert page.headers["content-security-policy"]
    assert "Nothing was done." in page.body.decode()
    assert "Rien n’a été fait." in page.body.decode()


def test_a_form_too_large_is_refused_while_it_comes_in(lucie):
    def endless():
        for _each in range(64):
            yield b"a" * 4096

    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert lucie.post("/langue", content=endless(), headers=headers).status_code == 413


def test_pages_are_light(console, lucie):
    number = console.ask(LUCIE, title="Légère", pages=10)
    sizes = {
        path: len(lucie.get(path).content)
        for path in ("/demandes", f"/demandes/{number}", f"/demandes/{number}/document", "/compte")
    }
    style = re.search(r'href="(/console.css[^"]*)"', lucie.get("/compte").text).group(1)
    sizes["style"] = len(lucie.get(style).content)

    assert max(sizes.values()) < 20_000, sizes
