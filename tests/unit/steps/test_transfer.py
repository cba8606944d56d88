import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from rpa.domain.case import CaseState
from rpa.domain.document import DocumentRole
from rpa.domain.errors import ToolUnavailableError
from rpa.domain.pages import FaxFacts, PageFacts
from rpa.domain.signature import SignatureLevel
from rpa.domain.transfer import TransferRecord
from rpa.steps.advance import advance
from rpa.steps.toolbox import ArchiveSeal
from rpa.testing.toolbox import FakeArchive, FakeDecoder, FakeSigner

RULE = {
    "procedure": "Procédure de numérisation, version 2",
    "approved_by": "Secrétaire générale",
    "approved_on": "2026-09-15",
    "paper": "destroy",
    "method": "déchiquetage, DIN 66399, P-4",
    "keep_days": 30,
}
PAGE = PageFacts(
    width=1728, height=2200, dpi_x=204, dpi_y=196, bilevel=True, quality=0.5, fax=FaxFacts()
)


class SpoiledDecoder(FakeDecoder):
    """Says that half of each page was lost on the line."""

    def pages(self, content):
        found = super().pages(content)
        return replace(found, facts=replace(found.facts, page_facts=(PAGE,)))


class OtherCopy(FakeArchive):
    """Makes copies that show something else."""

    def likeness(self, _source, _copy):
        return 0.2


class ShorterCopy(FakeArchive):
    """Loses pages."""

    def copy_of(self, original):
        return replace(super().copy_of(original), content=b"pages:one")


def sealed(tools):
    seal = ArchiveSeal("sceau", SignatureLevel.B_T)
    return replace(tools, transfer=replace(tools.transfer, seal=seal))


def archived(tools, deliver, content=b"fax"):
    case = advance(deliver(tools, content), tools)
    assert case.state is CaseState.ARCHIVED
    return case


def record_of(case, tools):
    document = tools.store.get(case.document(DocumentRole.TRANSFER).digest)
    start = document.index(b"\n{") + 1
    return TransferRecord.model_validate(
        json.JSONDecoder().raw_decode(document[start:].decode())[0]
    )


def failed(record):
    return [check.what for check in record.checks if check.passed is False]


def test_an_archived_case_has_a_record_of_its_transfer(world, deliver):
    tools = world()

    case = archived(tools, deliver)

    record = record_of(case, tools)
    assert record.case == case.case_id
    assert record.source.medium == "paper"
    assert record.source.sha256 == case.document(DocumentRole.ORIGINAL).digest
    assert (len(record.source.used_pages), record.result.pages) == (1, 1)
    assert record.software
    assert record.is_sound


def test_the_record_names_every_file_of_the_package(world, deliver):
    tools = world()

    record = record_of(archived(tools, deliver), tools)

    assert {"original", "letter", "signed", "values"} <= {file.path for file in record.files}


def test_without_written_rules_the_paper_is_kept(world, deliver):
    tools = world()

    record = record_of(archived(tools, deliver), tools)

    assert record.rule is None
    assert not record.may_destroy


def test_paper_may_go_by_written_rules_and_after_their_time(world, deliver, clock):
    tools = world({"transfer": RULE})

    record = record_of(archived(tools, deliver), tools)

    assert record.may_destroy
    assert record.paper_until == clock().date() + timedelta(days=30)
    assert record.rule.approved_on == date(2026, 9, 15)


@pytest.mark.parametrize(
    ("chosen", "check"),
    [
        ({"archive": OtherCopy()}, "same-picture"),
        ({"archive": ShorterCopy()}, "page-count"),
        ({"decoder": SpoiledDecoder()}, "line-errors"),
    ],
)
def test_a_failed_check_keeps_the_paper_and_stands_in_the_ledger(world, deliver, chosen, check):
    tools = world({"transfer": RULE}, **chosen)

    case = archived(tools, deliver, b"pages:one|two" if check == "page-count" else b"fax")

    record = record_of(case, tools)
    assert check in failed(record)
    assert not record.may_destroy
    (entry,) = [e for e in tools.register.history(case.case_id) if e.kind == "archived"]
    assert check in entry.data["checks_failed"]


def test_the_record_is_sealed_where_a_seal_is_declared(world, deliver):
    tools = sealed(world())

    case = archived(tools, deliver)

    document = tools.store.get(case.document(DocumentRole.TRANSFER).digest)
    assert document.endswith(b" signed by sceau")
    assert record_of(case, tools).seal == "sceau"


def test_without_the_seals_key_the_case_is_not_archived_and_tried_again(world, deliver):
    tools = sealed(
        world(
            {"stops": ["decide", "archive"], "filing": None, "signature": None},
            signer=FakeSigner([ToolUnavailableError("no key", code="credential-missing")]),
        )
    )
    case_id = deliver(tools)

    with pytest.raises(ToolUnavailableError):
        advance(case_id, tools)

    assert tools.register.get(case_id).state is not CaseState.ARCHIVED
