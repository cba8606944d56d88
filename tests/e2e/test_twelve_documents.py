"""The demonstration's twelve documents, each followed to its end."""

import sqlite3
import subprocess
from collections import Counter
from contextlib import closing
from dataclasses import replace

import pytest

from rpa.bootstrap.toolbox import open_toolbox
from rpa.domain.case import CaseState
from rpa.domain.document import DocumentRole
from rpa.domain.errors import DocumentRefusedError
from rpa.domain.paperless import Level
from rpa.domain.signature import Indication
from rpa.register.arrivals import Outcome
from rpa.register.database import Database
from rpa.register.evidence import LedgerEvidence
from rpa.register.register import Register
from rpa.steps.advance import advance
from rpa.steps.anchor import anchor_flaws, anchor_ledger
from rpa.steps.receive import receive
from rpa.steps.report import evidence
from rpa.steps.values import reading_of, values_of
from rpa.steps.verify import stored_flaws
from rpa.store.anchors import AnchorFolder
from rpa.testing.examples import example_documents
from rpa.testing.home import copied_processes, make_test_home
from rpa.testing.legacy import running_legacy

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


def sealed(tools):
    """Return a sealed case and its letter."""
    for summary in tools.register.cases(states=[CaseState.ARCHIVED]):
        if summary.case.has(DocumentRole.SIGNED):
            return summary.case, tools.store.get(summary.case.document(DocumentRole.SIGNED).digest)
    raise AssertionError("no letter was sealed")


def test_other_tools_find_the_sealed_letter_valid_and_whole(world, tmp_path):
    tools, _documents, _received, _legacy = world
    _case, letter = sealed(tools)
    path = tmp_path / "letter.pdf"
    path.write_bytes(letter)

    pdfsig = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=True)
    assert "Signature is Valid" in pdfsig.stdout
    assert "Total document signed" in pdfsig.stdout
    mutool = subprocess.run(["mutool", "sign", "-v", path], capture_output=True, text=True)  # noqa: PLW1510 - it tells by words
    assert "The document is unchanged since signing" in mutool.stdout + mutool.stderr


def test_one_changed_byte_of_a_letter_is_found(world):
    tools, _documents, _received, _legacy = world
    _case, letter = sealed(tools)
    inside = letter.index(b"stream") + 20
    signature = letter.index(b"/Contents <") + 500
    found = []
    for place in (inside, signature, len(letter) - 30):
        spoiled = bytearray(letter)
        spoiled[place] ^= 1
        found.append(_indication(bytes(spoiled), tools))

    assert found[0] is Indication.TOTAL_FAILED
    assert Indication.TOTAL_PASSED not in found


def _indication(pdf, tools):
    try:
        return tools.validator.validate(pdf, at=tools.now()).indication
    except DocumentRefusedError:
        return Indication.TOTAL_FAILED


def test_one_changed_byte_of_a_stored_document_is_found_and_named(world):
    tools, _documents, _received, _legacy = world
    case, _letter = sealed(tools)
    kept = case.document(DocumentRole.ORIGINAL)
    path = tools.store.path_of(kept.digest)
    whole = path.read_bytes()
    path.chmod(0o600)
    try:
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        _checked, found = stored_flaws(tools)
    finally:
        path.write_bytes(whole)

    assert {name: [f.file for f in flaws] for name, flaws in found.items()} == {
        case.case_id: [f"original {kept.digest}"]
    }
    assert stored_flaws(tools)[1] == {}


def test_one_changed_byte_of_a_package_is_found_and_the_file_named(world):
    tools, _documents, _received, _legacy = world
    case, _letter = sealed(tools)
    package = tools.store.get(case.document(DocumentRole.PACKAGE).digest)
    original = tools.store.get(case.document(DocumentRole.ORIGINAL).digest)
    place = package.index(original) + len(original) // 2
    spoiled = bytearray(package)
    spoiled[place] ^= 1

    (flaw,) = tools.archive.verify(bytes(spoiled))

    assert flaw.file.startswith("original/")
    assert flaw.problem == "changed"


def test_one_changed_byte_of_a_ledger_entry_is_found_and_named(world, tmp_path):
    tools, _documents, _received, _legacy = world
    copy = tmp_path / "register.db"
    with (
        closing(sqlite3.connect(tools.reports.parent / "register.db")) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
        target.execute("drop trigger ledger_no_update")
        target.execute("update ledger set data = data || ' ' where seq = 1")
        target.commit()
    register = Register(Database(f"sqlite:///{copy}"), now=tools.now)

    assert [(flaw.seq, flaw.problem) for flaw in register.flaws()] == [(1, "changed")]


def test_an_anchored_ledger_cannot_be_cut_off_with_its_cases(world, tmp_path):
    tools, _documents, _received, _legacy = world
    anchors = AnchorFolder(tmp_path / "anchors")
    anchored = replace(tools, anchors=anchors)
    anchor = anchor_ledger(anchored)
    assert list(anchor_flaws(anchored)) == []

    empty = Register(Database(f"sqlite:///{tmp_path / 'other.db'}"), now=tools.now)
    (flaw,) = anchor_flaws(replace(anchored, register=empty))
    assert (flaw.seq, flaw.problem) == (anchor.count, "cut-off")

    anchors.keep(anchor.model_copy(update={"head": "0" * 64}))
    (flaw,) = anchor_flaws(anchored)
    assert flaw.problem == "anchor-invalid"
