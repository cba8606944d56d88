import base64
import hmac
import re
import time

import httpx
import pytest

from rpa.testing.clerk import clerk_at

SECRET = base64.b32encode(b"12345678901234567890").decode()
REQUEST = {"REF": "R-1", "NATURE": "Permis", "DEMANDEUR": "Zoé"}


def code(at):
    digest = hmac.digest(base64.b32decode(SECRET), int(at // 30).to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**6:06d}"


def entered(clerk, digits):
    """Log in with a one-time code and say whether that opened the frames."""
    ticket = re.search(r'name="JETON" value="(\w+)"', clerk.log_in().text)[1]
    return "<frameset" in clerk.post("/code", {"JETON": ticket, "CODE": digits}).text


def test_codes_are_those_of_the_standard():
    assert (code(59), code(1111111109), code(20000000000)) == ("287082", "081804", "353130")


def test_a_log_in_ends_the_earlier_one_silently(worse):
    legacy = worse("--single-session")
    with clerk_at(legacy) as first, clerk_at(legacy) as second:
        assert "<frameset" in first.log_in().text
        second.log_in()

        lost = first.post("/demande", {**REQUEST, "REF": "R-lost"})
        second.post("/demande", {**REQUEST, "REF": "R-second"})

        assert lost.status_code == 200
        assert "Session terminée" in lost.text
        assert 'type="password" name="MDP"' in lost.text
        assert "Veuillez vous identifier" not in lost.text
        assert [deposit.reference for deposit in legacy.deposits()] == ["R-second"]

        first.log_in()
        assert "ACC-" in first.post("/demande", REQUEST).text
        assert "Session terminée" in second.get("/menu").text
        assert legacy.log_ins() == [0, 1, 1]


def test_without_the_option_two_log_ins_live_side_by_side(worse):
    legacy = worse()
    with clerk_at(legacy) as first, clerk_at(legacy) as second:
        first.log_in()
        second.log_in()

        assert "ACC-" in first.post("/demande", REQUEST).text
        assert legacy.log_ins() == [0, 0]


def test_http_basic_stands_in_front_of_everything(worse):
    legacy = worse("--basic", "ville:éléphant")
    with clerk_at(legacy) as stranger, clerk_at(legacy, basic=("ville", "éléphant")) as known:
        refused = stranger.get("/")

        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"] == 'Basic realm="GUICHET"'
        assert "<frameset" in known.log_in().text


def test_a_one_time_code_is_the_second_step_of_a_log_in(worse):
    legacy = worse("--totp", SECRET.lower())
    now = time.time()
    with clerk_at(legacy) as clerk:
        asked = clerk.log_in()
        behind = clerk.get("/cadre")

        assert "Vérification en deux étapes" in asked.text
        assert "session est expirée" in behind.text
        assert not entered(clerk, code(now - 3600))
        assert entered(clerk, code(now))
        assert entered(clerk, code(now))


def test_a_one_time_code_opens_once_where_that_is_asked_for(worse):
    legacy = worse("--totp", SECRET, "--totp-once")
    now = time.time()
    with clerk_at(legacy) as clerk:
        assert entered(clerk, code(now))
        assert not entered(clerk, code(now))


def test_a_ticket_of_the_first_step_is_good_once(worse):
    legacy = worse("--totp", SECRET)
    with clerk_at(legacy) as clerk:
        ticket = re.search(r'name="JETON" value="(\w+)"', clerk.log_in().text)[1]
        clerk.post("/code", {"JETON": ticket, "CODE": "0"})
        answer = clerk.post("/code", {"JETON": ticket, "CODE": code(time.time())})

    assert "Code de vérification erroné" in answer.text


@pytest.mark.parametrize("path", ["/img/b1.gif", "/img/b2.gif"])
def test_pictures_are_there_for_buttons_without_words(guichet, path):
    answer = httpx.get(f"{guichet.url}{path}", timeout=9, trust_env=False)

    assert (answer.status_code, answer.content[:3]) == (200, b"GIF")
