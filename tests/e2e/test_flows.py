"""The flows on a real Prefect server: run, killed and run again, deployed.

A program that imports Prefect takes seconds to start: so one deploys, reports and refreshes, and
the killed run and those that take it up are looked at by every test of the work loop.
"""

import signal
import subprocess
import sys
import time

import pytest
import requests

from flows.servers import Servers, free_port, start_prefect
from rpa.bootstrap.register import open_register
from rpa.domain.case import CaseState
from rpa.environment import environment_with
from rpa.testing.home import copied_processes, make_test_home
from rpa.testing.legacy import running_legacy

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(400)]
FINAL = 300
NOWHERE = "http://127.0.0.1:9"
ONE_AFTER_ANOTHER = """
import sys
from flows.run import main

home = sys.argv[1]
for what in ("deploy", "report", "refresh"):
    sys.argv[1:] = [what, home]
    main()
"""


@pytest.fixture(scope="module")
def prefect(tmp_path_factory):
    """A Prefect server on its embedded SQLite; the environment of its clients."""
    folder = tmp_path_factory.mktemp("prefect")
    with Servers(folder / "logs") as servers:
        env = start_prefect(servers, folder, free_port(0))
        servers.wait_for("prefect", f"{env['PREFECT_API_URL']}/health")
        yield env


@pytest.fixture(scope="module")
def legacy(tmp_path_factory):
    """The example legacy application, empty."""
    with running_legacy(tmp_path_factory.mktemp("legacy")) as application:
        yield application


def made_home(folder, pki, *, target):
    keys, timestamp_url = pki
    return make_test_home(
        folder / "home",
        target=target,
        timestamp_url=timestamp_url,
        pki=keys,
        processes=[copied_processes(folder)],
    )


def started(env, *command):
    return subprocess.Popen(
        [sys.executable, *command], env=environment_with(**env), stderr=subprocess.PIPE, text=True
    )


def worked(home, env):
    return started(env, "-m", "flows.run", "work", str(home.home))


def must_end_well(process):
    _out, told = process.communicate(timeout=FINAL)
    assert process.returncode == 0, told


@pytest.fixture(scope="module")
def taken_up(tmp_path_factory, pki, legacy, prefect, drawn_examples):
    """The register of a run that was killed at its first deposit, and of those that followed."""
    folder = tmp_path_factory.mktemp("worked")
    home = made_home(folder, pki, target=legacy.url)
    for document in drawn_examples:
        if document.channel == "courriel" or document.expected == "damaged":
            target = home.channels[document.channel].folder / document.name
            target.write_bytes(document.path.read_bytes())
    register = open_register(home)
    first = worked(home, prefect)
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
        must_end_well(worked(home, prefect))
        time.sleep(1)
    return register


@pytest.fixture(scope="module")
def deployed(tmp_path_factory, pki, prefect):
    """A home without a case that was deployed, reported on and refreshed."""
    home = made_home(tmp_path_factory.mktemp("deployed"), pki, target=NOWHERE)
    must_end_well(started(prefect, "-c", ONE_AFTER_ANOTHER, str(home.home)))
    return home


def flow_runs(env, name):
    found = requests.post(
        f"{env['PREFECT_API_URL']}/task_runs/filter",
        json={"task_runs": {"name": {"any_": [name]}}},
        timeout=30,
    )
    return found.json()


def test_a_killed_run_is_taken_up_by_the_next_and_each_case_is_filed_once(taken_up, legacy):
    states = sorted(summary.case.state for summary in taken_up.cases())
    assert states == [CaseState.ARCHIVED, CaseState.ARCHIVED, CaseState.SET_ASIDE]
    filed = [s.case.case_id for s in taken_up.cases(states=[CaseState.ARCHIVED])]
    assert sorted(deposit.reference for deposit in legacy.deposits()) == sorted(filed)
    assert list(taken_up.flaws()) == []


def test_a_case_is_a_task_run_under_its_number(taken_up, prefect):
    (summary, *_others) = taken_up.cases(states=[CaseState.ARCHIVED])
    until = time.monotonic() + 30
    while not (runs := flow_runs(prefect, summary.case.case_id)) and time.monotonic() < until:
        time.sleep(0.5)
    assert runs


def test_deploying_creates_each_flow_with_its_schedule_and_the_target_s_limit(deployed, prefect):
    api = prefect["PREFECT_API_URL"]
    listed = requests.post(f"{api}/deployments/filter", json={}, timeout=30).json()
    schedules = {
        one["name"]: [s["schedule"].get("timezone") for s in one["schedules"]] for one in listed
    }
    assert schedules == {
        "intake": [],
        "work": ["America/Toronto"],
        "requests": ["America/Toronto"],
        "report": ["America/Toronto"],
        "refresh": ["America/Toronto"],
    }
    assert {one["parameters"]["home"] for one in listed} == {str(deployed.home)}
    limit = requests.get(f"{api}/v2/concurrency_limits/target-ancien-systeme", timeout=30).json()
    assert limit["limit"] == 1


def test_the_report_and_the_refresh_run_as_flows(deployed):
    (folder,) = (deployed.home / "reports").iterdir()
    assert (folder / "report.fr.html").is_file()
    (anchor,) = (deployed.home / "anchors").iterdir()
    newest, _hash = open_register(deployed).head()
    assert anchor.name == f"anchor-{newest:012d}.json"
