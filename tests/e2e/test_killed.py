"""Killed anywhere, a case ends as without the kill, and the target holds it once."""

import subprocess
import sys
from pathlib import Path

import pytest

from rpa.bootstrap.toolbox import open_toolbox
from rpa.domain.case import CaseState
from rpa.domain.document import DocumentRole
from rpa.testing.examples import example_documents
from rpa.testing.home import copied_processes, make_test_home

pytestmark = [pytest.mark.browser, pytest.mark.tesseract, pytest.mark.slow]
WORKER = Path(__file__).with_name("killed_worker.py")


@pytest.fixture
def home(tmp_path, legacy, pki):
    folder, timestamp_url = pki
    return make_test_home(
        tmp_path / "home",
        target=legacy.url,
        timestamp_url=timestamp_url,
        pki=folder,
        processes=[copied_processes(tmp_path)],
    )


def drawn(folder: Path, name: str):
    """Return one of the demonstration's documents."""
    documents = example_documents().draw_documents(folder, seed=7)
    return next(document for document in documents if document.name.startswith(name))


@pytest.mark.timeout(600)
def test_a_worker_killed_at_every_boundary_files_once_and_loses_nothing(home, legacy, tmp_path):
    fax = drawn(tmp_path / "drawn", "06")
    (home.channels[fax.channel].folder / fax.name).write_bytes(fax.path.read_bytes())

    done = subprocess.run([sys.executable, str(WORKER), str(home.home)], check=False, timeout=560)

    assert done.returncode == 0
    deaths = (home.home / "deaths").read_text().split("\n")
    assert {"after open_intent#1", "before _click#1", "after _click#1"} <= set(deaths)
    tools = open_toolbox(home)
    (summary,) = tools.register.cases()
    assert summary.case.state is CaseState.ARCHIVED, summary.case.reason
    assert [deposit.reference for deposit in legacy.deposits()] == [summary.case.case_id]
    assert list(tools.register.flaws()) == []
    assert [d.is_duplicate for d in tools.register.deliveries()] == [False]
    package = tools.store.get(summary.case.document(DocumentRole.PACKAGE).digest)
    assert tools.archive.verify(package) == ()
