"""Forty and more bad inputs in one channel: each is set aside with its reason, the rest go on."""

import time
from collections import defaultdict

import pytest

from rpa.bootstrap.toolbox import open_toolbox
from rpa.domain.case import CaseState
from rpa.register.arrivals import Outcome
from rpa.steps.receive import receive
from rpa.testing.bad_inputs import ACCEPTED, BAD_INPUTS, IGNORED
from rpa.testing.home import make_test_home
from rpa.testing.hostile_images import fax_tiff

LONGEST_S = 120


@pytest.fixture
def tools(tmp_path, pki):
    folder, timestamp_url = pki
    home = make_test_home(
        tmp_path / "home",
        target="http://127.0.0.1:9",
        timestamp_url=timestamp_url,
        pki=folder,
        processes=[],
    )
    return open_toolbox(home)


def test_each_bad_input_ends_with_a_reason_and_the_good_one_after_them_is_taken(tools):
    folder = tools.reports.parent / "fax"
    expected = {}
    for number, bad in enumerate(BAD_INPUTS):
        if bad.expected == IGNORED:
            continue
        # A name of its own for each: many of them are called a.tif.
        number_in_name = f"{number:03}"
        name = bad.filename.strip("/").replace("/", "_")[-60:]
        bad.plant(folder / f"{number_in_name}-{name}")
        expected[number_in_name] = bad.expected
    (folder / "zzz-good.tif").write_bytes(fax_tiff(3))
    begun = time.monotonic()

    received = receive("fax", tools, most=1000)

    assert time.monotonic() - begun < LONGEST_S
    assert len(expected) >= 40
    found = defaultdict(set)
    for one in received:
        found[one.name[:3]].add(_code(one, tools))
    wrong = {
        number: (BAD_INPUTS[int(number)].name, code, found[number])
        for number, code in expected.items()
        if code != ACCEPTED and not found[number] & {code, "duplicate"}
    }
    assert wrong == {}
    assert found["zzz"] == {ACCEPTED}
    assert list(tools.register.flaws()) == []


def _code(one, tools):
    """Return the code under which a document was set aside, or that it was accepted."""
    if one.outcome is Outcome.DUPLICATE:
        return "duplicate"
    if one.case.state is not CaseState.SET_ASIDE:
        return ACCEPTED
    assert one.case.reason
    return tools.register.history(one.case.case_id)[-1].data["code"]
