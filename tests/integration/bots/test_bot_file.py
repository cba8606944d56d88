"""``rpa bot file`` as a user runs it: against the example application, killed, side by side."""

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rpa.environment import environment_with
from rpa.testing.filings import PROCESSES
from rpa.testing.legacy import running_legacy

pytestmark = [pytest.mark.browser, pytest.mark.slow]
E2E = Path(__file__).parents[2] / "e2e"
TARGET = """\
target:
  url: {url}
  logins: [{{username: commis, password: "env:GUICHET"}}]
  timeout_s: 5
fields:
  debut: {{kind: date, required: true}}
  fin: {{kind: date}}
"""
CASE = {
    "nom": "D'Amours",
    "prenom": "Maïté",
    "debut": "21/12/2026",
    "fin": "2027-01-04",
    "motif": "Vacances",
}


@pytest.fixture
def legacy(tmp_path):
    """The example application, empty."""
    with running_legacy(tmp_path) as application:
        yield application


@pytest.fixture
def bot(tmp_path, legacy):
    """A bot's folder, whose target is the running application."""
    folder = tmp_path / "robot"
    folder.mkdir()
    steps = (PROCESSES / "avis-absence" / "bot.yaml").read_text(encoding="utf-8")
    text = TARGET.format(url=legacy.url) + steps
    (folder / "bot.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def cases(tmp_path):
    def make(count, **changed):
        path = tmp_path / "cases.jsonl"
        numbers = range(count)
        said = [
            {"case": f"A-{n}", "fields": {**CASE, "matricule": f"{300000 + n}", **changed}}
            for n in numbers
        ]
        path.write_text("\n".join(map(json.dumps, said)), encoding="utf-8")
        return path

    return make


def command(bot, cases, *options):
    arguments = ["bot", "file", str(bot), str(cases), "--json", "--grace", "1", *options]
    return [sys.executable, "-m", "rpa", *arguments]


def started(*arguments):
    return subprocess.Popen(
        command(*arguments),
        stdout=subprocess.PIPE,
        text=True,
        env=environment_with(GUICHET="papier"),
        start_new_session=True,
    )


def run(*arguments):
    process = started(*arguments)
    told, _errors = process.communicate(timeout=240)
    return process.returncode, [json.loads(line) for line in told.splitlines()]


def arrived(legacy):
    return sorted(deposit.reference for deposit in legacy.deposits())


def test_a_list_is_filed_and_a_second_run_answers_from_the_register(bot, cases, legacy, tmp_path):
    listed = cases(3)
    with listed.open("a", encoding="utf-8") as file:
        file.write("\n{\n" + json.dumps({"case": "B", "fields": {**CASE, "debut": "never"}}))
    status, results = run(bot, listed)

    assert status == 3
    outcomes = {r["line"]: (r["outcome"], r["code"]) for r in results}
    assert [outcomes[n] for n in (1, 2, 3)] == [("filed", None)] * 3
    assert outcomes[4] == ("business-error", "no-json")
    assert outcomes[5] == ("business-error", "value-not-a-date")
    assert all(len(r["evidence"]) == 3 for r in results if r["outcome"] == "filed")
    assert arrived(legacy) == ["A-0", "A-1", "A-2"]
    (first,) = legacy.deposits("A-0")
    assert (first.fields["nom"], first.fields["prenom"]) == ("D'Amours", "Maïté")

    (bot / "bot.yaml").write_text(
        (bot / "bot.yaml").read_text().replace(legacy.url, "http://127.0.0.1:9")
    )
    again = run(bot, cases(3))
    assert [r["receipt"] for r in again[1]] == [r["receipt"] for r in results if r["receipt"]]
    assert again[0] == 0
    assert [path.name for path in tmp_path.glob("*.filing")] == ["cases.filing"]


def test_a_dry_run_leaves_nothing_in_the_target(bot, cases, legacy):
    status, results = run(bot, cases(1), "--dry-run")

    assert (status, [r["outcome"] for r in results]) == (0, ["rehearsed"])
    assert arrived(legacy) == []


def test_a_wrong_password_is_tried_once_and_ends_everything_quickly(bot, cases, legacy):
    (bot / "wrong").write_text("no")
    status, results = run(bot, cases(4), "--login", "commis=file:wrong")

    assert status == 5
    assert {r["code"] for r in results} == {"login-refused"}
    assert arrived(legacy) == []


def test_two_commands_with_two_workers_each_share_one_list_and_one_log_in(bot, cases, legacy):
    listed = cases(12)
    both = [started(bot, listed, "--workers", "2") for _command in range(2)]
    told = [process.communicate(timeout=240)[0] for process in both]

    assert [process.returncode for process in both] == [0, 0]
    assert arrived(legacy) == sorted(f"A-{n}" for n in range(12))
    results = [[json.loads(line) for line in text.splitlines()] for text in told]
    numbers = [{r["case"]: r["receipt"] for r in one} for one in results]
    assert numbers[0] == numbers[1]


def test_killed_at_random_with_its_workers_it_goes_on_and_files_once(bot, cases, legacy):
    listed, chance = cases(16), random.Random(4)  # noqa: S311 - chooses when to kill
    for _death in range(6):
        process = started(bot, listed, "--workers", "2")
        try:
            process.communicate(timeout=chance.uniform(2, 5))
        except subprocess.TimeoutExpired:
            # The command alone dies at times, and its workers finish what they have.
            if chance.random() < 0.7:
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()
            process.communicate()
    status, results = run(bot, listed)

    assert status == 0, results
    assert arrived(legacy) == sorted(f"A-{n}" for n in range(16))


@pytest.mark.timeout(600)
def test_killed_at_every_boundary_it_files_once_and_loses_nothing(bot, cases, legacy, tmp_path):
    listed, deaths = cases(2), tmp_path / "deaths"
    worker = [sys.executable, str(E2E / "killed_list.py")]
    done = subprocess.run(
        [*worker, str(deaths), str(bot / "bot.yaml"), str(listed)],
        check=False,
        timeout=560,
        env=environment_with(GUICHET="papier"),
    )

    assert done.returncode == 0
    met = set(deaths.read_text().split("\n"))
    assert {"after open_intent#1", "before _click#1", "after _click#1", "after sent#1"} <= met
    assert arrived(legacy) == ["A-0", "A-1"]


def test_cases_that_nothing_tells_apart_are_each_filed_once_whatever_is_lost(bot, legacy, tmp_path):
    text = (bot / "bot.yaml").read_text(encoding="utf-8")
    keyless = text.replace("{key}", "{matricule}").replace(
        "reference: td.ref, number: td.num",
        'match: {Réf. externe: "{matricule}"}, number: {column: Numéro}',
    )
    (bot / "bot.yaml").write_text(keyless, encoding="utf-8")
    listed = tmp_path / "equal.jsonl"
    listed.write_text((json.dumps({**CASE, "matricule": "300001"}) + "\n") * 4, encoding="utf-8")
    legacy.misbehave("lost-answer")
    legacy.misbehave("cut")

    status, results = run(bot, listed)

    numbers = [one.number for one in legacy.deposits()]
    assert (status, [one["outcome"] for one in results]) == (0, ["filed"] * 4)
    assert len(numbers) == 4
    assert sorted(one["receipt"] for one in results) == sorted(numbers)
