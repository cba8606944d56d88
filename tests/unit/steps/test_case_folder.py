"""A case can be looked at in a folder, and its exhibits go when their time is over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from rpa.domain.document import DocumentRole
from rpa.domain.errors import NotFoundError
from rpa.processes.catalog import Catalog
from rpa.register.register import Entry
from rpa.steps.advance import advance
from rpa.steps.case_folder import purge_due, purge_evidence, save_case
from rpa.store.folder import FolderStore


@pytest.fixture
def archived(world, deliver, tmp_path):
    tools = world(store=FolderStore(tmp_path / "store"))
    return tools, advance(deliver(tools), tools)


def purged(tools, days, *, later=0):
    return purge_evidence(
        tools.register,
        tools.store,
        days_of=lambda _process: days,
        now=tools.now() + timedelta(days=later),
        owner="person:x",
    )


def test_every_document_is_written_with_a_page_that_shows_the_steps(archived, tmp_path):
    tools, case = archived
    page = save_case(case, tmp_path / "out", register=tools.register, store=tools.store)

    written = sorted(path.name for path in page.parent.iterdir())
    assert len(written) == len(case.documents) + 1
    text = page.read_text()
    assert all(document.digest in text for document in case.documents)
    assert "before-commit.png" in text


def test_exhibits_go_once_their_time_is_over_and_their_digests_stay(archived):
    tools, case = archived
    exhibits = [d.digest for d in case.documents if d.role is DocumentRole.EVIDENCE]
    assert purged(tools, 30, later=29) == {}
    assert purged(tools, None, later=999) == {}
    assert purged(tools, 30, later=30) == {case.case_id: len(exhibits)}

    for digest in exhibits:
        with pytest.raises(NotFoundError):
            tools.store.get(digest)
    after = tools.register.get(case.case_id)
    assert {d.role for d in case.documents} - {d.role for d in after.documents} == {
        DocumentRole.EVIDENCE
    }
    assert tools.register.history(case.case_id)[-1].data == {"evidence": exhibits}
    assert list(tools.register.flaws()) == []
    assert purged(tools, 30, later=30) == {}


def test_the_daily_flow_throws_away_what_the_process_keeps_no_longer(archived, clock):
    tools, case = archived
    definition = tools.catalog.get(case.process).definition
    exhibits = [d for d in case.documents if d.role is DocumentRole.EVIDENCE]
    assert definition.evidence_days is None
    assert exhibits
    assert purge_due(tools) == {}

    kept = replace(
        tools.catalog.get(case.process),
        definition=definition.model_copy(update={"evidence_days": 3}),
    )
    dated = replace(tools, catalog=Catalog([kept], ()))
    assert purge_due(dated) == {}
    clock.pass_by(4 * 86_400)
    assert purge_due(dated) == {case.case_id: len(exhibits)}


def test_an_exhibit_that_another_case_has_too_is_not_thrown_away(archived, deliver):
    tools, case = archived
    kept = next(d for d in case.documents if d.role is DocumentRole.EVIDENCE)
    other = tools.register.hold(deliver(tools, content=b"b", name="b.tif"), owner="w")
    shared = (*other.case.documents, kept)
    tools.register.release(tools.register.set_documents(other, shared, Entry("noted", {})))
    purged(tools, 0)

    assert tools.store.get(kept.digest)


def test_a_package_holds_no_exhibits_that_go_before_it(world, deliver):
    tools = world(changes={"evidence_days": 30})
    case = advance(deliver(tools), tools)

    package = tools.store.get(case.document(DocumentRole.PACKAGE).digest).decode()
    assert "receipt" in package
    assert "evidence" not in package.split()
