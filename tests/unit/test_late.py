import gc
import sys

import pytest

from rpa.late import late, late_packages, load_late, loading, used_late

DOOR = """
import {name}.run_log
{name}.run_log.runs.append("door")
from .first import FIRST
SHOWN = FIRST + " at the door"
__all__ = ["SHOWN"]
"""


@pytest.fixture
def package(tmp_path, monkeypatch, request):
    """Return the name of a package whose door loads the room ``first`` and says that it ran."""
    name = f"house_{abs(hash(request.node.name))}"
    folder = tmp_path / name
    folder.mkdir()
    (folder / "__init__.py").write_text(DOOR.format(name=name))
    (folder / "run_log.py").write_text("runs = []\n")
    (folder / "first.py").write_text('FIRST = "first"\n')
    (folder / "second.py").write_text('SECOND = "second"\n')
    monkeypatch.syspath_prepend(tmp_path)
    finders = list(sys.meta_path)
    late_packages(name)
    yield name
    sys.meta_path[:] = finders
    for loaded in [one for one in sys.modules if one.partition(".")[0] == name]:
        del sys.modules[loaded]


def executed(code):
    space: dict[str, object] = {}
    exec(code, space)  # noqa: S102 - import statements as people write them
    return space


def runs(package):
    return sys.modules[f"{package}.run_log"].runs if f"{package}.run_log" in sys.modules else []


def test_a_room_is_loaded_without_its_package_s_door(package):
    assert executed(f"from {package}.second import SECOND")["SECOND"] == "second"
    assert executed(f"from {package} import second")["second"].SECOND == "second"
    assert runs(package) == []
    assert f"{package}.first" not in sys.modules


def test_a_name_of_the_package_runs_its_door_once(package):
    for _time in range(2):
        assert executed(f"from {package} import SHOWN")["SHOWN"] == "first at the door"
    assert executed(f"from {package} import *")["SHOWN"] == "first at the door"
    assert runs(package) == ["door"]


def test_a_name_that_is_not_there_is_missed_as_ever(package):
    with pytest.raises(ImportError):
        executed(f"from {package} import nothing")
    with pytest.raises(AttributeError, match="nothing"):
        executed(f"import {package}; {package}.nothing")


def test_a_door_that_fails_says_so_each_time(package, tmp_path):
    (tmp_path / package / "__init__.py").write_text("raise OSError('closed')\n")
    executed(f"import {package}")
    for _time in range(2):
        with pytest.raises(OSError, match="closed"):
            executed(f"from {package} import SHOWN")


def test_a_late_function_is_loaded_by_its_first_call(package):
    found = late(f"{package}.run_log", "runs.append")
    assert f"{package}.run_log" not in sys.modules
    with pytest.raises(AttributeError):
        found("called")

    made = late("operator", "add")
    assert made(2, 3) == 5


def test_a_fork_s_word_loads_nothing_but_what_a_late_function_waits_for(package):
    late(f"{package}.first", "FIRST")

    load_late([f"{package}.first", f"{package}.second"])

    assert f"{package}.first" in sys.modules
    assert f"{package}.second" not in sys.modules
    assert f"{package}.first" not in used_late()


def test_no_garbage_is_looked_for_while_something_is_loaded_and_afterwards_as_before():
    seen = []
    with loading():
        seen.append(gc.isenabled())
        with loading():
            seen.append(gc.isenabled())
        seen.append(gc.isenabled())
    seen.append(gc.isenabled())

    assert seen == [False, False, False, True]
