"""A watched folder, with real files, links, pipes and writers."""

import datetime as dt
import os
import shutil
import struct
import subprocess
import sys

import pytest

from rpa.domain.errors import ToolUnavailableError
from rpa.intake.adapters.folder import FolderChannel
from rpa.testing.hostile_images import fax_tiff
from rpa.testing.hostile_pdfs import one_page_pdf

HOUR = 3600.0
UNPRIVILEGED = """
import datetime as dt, sys
from pathlib import Path
from rpa.intake.adapters.folder import FolderChannel
late = dt.datetime.fromtimestamp(float(sys.argv[2]), dt.UTC)
channel = FolderChannel("fax", Path(sys.argv[1]), clock=lambda: late)
for delivery in channel.deliveries():
    print(delivery.name, delivery.refused_code or "-", len(delivery.content))
"""


class Clock:
    """Stands still at the folder's own time until it is put forward."""

    def __init__(self, folder):
        self._zero = folder.stat().st_mtime
        self.ahead_s = 0.0

    def __call__(self):
        return dt.datetime.fromtimestamp(self._zero + self.ahead_s, dt.UTC)


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "fax"
    path.mkdir()
    return path


@pytest.fixture
def clock(folder):
    return Clock(folder)


@pytest.fixture
def channel(folder, clock):
    return FolderChannel("fax", folder, clock=clock, settle_s=5, patience_s=HOUR)


def drop(folder, name="a.tif", content=None, *, at=None):
    path = folder / name
    path.write_bytes(fax_tiff() if content is None else content)
    if at is not None:
        os.utime(path, (at, at))
    return path


def names(channel):
    return [delivery.name for delivery in channel.deliveries()]


def test_a_file_is_held_out_once_it_has_settled(folder, channel, clock):
    drop(folder)
    assert names(channel) == []

    clock.ahead_s = 60
    [delivery] = channel.deliveries()

    assert (delivery.name, delivery.content, delivery.refused) == ("a.tif", fax_tiff(), "")


def test_a_file_older_than_the_settling_time_needs_no_second_look(folder, clock):
    drop(folder)
    clock.ahead_s = 60

    assert names(FolderChannel("fax", folder, clock=clock, settle_s=5)) == ["a.tif"]


def test_a_file_server_with_a_clock_ahead_is_watched_instead(folder, channel, clock):
    clock.ahead_s = -HOUR
    drop(folder)
    assert names(channel) == []

    clock.ahead_s += 6
    assert names(channel) == ["a.tif"]


def test_a_copy_that_keeps_an_old_date_is_not_taken_for_settled(folder, channel, clock):
    drop(folder, at=1_000_000_000)
    clock.ahead_s = 1

    assert names(channel) == []


def test_a_file_that_a_program_still_writes_is_left_alone(folder, channel, clock):
    path = drop(folder)
    clock.ahead_s = 60

    with path.open("ab"):
        assert names(channel) == []
    assert names(channel) == ["a.tif"]


@pytest.mark.parametrize("content", [fax_tiff()[:3000], one_page_pdf()[:300], b""])
def test_a_file_without_its_end_is_waited_for_but_not_for_ever(folder, channel, clock, content):
    drop(folder, content=content)
    clock.ahead_s = 60
    assert names(channel) == []

    clock.ahead_s = 2 * HOUR
    [delivery] = channel.deliveries()

    assert delivery.content == content


def test_a_settled_delivery_is_kept_under_its_day_and_held_out_no_more(folder, channel, clock):
    drop(folder)
    clock.ahead_s = 60
    [delivery] = channel.deliveries()

    channel.settle(delivery)
    channel.settle(delivery)

    [kept] = (folder / ".taken" / clock().date().isoformat()).iterdir()
    assert kept.name.endswith("-a.tif")
    assert kept.read_bytes() == fax_tiff()
    assert names(channel) == []


def test_after_a_crash_the_same_delivery_comes_again_under_its_name(folder, clock):
    drop(folder)
    clock.ahead_s = 60
    [before] = FolderChannel("fax", folder, clock=clock).deliveries()
    restarted = FolderChannel("fax", folder, clock=clock)
    [after] = restarted.deliveries()

    assert after.source_id == before.source_id
    FolderChannel("fax", folder, clock=clock).settle(before)
    assert names(restarted) == []


def test_the_same_bytes_dropped_again_are_a_new_delivery(folder, channel, clock):
    drop(folder, at=1_000)
    clock.ahead_s = 60
    [first] = channel.deliveries()
    channel.settle(first)
    drop(folder, at=2_000)

    [second] = channel.deliveries()
    channel.settle(second)

    assert second.source_id != first.source_id
    assert second.content == first.content
    assert len(list((folder / ".taken").rglob("*.tif"))) == 2


def test_what_replaced_a_delivery_before_it_was_settled_stays(folder, channel, clock):
    drop(folder, at=1_000)
    clock.ahead_s = 60
    [delivery] = channel.deliveries()
    drop(folder, content=one_page_pdf(), at=2_000)

    channel.settle(delivery)

    [replacement] = channel.deliveries()
    assert replacement.content == one_page_pdf()


def test_the_oldest_comes_first(folder, channel, clock):
    for name, at in (("c", 3_000), ("a", 2_000), ("b", 1_000)):
        drop(folder, name, at=at)
    clock.ahead_s = 60

    assert names(channel) == ["b", "a", "c"]


def test_what_is_no_finished_file_is_left_alone(folder, channel, clock):
    for name in (".hidden", "a.part", "a.TMP", "a.crdownload", "~$a.pdf", "a~", "Thumbs.db",
                 "desktop.ini", "a.pdf.filepart", ".smbdeleteAAA0000000000001.2", "~WRL0001.tmp",
                 "a.pdf.lock"):  # fmt: skip
        drop(folder, name)
    (folder / "2026-03-03").mkdir()
    drop(folder / "2026-03-03")
    os.mkfifo(folder / "pipe.pdf")
    clock.ahead_s = 2 * HOUR

    assert names(channel) == []


def test_a_link_is_refused_unread_and_settled_as_a_link(folder, tmp_path, channel, clock):
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(b"secret")
    (folder / "a.pdf").symlink_to(secret)
    clock.ahead_s = 60

    [delivery] = channel.deliveries()
    channel.settle(delivery)

    assert (delivery.refused_code, delivery.content) == ("link", b"")
    assert delivery.refused
    assert secret.read_bytes() == b"secret"
    [kept] = (folder / ".taken").rglob("*-a.pdf")
    assert kept.is_symlink()


def test_a_file_too_large_is_refused_unread_and_the_next_one_is_held_out(folder, clock):
    drop(folder, "big.pdf", bytes(2_000_001), at=1_000)
    drop(folder, "good.tif", at=2_000)
    clock.ahead_s = 60
    channel = FolderChannel("fax", folder, clock=clock, max_bytes=2_000_000)

    big, good = channel.deliveries()

    assert (big.refused_code, big.content) == ("too-large", b"")
    assert "2 MB" in big.refused
    assert good.content == fax_tiff()


def test_a_file_that_vanishes_while_looking_is_no_error(folder, channel, clock):
    drop(folder, "a.tif", at=1_000)
    drop(folder, "b.tif", at=2_000)
    clock.ahead_s = 60
    looking = channel.deliveries()
    assert next(looking).name == "a.tif"

    (folder / "b.tif").unlink()

    assert list(looking) == []


def test_days_long_past_are_purged(folder, channel, clock):
    drop(folder)
    clock.ahead_s = 60
    [delivery] = channel.deliveries()
    channel.settle(delivery)
    today = clock().date()

    assert channel.purge(before=today) == 0
    assert channel.purge(before=today + dt.timedelta(days=1)) == 1
    assert list((folder / ".taken").iterdir()) == []


def test_a_missing_folder_is_told_with_the_channels_name(tmp_path, clock):
    channel = FolderChannel("fax", tmp_path / "gone", clock=clock)

    with pytest.raises(ToolUnavailableError) as failed:
        names(channel)

    assert "fax" in failed.value.message


@pytest.mark.skipif(os.getuid() != 0 or not shutil.which("setpriv"), reason="needs root, setpriv")
def test_a_file_that_may_not_be_read_is_refused_and_the_others_held_out(folder, clock):
    drop(folder, "locked.tif", at=1_000).chmod(0o000)
    drop(folder, "open.tif", at=2_000).chmod(0o644)
    for above in (folder, *folder.parents[:-1]):
        above.chmod(above.stat().st_mode | 0o055)
    user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]

    done = subprocess.run(
        [*user, sys.executable, "-c", UNPRIVILEGED, str(folder), str(clock().timestamp() + HOUR)],
        check=True,
        capture_output=True,
        text=True,
    )

    assert done.stdout.splitlines() == [
        "locked.tif unreadable 0",
        f"open.tif - {len(fax_tiff())}",
    ]


def test_a_scanner_that_opens_and_closes_between_its_writes_is_waited_for(folder, channel, clock):
    whole = one_page_pdf()
    path = folder / "a.pdf"
    clock.ahead_s = -HOUR
    for at in range(0, len(whole), 200):
        with path.open("ab") as scan:
            scan.write(whole[at : at + 200])
        clock.ahead_s += 4
        assert names(channel) == []

    clock.ahead_s += 6
    [delivery] = channel.deliveries()

    assert delivery.content == whole


def test_a_slow_writer_is_waited_for_however_long_it_holds_the_file(folder, channel, clock):
    slow = "import sys, time; f = open(sys.argv[1], 'wb'); f.write(sys.stdin.buffer.read()); "
    slow += "f.flush(); print(flush=True); time.sleep(60)"
    command = [sys.executable, "-c", slow, str(folder / "a.tif")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        writer.stdin.write(fax_tiff())
        writer.stdin.close()
        writer.stdout.readline()
        clock.ahead_s = 2 * HOUR
        assert names(channel) == []
        writer.kill()

    assert names(channel) == ["a.tif"]


def test_a_file_written_under_another_name_is_held_out_once_renamed(folder, channel, clock):
    path = drop(folder, "a.pdf.tmp", one_page_pdf())
    clock.ahead_s = 60
    assert names(channel) == []

    path.rename(folder / "a.pdf")

    clock.ahead_s = 120
    assert names(channel) == ["a.pdf"]


def test_a_file_laid_down_empty_is_held_out_once_it_is_filled(folder, channel, clock):
    drop(folder, "a.pdf", b"")
    clock.ahead_s = -HOUR
    assert names(channel) == []
    clock.ahead_s += 60
    assert names(channel) == []

    drop(folder, "a.pdf", one_page_pdf())
    assert names(channel) == []

    clock.ahead_s += 60
    [delivery] = channel.deliveries()
    assert delivery.content == one_page_pdf()


@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.95])
def test_a_fax_of_several_pages_is_waited_for_until_its_last_is_there(folder, channel, clock, part):
    whole = fax_tiff(3)
    drop(folder, content=whole[: int(len(whole) * part)])
    clock.ahead_s = 60

    assert names(channel) == []


def test_a_tiff_whose_header_points_nowhere_yet_is_waited_for(folder, channel, clock):
    whole = fax_tiff()
    drop(folder, content=whole[:4] + bytes(4) + whole[8:])
    clock.ahead_s = 60

    assert names(channel) == []


def test_a_tiff_whose_next_directory_is_not_written_yet_is_waited_for(folder, channel, clock):
    two = fax_tiff(2)
    (first,) = struct.unpack_from("<I", two, 4)
    (count,) = struct.unpack_from("<H", two, first)
    (second,) = struct.unpack_from("<I", two, first + 2 + 12 * count)
    drop(folder, content=two[: second + 2] if second > first else two[: first + 2])
    clock.ahead_s = 60

    assert names(channel) == []


def test_a_pdf_saved_again_whose_new_end_is_missing_is_waited_for(folder, channel, clock):
    drop(folder, "a.pdf", one_page_pdf() + b"\n9 0 obj\n<< >>\nendobj\n")
    clock.ahead_s = 60

    assert names(channel) == []
