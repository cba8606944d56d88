"""Killed anywhere while it takes in piles, a worker loses nothing and doubles nothing."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from PIL import Image

from rpa.bootstrap.toolbox import open_toolbox
from rpa.domain.document import DocumentRole
from rpa.settings import HOME_FILE, load_settings
from rpa.testing.scans import page, saved, scanned_pdf
from rpa.testing.sheets import patch_sheet

RECEIVER = Path(__file__).with_name("killed_receiver.py")
LONG_AGO = 1_700_000_000


def turned(angle):
    return page(dpi=150).rotate(angle)


@pytest.fixture
def home(tmp_path):
    channels = {
        "pile": {"kind": "scan", "folder": "pile", "split": {}, "blank_pages": "set-aside"},
        "sides": {"kind": "scan", "folder": "sides", "duplex": "two-files"},
    }
    for channel in channels.values():
        channel["settle_s"] = 0
        (tmp_path / channel["folder"]).mkdir()
    (tmp_path / HOME_FILE).write_text(yaml.safe_dump({"channels": channels}))
    sheets = [
        turned(0),
        patch_sheet().resize((1275, 1650)),
        turned(180),
        Image.new("L", (1275, 1650), 255),
    ]
    contents = {
        "pile/a.tif": saved(
            sheets[0], "TIFF", save_all=True, append_images=sheets[1:], dpi=(150, 150)
        ),
        "sides/1.pdf": scanned_pdf([turned(1)], dpi=(150, 150)),
        "sides/2.pdf": scanned_pdf([turned(2)], dpi=(150, 150)),
    }
    for number, (name, content) in enumerate(contents.items()):
        (tmp_path / name).write_bytes(content)
        os.utime(tmp_path / name, (LONG_AGO + number, LONG_AGO + number))
    return tmp_path


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_receiver_killed_at_every_write_opens_each_case_once(home):
    time.sleep(0.1)
    done = subprocess.run([sys.executable, str(RECEIVER), str(home)], check=False, timeout=280)

    assert done.returncode == 0
    deaths = (home / "deaths").read_text().split("\n")
    assert {"after append#1", "after append#2", "after receive_batch#1"} <= set(deaths)
    tools = open_toolbox(load_settings(home))
    cases = [summary.case for summary in tools.register.cases()]
    originals = [case.document(DocumentRole.ORIGINAL) for case in cases]
    assert sorted(original.pages for original in originals) == [(), (1,), (3,)]
    assert sorted(original.blank_pages for original in originals) == [(), (), (4,)]
    assert all(tools.store.get(original.digest) for original in originals)
    assert list(tools.register.flaws()) == []
    assert all(not any(tools.channels[name].deliveries()) for name in tools.channels)
