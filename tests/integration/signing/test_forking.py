"""The process that forks a child for each document."""

import subprocess
import sys
from io import BytesIO

import pytest

from rpa.environment import environment_with
from rpa.signing.adapters.forking.frames import read_frame, write_frame

PROGRAM = """
import os, sys
from rpa.late import late
from rpa.signing.adapters.forking.server import serve

half = late("fractions", "Fraction")

def job(head, document):
    had = "fractions" in sys.modules
    if head["needs"]:
        half(1, 2)
    return {"had": had, "nice": os.nice(0)}, document

serve(job)
"""
HEAD = {"wall_s": 20, "cpu_s": 20, "memory_bytes": 1_000_000_000}


@pytest.fixture
def asked():
    """Return what has a forking process answer, request by request."""
    command = [sys.executable, "-c", PROGRAM]
    env = environment_with(PYTHONPATH=":".join(sys.path))
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=env) as process:

        def ask(**head):
            write_frame(process.stdin, {**HEAD, **head}, b"letter")
            told, body = read_frame(process.stdout)
            assert told == {"status": 0}
            return read_frame(BytesIO(body))[0]

        yield ask
        process.stdin.close()


def test_what_one_child_loads_late_the_next_ones_have(asked):
    assert asked(needs=False)["had"] is False
    assert asked(needs=True)["had"] is False
    assert asked(needs=False)["had"] is True


def test_a_child_gives_way_to_others_only_where_it_is_told_to(asked):
    usual = asked(needs=False)["nice"]

    assert asked(needs=False, nice=7)["nice"] == usual + 7
    assert asked(needs=False)["nice"] == usual
