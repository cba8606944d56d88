from rpa.i18n import current_language, speaking
from rpa.steps.advance import advance
from rpa.steps.settle import reject
from rpa.testing.toolbox import FakeReader


def test_the_record_is_in_the_organisations_language_whoever_works(world, deliver):
    tools = world(language="fr")
    with speaking("en"):
        case = advance(deliver(tools), tools)

        assert current_language() == "en"
    assert tools.language == "fr"
    assert case.reason.startswith("Archivé")


def test_what_a_person_decides_is_recorded_in_it_too(world, deliver):
    tools = world(language="fr", reader=FakeReader("demande", problems={"nom": "unreadable"}))
    with speaking("en"):
        case = advance(deliver(tools), tools)
        asked = case.reason
        reject(case.case_id, "Illisible.", person="marie", tools=tools)

    assert asked.startswith("Une personne doit vérifier")
