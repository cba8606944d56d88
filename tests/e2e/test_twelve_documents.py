"""The demonstration's twelve documents, each followed to its end."""

from collections import Counter

import pytest

from rpa.bootstrap.toolbox import open_toolbox
from rpa.domain.case import CaseState
from rpa.domain.document import DocumentRole
from rpa.domain.paperless import Level
from rpa.register.arrivals import Outcome
from rpa.register.evidence import LedgerEvidence
from rpa.steps.advance import advance
from rpa.steps.receive import receive
from rpa.steps.report import evidence
from rpa.steps.values import reading_of, values_of
from rpa.testing.examples import example_documents
from rpa.testing.home import copied_processes, make_test_home

pytestmark = [pytest.mark.browser, pytest.mark.tesseract, pytest.mark.slow]
SEED = 20261124
ENDS = {
    "filed": CaseState.ARCHIVED,
    "awaiting-signature": CaseState.AWAITING_SIGNATURE,
    "unknown-form": CaseState.IN_REVIEW,
    "damaged": CaseState.SET_ASIDE,
    "in-review": CaseState.IN_REVIEW,
}


@pytest.fixture(scope="module")
def world(tmp_path_factory, pki):
    """Deliver the documents, work until nothing is due; the tools, the truth, the target."""
    from rpa.testing.legacy import running_legacy  # noqa: PLC0415 - kept beside its only use

    folder = tmp_path_factory.mktemp("twelve")
    pki_folder, timestamp_url = pki
    with running_legacy(folder) as legacy:
        home = make_test_home(
            folder / "home",
            target=legacy.url,
            timestamp_url=timestamp_url,
            pki=pki_folder,
            processes=[copied_processes(folder)],
        )
        documents = example_documents().draw_documents(folder / "drawn", seed=SEED)
        for document in documents:
            target = home.channels[document.channel].folder / document.name
            target.write_bytes(document.path.read_bytes())
        tools = open_toolbox(home)
        received = [one for channel in tools.channels for one in receive(channel, tools)]
        for case_id in tools.register.due():
            advance(case_id, tools)
        by_name = {one.name.partition(" › ")[0]: one for one in received}
        yield tools, documents, by_name, legacy


def test_every_document_ends_where_it_should(world):
    tools, documents, received, _legacy = world

    ends = {}
    for document in documents:
        case = tools.register.get(received[document.name].case.case_id)
        ends[document.name] = (case.state, case.reason)
        if document.expected == "duplicate":
            assert received[document.name].outcome is Outcome.DUPLICATE
    wrong = {
        document.name: ends[document.name]
        for document in documents
        if document.expected in ENDS and ends[document.name][0] is not ENDS[document.expected]
    }
    assert wrong == {}


def test_every_approved_value_is_right_character_for_character(world):
    tools, documents, received, _legacy = world

    checked = 0
    for document in documents:
        case = tools.register.get(received[document.name].case.case_id)
        if case.has(DocumentRole.VALUES):
            assert values_of(case, tools).values == document.values, document.name
            checked += 1
    assert checked >= 8


def test_the_one_wrong_value_is_the_one_that_is_asked(world):
    tools, documents, received, _legacy = world

    document = next(one for one in documents if one.expected == "in-review")
    case = tools.register.get(received[document.name].case.case_id)
    asked = [item.field for item in tools.register.review_items(case_id=case.case_id)]
    assert asked == ["nas"]
    others = {k: v for k, v in reading_of(case, tools).values().items() if k != "nas"}
    assert others == {k: v for k, v in document.values.items() if k != "nas"}


def test_the_target_holds_each_filed_case_once_and_nothing_else(world):
    tools, _documents, _received, legacy = world

    held = Counter(deposit.reference for deposit in legacy.deposits())
    filed = [s.case.case_id for s in tools.register.cases() if s.case.has(DocumentRole.VALUES)]
    assert held == Counter(filed)


def test_a_fax_is_paperless_inside_at_best_and_a_pdf_form_digital_from_end_to_end(world):
    tools, _documents, _received, _legacy = world

    source: LedgerEvidence = evidence(tools)
    levels = {
        case.process: case.level
        for case in source.closed(tools.now().replace(year=2000), tools.now())
    }
    assert levels == {
        "changement-adresse": Level.INSIDE,
        "avis-absence": Level.END_TO_END,
    }


def test_the_ledger_is_whole_and_holds_no_value_of_any_form(world):
    tools, documents, _received, _legacy = world

    assert list(tools.register.flaws()) == []
    told = " ".join(entry.model_dump_json() for entry in tools.register.entries())
    for document in documents:
        for name in ("nom", "nas", "telephone", "courriel", "matricule"):
            value = document.values.get(name)
            assert value is None or value not in told
