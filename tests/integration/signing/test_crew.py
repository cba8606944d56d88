"""Tasks done in forks."""

import os
from functools import partial
from pathlib import Path

from rpa.domain.errors import SignatureRefusedError
from rpa.signing.crew import done_by_forks

FILES = Path("/proc/self/fd")


def doubled(task):
    return {"double": 2 * task, "by": os.getpid(), "open": len(list(FILES.iterdir()))}


def dies_of_three(task):
    if task == 3:
        os._exit(1)
    return doubled(task)


def refuses(task):
    raise SignatureRefusedError(f"no {task}", code="field-taken")


def stumbles(secret, task):
    raise ValueError(secret, task)


def test_facts_come_in_the_order_of_the_tasks_and_from_other_processes():
    told = list(done_by_forks(doubled, range(50), workers=3))

    assert [one["double"] for one in told] == [2 * task for task in range(50)]
    assert 1 <= len({one["by"] for one in told}) <= 3
    assert os.getpid() not in {one["by"] for one in told}


def test_no_tasks_are_no_facts():
    assert list(done_by_forks(doubled, [], workers=3)) == []


def test_a_worker_that_dies_takes_one_task_along():
    told = list(done_by_forks(dies_of_three, range(6), workers=1))

    assert [one.get("double") for one in told] == [0, 2, 4, None, 8, 10]
    assert told[3]["error"]["code"] == "worker-died"
    assert told[2]["by"] != told[4]["by"]


def test_an_error_of_ours_is_told_with_its_code():
    (told,) = done_by_forks(refuses, ["letter"], workers=1)

    assert told == {"error": {"code": "field-taken", "message": "no letter"}}


def test_a_fault_of_the_program_is_told_by_its_place_and_not_by_its_words(capfd):
    (told,) = done_by_forks(partial(stumbles, "Tremblay, 1980-01-01"), [1], workers=1)

    said = capfd.readouterr().err
    assert told["error"]["code"] == "worker-died"
    assert "ValueError" in said
    assert "in stumbles" in said
    assert "Tremblay" not in said


def test_a_worker_holds_nothing_that_its_caller_has_open(tmp_path):
    with (tmp_path / "held").open("w"):
        (told,) = done_by_forks(doubled, [1], workers=1)

    # Its three streams, its line, and the folder that it lists at this moment.
    assert told["open"] == 5


def test_a_caller_that_stops_early_leaves_no_worker_behind():
    told = done_by_forks(doubled, range(1000), workers=2)
    first = next(told)
    told.close()

    assert not Path(f"/proc/{first['by']}").exists()
