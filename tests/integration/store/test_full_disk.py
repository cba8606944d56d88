"""The folder store on a disk that fills up, and with writers that die."""

import os
import signal
import subprocess
import sys
import time

import pytest

from rpa.domain.errors import ToolUnavailableError
from rpa.store.folder import FolderStore

FULL = """
import resource, sys
from pathlib import Path
from rpa.domain.errors import ToolUnavailableError
from rpa.store.folder import FolderStore
store = FolderStore(Path(sys.argv[1]))
digest = store.put(b"before")
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    store.put(bytes(10_000))
except ToolUnavailableError as full:
    print(full.reason, store.get(digest).decode())
"""
SLOW = """
import sys, time
from pathlib import Path
from rpa.store.folder import FolderStore
def token():
    print("writing", flush=True)
    return "writer"
store = FolderStore(Path(sys.argv[1]), token=token)
import rpa.store.folder as folder
folder.os.fsync = lambda _opened: time.sleep(60)
store.root.mkdir()
(store.root / ".incoming").mkdir()
store._is_clean = True
path = store.path_of("0" * 64)
path.parent.mkdir(parents=True)
store._write_once(path, b"half")
"""


@pytest.fixture
def tiny_disk(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("mounting needs rights this user doesn't have")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_is_told_and_leaves_nothing_half_written(tiny_disk):
    store = FolderStore(tiny_disk)
    digest = store.put(b"before")

    with pytest.raises(ToolUnavailableError) as full:
        store.put(bytes(1_000_000))

    assert "No space left" in full.value.message
    assert list((tiny_disk / ".incoming").iterdir()) == []
    assert store.get(digest) == b"before"
    assert store.get(store.put(b"after")) == b"after"


def test_a_write_that_the_system_cuts_off_is_told(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path / "store")],
        check=True,
        capture_output=True,
        text=True,
    )

    assert done.stdout.split() == ["store-unavailable", "before"]
    assert list((tmp_path / "store" / ".incoming").iterdir()) == []


def test_the_file_of_a_killed_writer_is_cleaned_only_once_it_is_dead(tmp_path):
    root = tmp_path / "store"
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, str(root)], stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout.readline() == b"writing\n"
        wait_for_lock(root / ".incoming" / "writer")
        while_alive = FolderStore(root).clean()
        os.kill(writer.pid, signal.SIGKILL)

    assert while_alive == 0
    assert FolderStore(root).clean() == 1
    assert list((root / ".incoming").iterdir()) == []


def wait_for_lock(path):
    for _step in range(500):
        if path.exists() and path.stat().st_size == 4:
            return
        time.sleep(0.01)
    pytest.fail("the writer never wrote")
