"""What every test may use: tools looked for once, and the data sets that are not ours."""

import shutil
from pathlib import Path

import pytest

from rpa.doctor import browser_path
from rpa.environment import environment_with
from rpa.testing.examples import example_documents
from rpa.testing.home import running_pki
from rpa.testing.legacy import running_legacy

IN_CI = environment_with().get("CI") == "true"
SHARED_DATA = Path(__file__).parents[1].parent / "shared" / "data"


def pytest_runtest_setup(item):
    """Skip what lacks its tool, on a developer's machine; in CI, a missing tool is a failure."""
    wanted = {mark.name for mark in item.iter_markers()}
    missing = []
    if "tesseract" in wanted and shutil.which("tesseract") is None:
        missing.append("tesseract")
    if "browser" in wanted and browser_path(None) is None:
        missing.append("chromium")
    if missing:
        told = f"missing: {', '.join(missing)}; `rpa doctor` says how to install"
        (pytest.fail if IN_CI else pytest.skip)(told)


@pytest.fixture(scope="session")
def missing():
    """What to call where a tool is missing: skip here, fail in CI."""
    return pytest.fail if IN_CI else pytest.skip


@pytest.fixture(scope="session")
def shared_data():
    """The documents that others made, where they are."""
    if not SHARED_DATA.is_dir():
        (pytest.fail if IN_CI else pytest.skip)("the shared data sets are not here")
    return SHARED_DATA


@pytest.fixture(scope="session")
def pki(tmp_path_factory):
    """A development PKI whose timestamp authority runs: its folder, and the authority's address."""
    folder = tmp_path_factory.mktemp("pki")
    with running_pki(folder) as address:
        yield folder, address


@pytest.fixture
def legacy(tmp_path):
    """The example legacy application, empty."""
    with running_legacy(tmp_path) as application:
        yield application


@pytest.fixture(scope="session")
def drawn_examples(tmp_path_factory):
    """The demonstration's twelve documents, drawn once; to be copied, not changed."""
    return example_documents().draw_documents(tmp_path_factory.mktemp("drawn"), seed=7)
