"""``rpa bot try`` as a person runs it, and what ``rpa bot record`` begins and ends with."""

import json
import shutil

import pytest
import yaml
from typer.testing import CliRunner

from rpa.bootstrap.recording import FORMER, Plan, base_of, plan_of, write
from rpa.bots.recording.events import Event
from rpa.cli.main import build_app
from rpa.domain.errors import DefinitionError
from rpa.domain.form import FieldKind
from rpa.settings import load_settings
from rpa.testing.filings import PROCESSES, VALUES
from rpa.testing.recordings import asked, event, sample_of, shown

PROCESS = "avis-absence"
SENT = (
    event("goto", url="http://target.example/form"),
    asked("/form"),
    shown("/form"),
    event("fill", "Nom", value="Roy"),
    event("click", "OK"),
    asked("/form", method="POST"),
    shown("/fini"),
)


@pytest.fixture
def process(tmp_path):
    """An example process with two samples."""
    folder = tmp_path / "processes" / PROCESS
    shutil.copytree(PROCESSES / PROCESS, folder)
    samples = folder / "samples"
    samples.mkdir()
    for name, changed in (("a", {}), ("b", {"motif": "Vacances", "remarques": ""})):
        said = json.dumps({**VALUES[PROCESS], **changed}, ensure_ascii=False)
        (samples / f"{name}.json").write_text(said, encoding="utf-8")
    return folder


@pytest.fixture
def home(tmp_path, guichet, process):
    """A home that knows the process and its target."""
    login = {"username": "commis", "password": "file:password"}
    said = {
        "processes": [str(process.parent)],
        "targets": {"ancien-systeme": {"url": guichet.url, "logins": [login]}},
    }
    (tmp_path / "rpa.yaml").write_text(yaml.safe_dump(said), encoding="utf-8")
    (tmp_path / "password").write_text("papier", encoding="utf-8")
    return tmp_path


def ran(*words):
    return CliRunner().invoke(build_app(["bot"]), ["bot", *map(str, words)])


@pytest.mark.browser
def test_a_trial_does_all_but_the_commit_and_says_each_step(home, guichet, tmp_path):
    before = len(guichet.deposits())

    done = ran("try", PROCESS, "--home", home, "--keep", tmp_path / "kept")

    assert done.exit_code == 0, done.output
    assert done.output.count("✓ file/6 fill") == 2
    assert "ms" in done.output
    assert len(guichet.deposits()) == before
    assert (tmp_path / "kept" / "a" / "screen.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "kept" / "b" / "record.json").is_file()


@pytest.mark.browser
def test_a_trial_with_commit_files_each_sample_once_and_finds_it_again(home, guichet):
    done = ran("try", PROCESS, "--home", home, "--commit", "--json")

    results = json.loads(done.output)
    assert done.exit_code == 0
    assert [result["outcome"] for result in results] == ["filed", "filed"]
    for result in results:
        (deposit,) = guichet.deposits(result["key"])
        assert deposit.number == result["receipt"]
        assert result["found"] == "found-once"


@pytest.mark.browser
def test_a_trial_that_fails_says_at_which_step_and_shows_the_page(home, process, tmp_path):
    text = (process / "bot.yaml").read_text(encoding="utf-8")
    (process / "bot.yaml").write_text(text.replace("MATRICULE", "MATRIKEL"), encoding="utf-8")
    settings = (home / "rpa.yaml").read_text(encoding="utf-8")
    faster = settings.replace("  ancien-systeme:", "  ancien-systeme:\n    timeout_s: 2")
    (home / "rpa.yaml").write_text(faster, encoding="utf-8")

    done = ran(
        "try", process, process / "samples" / "a.json", "--home", home, "--keep", tmp_path / "kept"
    )

    assert done.exit_code == 2, done.output
    assert "✗ file/" in done.output
    assert "MATRIKEL" in done.output
    assert (tmp_path / "kept" / "a" / "failure.png").is_file()


@pytest.mark.browser
def test_a_bot_of_its_own_is_tried_on_a_list_of_cases(guichet, tmp_path):
    bot = tmp_path / "bot"
    bot.mkdir()
    text = (PROCESSES / PROCESS / "bot.yaml").read_text(encoding="utf-8")
    target = {"url": guichet.url, "logins": [{"username": "commis", "password": "file:secret"}]}
    fields = {name: {"kind": "date"} for name in ("debut", "fin")}
    head = yaml.safe_dump({"target": target, "fields": fields})
    (bot / "bot.yaml").write_text(f"{head}\n{text}", encoding="utf-8")
    (bot / "secret").write_text("papier", encoding="utf-8")
    cases = tmp_path / "cases.jsonl"
    cases.write_text(json.dumps({"case": "un", **VALUES[PROCESS]}) + "\n", encoding="utf-8")

    done = ran("try", bot, cases)

    assert done.exit_code == 0, done.output
    assert "un (ESSAI-" in done.output


def test_a_bot_without_samples_says_what_is_missing(home, process):
    shutil.rmtree(process / "samples")

    done = ran("try", PROCESS, "--home", home)

    assert isinstance(done.exception, DefinitionError)
    assert done.exception.reason == "no-samples"


def test_a_recording_begins_with_the_first_sample_and_the_address_of_the_target(home, process):
    plan = plan_of(
        process, _target(home) + "/ouverture", said=None, key="K-1", settings=load_settings(home)
    )

    assert plan.home == _target(home)
    assert plan.sample.key == "K-1"
    assert plan.sample.values == VALUES[PROCESS]
    assert plan.sample.choices["motif"][0] == "Vacances"
    with pytest.raises(DefinitionError):
        plan_of(process / "samples", "http://x/", said=None)


def _target(home):
    return yaml.safe_load((home / "rpa.yaml").read_text())["targets"]["ancien-systeme"]["url"]


def test_the_address_of_an_application_is_told_from_one_of_its_pages():
    assert base_of("http://h:8202/demo/") == "http://h:8202/demo"
    assert base_of("http://h/app/login.pl?x=1") == "http://h/app"
    assert base_of("http://h/app/form") == "http://h/app"
    assert base_of("https://h/") == "https://h"
    assert base_of("http://h") == "http://h"


def test_a_bot_of_its_own_declares_target_and_kinds_and_a_former_one_is_kept(tmp_path):
    sample = sample_of({"nom": "Roy", "jour": "2026-11-24"}, jour=FieldKind.DATE)
    (tmp_path / "bot.yaml").write_text("former", encoding="utf-8")

    outcome = write(Plan(tmp_path, sample, "http://target.example"), SENT)

    said = yaml.safe_load(outcome.path.read_text(encoding="utf-8"))
    assert said["target"]["url"] == "http://target.example"
    assert said["target"]["logins"] == [{"username": "", "password": "env:BOT_PASSWORD"}]
    assert said["fields"] == {"jour": {"kind": "date"}}
    assert (tmp_path / FORMER).read_text(encoding="utf-8") == "former"
    assert any("jour" in remark for remark in outcome.remarks)


def test_a_recording_in_which_nothing_was_done_is_refused(tmp_path):
    with pytest.raises(DefinitionError):
        write(Plan(tmp_path, sample_of({"nom": "Roy"}), "http://x"), [Event(kind="page")])

    assert not (tmp_path / "bot.yaml").exists()


def test_a_recording_says_where_it_goes(tmp_path):
    neither = ran("record", "http://x/")
    both = ran("record", "http://x/", "--bot", tmp_path, "--process", "p")

    assert neither.exit_code != 0
    assert both.exit_code != 0
