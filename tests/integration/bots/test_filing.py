import re
from io import BytesIO

import pytest
from PIL import Image

from rpa.bots.adapters.playwright_bot import PlaywrightBot
from rpa.bots.errors import LoginRefusedError
from rpa.domain.errors import (
    OutcomeUnknownError,
    TargetRefusedError,
    TargetUnavailableError,
    ToolUnavailableError,
)
from rpa.testing.filings import VALUES, filing_request

pytestmark = pytest.mark.browser


class Intents:
    """Counts the calls before the commit, and how many deposits there were at each."""

    def __init__(self, legacy, key):
        self.legacy, self.key = legacy, key
        self.screens = []

    def __call__(self, screen):
        assert self.legacy.deposits(self.key) == []
        self.screens.append(screen)


def filed(bot, legacy, request):
    intents = Intents(legacy, request.key)
    result = bot.file(request, before_commit=intents)
    assert len(intents.screens) == 1
    (deposit,) = legacy.deposits(request.key)
    assert result.receipt.number == deposit.number
    return deposit, result, intents.screens[0]


def failed(bot, legacy, request, error):
    """Return the error, the calls before the commit and the deposits that arrived all the same."""
    intents = Intents(legacy, request.key)
    with pytest.raises(error) as caught:
        bot.file(request, before_commit=intents)
    for value in request.values.values():
        assert len(value) < 5 or value not in str(caught.value)
    return caught.value, len(intents.screens), len(legacy.deposits(request.key))


def test_an_address_passes_three_pages_and_a_look_up_window_with_every_accent(bot, legacy):
    request = filing_request("changement-adresse", legacy.target())

    deposit, result, before = filed(bot, legacy, request)

    assert deposit.module == "adresse"
    assert deposit.fields == {
        "nom": "Lefrançois-Œuvray",
        "prenom": "Zoé Łucja",
        "naiss": "1950-07-03",
        "nas": "046454286",
        "adresse": "12, rue de l’Église, app. 4",
        "ville": "L'Ancienne-Lorette",
        "codmun": deposit.fields["codmun"],
        "prov": "QC",
        "cp": "G1R 4S9",
        "tel": "4186431234",
        "courriel": "",
        "effet": "2026-12-01",
    }
    assert re.fullmatch(r"[0-9]{5}", deposit.fields["codmun"])
    assert Image.open(BytesIO(before.screen)).size == Image.open(BytesIO(result.screen)).size
    assert before.screen != result.screen


def test_a_claim_fills_only_the_rows_that_have_values_and_leaves_gaps_where_they_are(bot, legacy):
    request = filing_request("demande-remboursement", legacy.target())

    deposit, result, _before = filed(bot, legacy, request)

    fields = deposit.fields
    assert [fields[f"ldate{row}"] for row in range(1, 6)] == [
        "2026-10-31",
        "",
        "2026-11-02",
        "",
        "",
    ]
    assert [fields[f"lmnt{row}"] for row in range(1, 6)] == ["1234.50", "", "50.05", "", ""]
    assert (fields["ldesc1"], fields["ldesc3"]) == ("Hébergement à Sept-Îles", "Repas « midi »")
    assert (fields["service"], fields["avance"], fields["total"]) == ("04", True, "1284.55")
    assert "Votre demande est enregistrée sous le numéro" in result.receipt.text
    assert deposit.number in result.receipt.text


def test_an_absence_answers_the_alert_and_translates_the_code(bot, legacy):
    request = filing_request("avis-absence", legacy.target())

    deposit, _result, _before = filed(bot, legacy, request)

    values = VALUES["avis-absence"]
    assert deposit.fields == {
        "nom": values["nom"],
        "prenom": values["prenom"],
        "matricule": values["matricule"],
        "debut": values["debut"],
        "fin": values["fin"],
        "motif": "OF",
        "remarques": values["remarques"],
    }


def test_a_session_that_expires_before_the_commit_is_opened_again_and_files_once(bot, legacy):
    legacy.misbehave("session", path="/adresse/2")

    filed(bot, legacy, filing_request("changement-adresse", legacy.target()))


def test_a_session_that_keeps_expiring_is_a_failure_before_the_commit(bot, legacy):
    legacy.misbehave("session", path="/absence", count=None)

    error, intents, deposits = failed(
        bot, legacy, filing_request("avis-absence", legacy.target()), TargetUnavailableError
    )

    assert (error.reason, intents, deposits) == ("logged-out", 0, 0)


def test_a_server_error_on_the_way_is_a_failure_before_the_commit(bot, legacy):
    legacy.misbehave("500", path="/adresse/1")

    error, intents, deposits = failed(
        bot, legacy, filing_request("changement-adresse", legacy.target()), TargetUnavailableError
    )

    assert (error.reason, intents, deposits) == ("http-500", 0, 0)


@pytest.mark.parametrize(
    ("fault", "arrived"), [("500", 0), ("500-after", 1), ("lost-answer", 1), ("session", 0)]
)
def test_a_failure_after_the_commit_was_sent_leaves_the_outcome_unknown(
    bot, legacy, fault, arrived
):
    request = filing_request("avis-absence", legacy.target())
    intents = Intents(legacy, request.key)

    def before_commit(seen):
        intents(seen)
        legacy.misbehave(fault)

    with pytest.raises(OutcomeUnknownError):
        bot.file(request, before_commit=before_commit)

    assert len(intents.screens) == 1
    assert len(legacy.deposits(request.key)) == arrived


def test_an_answer_slower_than_the_time_out_leaves_the_outcome_unknown(bot, legacy):
    request = filing_request("avis-absence", legacy.target(timeout_s=1.5))

    with pytest.raises(OutcomeUnknownError):
        bot.file(request, before_commit=lambda _seen: legacy.misbehave("slow", seconds=3))


def test_a_page_slower_than_the_time_out_is_a_failure_before_the_commit(bot, legacy):
    legacy.misbehave("slow", count=None, path="/absence", seconds=3)

    error, intents, deposits = failed(
        bot,
        legacy,
        filing_request("avis-absence", legacy.target(timeout_s=1.5)),
        TargetUnavailableError,
    )

    assert (error.reason, intents, deposits) == ("timeout", 0, 0)


def test_a_red_answer_on_the_way_is_a_refusal_that_quotes_no_value(bot, legacy):
    request = filing_request("changement-adresse", legacy.target(), nas="046454287")

    error, intents, deposits = failed(bot, legacy, request, TargetRefusedError)

    assert (error.reason, intents, deposits) == ("target-refused", 0, 0)
    assert "NAS : le chiffre de contrôle est faux" in str(error)
    assert "file, step 11 (click)" in str(error)


def test_a_red_answer_to_the_commit_is_a_refusal_and_nothing_was_kept(bot, legacy):
    request = filing_request("demande-remboursement", legacy.target(), total="1284.56")

    error, intents, deposits = failed(bot, legacy, request, TargetRefusedError)

    assert (error.reason, intents, deposits) == ("target-refused", 1, 0)
    assert "somme des montants" in str(error)


def test_a_value_that_the_target_does_not_offer_is_a_refusal(bot, legacy):
    request = filing_request("changement-adresse", legacy.target(timeout_s=2), ville="Atlantide")

    error, intents, deposits = failed(bot, legacy, request, TargetRefusedError)

    assert (error.reason, intents, deposits) == ("no-such-choice", 0, 0)


def test_a_value_that_a_field_cuts_off_is_a_refusal(bot, legacy):
    request = filing_request("avis-absence", legacy.target(), matricule="1234567")

    error, intents, deposits = failed(bot, legacy, request, TargetRefusedError)

    assert (error.reason, intents, deposits) == ("value-not-kept", 0, 0)


def test_a_wrong_password_is_told_as_such_and_tried_once(bot, legacy):
    request = filing_request("avis-absence", legacy.target(password="faux"))

    error, intents, deposits = failed(bot, legacy, request, LoginRefusedError)

    assert (error.reason, intents, deposits) == ("login-refused", 0, 0)
    assert "login, step 4 (click)" in str(error)


def test_nothing_is_committed_where_the_intent_cannot_be_written(bot, legacy):
    request = filing_request("avis-absence", legacy.target())

    def disk_is_full(_seen):
        raise ToolUnavailableError("The disk is full.")

    with pytest.raises(ToolUnavailableError, match="disk is full"):
        bot.file(request, before_commit=disk_is_full)

    assert legacy.deposits(request.key) == []


def test_a_target_that_is_not_there_is_a_failure_before_the_commit(bot, legacy, free_port):
    target = legacy.target()
    gone = type(target)(
        url=f"http://127.0.0.1:{free_port}", username="a", password="b", timeout_s=2
    )

    error, intents, deposits = failed(
        bot, legacy, filing_request("avis-absence", gone), TargetUnavailableError
    )

    assert (error.reason, intents, deposits) == ("connection", 0, 0)


def test_a_browser_that_is_not_there_is_told(legacy, tmp_path):
    bot = PlaywrightBot(executable=tmp_path / "chromium")

    error, intents, deposits = failed(
        bot, legacy, filing_request("avis-absence", legacy.target()), ToolUnavailableError
    )

    assert (error.reason, intents, deposits) == ("browser", 0, 0)
