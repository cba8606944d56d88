"""What the recorder notices on the pages of old applications, in a real browser."""

from contextlib import contextmanager

import pytest

from rpa.bots.adapters.recorder import Bar, recording
from rpa.bots.recording.recorded import recorded
from rpa.bots.recording.writing import written
from rpa.domain.form import FieldKind as Kind
from rpa.testing.old_pages import serving
from rpa.testing.recordings import sample_of

pytestmark = pytest.mark.browser

RECEIPT = "<h2>Merci</h2><p>Dossier numéro 4711 enregistré</p>"
SAMPLE = sample_of(
    {"nom": "D'Amours", "naissance": "2026-05-16", "montant": "1234.50", "urgent": "true"},
    nom=Kind.NAME,
    naissance=Kind.DATE,
    montant=Kind.AMOUNT,
    urgent=Kind.CHECKBOX,
)


class Session:
    """A recording, and the server whose pages are recorded."""

    def __init__(self, recorder, server):
        self.recorder = recorder
        self.page = recorder.page
        self.server = server

    def steps(self):
        made = recorded(self.recorder.finish(), SAMPLE, home=self.server.url)
        text = written(made, title="Essai")
        lines = text.partition("\nfile:\n")[2].partition("\n\n")[0].splitlines()
        lines = [line.strip().partition("  # ")[0] for line in lines]
        return [line for line in lines if not line.startswith("#")]


@pytest.fixture
def record(chromium):
    @contextmanager
    def start(body, **pages):
        with (
            serving(form=body, fini=RECEIPT, **pages) as server,
            recording(f"{server.url}/form", executable=chromium, headless=True) as recorder,
        ):
            yield Session(recorder, server)

    return start


def has(steps, *wanted):
    """Say whether the wanted beginnings of lines stand in ``steps`` in this order."""
    rest = iter(steps)
    return all(any(step.startswith(one) for step in rest) for one in wanted)


def test_a_click_on_what_stands_in_a_link_or_button_is_the_links_or_buttons(record):
    body = """<a href="#a"><img alt="" width=9 height=9><b id=in>Ouvrir</b></a>
    <form method=post action=/fini><button><span id=deep>Envoyer</span></button></form>"""
    with record(body) as session:
        session.page.click("#in")
        session.page.click("#deep")
        session.page.wait_for_url("**/fini")

        assert has(session.steps(), "- click: {link: Ouvrir", "- click: {button: Envoyer, commits")


def test_a_click_on_a_label_is_its_controls_and_one_into_a_field_is_nothing(record):
    body = """<form method=post action=/fini><label><input type=checkbox name=u> Urgent</label>
    <label for=f>Nom</label><input id=f name=nom><button>OK</button></form>"""
    with record(body) as session:
        session.page.get_by_text("Urgent").click()
        session.page.get_by_text("Nom").click()
        session.page.keyboard.type("D'Amurs")
        session.page.fill("#f", "D'Amours")
        session.page.click("button")
        session.page.wait_for_url("**/fini")
        steps = session.steps()

    assert steps[1:3] == [
        '- check: {label: Urgent, value: "{urgent}", or: [{name: u}]}',
        '- fill: {label: Nom, value: "{nom}", or: [{name: nom}, {id: f}]}',
    ]
    assert [step.partition(":")[0] for step in steps[3:]] == ["- click", "- receipt"]


def test_enter_in_a_field_presses_the_forms_button_or_else_the_key(record):
    body = """<form method=get action=/form>Nom <input name=a>
    <input type=submit value=Chercher></form>
    <form method=get action=/form>Code <input name=b></form>
    <form method=post action=/fini><button>OK</button></form>"""
    with record(body) as session:
        for name, text in (("a", "D'Amours"), ("b", "1234.50")):
            session.page.fill(f"[name={name}]", text)
            session.page.press(f"[name={name}]", "Enter")
            session.page.wait_for_url(f"**{name}=*")
        session.page.click("button")
        session.page.wait_for_url("**/fini")
        steps = session.steps()

    assert has(steps, "- fill: {label: Nom", "- click: {button: Chercher", "- fill: {label: Code")
    assert has(steps, "- fill: {label: Code", "- press: {label: Code, key: Enter")
    assert not any("Nom, key: Enter" in step for step in steps)


@pytest.mark.parametrize("button", ["<input type=submit value=Entrer>", ""])
def test_a_log_in_by_enter_is_recorded_in_its_order_and_without_the_password(record, button):
    sends = "" if button else "onkeypress=\"if (event.key == 'Enter') this.submit()\""
    body = f"""<form method=post action=/dedans {sends}>Usager <input name=u> Mot de passe
    <input type=password name=p>{button}</form>"""
    inside = "<form method=post action=/fini>Nom <input name=n><button>OK</button></form>"
    with record(body, dedans=inside) as session:
        session.page.click("[name=u]")
        session.page.keyboard.type("commis")
        session.page.keyboard.press("Tab")
        session.page.keyboard.type("se" + "same")
        session.page.keyboard.press("Enter")
        session.page.wait_for_url("**/dedans")
        session.page.fill("[name=n]", "D'Amours")
        session.page.click("button")
        session.page.wait_for_url("**/fini")
        made = recorded(session.recorder.finish(), SAMPLE, home=session.server.url)

    assert "sesame" not in repr(session.recorder.events)
    assert [step.verb for step in made.login] == [
        "goto", "fill", "fill", "click" if button else "press",
    ]  # fmt: skip


def test_a_menu_that_only_a_mouse_opens_is_told_as_hidden(record):
    body = """<style>#m ul {display: none} #m:hover ul {display: block}</style>
    <div id=m>Menu<ul><li><a href="/liste">Tous les dossiers</a></ul></div>"""
    with record(body, liste="<form method=post action=/fini><button>OK</button></form>") as session:
        session.page.hover("#m")
        session.page.get_by_text("Tous").click()
        session.page.wait_for_url("**/liste")
        session.page.click("button")
        session.page.wait_for_url("**/fini")

        assert has(session.steps(), "- click: {link: Tous les dossiers, hidden: true")


def test_a_typed_address_is_gone_to_and_a_pages_own_jump_is_not(record):
    body = "<p>Un moment…</p><script>setTimeout(() => location.href = '/suite', 300)</script>"
    after = "<form method=post action=/fini><button>OK</button></form>"
    with record(body, suite="<p>Suite</p>", autre=after) as session:
        session.page.wait_for_url("**/suite")
        session.page.goto(f"{session.server.url}/autre?x=1")
        session.page.click("button")
        session.page.wait_for_url("**/fini")
        steps = session.steps()

    assert steps[:2] == ['- goto: "{url}/form"', '- goto: "{url}/autre?x=1"']


def test_frames_without_a_name_and_the_answers_to_dialogs_are_kept(record):
    inner = "<form><input type=button value=Demander onclick=\"prompt('Nom ?')\"></form>"
    body = """<iframe src=/interne></iframe>
    <form method=post action=/fini onsubmit="return confirm('Tout envoyer ?')">
    <button>OK</button></form>"""
    with record(body, interne=inner) as session:
        session.page.once("dialog", lambda dialog: dialog.accept("D'Amours"))
        session.page.frame_locator("iframe").get_by_text("Demander").click()
        session.page.once("dialog", lambda dialog: dialog.dismiss())
        session.page.click("button")
        session.page.once("dialog", lambda dialog: dialog.accept())
        session.page.click("button")
        session.page.wait_for_url("**/fini")
        steps = session.steps()

    assert has(
        steps,
        "- frame: {url: /interne}",
        '- dialog: {answer: accept, text: "Nom ?", type: "{nom}"}',
        "- click: {button: Demander",
        "- frame: _top",
        '- dialog: {answer: dismiss, text: "Tout envoyer ?"}',
        "- click: {button: OK",
        '- dialog: {answer: accept, text: "Tout envoyer ?"}',
        "- click: {button: OK, commits: true",
    )


def test_a_date_in_a_format_and_an_amount_with_a_comma_are_told_from_the_sample(record):
    body = """<form method=post action=/fini>Né le <input name=d><br>Montant <input name=m><br>
    <button>OK</button></form>"""
    with record(body) as session:
        session.page.fill("[name=d]", "16/05/2026")
        session.page.fill("[name=m]", "1234,50")
        session.page.click("button")
        session.page.wait_for_url("**/fini")
        steps = session.steps()

    assert (
        '- date: {label: Né le, value: "{naissance}", format: DD/MM/YYYY, or: [{name: d}]}' in steps
    )
    assert '- fill: {label: Montant, value: "{montant.comma}", or: [{name: m}]}' in steps
    assert steps[-1].startswith("- receipt: {selector: ")
    assert r"pattern: '\bnuméro\W*(\d+)'" in steps[-1]


def test_what_looks_alike_is_told_by_its_row_and_never_by_its_place_alone(record):
    row = "<tr><td>{}<td><a href='#' onclick='return false'>Modifier</a>"
    body = f"""<table><tr><th>Nom<th>Action{row.format("Roy")}{row.format("D'Amours")}</table>
    <form method=post action=/fini><button>OK</button></form>"""
    with record(body) as session:
        session.page.get_by_role("row", name="D'Amours").get_by_text("Modifier").click()
        session.page.click("button")
        session.page.wait_for_url("**/fini")

        assert '- click: {link: Modifier, row: "{nom}"}' in session.steps()


def test_pages_that_write_themselves_anew_are_still_heard(record):
    body = """<script>onload = () => { document.open(); document.write(
    '<form method=post action=/fini>Nom <input name=n><button>OK</button></form>');
    document.close(); }</script>"""
    with record(body) as session:
        session.page.fill("[name=n]", "D'Amours")
        session.page.click("button")
        session.page.wait_for_url("**/fini")

        assert has(session.steps(), '- fill: {label: Nom, value: "{nom}"', "- click: {button: OK")


def test_a_window_that_was_only_looked_at_leaves_no_step(record):
    body = """<a href=/aide target=_blank>Aide</a>
    <form method=post action=/fini>Nom <input name=n><button>OK</button></form>"""
    with record(body, aide="<p>Aide</p>") as session:
        with session.page.expect_popup() as opening:
            session.page.get_by_text("Aide").click()
        opening.value.close()
        session.page.fill("[name=n]", "D'Amours")
        session.page.click("button")
        session.page.wait_for_url("**/fini")
        steps = session.steps()

    assert not any("Aide" in step or "popup" in step for step in steps)


def test_the_bar_says_what_is_done_and_its_own_clicks_are_no_steps(chromium):
    body = "<form method=post action=/fini>Nom <input name=n><button>OK</button></form>"
    bar = Bar((("nom", "D'Amours"),))
    with (
        serving(form=body, fini=RECEIPT) as server,
        recording(f"{server.url}/form", executable=chromium, headless=True, bar=bar) as recorder,
    ):
        host = recorder.page.locator("[data-rpa-bar]")
        host.wait_for(state="attached")
        height = recorder.page.viewport_size["height"]
        width = recorder.page.viewport_size["width"]
        recorder.page.mouse.click(width - 40, height - 18)
        recorder.wait()

        assert recorder.is_done
        assert [event.phase for event in recorder.events if event.kind == "phase"] == ["done"]
        assert not [event for event in recorder.events if event.kind == "click"]
