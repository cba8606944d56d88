from rpa.bots.recording.refusing import without_refusals
from rpa.bots.recording.tidying import tidied
from rpa.testing.recordings import asked, event, shown


def told(events):
    return [(one.kind, one.label or one.key or one.url, one.value) for one in events]


def test_of_a_field_set_twice_on_one_page_the_last_value_counts():
    events = [event("fill", "Nom", value="Roi"), event("fill", "Prénom", value="Ève")]

    kept = tidied([*events, event("fill", "Nom", value="Roy")])

    assert [(one.label, one.value) for one in kept] == [("Prénom", "Ève"), ("Nom", "Roy")]


def test_a_field_of_the_same_name_on_the_next_page_is_another():
    events = [event("fill", "Réf", value="K"), asked("/2"), event("fill", "Réf", value="K")]

    assert len(tidied(events)) == 3


def test_of_a_group_of_radio_buttons_the_last_one_counts():
    first = event("choose", "Femme", group="sexe", value="F")

    kept = tidied([first, event("choose", "Homme", group="sexe", value="H")])

    assert [one.value for one in kept] == ["H"]


def test_enter_that_pressed_a_button_is_the_buttons_click():
    enter = event("press", "Nom", key="Enter")
    click = event("click", "Chercher", entered=True)

    assert [one.kind for one in tidied([enter, click, asked()])] == ["click", "request"]
    assert [one.kind for one in tidied([enter, asked()])] == ["press", "request"]
    assert [one.kind for one in tidied([enter])] == ["press"]


def test_a_vague_click_counts_only_where_something_came_of_it():
    vague = event("click", "Texte", weak=True)

    assert tidied([vague, event("fill", "Nom", value="Roy"), asked()])[0].kind == "fill"
    assert tidied([vague]) == []
    assert tidied([vague, asked()])[0] == vague


def alarm(text="Nom : obligatoire"):
    return shown("/form", alarms=({"text": text, "selector": "td.erreur"},))


def test_an_attempt_that_was_refused_is_left_out_and_shows_the_sign():
    events = [
        shown("/form"),
        event("click", "Envoyer"),
        asked("/form", method="POST"),
        alarm(),
        event("fill", "Nom", value="Roy"),
        event("click", "Envoyer"),
        asked("/form", method="POST"),
        shown("/fini"),
    ]

    kept, sign = without_refusals(events)

    assert sign == "td.erreur"
    assert [one.kind for one in kept] == ["page", "fill", "click", "request", "page"]


def test_two_attempts_refused_are_both_left_out():
    attempt = [event("click", "Envoyer"), asked("/form", method="POST")]
    events = [*attempt, alarm("un"), *attempt, alarm("deux"), *attempt, shown("/fini")]

    kept, sign = without_refusals([one.model_copy() for one in events])

    assert sign == "td.erreur"
    assert [one.kind for one in kept] == ["click", "request", "page"]


def test_a_page_that_is_red_all_the_time_refuses_nothing():
    events = [alarm(), event("click", "Envoyer"), asked(), alarm(), event("click", "Envoyer")]

    assert without_refusals(events) == (events, "")


def test_an_alarm_after_the_last_attempt_refuses_nothing_that_was_mended():
    events = [event("click", "Envoyer"), asked(), alarm()]

    assert without_refusals(events) == (events, "")
