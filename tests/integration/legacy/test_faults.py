import time

import httpx
import pytest

from rpa.testing.clerk import clerk_at

REQUEST = {"NATURE": "Permis", "DEMANDEUR": "Zoé"}
FATAL = {"php": "Fatal error", "asp": "Microsoft OLE DB", "python": "Traceback"}


@pytest.fixture(params=["demande", "plainte"])
def deposit(request, commis, complain):
    """File into an old module, and into the one that answers nothing; None: no answer came."""

    def send(reference):
        try:
            if request.param == "plainte":
                return complain(commis, reference, file=("a.txt", b"a"))
            return commis.post("/demande", {**REQUEST, "REF": reference})
        except httpx.TransportError:
            return None

    return send


def kept_in_time(guichet, reference):
    deadline = time.monotonic() + 10
    while not guichet.deposits(reference) and time.monotonic() < deadline:
        time.sleep(0.05)
    return len(guichet.deposits(reference)) == 1


@pytest.mark.parametrize(
    ("fault", "kept", "told"),
    [
        ("cut", 0, None),
        ("fatal", 0, "Fatal error"),
        ("session", 0, "session est expirée"),
        ("stolen", 0, "Session terminée"),
        ("lost-answer", 1, None),
        ("fatal-after", 1, "Fatal error"),
        ("hang", 1, None),
        ("session-after", 1, "session est expirée"),
    ],
)
def test_a_fault_strikes_one_commit(deposit, commis, guichet, fault, kept, told):
    reference = f"F-{fault}-{deposit('F-before').url.path}"
    guichet.misbehave(fault)

    answer = deposit(reference)

    assert len(guichet.deposits(reference)) == kept
    if told is None:
        assert answer is None
    else:
        assert answer.status_code == 200
        assert told in answer.text
    commis.log_in()
    deposit(f"{reference}-after")
    assert len(guichet.deposits(f"{reference}-after")) == 1


def test_a_late_commit_is_kept_after_the_client_has_gone(deposit, guichet):
    reference = f"F-late-{deposit('F-before').url.path}"
    guichet.misbehave("late-commit", seconds=1.5)

    assert deposit(reference) is None

    assert guichet.deposits(reference) == []
    assert kept_in_time(guichet, reference)


def test_a_client_that_does_not_wait_files_all_the_same(guichet):
    guichet.misbehave("slow", seconds=1.5, path="/demande")
    with clerk_at(guichet) as clerk:
        clerk.log_in()
        clerk._client.timeout = 0.3
        with pytest.raises(httpx.ReadTimeout):
            clerk.post("/demande", {**REQUEST, "REF": "F-gone"})

    assert guichet.deposits("F-gone") == []
    assert kept_in_time(guichet, "F-gone")


def test_an_answer_that_hangs_begins_and_does_not_end(commis, guichet):
    guichet.misbehave("hang", seconds=1)
    fields = {**REQUEST, "REF": "F-begun"}
    pieces, begun = [], time.monotonic()

    with (
        pytest.raises(httpx.RemoteProtocolError),
        commis._client.stream("POST", "/demande", data=fields) as answer,
    ):
        pieces.extend(answer.iter_raw())

    assert b"".join(pieces).startswith(b"<html>")
    assert answer.status_code == 200
    assert time.monotonic() - begun > 0.9


@pytest.mark.parametrize("text", FATAL)
def test_a_fatal_error_has_the_words_of_its_tool(commis, guichet, text):
    guichet.misbehave("fatal", text=text)

    answer = commis.post("/demande", {**REQUEST, "REF": "F-words"})

    assert (answer.status_code, FATAL[text] in answer.text) == (200, True)


def test_faults_of_the_commit_leave_post_backs_alone(commis, guichet):
    guichet.misbehave("fatal")
    commis.get("/plainte")

    turned = commis.post_back("/plainte", {}, target="ctl00$Cal1", argument="9800")

    assert "octobre 2026" in turned.text


def test_a_slow_index_shows_what_was_kept_only_later(commis, guichet, complain):
    commis.post("/demande", {**REQUEST, "REF": "F-index"})
    complain(commis, "F-index-2")
    guichet.misbehave("slow-index", seconds=60, count=None)

    hidden = commis.post("/recherche", {"REF": "F-index"}).text + commis.get("/registre").text
    guichet.misbehave("none")
    shown = commis.post("/recherche", {"REF": "F-index"})

    assert "<td>F-index-2</td>" not in hidden
    assert ">F-index<" not in hidden
    assert ">F-index<" in shown.text


def test_an_index_is_slow_all_day_where_that_is_asked_for(worse):
    legacy = worse("--index-delay", "2")
    with clerk_at(legacy) as clerk:
        clerk.log_in()
        clerk.post("/demande", {**REQUEST, "REF": "F-day"})
        at_once = clerk.post("/recherche", {"REF": "F-day"}).text
        time.sleep(2.1)
        later = clerk.post("/recherche", {"REF": "F-day"}).text

    assert (">F-day<" in at_once, ">F-day<" in later) == (False, True)


def test_both_search_pages_go_down(commis, guichet):
    guichet.misbehave("down", count=2)

    assert [commis.get(path).status_code for path in ("/recherche", "/registre")] == [503, 503]


@pytest.mark.parametrize("path", ["/demande", "/plainte"])
def test_a_form_without_referer_is_a_warning(commis, guichet, path):
    guichet.misbehave("referer", count=None)

    direct, from_menu = commis.get(path), commis.get(path, Referer=f"{guichet.url}/menu")

    assert (direct.status_code, from_menu.status_code) == (200, 200)
    assert "<form" not in direct.text
    assert "passer par le menu" in direct.text
    assert "<form" in from_menu.text


def test_a_field_is_enabled_late_by_script(commis, guichet):
    guichet.misbehave("late-field")

    late, usual = commis.get("/demande").text, commis.get("/demande").text

    assert '<input disabled type="text" name="REF"' in late
    assert "disabled = false" in late
    assert ", 2000);" in late
    assert "disabled" not in usual


def test_a_folded_menu_opens_only_by_script(commis, guichet):
    guichet.misbehave("folded-menu")

    folded, usual = commis.get("/menu").text, commis.get("/menu").text

    assert folded.count('style="display:none"') == folded.count("onmouseover") == 3
    assert "display:none" not in usual
    assert "Registre des plaintes" in folded


def test_words_that_no_fatal_error_has_are_refused(guichet):
    told = {"fault": "fatal", "text": "cobol"}

    answer = httpx.post(f"{guichet.url}/__mal", data=told, timeout=9, trust_env=False)

    assert answer.status_code == 400
    assert "php, asp, python" in answer.text
