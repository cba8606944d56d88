"""The commands, run as a person runs them: what they print, and their exit status."""

import json
import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from rpa import __version__
from rpa.bootstrap.register import open_register
from rpa.cli.main import NOUNS, VERBS, build_app
from rpa.domain.case import CaseState
from rpa.domain.errors import RpaError
from rpa.register.register import Entry, Question
from rpa.testing.home import make_test_home
from rpa.testing.legacy import EXAMPLES
from rpa.testing.register import an_arrival


@pytest.fixture
def home(tmp_path, pki):
    folder, timestamp_url = pki
    return make_test_home(
        tmp_path / "home",
        target="http://127.0.0.1:9",
        timestamp_url=timestamp_url,
        pki=folder,
        processes=[EXAMPLES / "processes"],
    )


@pytest.fixture
def register(home):
    return open_register(home)


@pytest.fixture
def rpa(home):
    """Run a command on the home; returns exit status and output."""

    def run(*words, at_home=True):
        line = [*words, *(["--home", str(home.home)] if at_home else [])]
        done = CliRunner().invoke(build_app(words), line, env={"COLUMNS": "200"})
        if isinstance(done.exception, RpaError):
            return done.exception.exit_status, done.exception.message
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    return run


def test_the_version_is_told_without_a_command():
    done = CliRunner().invoke(build_app(["--version"]), ["--version"])

    assert (done.exit_code, done.output) == (0, f"paperless-rpa {__version__}\n")


HELP = """
import sys
from rpa.cli.main import build_app
try:
    build_app(["--help"])(["--help"])
finally:
    sys.exit(", ".join({"pyhanko", "playwright", "weasyprint", "prefect"} & set(sys.modules)) or 0)
"""


def test_help_names_every_command_and_loads_none_of_their_tools():
    told = subprocess.run([sys.executable, "-c", HELP], capture_output=True, text=True, check=False)

    assert (told.returncode, told.stderr) == (0, "")
    for name in (*NOUNS, *VERBS, "demo", "up", "deploy"):
        assert f"│ {name} " in told.stdout


def in_review(register, **arrival):
    case, _ = register.receive(an_arrival(**arrival), actor="t")
    lease = register.take(case.case_id, owner="t")
    moved = lease.case.moved(CaseState.IN_REVIEW, at=case.received_at, because="asked")
    register.save(lease, moved, Entry("asked", {}), questions=[Question("process", "unknown-form")])
    register.release(lease)
    return case.case_id


def test_cases_are_listed_newest_first_and_filtered(rpa, register):
    first, _ = register.receive(an_arrival("a"), actor="t")
    second = in_review(register, name="b")

    status, out = rpa("case", "list", "--json")
    assert status == 0
    assert [
        case["case"]["case_id"] if "case" in case else case["case_id"] for case in json.loads(out)
    ] == [second, first.case_id]
    _status, out = rpa("case", "list", "--waiting", "--json")
    assert [case["case_id"] for case in json.loads(out)] == [second]


def test_a_case_is_shown_with_its_documents_questions_and_history(rpa, register):
    case_id = in_review(register)

    status, out = rpa("case", "show", case_id, "--json")

    shown = json.loads(out)
    assert status == 0
    assert shown["case"]["state"] == "in-review"
    assert [q["problem"] for q in shown["questions"]] == ["unknown-form"]
    assert [e["kind"] for e in shown["history"]] == ["received", "asked"]
    status, out = rpa("case", "show", case_id)
    assert (status, "unknown-form" in out) == (0, True)


def test_questions_are_listed_and_a_named_process_settles_them(rpa, register):
    case_id = in_review(register)
    assert json.loads(rpa("review", "list", "--json")[1])[0]["case_id"] == case_id

    status, _out = rpa("review", "answer", case_id, "process=avis-absence", "--as", "marie")

    assert status == 0
    assert register.get(case_id).process == "avis-absence"
    assert register.history(case_id)[-1].actor == "person:marie"


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("case", "show", "2026-999999"), 2, "2026-999999"),
        (("review", "answer", "2026-000001", "nonsense"), 2, "FIELD=VALUE"),
        (("review", "answer", "2026-000001", "process=nothing"), 2, "nothing"),
        (("case", "sign", "2026-000001", "--credential", "sceau"), 2, "does not wait"),
        (("case", "settle", "2026-000001", "--absent"), 2, "not in doubt"),
        (("case", "settle", "2026-000001"), 2, "--absent"),
        (("report", "--as-of", "yesterday"), 2, "2026-11-24"),
        (("archive", "export", "2026-000001", "x.zip"), 2, "in review"),
        (("verify", "no-such.pdf"), 2, "no-such.pdf"),
        (("run", "avis-absence", "no-such.pdf"), 2, "no-such.pdf"),
        (("run", "no-such-process", "x.pdf"), 2, "no-such-process"),
    ],
)
def test_what_will_not_do_is_told_with_its_status(rpa, register, words, status, told):
    in_review(register)
    found, out = rpa(*words)
    assert found == status
    assert told in out


def test_a_case_is_rejected_with_its_reason(rpa, register):
    case_id = in_review(register)

    assert rpa("case", "reject", case_id, "--reason", "Publicité")[0] == 0

    assert register.get(case_id).state is CaseState.REJECTED


def test_a_sound_ledger_passes_and_is_anchored(rpa, register):
    in_review(register)

    assert rpa("ledger", "anchor")[0] == 0
    status, out = rpa("ledger", "verify", "--json")

    assert status == 0
    assert json.loads(out)["sound"] is True
    assert json.loads(rpa("ledger", "show", "--json")[1])[0]["kind"] == "received"


def test_a_tampered_ledger_is_told_entry_by_entry_and_by_status(rpa, register, home):
    in_review(register)
    with closing(sqlite3.connect(home.home / "register.db")) as database:
        database.execute("drop trigger ledger_no_update")
        database.execute("update ledger set actor = 'nobody' where seq = 2")
        database.commit()

    status, told = rpa("ledger", "verify")

    assert status == 4
    assert "1" in told


def test_a_pdf_is_signed_and_checked_and_a_changed_one_is_not_passed(rpa, tmp_path):
    blank = EXAMPLES / "processes" / "changement-adresse" / "blank.pdf"
    signed = tmp_path / "signed.pdf"

    assert rpa("sign", str(blank), "--credential", "sceau", "--out", str(signed))[0] == 0
    status, out = rpa("verify", str(signed), "--json")
    assert status == 3
    assert json.loads(out)["sub_indication"] == "TRY_LATER"
    status, out = rpa("verify", str(signed), "--json", "--revocation", "if-available")
    assert status == 0
    assert "revoked was not checked" in json.loads(out)["sentence"]
    (signature,) = json.loads(out)["signatures"]
    assert (signature["level"], signature["integrity"]) == ("B-T", "valid")
    assert signature["proved_at"]

    content = bytearray(signed.read_bytes())
    content[content.index(b"stream") + 20] ^= 1
    signed.write_bytes(content)
    assert rpa("verify", str(signed))[0] == 4


def test_a_target_that_is_away_puts_the_case_off_and_says_so(rpa, register, tmp_path):
    from rpa.testing.examples import example_documents  # noqa: PLC0415 - slow to import

    documents = example_documents()
    notice = documents.notice_of_absence(random.Random(3))  # noqa: S311 - no secret
    mail = tmp_path / "notice.eml"
    mail.write_bytes(documents.message(notice, datetime(2026, 11, 23, 8, 36, tzinfo=UTC)))

    status, out = rpa("run", "avis-absence", str(mail), "--kind", "email", "--json")

    assert status == 5
    (row,) = json.loads(out[out.index("[") :])
    assert row["state"] == "approved"
    (summary,) = register.cases()
    assert summary.attempts == 1


def test_the_report_is_written_and_told(rpa):
    status, out = rpa("report", "--json")

    assert status == 0
    told = json.loads(out)
    assert told["report"]["ratio"]
    names = {path.rsplit("/", 1)[1] for path in told["files"]}
    assert {"report.fr.html", "report.fr.pdf", "report.json", "processes.csv"} <= names


def test_an_independent_count_is_recorded(rpa, register):
    period = ("--from", "2026-11-01", "--to", "2026-11-30")

    assert rpa("count", "avis-absence", "12", *period, "--source", "mail log")[0] == 0

    assert register.entries(kind="counted")[0].data["cases"] == 12


def test_processes_are_listed_and_checked(rpa):
    listed = json.loads(rpa("process", "list", "--json")[1])
    assert {p["process_id"] for p in listed["processes"]} == {
        "avis-absence",
        "changement-adresse",
        "demande-remboursement",
    }
    for folder in (EXAMPLES / "processes").iterdir():
        status, out = rpa("process", "check", str(folder), "--json", at_home=False)
        assert (status, json.loads(out)["warnings"]) == (0, [])


def test_a_home_is_made_once(rpa, tmp_path):
    folder = tmp_path / "new"

    assert rpa("init", str(folder), at_home=False)[0] == 0
    assert rpa("init", str(folder), at_home=False)[0] == 2
    assert (folder / "secrets").stat().st_mode & 0o077 == 0


def test_the_doctor_names_what_it_looked_for(rpa):
    status, out = rpa("doctor", "--json")

    told = json.loads(out)
    assert status in (0, 5)
    assert told["well"] == (status == 0)
    assert {"Python", "tesseract", "gs"} <= {check["what"] for check in told["checks"]}


def test_without_a_home_it_is_said_how_to_make_one(tmp_path):
    done = CliRunner().invoke(
        build_app(["case", "list"]), ["case", "list", "--home", str(tmp_path)]
    )
    assert isinstance(done.exception, RpaError)
    assert "rpa init" in done.exception.message
