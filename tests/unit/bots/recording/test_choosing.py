from rpa.bots.recording.choosing import chosen
from rpa.bots.recording.matching import Matcher
from rpa.bots.recording.sample import Sample
from rpa.domain.form import FieldKind as Kind
from rpa.testing.recordings import event, options, sample_of


def choice(sample, value, text, *listed, values=(), label="Motif"):
    told = event(
        "select", label, value=value, text=text, options=options(*listed, values=tuple(values))
    )
    return chosen(told, Matcher(sample))


def test_an_option_whose_code_is_the_value_is_chosen_by_it():
    found = choice(sample_of({"motif": "VA"}), "VA", "Vacances", "Vacances", values=["VA"])

    assert (found.template, found.by, found.table) == ("{motif}", "value", {})


def test_an_option_whose_text_is_the_value_is_chosen_by_its_text():
    found = choice(sample_of({"motif": "Vacances"}), "2", "Vacances", "Vacances", values=["2"])

    assert (found.template, found.by) == ("{motif}", "option")


def test_the_forms_choices_are_looked_up_in_the_list_for_the_whole_code_table():
    sample = Sample(
        {"motif": "Maladie"},
        {"motif": Kind.TEXT},
        choices={"motif": ("Vacances", "Maladie", "Obligations familiales")},
    )
    found = choice(
        sample, "MA", "MA - Maladie", "--", "VA - Vacances", "MA - Maladie",
        "OF - Obligations familiales", values=["", "VA", "MA", "OF"],
    )  # fmt: skip

    assert found.table == {"Vacances": "VA", "Maladie": "MA", "Obligations familiales": "OF"}
    assert list(found.table) == ["Vacances", "Maladie", "Obligations familiales"]
    assert found.note == ""


def test_choices_that_the_list_does_not_offer_are_to_complete():
    sample = Sample(
        {"motif": "Maladie"}, {"motif": Kind.TEXT}, choices={"motif": ("Maladie", "Grève")}
    )
    found = choice(sample, "1", "Congé (Maladie)", "Congé (Maladie)", "Autre", values=["1", "2"])

    assert found.table == {"Maladie": "1"}
    assert "Grève" in found.note
    assert "2 = Autre" in found.note


def test_without_choices_a_list_that_says_its_codes_gives_the_whole_table():
    found = choice(
        sample_of({"motif": "Maladie"}), "MA", "MA - Maladie", "--", "VA - Vacances",
        "MA - Maladie", values=["", "VA", "MA"],
    )  # fmt: skip

    assert found.table == {"Vacances": "VA", "Maladie": "MA"}
    assert found.note


def test_without_choices_or_codes_the_others_are_listed_for_a_person():
    found = choice(
        sample_of({"motif": "Maladie"}), "1", "Congé de maladie", "Congé de maladie", "Autre",
        values=["1", "2"],
    )  # fmt: skip

    assert found.table == {"Maladie": "1"}
    assert "2 = Autre" in found.note


def test_an_option_that_is_not_of_the_case_is_the_same_for_every_case():
    found = choice(sample_of({"nom": "Roy"}), "QC", "Québec", "Québec", values=["QC"])
    by_text = choice(sample_of({"nom": "Roy"}), "", "Québec", "Québec", values=[""])

    assert (found.template, found.by) == ("QC", "value")
    assert "Québec" in found.note
    assert (by_text.template, by_text.by) == ("Québec", "option")


def test_a_short_code_proves_nothing_without_a_label_that_fits():
    sample = sample_of({"classe": "2"})

    assert choice(sample, "2", "Deux", "Deux", values=["2"], label="Étage").field_name == ""
    assert choice(sample, "2", "Deux", "Deux", values=["2"], label="Classe").field_name == "classe"


def test_a_list_is_never_a_check_box_of_the_form():
    sample = sample_of({"accord": "true"}, accord=Kind.CHECKBOX)

    assert choice(sample, "true", "true", "true", label="Accord").field_name == ""
