"""The flows on a real Prefect server: run, killed and run again, deployed."""

import signal
import subprocess
import sys
import time

import pytest
import requests

from flows.servers import Servers, free_port, start_prefect
from rpa.bootstrap.register import open_register
from rpa.domain.case import CaseState
from rpa.settings import environment_with
from rpa.testing.examples import example_documents
from rpa.testing.home import copied_processes, make_test_home

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(400)]
FINAL = 300


@pytest.fixture(scope="module")
def prefect(tmp_path_factory):
    """A Prefect server on its embedded SQLite; the environment of its clients."""
    folder = tmp_path_factory.mktemp("prefect")
    with Servers(folder / "logs") as servers:
        env = start_prefect(servers, folder, free_port(0))
        servers.wait_for("prefect", f"{env['PREFECT_API_URL']}/health")
        yield env


@pytest.fixture
def home(tmp_path, legacy, pki):
    folder, timestamp_url = pki
    home = make_test_home(
        tmp_path / "home",
        target=legacy.url,
        timestamp_url=timestamp_url,
        pki=folder,
        processes=[copied_processes(tmp_path)],
    )
    documents = example_documents().draw_documents(tmp_path / "drawn", seed=5)
    for document in documents:
        if document.channel == "courriel" or document.expected == "damaged":
            target = home.channels[document.channel].folder / document.name
            target.write_bytes(document.path.read_bytes())
    return home


def flow(home, env, what="work"):
    command = [sys.executable, "-m", "flows.run", what, str(home.home)]
    return subprocess.Popen(command, env=environment_with(**env), stderr=subprocess.PIPE, text=True)


def flow_runs(env, name):
    found = requests.post(
        f"{env['PREFECT_API_URL']}/task_runs/filter",
        json={"task_runs": {"name": {"any_": [name]}}},
        timeout=30,
    )
    return found.json()


def test_a_killed_run_is_taken_up_by_the_next_and_each_case_is_filed_once(home, legacy, prefect):
    register = open_register(home)
    first = flow(home, prefect)
    until = time.monotonic() + 120
    while not legacy.deposits() and time.monotonic() < until:
        time.sleep(0.02)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    assert register.unfinished() > 0
    # The dead worker's place on the target comes free after a minute; nobody need wait for it here.
    limit = f"{prefect['PREFECT_API_URL']}/v2/concurrency_limits/target-ancien-systeme"
    requests.patch(limit, json={"active_slots": 0}, timeout=30).raise_for_status()
    for _run in range(4):
        if not register.unfinished():
            break
        second = flow(home, prefect)
        _out, told = second.communicate(timeout=FINAL)
        assert second.returncode == 0, told
        time.sleep(1)

    states = sorted(summary.case.state for summary in register.cases())
    assert states == [CaseState.ARCHIVED, CaseState.ARCHIVED, CaseState.SET_ASIDE]
    filed = [s.case.case_id for s in register.cases(states=[CaseState.ARCHIVED])]
    assert sorted(deposit.reference for deposit in legacy.deposits()) == sorted(filed)
    assert list(register.flaws()) == []


def test_a_case_is_a_task_run_under_its_number(home, prefect):
    done = flow(home, prefect)
    _out, told = done.communicate(timeout=FINAL)
    assert done.returncode == 0, told

    (summary, *_others) = open_register(home).cases(states=[CaseState.ARCHIVED])
    until = time.monotonic() + 30
    while not (runs := flow_runs(prefect, summary.case.case_id)) and time.monotonic() < until:
        time.sleep(0.5)
    assert runs


def test_deploying_creates_each_flow_with_its_schedule_and_the_target_s_limit(home, prefect):
    done = flow(home, prefect, "deploy")
    _out, told = done.communicate(timeout=FINAL)
    assert done.returncode == 0, told

    api = prefect["PREFECT_API_URL"]
    deployed = requests.post(f"{api}/deployments/filter", json={}, timeout=30).json()
    schedules = {
        one["name"]: [s["schedule"].get("timezone") for s in one["schedules"]] for one in deployed
    }
    assert schedules == {
        "intake": [],
        "work": ["America/Toronto"],
        "requests": ["America/Toronto"],
        "report": ["America/Toronto"],
        "refresh": ["America/Toronto"],
    }
    assert {one["parameters"]["home"] for one in deployed} == {str(home.home)}
    limit = requests.get(f"{api}/v2/concurrency_limits/target-ancien-systeme", timeout=30).json()
    assert limit["limit"] == 1


def test_the_report_and_the_refresh_run_as_flows(home, prefect):
    for what in ("report", "refresh"):
        done = flow(home, prefect, what)
        _out, told = done.communicate(timeout=FINAL)
        assert done.returncode == 0, told

    (folder,) = (home.home / "reports").iterdir()
    assert (folder / "report.fr.html").is_file()
    (anchor,) = (home.home / "anchors").iterdir()
    newest, _hash = open_register(home).head()
    assert anchor.name == f"anchor-{newest:012d}.json"
