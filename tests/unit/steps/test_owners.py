"""A worker's death is seen on its own machine, and nowhere else."""

import subprocess
import sys

from rpa.steps.owners import is_dead, this_worker


def test_a_living_worker_is_not_dead():
    assert not is_dead(this_worker())


def test_a_worker_whose_process_ended_is_dead():
    program = "from rpa.steps.owners import this_worker; print(this_worker())"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert is_dead(done.stdout.strip())


def test_another_process_under_the_same_number_does_not_count():
    kind, host, number, started = this_worker().split(":")

    assert is_dead(f"{kind}:{host}:{number}:{int(started) - 1000}")


def test_of_another_machine_and_of_a_person_nothing_is_known():
    _kind, _host, number, started = this_worker().split(":")

    assert not is_dead(f"worker:elsewhere:{number}:{started}")
    assert not is_dead("person:marie")
