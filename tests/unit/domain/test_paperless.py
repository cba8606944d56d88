"""The level of one case, and the evidence it is read from."""

import json

import pytest

from rpa.domain.errors import IntegrityError
from rpa.domain.evidence import Inventory, attestation, closed_case, independent_count
from rpa.domain.paperless import Level, Medium, Touchpoint, level_of
from rpa.testing.evidence import closed, inventory, told

NATIVE = dict.fromkeys(Touchpoint, Medium.NATIVE)


def test_a_case_without_any_paper_is_digital_from_end_to_end():
    assert level_of(NATIVE) is Level.END_TO_END


def test_what_does_not_apply_does_not_count():
    assert level_of(NATIVE | {Touchpoint.SIGNATURE: Medium.NOT_APPLICABLE}) is Level.END_TO_END


def test_a_fax_that_is_read_is_paperless_inside_at_best():
    assert level_of(NATIVE | {Touchpoint.INTAKE: Medium.DIGITISED}) is Level.INSIDE


@pytest.mark.parametrize("medium", [Medium.PAPER, Medium.UNKNOWN])
@pytest.mark.parametrize("point", list(Touchpoint))
def test_one_touchpoint_on_paper_or_unknown_puts_the_case_on_paper(point, medium):
    assert level_of(NATIVE | {point: medium}) is Level.PAPER


def test_a_touchpoint_that_is_not_told_counts_as_paper():
    assert level_of({Touchpoint.INTAKE: Medium.NATIVE}) is Level.PAPER


def test_a_closed_case_is_read_from_its_ledger_entry():
    case = closed(12, "2026-11-24T15:00:00+00:00", told("permis", intake="digitised", pages=2))
    assert (case.process, case.pages, case.level) == ("permis", 2, Level.INSIDE)
    assert case.touchpoints()[Touchpoint.INTAKE].medium is Medium.DIGITISED
    assert not case.is_attested


def test_a_medium_we_do_not_know_is_unknown_and_counts_as_paper():
    case = closed(1, "2026-11-24T15:00:00+00:00", told(output="pigeon"))
    assert case.touchpoints()[Touchpoint.OUTPUT].medium is Medium.UNKNOWN
    assert case.level is Level.PAPER


def test_a_touchpoint_missing_from_the_entry_counts_as_paper():
    data = told()
    data["touchpoints"] = {}
    assert closed(1, "2026-11-24T15:00:00+00:00", data).level is Level.PAPER


def test_a_case_whose_form_was_never_known_has_no_process():
    assert closed(1, "2026-11-24T15:00:00+00:00", told(process=None)).process == ""


def test_a_person_s_word_on_what_does_not_apply_does_not_make_a_case_attested():
    data = told(output="not-applicable")
    data["touchpoints"]["output"]["proof"] = "attested:Greffière"
    assert not closed(1, "2026-11-24T15:00:00+00:00", data).is_attested
    data["touchpoints"]["archive"]["proof"] = "attested:Greffière"
    assert closed(1, "2026-11-24T15:00:00+00:00", data).is_attested


@pytest.mark.parametrize(
    "data",
    [
        "not json",
        "[]",
        "{}",
        json.dumps(told(outcome="flown")),
        json.dumps(told(received_at="yesterday")),
    ],
)
def test_an_entry_that_cannot_be_read_is_named_by_its_number_only(data):
    with pytest.raises(IntegrityError, match="entry 7 ") as caught:
        closed_case(7, "2026-11-24T15:00:00+00:00", "2026-000007", data)
    assert caught.value.reason == "evidence-unreadable"
    assert "yesterday" not in caught.value.message


PERIOD = {"process": "a", "by": "Greffière", "period_start": "2026-09-01"}


def test_an_attestation_and_a_count_are_read_from_the_ledger():
    word = {**PERIOD, "on": "2026-10-02", "touchpoints": {"intake": "paper"}, "cases": 4}
    read = attestation(
        3, "2026-10-02T12:00:00+00:00", json.dumps({**word, "period_end": "2026-09-30"})
    )
    assert read.media[0] is Medium.PAPER
    assert read.media[1] is Medium.UNKNOWN
    count = {**PERIOD, "source": "registre", "cases": 9, "period_end": "2026-09-30"}
    assert independent_count(4, "2026-10-02T12:00:00+00:00", json.dumps(count)).cases == 9


@pytest.mark.parametrize("reader", [attestation, independent_count])
@pytest.mark.parametrize("data", ["7", "{}", json.dumps({**PERIOD, "period_end": "2026-08-01"})])
def test_a_word_or_count_that_cannot_be_read_is_an_integrity_error(reader, data):
    with pytest.raises(IntegrityError, match="entry 5 "):
        reader(5, "2026-10-02T12:00:00+00:00", data)


def test_a_period_cannot_end_before_it_starts():
    count = {**PERIOD, "source": "registre", "cases": 9, "period_end": "2026-08-01"}
    with pytest.raises(IntegrityError):
        independent_count(5, "2026-10-02T12:00:00+00:00", json.dumps(count))


def test_no_process_stands_twice_in_an_inventory():
    with pytest.raises(ValueError, match="twice"):
        inventory("a", "b", "a")


def test_a_frozen_inventory_survives_json():
    frozen = inventory("a", "b")
    assert Inventory.model_validate_json(frozen.model_dump_json()) == frozen
