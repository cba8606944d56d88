"""The daily check of what is signed with: what goes on record, and what is told."""

from rpa.signing.health import HealthFinding, Severity
from rpa.steps.signing_health import check_signing

WELL = HealthFinding("credential:sceau", Severity.OK, "well", "In order.", 300)
SOON = HealthFinding("credential:marie", Severity.WARNING, "certificate-ends", "Ends soon.", 9)
GONE = HealthFinding("timestamps", Severity.ERROR, "timestamp-usage", "Proves nothing.")


def test_what_is_wrong_is_told_worst_first_and_its_codes_are_on_record(world):
    tools = world({}, signing_health=lambda: (WELL, SOON, GONE))

    assert check_signing(tools) == (GONE, SOON)
    (entry,) = tools.register.entries(kind="signing-checked")
    assert entry.data == {
        "checked": 3,
        "codes": {"credential:marie": ["certificate-ends"], "timestamps": ["timestamp-usage"]},
    }


def test_that_all_was_in_order_is_on_record_too(world):
    tools = world({}, signing_health=lambda: (WELL,))

    assert check_signing(tools) == ()
    (entry,) = tools.register.entries(kind="signing-checked")
    assert entry.data == {"checked": 1, "codes": {}}


def test_a_home_that_signs_nothing_records_nothing(world):
    tools = world({})

    assert check_signing(tools) == ()
    assert tools.register.entries(kind="signing-checked") == []


def test_a_finding_can_be_printed_for_programs():
    assert SOON.facts()["days_left"] == 9
