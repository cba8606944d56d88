"""Prefect's server can be imported: its newest releases and FastAPI's do not always agree."""

import subprocess
import sys


def test_the_server_of_the_pinned_versions_can_be_imported():
    done = subprocess.run(
        [sys.executable, "-c", "import prefect.server.api.server"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
