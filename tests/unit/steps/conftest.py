"""A process with every stop, and one case of it."""

import pytest
import yaml

from rpa.intake.api import Delivery
from rpa.processes.folder import load_process
from rpa.steps.receive import receive_delivery
from rpa.testing.clock import FrozenClock
from rpa.testing.toolbox import FakeReader, fake_toolbox

VALUES = {"nom": "Tremblay", "montant": "12.50"}


def process_folder(root, **changes):
    folder = root / "demande"
    folder.mkdir(parents=True)
    process = {
        "name": {"fr": "Demande", "en": "Claim"},
        "owner": "Finances",
        "stops": ["decide", "file", "compose", "sign", "archive"],
        "filing": {"target": "old", "grace_s": 10},
        "signature": {"credential": "sceau"},
        "keep_years": 3,
        **changes,
    }
    process = {key: value for key, value in process.items() if value is not None}
    zone = {"x0": 0, "y0": 0, "x1": 10, "y1": 10}
    fields = [{"name": name, "label": {"fr": name, "en": name}, "zone": zone} for name in VALUES]
    (folder / "process.yaml").write_text(yaml.safe_dump(process))
    (folder / "form.yaml").write_text(yaml.safe_dump({"title": "Demande", "fields": fields}))
    for name in ("blank.pdf", "bot.yaml", "letter.html"):
        (folder / name).write_text("")
    return load_process(folder)


@pytest.fixture
def clock():
    return FrozenClock()


@pytest.fixture
def world(tmp_path, clock):
    """Make a toolbox; ``chosen`` replaces tools, ``changes`` the process's definition."""

    def make(changes=None, **chosen):
        process = process_folder(tmp_path / "processes", **(changes or {}))
        reader = FakeReader(process.process_id, values=dict(VALUES))
        return fake_toolbox(tmp_path, process, clock, **{"reader": reader, **chosen})

    return make


@pytest.fixture
def deliver():
    """Hand over a document on the channel ``fax``; returns its case."""

    def hand_over(tools, content=b"fax", name="a.tif"):
        delivery = Delivery(source_id=name, name=name, content=content)
        (received,) = receive_delivery("fax", delivery, tools)
        return received.case.case_id

    return hand_over
