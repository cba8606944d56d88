"""Guichet recorded, not written: the clerk does each job once, and the bot does the others."""

from dataclasses import replace

import pytest

from rpa.bootstrap.recording import Plan, write
from rpa.bots.adapters.recorder import recording
from rpa.domain.errors import TargetRefusedError
from rpa.domain.filing import Presence
from rpa.processes.folder import load_form
from rpa.testing.filings import PROCESSES, filing_request
from rpa.testing.recordings import KEYED, Clerk, confirmed, example_sample

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OTHERS = {
    "avis-absence": (
        {"nom": "Nguyễn", "motif": "Formation", "debut": "2027-02-28", "fin": "2027-03-01"},
        {"prenom": "Ève", "matricule": "000123", "motif": "Vacances", "remarques": ""},
    ),
    "changement-adresse": (
        {"ville": "Montréal", "telephone": "+15145550000", "date_naissance": "2001-12-31"},
        {"nom": "Roy", "ville": "Lévis", "code_postal": "H2X 1Y4", "date_effet": "2027-01-01"},
    ),
    "demande-remboursement": (
        {"service": "Finances", "avance_recue": "false"},
        {
            "total": "62.25",
            "depenses.1.date": "",
            "depenses.1.description": "",
            "depenses.1.montant": "",
            "depenses.2.date": "2026-11-30",
            "depenses.2.description": "Stationnement",
            "depenses.2.montant": "12.20",
        },
    ),
}
EXPECTED = {
    "avis-absence": (
        {"nom": "Nguyễn", "motif": "FO", "debut": "2027-02-28", "fin": "2027-03-01"},
        {"prenom": "Ève", "matricule": "000123", "motif": "VA", "remarques": ""},
    ),
    "changement-adresse": (
        {"ville": "Montréal", "tel": "5145550000", "naiss": "2001-12-31", "prov": "QC"},
        {"nom": "Roy", "ville": "Lévis", "cp": "H2X 1Y4", "effet": "2027-01-01"},
    ),
    "demande-remboursement": (
        {"service": "02", "avance": False, "ldesc1": "Hébergement à Sept-Îles"},
        {"ldesc1": "", "ldesc2": "Stationnement", "lmnt2": "12.20", "ldate3": "2026-11-02"},
    ),
}


@pytest.fixture(scope="module")
def recorded(guichet, chromium, tmp_path_factory):
    """Record a process once, and confirm every guess."""
    known = {}

    def record(process):
        if process not in known:
            sample = example_sample(process)
            folder = tmp_path_factory.mktemp(process)
            with recording(f"{guichet.url}/", executable=chromium, headless=True) as recorder:
                KEYED[process](Clerk(recorder.page, sample))
                events = recorder.finish()
            form = load_form(PROCESSES / process / "form.yaml")
            outcome = write(Plan(folder, sample, guichet.url, form), events)
            known[process] = (outcome, confirmed(outcome.path), events)
        return known[process]

    return record


@pytest.mark.parametrize("process", KEYED)
def test_a_recorded_bot_files_other_cases_and_finds_them_again(recorded, guichet, worker, process):
    _outcome, definition, _events = recorded(process)

    for changed, expected in zip(OTHERS[process], EXPECTED[process], strict=True):
        request = filing_request(process, guichet.target(), **changed)
        request = replace(request, definition=definition)
        filed = worker.file(request, before_commit=lambda _seen: None)

        (deposit,) = guichet.deposits(request.key)
        assert deposit.number == filed.receipt.number
        assert deposit.fields | expected == deposit.fields
        finding = worker.find(request)
        assert finding.presence is Presence.FOUND_ONCE
        assert finding.receipts[0].number == deposit.number


@pytest.mark.parametrize("process", KEYED)
def test_the_check_has_nothing_to_say_of_a_recorded_bot_but_what_is_not_known(recorded, process):
    outcome, _definition, _events = recorded(process)

    assert not [said for said in outcome.remarks if "error" not in said and "sample" not in said]


def test_what_was_refused_on_the_way_is_left_out_and_shows_how_a_refusal_looks(
    recorded, guichet, worker
):
    _outcome, definition, _events = recorded("avis-absence")
    text = definition.read_text(encoding="utf-8")
    request = filing_request("avis-absence", guichet.target(), debut="2027-05-02", fin="2027-05-01")

    assert text.count("Transmettre,") == 1
    assert "error: {selector: td.erreur}" in text
    with pytest.raises(TargetRefusedError):
        worker.file(replace(request, definition=definition), before_commit=lambda _seen: None)


def test_the_password_is_nowhere(recorded):
    outcome, _definition, events = recorded("avis-absence")

    assert "papier" not in repr(events)
    assert "papier" not in outcome.path.read_text(encoding="utf-8")
    assert any(event.secret for event in events)


def test_guesses_are_active_lines_that_a_comment_marks(guichet, chromium, tmp_path):
    sample = example_sample("avis-absence")
    with recording(f"{guichet.url}/", executable=chromium, headless=True) as recorder:
        KEYED["avis-absence"](Clerk(recorder.page, sample))
        recorder.phase("done")
    form = load_form(PROCESSES / "avis-absence" / "form.yaml")

    outcome = write(Plan(tmp_path, sample, guichet.url, form), recorder.events)

    assert recorder.is_done
    assert any("Transmettre" in line for line in outcome.to_confirm)
    assert "# to confirm: this click hands the case to the target" in outcome.path.read_text()
