"""One-time codes tried by brute force on the console itself: none gets through, the owner does.

Every try is a form that the application reads; passwords cost what they cost in the product. The
guesses hold the codes that are right at that moment, which stands still: were each of them looked
at, one would surely be let in.
"""

import asyncio
import dataclasses
import re
from datetime import timedelta

import httpx
import pytest

from rpa.bootstrap.console import open_console
from rpa.console.app import console_app
from rpa.console.visit import FORM_FIELD
from rpa.domain.person import Assurance, Person, PersonId
from rpa.domain.signature_request import RequestState
from rpa.identity.adapters.argon2_passwords import Argon2Passwords
from rpa.identity.adapters.totp_codes import TotpCodes
from rpa.settings import load_settings
from rpa.steps.accounts import begin_codes, choose_password, confirm_codes
from rpa.steps.log_in import BY_ACCOUNT, BY_PERSON, Claim, log_in
from rpa.testing.clock import FrozenClock
from rpa.testing.console import RunningConsole, write_console_home

TOKEN = re.compile(rf'name="{FORM_FIELD}" value="([0-9a-f]{{64}})"')
OWNER = PersonId("lucie.roy")
PASSWORD = "sapin gris au matin"
TRIES, WAVES, BROWSERS, SESSIONS = 10_000, 4, 20, 15
AT_SIGNATURE = 4_000
"""A page of a request takes longer to make than the log-in's."""


class CountingCodes(TotpCodes):
    """Counts the codes that are looked at."""

    looked_at = 0

    def step_of(self, code, key, *, at):
        type(self).looked_at += 1
        return super().step_of(code, key, at=at)


class House:
    """One register, and a console on it that is opened again and again."""

    def __init__(self, home, clock):
        self._settings, self.clock, self.desk, self.app = load_settings(home), clock, None, None
        self.restart()
        person = Person(
            person_id=OWNER, name="Lucie Roy", email="lucie@ville.example", credential="lucie"
        )
        self.desk.accounts.register.add_person(person, actor="person:admin")
        choose_password(OWNER, PASSWORD, actor="person:admin", tools=self.desk.accounts)
        self.key, _sealed = begin_codes(OWNER, self.desk.accounts)
        code = self.code(ahead=-2)
        clock.pass_by(-60)
        confirm_codes(OWNER, self.key, code, self.desk.accounts)
        clock.pass_by(60)
        CountingCodes.looked_at = 0

    def restart(self):
        """Open the console anew on the same register: nothing is left but what stands in it."""
        if self.desk is not None:
            self.desk.close()
        opened = open_console(self._settings)
        register = opened.accounts.register
        register._now = self.clock
        accounts = dataclasses.replace(
            opened.accounts, now=self.clock, codes=CountingCodes(), passwords=Argon2Passwords()
        )
        tools = dataclasses.replace(opened.tools, now=self.clock, register=register)
        self.desk = dataclasses.replace(opened, accounts=accounts, tools=tools)
        self.app = console_app(self.desk)

    def code(self, *, ahead=0):
        return TotpCodes().code(self.key, at=self.clock() + timedelta(seconds=30 * ahead))

    def waves(self, tries=TRIES):
        """Return the guesses, the three right ones among them, in as many waves as restarts."""
        right = [self.code(ahead=step) for step in (-1, 0, 1)]
        wrong = [code for n in range(tries) if (code := f"{n * 97 % 1_000_000:06}") not in right]
        guesses = wrong[: tries - len(right)]
        for place, code in zip((1_000, 1_001, tries - 3), right, strict=True):
            guesses.insert(place, code)
        size = tries // WAVES
        return [guesses[at : at + size] for at in range(0, tries, size)]

    def browser(self, address):
        transport = httpx.ASGITransport(self.app, client=(address, 5000))
        return httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=120)

    def session(self):
        """Log the owner in, as they do from a new browser; returns what that browser holds."""
        self.clock.pass_by(60)
        claim = Claim(PASSWORD, self.code())
        return log_in(OWNER, claim, address="198.51.100.1", tools=self.desk.accounts).secret


@pytest.fixture
def house(tmp_path, pki):
    write_console_home(tmp_path, pki=pki[0], timestamp_url=pki[1])
    made = House(tmp_path, FrozenClock())
    yield made
    made.desk.close()


async def marked(browser, path):
    """Return the mark of a browser's forms; nothing where it is not let in any more."""
    page = await browser.get(path)
    return TOKEN.search(page.text).group(1) if page.status_code == 200 else ""


async def stormed(browsers, guesses, try_one):
    """Let every browser try its share of the guesses, all browsers at once."""

    async def tried(browser, mine):
        return [await try_one(browser, guess) for guess in mine]

    shares = [guesses[number :: len(browsers)] for number in range(len(browsers))]
    told = await asyncio.gather(*(tried(*one) for one in zip(browsers, shares, strict=True)))
    return [answer for some in told for answer in some]


async def enters(browser, mark, code):
    said = {FORM_FIELD: mark, "nom": OWNER, "motdepasse": PASSWORD, "code": code}
    done = await browser.post("/connexion", data=said)
    return done.headers.get("location") == "/demandes" or "rpa_session" in browser.cookies


def owner_enters(house, known):
    """Log in as the owner does, from the browser that they always use."""

    async def entered():
        async with house.browser("192.0.2.100") as browser:
            browser.cookies.update(known)
            is_in = await enters(browser, await marked(browser, "/connexion"), house.code())
            kept = {one.name: one.value for one in browser.cookies.jar}
            return is_in, {"rpa_appareil": kept["rpa_appareil"]}

    return asyncio.run(entered())


@pytest.mark.slow
def test_of_ten_thousand_codes_at_the_log_in_none_gets_through_and_the_owner_does(house):
    async def wave_of(guesses, number):
        browsers = [house.browser(f"192.0.2.{number}{each:02}") for each in range(BROWSERS)]
        marks = {browser: await marked(browser, "/connexion") for browser in browsers}
        return await stormed(browsers, guesses, lambda one, code: enters(one, marks[one], code))

    is_in, known = owner_enters(house, {})
    assert is_in
    house.clock.pass_by(90)
    CountingCodes.looked_at = 0
    answers = []
    for number, guesses in enumerate(house.waves()):
        answers += asyncio.run(wave_of(guesses, number))
        house.restart()

    assert len(answers) == TRIES
    assert not any(answers)
    assert CountingCodes.looked_at <= BY_ACCOUNT.free
    assert owner_enters(house, known)[0]


class Request:
    """A document that takes two proofs, and the browsers that try to sign it."""

    def __init__(self, house):
        self._house = house
        self.running = RunningConsole("", house.desk, "")
        terms = {"assurance": Assurance.SUBSTANTIAL, "within": timedelta(days=30)}
        self.number = self.running.ask(OWNER, **terms)
        self._document = self.state().current

    def state(self):
        return self.running.request(self.number)

    async def opened(self, secret):
        """Return a browser that holds a session and has read the document, with its mark."""
        browser = self._house.browser("198.51.100.9")
        browser.cookies.set("rpa_session", secret)
        await browser.get(f"/demandes/{self.number}/document.pdf")
        return browser, await marked(browser, "/compte")

    async def signs(self, browser, mark, code):
        said = {"oui": "oui", "motdepasse": PASSWORD, "code": code, "document": self._document}
        path = f"/demandes/{self.number}/signer"
        done = await browser.post(path, data={FORM_FIELD: mark, **said})
        return done.headers.get("location", "").endswith("/signature")

    async def wave_of(self, guesses, secrets):
        marks = dict([await self.opened(secret) for secret in secrets])
        inside = [browser for browser, mark in marks.items() if mark]
        return await stormed(inside, guesses, lambda one, code: self.signs(one, marks[one], code))

    async def owner_signs(self, secret):
        return await self.signs(*await self.opened(secret), self._house.code())


@pytest.mark.slow
def test_of_thousands_of_codes_at_the_signature_none_signs_and_the_owner_does(house):
    request = Request(house)
    secrets = [house.session() for _each in range(SESSIONS)]
    house.clock.pass_by(90)
    CountingCodes.looked_at = 0
    answers = []
    for guesses in house.waves(AT_SIGNATURE):
        answers += asyncio.run(request.wave_of(guesses, secrets))
        house.restart()

    assert len(answers) == AT_SIGNATURE
    assert not any(answers)
    assert request.state().state is RequestState.OPEN
    assert CountingCodes.looked_at <= BY_PERSON.free
    mine = house.session()
    house.clock.pass_by(60)
    assert asyncio.run(request.owner_signs(mine))
    assert request.state().state is RequestState.COMPLETED
