"""``rpa bot file`` in chaos against the example application: nothing lost, nothing twice.

The whole campaign, on SQL-Ledger too, is ``benchmarks/chaos.py``; this is its short deck.
"""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROOT = Path(__file__).parents[3]
POINTS = (
    "before click", "POST sent", "target committed", "answer received", "receipt unsaved",
)  # fmt: skip


@pytest.mark.timeout(600)
def test_killed_at_each_named_point_with_the_rest_going_wrong_each_case_is_filed_once(tmp_path):
    command = [sys.executable, "-m", "benchmarks.chaos", "--target", "guichet", "--short"]
    command += ["--cases", "20", "--port", "0", "--limit", "300", "--keep", str(tmp_path / "all")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    counts = {line[:45].strip(): line[45:].strip() for line in done.stdout.splitlines()}
    kills = {point: int(counts[f"kill -9, {point}"]) for point in POINTS}
    # A click that came between the look and the kill makes one "before" a "sent".
    assert kills["before click"] + kills["POST sent"] == 2
    assert [kills[point] for point in POINTS[2:]] == [1, 1, 1]
    assert "outcomes {'filed': 20}" in done.stdout
    assert "cases 20, lost 0, twice 0, other flaws 0, in doubt 0" in done.stdout
