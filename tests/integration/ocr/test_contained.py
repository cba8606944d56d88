"""Engines in a child process: hung, killed, refused, orphaned."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import psutil
import pytest

from rpa.domain.errors import ToolTimeoutError, ToolUnavailableError
from rpa.ocr.adapters.contained import ContainedEngine
from rpa.ocr.adapters.pixels import grey
from rpa.ocr.api import Layout
from rpa.testing.faxes import Hand, typed_page

pytest.importorskip("tesserocr")
pytestmark = pytest.mark.tesseract
LINE = grey(typed_page(["Bordereau"], hand=Hand(size=14)).crop((250, 280, 900, 400)))
PARENT = """
import sys
import numpy as np
from rpa.ocr.adapters.contained import ContainedEngine
from rpa.ocr.api import Layout
engine = ContainedEngine("tesserocr", languages="eng")
spot = np.pad(np.zeros((20, 20), np.uint8), 20, constant_values=255)
engine.recognize([spot], layout=Layout.LINE)
print(engine._child.pid, flush=True)
noise = np.random.default_rng(1).integers(0, 2, (6000, 6000), np.uint8) * 255
while sys.argv[1] == "reads":
    engine.recognize([noise], layout=Layout.BLOCK)
sys.stdin.read()
"""


@pytest.fixture
def engine():
    made = ContainedEngine("tesserocr", timeout_s=1.0, languages="eng")
    yield made
    made.close()


def read(engine):
    [[word]] = engine.recognize([LINE], layout=Layout.LINE)
    return word.text


def has_ended(pid, within_s):
    until = time.monotonic() + within_s
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def test_a_child_is_kept_between_calls_and_ends_with_its_engine(engine):
    assert read(engine) == "Bordereau"
    child = engine._child.pid
    assert read(engine) == "Bordereau"
    assert engine._child.pid == child

    engine.close()

    assert has_ended(child, 1)
    assert read(engine) == "Bordereau"


def test_a_child_that_hangs_is_ended_in_time_and_the_next_call_works(engine):
    read(engine)
    os.kill(engine._child.pid, signal.SIGSTOP)
    started = time.monotonic()

    with pytest.raises(ToolTimeoutError) as failed:
        read(engine)

    assert failed.value.reason == "ocr-timeout"
    assert time.monotonic() - started < 3
    assert read(engine) == "Bordereau"


def test_a_large_page_to_a_child_that_hangs_is_given_up_too(engine):
    read(engine)
    os.kill(engine._child.pid, signal.SIGSTOP)

    with pytest.raises(ToolTimeoutError):
        engine.recognize([np.zeros((4000, 4000), np.uint8)], layout=Layout.PAGE)


def test_a_child_killed_while_it_reads_is_an_error_and_the_next_call_works(engine):
    read(engine)
    os.kill(engine._child.pid, signal.SIGSTOP)
    killer = subprocess.Popen(["sh", "-c", f"sleep 0.3; kill -9 {engine._child.pid}"])

    with pytest.raises(ToolUnavailableError) as failed:
        read(engine)

    killer.wait()
    assert failed.value.reason == "ocr-ended"
    assert read(engine) == "Bordereau"


def test_a_child_killed_between_calls_is_started_again(engine):
    read(engine)
    child = engine._child.pid
    os.kill(child, signal.SIGKILL)
    assert has_ended(child, 1)
    engine._child.wait(10)  # its threads may outlive its first one by a moment

    assert read(engine) == "Bordereau"


def test_an_unknown_language_is_told_and_the_child_stays():
    engine = ContainedEngine("tesserocr", languages="klingon")
    for _again in range(2):
        with pytest.raises(ToolUnavailableError, match="klingon") as failed:
            read(engine)
        assert failed.value.reason == "tesseract-missing"
    engine.close()


def test_an_unknown_engine_ends_as_an_error():
    with pytest.raises(ToolUnavailableError) as failed:
        read(ContainedEngine("abacus"))
    assert failed.value.reason == "ocr-ended"


@pytest.mark.parametrize("busy", ["waits", "reads"])
def test_a_child_ends_with_its_parent(busy):
    command = [sys.executable, "-c", PARENT, busy]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        child = int(parent.stdout.readline())
        if busy == "reads":
            time.sleep(1)
        parent.kill()
    assert has_ended(child, 4)


def test_several_threads_may_ask(engine):
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _n: read(engine), range(8))) == {"Bordereau"}
