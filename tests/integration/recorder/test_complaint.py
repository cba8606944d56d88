"""The worst module recorded: post-backs, a calendar of links, an upload, pictures, no receipt."""

import pytest

from rpa.bootstrap.recording import Plan, write
from rpa.bots.adapters.recorder import recording
from rpa.bots.api import FilingRequest
from rpa.domain.filing import Presence
from rpa.domain.form import FieldKind as Kind
from rpa.testing.recordings import Clerk, confirmed, sample_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

VALUES = {
    "nom": "Roy", "prenom": "Ève", "telephone": "418 643-1234", "province": "Québec",
    "region": "Montérégie", "jour": "2026-09-17", "mode": "Téléphone", "urgent": "true",
    "expose": "Ça sent fort.",
}  # fmt: skip
CASE = sample_of(VALUES, jour=Kind.DATE, urgent=Kind.CHECKBOX)


def key_complaint(clerk, file):
    main = clerk.main
    clerk.menu.get_by_text("Nouvelle plainte").click()
    texts = main.locator("input[type=text]")
    main.locator("input[type=image]").first.click()
    main.locator(".erreur").first.wait_for()
    for place, text in enumerate((CASE.key, "Roy", "Ève", "418 643-1234")):
        texts.nth(place).fill(text)
    main.locator("select").first.select_option(label="Québec")
    main.locator("select").nth(1).locator("option", has_text="Laval").wait_for(state="attached")
    main.locator("select").nth(1).select_option(label="Montérégie")
    while (shown := main.locator("td[colspan='5']").inner_text()) != "septembre 2026":
        main.get_by_role("link", name="<", exact=True).click()
        main.get_by_text(shown, exact=True).wait_for(state="detached")
    main.get_by_role("link", name="17", exact=True).click()
    main.locator("td[bgcolor='#003366'] a", has_text="17").wait_for()
    main.locator("input[type=radio]").nth(1).check()
    main.locator("input[type=checkbox]").nth(1).check()
    main.locator("textarea").fill(VALUES["expose"])
    main.locator("[type=file]").set_input_files(file)
    main.locator("input[type=image]").first.click()
    main.locator("textarea:not(:has-text('Ça'))").wait_for()
    clerk.menu.get_by_text("Registre").click()
    main.get_by_text("Contient").wait_for()
    texts.first.fill(CASE.key)
    main.get_by_role("button", name="OK").click()
    main.get_by_text("PL-").first.wait_for()


def test_a_complaint_is_recorded_once_and_others_are_filed_and_found(
    guichet, chromium, worker, tmp_path
):
    file = tmp_path / "pièce.txt"
    file.write_text("Pièce", encoding="utf-8")
    with recording(f"{guichet.url}/", executable=chromium, headless=True) as recorder:
        key_complaint(Clerk(recorder.page, CASE), file)
        events = recorder.finish()
    outcome = write(Plan(tmp_path / "bot", CASE, guichet.url), events)
    text = outcome.path.read_text(encoding="utf-8")
    definition = confirmed(outcome.path)
    changed = {"nom": "Nguyễn", "province": "Ontario", "region": "Est", "jour": "2025-12-31"}

    request = FilingRequest(
        key="P-recorded",
        values={**VALUES, **changed, "mode": "Courrier", "urgent": "false"},
        kinds=CASE.kinds,
        definition=definition,
        target=guichet.target(),
        files={"document": file},
    )
    filed = worker.file(request, before_commit=lambda _seen: None)

    (deposit,) = guichet.deposits("P-recorded")
    assert filed.receipt.number == deposit.number
    assert deposit.fields["jour"] == "2025-12-31"
    assert (deposit.fields["province"], deposit.fields["region"]) == ("ON", "Est")
    assert (deposit.fields["mode"], deposit.fields["urgent"]) == ("C", False)
    assert list(deposit.files) == ["pièce.txt"]
    assert worker.find(request).presence is Presence.FOUND_ONCE
    assert "error: {selector: td.erreur}" in text
    assert "receipt: {find: true}" in text
