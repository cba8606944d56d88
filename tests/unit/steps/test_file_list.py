"""Cases of a list are filed once each, whatever fails, and known again by the next run."""

import json
import threading
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from rpa.domain.case import CaseState
from rpa.domain.errors import NotFoundError, ToolUnavailableError
from rpa.domain.form import FieldKind
from rpa.domain.reading import Method
from rpa.ocr.verdict import native
from rpa.register.register import Entry
from rpa.steps.case_lines import BadLine, LineRules, read_lines
from rpa.steps.file_list import ListFiler
from rpa.steps.listed_case import Desk, known_result
from rpa.steps.targets import Logins
from rpa.testing.bots import Failure, RecordingBot
from rpa.testing.clock import FrozenClock
from rpa.testing.register import open_test_register
from rpa.testing.store import MemoryStore
from rpa.testing.toolbox import fake_target

KINDS = {"nom": FieldKind.TEXT, "montant": FieldKind.AMOUNT, "date": FieldKind.DATE}
RULES = LineRules(
    kinds=KINDS,
    check=lambda field, text: native(field, text, Method.PERSON),
    required=frozenset({"nom"}),
)


@pytest.fixture
def clock():
    return FrozenClock()


@pytest.fixture
def lines(tmp_path):
    def make(*said):
        path = tmp_path / "cases.jsonl"
        texts = (one if isinstance(one, str) else json.dumps(one) for one in said)
        path.write_text("\n".join(texts), encoding="utf-8")
        return list(read_lines(path, RULES))

    return make


@pytest.fixture
def desk(tmp_path, clock):
    register = open_test_register(tmp_path, clock)
    timer, store = clock.timer(), MemoryStore()

    def make(**chosen):
        actor = chosen.pop("actor", "worker:test:1:1")
        said = {
            "now": clock,
            "timezone": ZoneInfo("America/Toronto"),
            "register": register,
            "store": store,
            "bot": RecordingBot(),
            "logins": Logins(register, owner=actor, is_dead=lambda _owner: False, timer=timer),
            "timer": timer,
            "retries": 3,
            "actor": actor,
            "target": fake_target("old"),
            "definition": Path("bot.yaml"),
            "kinds": KINDS,
            "sensitive": frozenset(),
            "grace_s": 10,
            "patience_s": 600,
        }
        return Desk(**{**said, **chosen})

    return make


def filed(desk, lines):
    filer = ListFiler(desk)
    return [filer.file(line) for line in lines]


ONE = {"case": "2026-001", "fields": {"nom": "Gagné", "montant": "1 234,50 $"}}


def test_a_case_is_filed_with_its_canonical_values_and_its_evidence(desk, lines):
    tools = desk()
    (result,) = filed(tools, lines(ONE))

    assert (result.case, result.outcome, result.how) == ("2026-001", "filed", "filed")
    assert result.receipt == "ACC-2026-000001"
    assert len(result.evidence) == 3
    (request,) = tools.bot.filed
    assert request.key == "2026-001"
    assert request.values == {"nom": "Gagné", "montant": "1234.50"}


def test_a_second_run_knows_what_is_filed_and_opens_nothing(desk, lines):
    tools = desk()
    first = filed(tools, lines(ONE))
    calls = len(tools.bot.users)
    again = filed(tools, lines(ONE))

    assert [r.receipt for r in again] == [r.receipt for r in first]
    assert len(tools.bot.users) == calls
    assert known_result(lines(ONE)[0], tools).outcome == "filed"


def test_equal_lines_without_a_number_are_two_cases_that_a_second_run_knows(desk, lines):
    tools = desk()
    flat = {"nom": "Gagné"}
    first = filed(tools, lines(flat, flat))
    again = filed(tools, lines(flat, flat))

    assert len({r.case for r in first}) == 2
    assert [(r.case, r.receipt) for r in again] == [(r.case, r.receipt) for r in first]
    assert len(tools.bot.filed) == 2


def test_a_case_that_changed_after_it_was_filed_is_told_and_not_filed_again(desk, lines):
    tools = desk()
    filed(tools, lines(ONE))
    changed = {**ONE, "fields": {"nom": "Gagnon"}}
    (result,) = filed(tools, lines(changed))

    assert (result.outcome, result.code) == ("business-error", "case-changed")
    assert len(tools.bot.filed) == 1


def test_a_refused_case_can_be_corrected_in_the_list(desk, lines):
    tools = desk(bot=RecordingBot(failures=[Failure.REFUSED]))
    (refused,) = filed(tools, lines(ONE))
    assert (refused.outcome, refused.code) == ("business-error", "target-refused")

    changed = {**ONE, "fields": {"nom": "Gagnon"}}
    (result,) = filed(tools, lines(changed))
    assert result.outcome == "filed"
    assert tools.bot.filed[0].values == {"nom": "Gagnon"}
    assert tools.register.review_items() == []


def test_a_tool_that_fails_is_tried_again_and_then_told(desk, lines):
    tools = desk(bot=RecordingBot(failures=[Failure.BEFORE_COMMIT] * 2))
    assert filed(tools, lines(ONE))[0].outcome == "filed"

    tools.bot.failures += [Failure.BEFORE_COMMIT] * 4
    two = {"case": "2", "fields": {"nom": "Roy"}}
    three = {"case": "3", "fields": {"nom": "Roy"}}
    results = filed(tools, lines(two, three))
    assert [r.outcome for r in results] == ["application-error", "filed"]
    assert results[0].evidence
    assert filed(tools, lines(two))[0].outcome == "filed"


def test_a_lost_receipt_is_looked_up_in_the_same_run(desk, lines):
    tools = desk(bot=RecordingBot(failures=[Failure.AFTER_COMMIT]))
    (result,) = filed(tools, lines(ONE))

    assert (result.outcome, result.how) == ("filed", "found")
    assert len(tools.bot.filed) == 1


def test_a_doubt_that_cannot_be_settled_is_told_and_looked_up_by_the_next_run(desk, lines):
    bot = RecordingBot(failures=[Failure.AFTER_COMMIT], is_searchable=False)
    tools = desk(bot=bot)
    (result,) = filed(tools, lines(ONE))
    assert (result.outcome, result.code) == ("in-doubt", "unknown")
    (again,) = filed(tools, lines(ONE))
    assert again.outcome == "in-doubt"

    bot.is_searchable = True
    (found,) = filed(tools, lines(ONE))
    assert (found.outcome, found.how) == ("filed", "found")
    assert len(bot.filed) == 1


def test_a_doubt_with_the_commit_lost_is_filed_by_the_next_run(desk, lines):
    bot = RecordingBot(failures=[Failure.COMMIT_LOST], is_searchable=False)
    tools = desk(bot=bot)
    filed(tools, lines(ONE))
    bot.is_searchable = True

    (result,) = filed(tools, lines(ONE))
    assert (result.outcome, result.how) == ("filed", "filed")
    assert len(bot.filed) == 1


def test_a_doubt_that_came_with_the_last_try_is_looked_into(desk, lines):
    tools = desk(bot=RecordingBot(failures=[Failure.AFTER_COMMIT]), retries=0)

    (result,) = filed(tools, lines(ONE))
    assert (result.outcome, result.how) == ("filed", "found")


def test_without_retries_an_open_intent_is_in_doubt(desk, lines):
    tools = desk(bot=RecordingBot(failures=[Failure.COMMIT_LOST] * 2), retries=0)

    (result,) = filed(tools, lines(ONE))
    assert (result.outcome, result.code) == ("in-doubt", "outcome-unknown")


def test_a_dry_run_files_nothing_and_keeps_the_pictures(desk, lines):
    tools = desk(dry_run=True)
    (result,) = filed(tools, lines(ONE))

    assert result.outcome == "rehearsed"
    assert len(result.evidence) == 2
    assert tools.bot.filed == []
    assert filed(replace(tools, dry_run=False), lines(ONE))[0].outcome == "filed"


def test_a_log_in_refused_is_not_tried_for_the_next_case(desk, lines):
    tools = desk(bot=RecordingBot(failures=[Failure.LOGIN_REFUSED]))
    results = filed(tools, lines(ONE, {"case": "2", "nom": "Roy"}))

    assert [r.code for r in results] == ["login-refused", "login-refused"]
    assert [r.outcome for r in results] == ["application-error"] * 2
    assert tools.bot.users == ["u"]
    assert [c.case.state for c in tools.register.cases()] == [CaseState.SUSPENDED] * 2


def test_a_log_in_thrown_out_of_its_log_in_is_tried_once_more(desk, lines):
    first, second = lines({"case": "1", "nom": "Roy"}, {"case": "2", "nom": "Roy"})
    tools = desk(bot=RecordingBot())
    tools.bot.failures = []
    assert filed(tools, [first])[0].outcome == "filed"

    tools.bot.failures = [Failure.LOGIN_REFUSED]
    assert filed(tools, [second])[0].outcome == "filed"


def test_a_dead_target_is_given_up_once_patience_is_at_an_end(desk, lines):
    tools = desk(bot=RecordingBot(failures=[Failure.BEFORE_COMMIT] * 99), patience_s=20, retries=1)
    cases = [{"case": str(n), "nom": "Roy"} for n in range(6)]
    results = filed(tools, lines(*cases))

    assert {r.outcome for r in results} == {"application-error"}
    assert results[-1].code == "target-resting"
    assert len(tools.bot.users) <= 4


def test_a_case_that_another_command_holds_is_waited_for(desk, lines):
    tools = desk(patience_s=5)
    (line,) = lines(ONE)
    rehearsing = desk(dry_run=True)
    filed(rehearsing, [line])
    rehearsing.close()
    held = tools.register.take("2026-000001", owner="person:x")
    (result,) = filed(tools, [line])
    assert (result.outcome, result.code) == ("application-error", "held")

    tools.register.release(held)
    assert filed(tools, [line])[0].outcome == "filed"


def test_a_lease_that_could_not_be_given_back_is_taken_again_at_once(desk, lines):
    tools = desk(patience_s=5)
    (line,) = lines(ONE)
    filed(desk(dry_run=True), [line])
    tools.logins.close()
    tools.register.take("2026-000001", owner=tools.actor)  # the disk was full at its release

    assert filed(tools, [line])[0].outcome == "filed"


def test_two_commands_at_once_file_each_case_once_and_share_no_log_in(desk, lines):
    bot = RecordingBot()
    target = fake_target("old", "a", "b")
    listed = lines(*[{"case": str(n), "nom": "Roy"} for n in range(20)])
    results = []

    def command(name):
        tools = desk(bot=bot, target=target, actor=name, patience_s=600)
        results.append(filed(tools, listed))

    threads = [threading.Thread(target=command, args=(f"worker:test:{n}:1",)) for n in (1, 2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert len(bot.filed) == 20
    assert bot.clashes == 0
    assert {r.outcome for found in results for r in found} == {"filed"}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("{", "no-json"),
        ("[]", "no-json"),
        ("[" * 100_000, "no-json"),
        ('{"nom": "a", "nom": "b"}', "said-twice"),
        ({"case": "1", "fields": {"nom": "a", "prenom": "b"}}, "unknown-field"),
        ({"case": "1", "fields": {"montant": "3"}}, "missing-value"),
        ({"case": "1", "fields": {"nom": "  "}}, "missing-value"),
        ({"case": "1", "fields": {"nom": "a", "montant": "beaucoup"}}, "value-not-an-amount"),
        ({"case": "1", "fields": {"nom": {"a": 1}}}, "field-shape"),
        ({"case": "1", "nom": "a", "files": {"document": "nowhere.pdf"}}, "missing-file"),
        ({"case": "1", "nom": "a", "files": "nowhere.pdf"}, "field-shape"),
        ({"case": "1", "fields": {"nom": "a"}, "fiels": {}}, "unknown-field"),
        ({"case": "", "nom": "a"}, "case-name"),
        ('{"case": "1", "nom": "\\ud800"}', "not-text"),
    ],
)
def test_a_line_that_cannot_be_filed_is_named_and_stops_no_other(lines, said, code):
    read = lines(ONE, said, {"case": "9", "nom": "Roy"})

    assert [type(one).__name__ for one in read] == ["CaseLine", "BadLine", "CaseLine"]
    assert read[1].code == code
    assert "2" in read[1].message


def test_one_number_on_two_lines_is_told(lines):
    first, second = lines(ONE, {**ONE, "fields": {"nom": "Roy"}})

    assert isinstance(second, BadLine)
    assert (second.code, first.case) == ("case-twice", second.case)


def test_a_file_is_found_beside_the_list_and_must_not_change(desk, lines, tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"one")
    said = {"case": "1", "nom": "Roy", "files": {"document": "a.pdf"}}
    (line,) = lines(said)
    (tmp_path / "a.pdf").write_bytes(b"two")
    tools = desk()
    assert filed(tools, [line])[0].code == "file-changed"

    (result,) = filed(tools, lines(said))
    assert result.outcome == "filed"
    assert tools.bot.filed[0].files == {"document": tmp_path / "a.pdf"}


def test_a_bug_met_by_one_case_stops_no_other(desk, lines):
    tools = desk()
    original = tools.bot.file

    def broken(request, **more):
        if request.key == "2026-001":
            raise ZeroDivisionError("a person's data")
        return original(request, **more)

    tools.bot.file = broken
    results = filed(tools, lines(ONE, {"case": "2", "nom": "Roy"}))

    assert [r.code for r in results] == ["unexpected", None]
    assert "person" not in results[0].message


def test_a_register_that_cannot_be_written_is_told_and_tried_again(desk, lines):
    tools = desk()
    receive, left = tools.register.receive, [ToolUnavailableError("The disk is full.")] * 2

    def full(*given, **more):
        if left:
            raise left.pop()
        return receive(*given, **more)

    tools.register.receive = full
    assert filed(tools, lines(ONE))[0].outcome == "filed"

    left += [ToolUnavailableError("The disk is full.")] * 9
    (result,) = filed(tools, lines({"case": "2", "nom": "Roy"}))
    assert (result.outcome, result.code) == ("application-error", "tool-unavailable")


def test_a_rejected_case_is_told(desk, lines):
    tools = desk(bot=RecordingBot(failures=[Failure.REFUSED]))
    (refused,) = filed(tools, lines(ONE))
    lease = tools.register.hold(refused.number, owner="person:x")
    case = lease.case.moved(CaseState.REJECTED, at=tools.now(), because="no")
    tools.register.release(tools.register.save(lease, case, Entry("rejected", {})))

    assert filed(tools, lines(ONE))[0].code == "rejected"


def test_a_dry_run_of_a_case_that_may_be_filed_says_so(desk, lines):
    tools = desk(bot=RecordingBot(failures=[Failure.COMMIT_LOST] * 2), retries=0)
    filed(tools, lines(ONE))

    (result,) = filed(replace(tools, dry_run=True), lines(ONE))
    assert (result.outcome, result.code) == ("in-doubt", "open-intent")


def test_a_list_of_rows_is_a_table_and_other_fields_may_be_known_to_code(tmp_path):
    rules = replace(RULES, is_closed=False)
    path = tmp_path / "c.jsonl"
    path.write_text('{"nom": "Roy", "frais": [{"montant": 3}, {"montant": null, "lu": true}]}')
    (line,) = read_lines(path, rules)

    assert line.values == {"nom": "Roy", "frais.1.montant": "3", "frais.2.lu": "true"}
    path.write_bytes(b"\xff")
    with pytest.raises(NotFoundError, match="UTF-8"):
        list(read_lines(path, rules))
    with pytest.raises(NotFoundError):
        list(read_lines(tmp_path / "nowhere", rules))
