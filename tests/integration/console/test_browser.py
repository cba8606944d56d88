"""The console in a real browser: by keyboard alone, without scripts, read by whoever can't see."""

import itertools
import re
import shutil
import subprocess
import tarfile

import pytest

from rpa.domain.person import Proof
from rpa.domain.signature_request import RequestState, SigningRecord
from rpa.steps.signature_requests import delegate
from rpa.testing.console import ASKER, LUCIE, MARC, PASSWORDS

pytestmark = pytest.mark.browser
AXE = "axe-core@4"
DESKTOP, TELEPHONE = {"width": 1280, "height": 900}, {"width": 320, "height": 640}


@pytest.fixture
def page(chromium, console):
    context = chromium.new_context(
        base_url=console.url, java_script_enabled=False, viewport=DESKTOP
    )
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def axe(tmp_path_factory):
    """The checker of accessibility, where the registry of npm gives it: a tool for development."""
    folder = tmp_path_factory.mktemp("axe")
    npm = shutil.which("npm")
    done = npm and subprocess.run(
        [npm, "pack", AXE, "--silent", "--fetch-retries=0", "--fetch-timeout=5000"],
        cwd=folder,
        capture_output=True,
        timeout=60,
        check=False,
    )
    packed = next(folder.glob("axe-core-*.tgz"), None)
    if not done or packed is None:
        pytest.skip("axe-core can't be had here")
    with tarfile.open(packed) as archive:
        return archive.extractfile("package/axe.min.js").read().decode()


def focused(page):
    """Return what has the focus, as a screen reader names it."""
    return page.locator(":focus")


def tab_to(page, selector, *, most=40):
    """Press the tab key until the element has the focus, as somebody without a mouse does."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    pytest.fail(f"{selector} can't be reached by keyboard")


def type_into(page, selector, text):
    tab_to(page, selector)
    page.keyboard.type(text)


def enter(page, selector=None):
    if selector:
        tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def log_in(page, person, path="/"):
    page.goto(path)
    type_into(page, "#nom", person)
    type_into(page, "#motdepasse", PASSWORDS[person])
    enter(page)


def sign_by_keyboard(page, number, person, passphrase=""):
    """Go from the link of a mail to the signature; returns the page's words at the end."""
    log_in(page, person, f"/demandes/{number}")
    assert page.url.endswith(f"/demandes/{number}")
    assert not page.locator("#oui").count()
    enter(page, "a[href$='/document']")
    assert page.locator("img").evaluate_all("all => all.every(i => i.naturalWidth > 100)")
    enter(page, "main .actions a")
    tab_to(page, "#oui")
    assert not page.locator("#oui").is_checked()
    page.keyboard.press("Space")
    type_into(page, "#motdepasse", PASSWORDS[person])
    if passphrase:
        type_into(page, "#phrase", passphrase)
    enter(page)
    assert page.url.endswith(f"/demandes/{number}/signature")
    return page.locator("main").inner_text()


def test_two_persons_sign_in_order_by_keyboard_one_in_french_one_in_english(console, chromium):
    number = console.ask(LUCIE, MARC, title="Entente de services 2026-2027")

    def visit():
        return chromium.new_context(base_url=console.url, java_script_enabled=False).new_page()

    second = visit()
    log_in(second, MARC, f"/demandes/{number}")
    assert "Nothing is asked of you now." in second.locator("main").inner_text()
    second.context.close()

    first = sign_by_keyboard(visit(), number, LUCIE)
    assert "Vous avez signé" in first
    assert "PAdES B-T" in first
    last = sign_by_keyboard(visit(), number, MARC, console.passphrase)
    assert "You have signed" in last

    request = console.request(number)
    assert request.state is RequestState.COMPLETED
    store = console.desk.tools.store
    records = [SigningRecord.model_validate_json(store.get(s.record)) for s in request.signers]
    assert records[0].digest_after == records[1].digest_before
    assert records[1].digest_after == request.current
    assert records[0].identity.proofs == (Proof.PASSWORD,)
    assert records[1].identity.proofs == (Proof.PASSWORD, Proof.KEY_PASSPHRASE)
    assert records[0].intent == request.intent


def pass_on_by_keyboard(page, number, person, to):
    """Go from the link of a mail to the delegation; returns what is said of a choice not made."""
    log_in(page, person, f"/demandes/{number}")
    enter(page, "a[href$='/deleguer']")
    enter(page, "main form button")
    told = page.locator("main [role=alert]").inner_text()
    assert focused(page).get_attribute("role") == "alert"
    assert page.locator("#personne").get_attribute("aria-invalid") == "true"
    type_into(page, "#personne", to)  # the list of a browser goes to the name that is typed
    type_into(page, "#raison", "Absence jusqu’au 12")
    enter(page, "main form button")
    assert page.url.endswith(f"/demandes/{number}/deleguee")
    page.reload()  # as people do: nothing is sent again
    return told


def whole(page):
    """Return a page's words, with plain spaces."""
    return page.locator("main").inner_text().replace("\xa0", " ")


DELEGATIONS = [
    (
        (LUCIE, MARC, "Marc"),
        (
            "Choisissez qui signe à votre place",
            "Signature déléguée",
            "Marc Gagné est maintenant invité à signer",
        ),
        ("Échéance : dans 5 jours, le ", "Deadline: in 5 days, on "),
        ("in the place of Lucie Roy", "You have signed"),
    ),
    (
        (MARC, LUCIE, "Lucie"),
        ("Choose who signs instead", "Passed on", "Lucie Roy is now asked to sign"),
        ("Deadline: in 5 days, on ", "Échéance : dans 5 jours, le "),
        ("à la place de Marc Gagné", "Vous avez signé"),
    ),
]


@pytest.mark.parametrize(
    ("who", "first_words", "deadlines", "last_words"),
    DELEGATIONS,
    ids=["from-french", "from-english"],
)
def test_a_signature_is_passed_on_and_made_by_keyboard_in_both_languages(
    console, chromium, who, first_words, deadlines, last_words
):
    first, second, name = who
    number = console.ask(first, title=f"Délégation à {name}")

    def visit():
        return chromium.new_context(base_url=console.url, java_script_enabled=False).new_page()

    page = visit()
    told = pass_on_by_keyboard(page, number, first, name)
    assert first_words[0] in told
    assert page.locator("h1").inner_text() == first_words[1]
    assert first_words[2] in whole(page)
    assert deadlines[0] in whole(page)
    page.goto(f"/demandes/{number}")  # the link of the mail of before
    assert page.url.endswith("/deleguee")
    assert page.goto(f"/demandes/{number}/document").status == 404

    delegate = visit()
    log_in(delegate, second, f"/demandes/{number}")
    assert last_words[0] in whole(delegate)
    assert deadlines[1] in whole(delegate)
    passphrase = console.passphrase if second == MARC else ""
    delegate.context.clear_cookies()
    assert last_words[1] in sign_by_keyboard(delegate, number, second, passphrase)

    request = console.request(number)
    assert request.state is RequestState.COMPLETED
    assert (request.signers[0].person, request.signers[0].asked_of) == (second, (first,))
    register = console.desk.tools.register
    kinds = {(n.recipient, n.kind) for n in register.notices_of(number)}
    assert {(second, "asked"), (first, "delegated"), (ASKER, "delegated")} <= kinds
    assert "delegated" in [entry.kind for entry in register.request_history(number)]
    page.reload()
    assert page.locator("h1").count() == 1


def test_a_request_that_may_not_be_delegated_offers_it_nowhere(console, page):
    number = console.ask(LUCIE, title="Sans délégation", may_delegate=False)
    log_in(page, LUCIE, f"/demandes/{number}")

    assert not page.locator("a[href$='/deleguer']").count()
    page.goto(f"/demandes/{number}/deleguer")
    assert page.url.endswith(f"/demandes/{number}")


def test_a_link_in_a_mail_leads_through_the_log_in_to_its_page(console, page):
    number = console.ask(LUCIE, title="Par courriel")
    page.goto(f"/demandes/{number}")
    assert page.url.endswith(f"/connexion?suite=/demandes/{number}")

    log_in(page, LUCIE, f"/demandes/{number}")

    assert page.locator("h1").inner_text() == "Par courriel"


def test_english_is_a_click_away_and_stays(page):
    page.goto("/verifier")
    assert page.locator("html").get_attribute("lang") == "fr"

    page.click("button:has-text('English')")

    assert page.locator("html").get_attribute("lang") == "en"
    assert page.url.endswith("/verifier")
    page.goto("/connexion")
    assert page.locator("h1").inner_text() == "Log in"


def test_the_first_stop_of_the_tab_key_skips_to_the_content(page):
    page.goto("/connexion")
    page.keyboard.press("Tab")

    assert focused(page).inner_text() == "Aller au contenu"
    assert focused(page).bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused(page).get_attribute("id") == "nom"


def test_whatever_is_wrong_is_told_at_the_top_and_at_its_field(page):
    page.goto("/connexion")
    enter(page, "main button")

    assert page.title().startswith("Erreur\xa0:")
    assert focused(page).get_attribute("role") == "alert"
    enter_link = page.locator(".summary a").first
    assert enter_link.get_attribute("href") == "#nom"
    field = page.locator("#nom")
    assert field.get_attribute("aria-invalid") == "true"
    told = page.locator(f"#{field.get_attribute('aria-describedby').split()[-1]}")
    assert "Entrez votre identifiant." in told.inner_text()


def every_page(console):
    number = console.ask(LUCIE, title="Accessible à toutes et à tous")
    passed = console.ask(LUCIE, title="Déléguée")
    delegate(passed, LUCIE, MARC, "", console.desk.tools)
    return [
        "/connexion",
        "/verifier",
        "/nulle-part",
        "/demandes",
        f"/demandes/{number}",
        f"/demandes/{number}/document",
        f"/demandes/{number}",  # with its form, now that the document was opened
        f"/demandes/{number}/refuser",
        f"/demandes/{number}/deleguer",
        f"/demandes/{passed}/deleguee",
        "/compte",
    ]


def test_no_page_scrolls_sideways_on_a_telephone_and_every_target_is_large_enough(console, page):
    paths = every_page(console)
    page.set_viewport_size(TELEPHONE)  # 1280 pixels at 400 % (WCAG 1.4.10)
    log_in(page, LUCIE)
    for path in paths:
        page.goto(path)
        body = page.locator("body")
        assert body.evaluate("b => b.scrollWidth") <= 320, path
        small = page.locator("button, .button, main input:not([type=hidden])").evaluate_all(
            "all => all.filter(e => e.getBoundingClientRect().height < 24).map(e => e.outerHTML)"
        )
        assert small == [], path


def test_headings_landmarks_and_names_are_there_for_whoever_hears_the_page(console, page):
    paths = every_page(console)
    log_in(page, LUCIE)
    for path in paths:
        page.goto(path)
        assert page.locator("h1").count() == 1, path
        levels = [
            int(h[1])
            for h in page.locator("h1, h2, h3").evaluate_all("all => all.map(e => e.tagName)")
        ]
        steps = [after - before for before, after in itertools.pairwise(levels)]
        assert max(steps, default=0) <= 1, (path, levels)
        for landmark in ("header", "main", "footer", "nav"):
            assert page.locator(landmark).count() >= 1, (path, landmark)
        unnamed = page.locator("main input:not([type=hidden]), select, textarea").evaluate_all(
            "all => all.filter(e => !e.labels.length).map(e => e.outerHTML)"
        )
        assert unnamed == [], path


def test_axe_finds_nothing(console, chromium, axe):
    paths = every_page(console)
    # The checker is a script: the page's own policy would stop it.
    context = chromium.new_context(base_url=console.url, bypass_csp=True, viewport=DESKTOP)
    page = context.new_page()
    found = {}
    page.goto("/connexion")
    page.fill("#nom", LUCIE)
    page.fill("#motdepasse", PASSWORDS[LUCIE])
    page.click("main button")
    for path in paths:
        page.goto(path)
        page.evaluate(axe)
        result = page.evaluate(
            "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', "
            "'best-practice']})"
        )
        assert len(result["passes"]) > 10, path
        for violation in result["violations"]:
            found[(path, violation["id"])] = [node["html"] for node in violation["nodes"]]
    context.close()

    assert found == {}


def test_one_time_codes_are_set_up_with_a_drawn_code_and_no_script(console, page):
    log_in(page, LUCIE)
    page.goto("/compte")
    page.fill("#actuel_codes", PASSWORDS[LUCIE])
    page.click("button:has-text('Configurer')")
    assert page.locator("svg.qr").bounding_box()["width"] > 150
    key = re.sub(r"\s", "", page.locator("code.key").inner_text())
    codes, now = console.desk.accounts.codes, console.desk.accounts.now()

    page.fill("#code", "000000")
    page.click("main button")
    assert page.locator("#code").get_attribute("aria-invalid") == "true"
    page.fill("#code", codes.code(key, at=now))
    page.click("main button")

    assert page.locator(".spare li").count() == 10
    console.desk.accounts.register.set_totp(LUCIE, None, (), actor="person:admin")
