"""HylaFAX's receive queue, with real files and real locks as faxgetty(8) holds them."""

import datetime as dt
import fcntl
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager

import pytest

from rpa.domain.case import CaseState
from rpa.domain.channel import ChannelKind
from rpa.domain.errors import ToolUnavailableError
from rpa.intake.adapters.hylafax import HylafaxChannel
from rpa.intake.adapters.watched import Patience
from rpa.register.arrivals import Outcome
from rpa.steps.receive import receive
from rpa.testing.channels import channel_toolbox
from rpa.testing.hostile_images import fax_tiff

ENDED = 1_790_000_000.0
LATER = dt.datetime.fromtimestamp(ENDED, dt.UTC) + dt.timedelta(days=1000)
UNPRIVILEGED = """
import datetime as dt, sys
from pathlib import Path
from rpa.domain.errors import ToolUnavailableError
from rpa.intake.adapters.hylafax import HylafaxChannel
late = dt.datetime.fromtimestamp(float(sys.argv[2]), dt.UTC)
channel = HylafaxChannel("fax", Path(sys.argv[1]), clock=lambda: late, taken=Path("nowhere"),
                         remove=bool(sys.argv[3]))
try:
    for delivery in channel.deliveries():
        print(delivery.name)
except ToolUnavailableError as error:
    print(error.reason)
try:
    print(channel.waiting())
except ToolUnavailableError as error:
    print(error.reason)
"""
FAXGETTY = """
import fcntl, os, sys
fax = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
fcntl.flock(fax, fcntl.LOCK_EX)
os.write(fax, sys.stdin.buffer.read())
print("receiving", flush=True)
sys.stdin.close()
import time; time.sleep(60)
"""


@pytest.fixture
def recvq(tmp_path):
    path = tmp_path / "recvq"
    path.mkdir()
    (path / "seqf").write_text("12")
    return path


@pytest.fixture
def channel_with(recvq, tmp_path):
    def make(**more):
        patience = Patience(settle_s=2, patience_s=600, max_bytes=1_000_000)
        taken = tmp_path / "taken" / "fax"
        return HylafaxChannel(
            "fax", recvq, clock=lambda: LATER, taken=taken, patience=patience, **more
        )

    return make


@pytest.fixture
def channel(channel_with):
    return channel_with()


def fax(recvq, number=12, content=None, *, at=ENDED):
    path = recvq / f"fax{number:09d}.tif"
    path.write_bytes(fax_tiff() if content is None else content)
    os.utime(path, (at, at))
    return path


def names(channel):
    return [delivery.name for delivery in channel.deliveries()]


def settle_all(channel):
    for delivery in channel.deliveries():
        channel.settle(delivery)


@contextmanager
def receiving(path, content):
    """Run a program that holds the fax as faxgetty does: locked, and open for writing."""
    with subprocess.Popen(
        [sys.executable, "-c", FAXGETTY, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as program:
        program.stdin.write(content)
        program.stdin.close()
        program.stdout.readline()
        yield
        program.kill()


def test_faxes_are_held_out_the_oldest_first_with_their_time(recvq, channel):
    fax(recvq, 13, at=ENDED + 60)
    fax(recvq, 12)

    first, second = channel.deliveries()

    assert [first.name, second.name] == ["fax000000012.tif", "fax000000013.tif"]
    assert first.content == fax_tiff()
    assert first.came_at == dt.datetime.fromtimestamp(ENDED, dt.UTC)


def test_what_is_no_fax_is_left_alone(recvq, channel):
    (recvq / "fax000000001.pdf").write_bytes(b"%PDF-")
    (recvq / "fax000000001.tif.tmp").write_bytes(fax_tiff())

    assert names(channel) == []


def test_a_fax_still_being_received_is_left_alone_though_it_looks_whole(recvq, channel):
    with receiving(recvq / "fax000000012.tif", fax_tiff()):
        assert names(channel) == []

    assert names(channel) == ["fax000000012.tif"]


def test_the_lock_alone_holds_a_fax_back(recvq, channel):
    path = fax(recvq)

    with path.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert names(channel) == []
    assert names(channel) == ["fax000000012.tif"]


def test_looking_leaves_no_lock_behind(recvq, channel):
    path = fax(recvq)
    looking = channel.deliveries()
    next(looking)

    with path.open("rb") as mine:
        fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_settled_fax_is_left_to_hylafax_and_remembered(recvq, channel_with):
    path = fax(recvq)

    settle_all(channel_with())

    assert path.read_bytes() == fax_tiff()
    assert names(channel_with()) == []
    assert channel_with().waiting() == 0


def test_settling_twice_does_nothing(recvq, channel):
    fax(recvq)
    [delivery] = channel.deliveries()

    channel.settle(delivery)
    channel.settle(delivery)

    assert names(channel) == []


def test_a_number_used_again_for_another_fax_is_held_out(recvq, channel):
    fax(recvq)
    settle_all(channel)
    fax(recvq, content=fax_tiff(2), at=ENDED + 3600)

    assert names(channel) == ["fax000000012.tif"]


def test_what_hylafax_has_purged_is_forgotten(recvq, channel, tmp_path):
    path = fax(recvq)
    settle_all(channel)
    path.unlink()

    assert names(channel) == []
    assert list((tmp_path / "taken" / "fax").iterdir()) == []


def test_a_fax_is_deleted_where_the_settings_say_so(recvq, channel_with):
    path = fax(recvq)
    channel = channel_with(remove=True)
    [delivery] = channel.deliveries()

    channel.settle(delivery)
    channel.settle(delivery)

    assert not path.exists()
    assert (recvq / "seqf").exists()


def test_a_refused_fax_is_never_deleted(recvq, channel_with):
    path = fax(recvq, content=bytes(1_000_001))
    channel = channel_with(remove=True)
    [delivery] = channel.deliveries()

    channel.settle(delivery)

    assert delivery.refused_code == "too-large"
    assert path.exists()
    assert names(channel) == []


def test_a_fax_whose_reception_broke_off_is_waited_for_then_held_out(recvq, channel_with):
    path = fax(recvq, content=fax_tiff()[:3000])
    soon = path.stat().st_ctime + 60
    channel = channel_with()
    channel._watch._clock = lambda: dt.datetime.fromtimestamp(soon, dt.UTC)
    assert names(channel) == []

    assert names(channel_with()) == ["fax000000012.tif"]


def test_a_missing_queue_is_told_with_the_channels_name(recvq, channel):
    (recvq / "seqf").unlink()
    recvq.rmdir()

    for look in (channel.waiting, lambda: names(channel)):
        with pytest.raises(ToolUnavailableError) as failed:
            look()
        assert "fax" in failed.value.message


def test_a_lost_memory_opens_no_second_case(recvq, channel, tmp_path):
    tools = channel_toolbox(tmp_path, channel, ChannelKind.FAX)
    fax(recvq)
    [first] = receive("fax", tools)
    for mark in (tmp_path / "taken" / "fax").iterdir():
        mark.unlink()

    [again] = receive("fax", tools)

    assert first.case.state is CaseState.RECEIVED
    assert again.outcome is Outcome.KNOWN
    assert receive("fax", tools) == []


@pytest.mark.skipif(os.getuid() != 0 or not shutil.which("setpriv"), reason="needs root, setpriv")
@pytest.mark.parametrize("remove", [True, False])
def test_a_fax_that_may_not_be_read_is_tried_again_after_the_others(recvq, remove):
    fax(recvq, 1).chmod(0o600)
    fax(recvq, 2).chmod(0o644)
    for above in (recvq, *recvq.parents[:-1]):
        above.chmod(above.stat().st_mode | 0o055)
    user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    arguments = [str(recvq), str(LATER.timestamp()), "remove" * remove]

    done = subprocess.run(
        [*user, sys.executable, "-c", UNPRIVILEGED, *arguments],
        check=True, capture_output=True, text=True,
    )  # fmt: skip

    told = ["fax000000002.tif", "channel-unavailable"]
    assert done.stdout.splitlines() == [*told, "channel-unavailable" if remove else "2"]
