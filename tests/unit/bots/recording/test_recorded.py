import yaml

from rpa.bots.definition import BotDefinition
from rpa.bots.recording.recorded import recorded
from rpa.bots.recording.writing import to_confirm, written
from rpa.testing.recordings import HOME, asked, event, number, options, row, sample_of, shown

CASE = sample_of({"nom": "Roy", "ville": "Lévis"})
LOGIN = [
    event("goto", url=f"{HOME}/"),
    asked("/"),
    shown("/", password="input[name=MDP]"),
    event("fill", "Usager", value="commis"),
    event("fill", "Mot de passe", secret=True),
    event("click", "Entrer"),
    asked("/login", method="POST"),
    asked("/accueil"),
    shown("/accueil"),
]
FILE = [
    event("click", "Nouveau", frame="menu"),
    asked("/form", top=False, frame="menu"),
    shown("/form", frame="corps"),
    event("fill", "Réf", value=CASE.key, frame="corps"),
    event("fill", "Nom", value="Roy", frame="corps"),
    event("select", "Province", value="QC", text="Québec", frame="corps",
          options=options("Québec", values=("QC",))),
    event("click", "Envoyer", frame="corps"),
    event("dialog", message="Envoyer le dossier de Roy ?", frame="corps"),
    asked("/form", method="POST", top=False, frame="corps"),
    shown("/fini", frame="corps", numbers=(number("R-2026-0007", "Dossier numéro R-2026-0007"),)),
]  # fmt: skip
FIND = [
    event("click", "Chercher", frame="menu"),
    asked("/chercher", top=False, frame="menu"),
    shown("/chercher", frame="corps", headings=("Recherche",)),
    event("fill", "Réf", value=CASE.key, frame="corps"),
    event("click", "OK", frame="corps"),
    asked("/liste", top=False, frame="corps"),
    shown("/liste", frame="corps", headings=("Recherche", "Résultat"),
          rows=(row(("Réf", CASE.key), ("No", "R-2026-0007")),)),
]  # fmt: skip


def phase(name):
    return event("phase", phase=name)


def definition(*events, case=CASE):
    made = recorded([one.model_copy() for one in events], case, home=HOME)
    text = written(made, title="Essai")
    return BotDefinition.model_validate(yaml.safe_load(text)), text, made


def test_a_recording_is_a_definition_with_log_in_steps_receipt_and_search():
    bot, text, made = definition(*LOGIN, *FILE, *FIND)

    assert [step.kind for step in bot.login] == ["goto", "fill", "fill", "click"]
    assert bot.login[1].value == "{username}"
    assert bot.login[2].value == "{password}"
    assert [step.kind for step in bot.file] == [
        "goto", "frame", "click", "frame", "fill", "fill", "select", "dialog", "click", "receipt",
    ]  # fmt: skip
    assert bot.commit().button == "Envoyer"
    assert bot.receipt().pattern == r"R-\d{4}-\d{4}"
    assert [step.kind for step in bot.find] == [
        "goto", "frame", "click", "frame", "fill", "click", "expect", "hits",
    ]  # fmt: skip
    assert bot.hits().number.column == "No"
    assert bot.logged_out[0].selector == "input[name=MDP]"
    assert "commis" not in text
    assert made.remarks == ["These fields were not typed anywhere: ville."]


def test_the_clerks_phases_and_the_guessed_ones_come_to_the_same():
    guessed, *_ = definition(*LOGIN, *FILE, *FIND)
    said, *_ = definition(*LOGIN, phase("file"), *FILE, phase("find"), *FIND, phase("done"))
    only_find, *_ = definition(*LOGIN, *FILE, phase("find"), *FIND)

    assert guessed == said == only_find


def test_a_dialog_stands_before_its_cause_with_words_that_do_not_change():
    bot, *_ = definition(*LOGIN, *FILE)

    assert bot.file[-3].kind == "dialog"
    assert bot.file[-3].text == "Envoyer le dossier de"


def test_guesses_are_active_and_marked():
    _bot, text, made = definition(*LOGIN, *FILE, *FIND)

    assert "- click: {button: Envoyer, commits: true}  # to confirm: this click hands the" in text
    assert "  # to confirm: the same for every case (Québec)\n  - select: {label: Province" in text
    lines = to_confirm(made)
    assert lines[0].startswith("logged_out")
    assert any("“Envoyer”" in line for line in lines)
    assert any("R-2026-0007" in line for line in lines)


def test_without_a_new_number_the_receipt_is_looked_up():
    filed = [*FILE[:-1], shown("/form", frame="corps")]

    bot, *_ = definition(*LOGIN, *filed, *FIND)

    assert bot.receipt().find


def test_a_case_that_was_never_looked_up_is_remarked():
    bot, text, made = definition(*LOGIN, *FILE)

    assert bot.find == ()
    assert any("was not looked up" in remark for remark in made.remarks)
    assert "# doubt: person" in text


def test_a_target_without_a_log_in_has_none():
    bot, *_ = definition(LOGIN[0], LOGIN[1], *FILE, *FIND)

    assert bot.login == ()
    assert bot.logged_out == ()
    assert bot.file[0].url == "{url}/"


def test_a_log_in_that_was_refused_once_is_recorded_as_it_succeeded():
    refused = shown("/login", alarms=({"text": "Mot de passe erroné", "selector": ".rouge"},))
    again = [event("fill", "Usager", value="commis"), *LOGIN[4:]]

    bot, *_ = definition(*LOGIN[:7], refused, *again, *FILE, *FIND)

    assert [step.kind for step in bot.login] == ["goto", "fill", "fill", "click"]
    assert bot.error[0].selector == ".rouge"


def test_a_password_asked_for_later_is_told_but_never_kept():
    secret = event("fill", "NIP", secret=True, frame="corps")

    bot, _text, made = definition(*LOGIN, phase("file"), secret, *FILE)

    assert any(getattr(step, "value", "") == "{password}" for step in bot.file)
    assert any("password was typed" in line for line in to_confirm(made))


def test_a_log_in_page_that_looks_like_a_later_one_is_no_sign():
    later = shown("/form", frame="corps", password="input[name=MDP]")

    bot, text, _made = definition(*LOGIN, *FILE[:3], later, *FILE[3:])

    assert bot.logged_out == ()
    assert "# logged_out" in text


def test_a_window_that_was_worked_in_is_a_popup_and_one_looked_at_nothing():
    window = [
        event("click", "Choisir", frame="corps"),
        event("opened", page=1),
        shown("/villes", page=1),
        event("fill", "Q", value="Lévis", page=1),
        event("click", page=1, ways=({"link": "Lévis"}, {"selector": "tr:nth-child(4) a"})),
        event("closed", page=1),
        event("click", "Aide", frame="corps"),
        event("opened", page=2),
        event("closed", page=2),
    ]

    bot, *_ = definition(*LOGIN, *FILE[:5], *window, *FILE[5:])

    (popup,) = [step for step in bot.file if step.kind == "popup"]
    assert popup.open.button == "Choisir"
    assert not popup.close
    assert [step.kind for step in popup.steps] == ["fill", "click"]
    assert popup.steps[1].link == "{ville}"
    assert popup.steps[1].others == ()
    assert not any(getattr(step, "button", "") == "Aide" for step in bot.file)


def test_a_window_that_is_left_open_is_closed_by_the_bot():
    window = [
        event("click", "Note", frame="corps"),
        event("opened", page=1),
        event("fill", "Texte", value="Lévis", page=1),
    ]

    bot, *_ = definition(*LOGIN, *FILE[:5], *window, *FILE[5:])

    assert next(step for step in bot.file if step.kind == "popup").close


def test_where_nothing_was_sent_off_the_clerk_is_told():
    made = recorded(LOGIN, CASE, home=HOME)

    assert made.remarks
    assert made.find == []


def test_addresses_begin_at_the_targets_and_hold_the_case_as_placeholders():
    search = event("goto", url=f"{HOME}/liste?ref={CASE.key}")

    bot, *_ = definition(*LOGIN, *FILE, phase("find"), search, *FIND[-2:])

    assert bot.find[0].url == "{url}/liste?ref={key.urlencoded}"
