"""Commands that share a list and one log-in don't wait for each other."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from rpa.domain.form import FieldKind
from rpa.steps.case_lines import CaseLine
from rpa.steps.file_list import ListFiler
from rpa.steps.listed_case import Desk, case_of
from rpa.steps.targets import Logins
from rpa.testing.bots import RecordingBot
from rpa.testing.clock import FrozenClock
from rpa.testing.register import open_test_register
from rpa.testing.store import MemoryStore
from rpa.testing.toolbox import fake_target


@pytest.fixture
def desk(tmp_path):
    clock = FrozenClock()
    register, timer = open_test_register(tmp_path, clock), clock.timer()
    actor = "worker:test:1:1"
    return Desk(
        now=clock,
        timezone=ZoneInfo("America/Toronto"),
        register=register,
        store=MemoryStore(),
        bot=RecordingBot(),
        logins=Logins(register, owner=actor, is_dead=lambda _owner: False, timer=timer),
        timer=timer,
        retries=3,
        actor=actor,
        target=fake_target("old"),
        definition=Path("bot.yaml"),
        kinds={"nom": FieldKind.TEXT},
        sensitive=frozenset(),
        grace_s=10,
        patience_s=5,
    )


def test_who_waits_for_a_case_of_another_command_gives_the_log_in_back_meanwhile(desk):
    mine, theirs = (
        CaseLine(line=n, case=str(n), key=str(n), values={"nom": "Roy"}, digest=str(n))
        for n in (1, 2)
    )
    held = desk.register.take(case_of(theirs, desk).case_id, owner="worker:other:1:1")
    filer = ListFiler(desk)
    assert filer.file(mine).outcome == "filed"
    assert filer.file(theirs).code == "held"

    names = [login.username for login in desk.target.spec.logins]
    lease = desk.register.claim_login(
        desk.target.name, names, owner="worker:other:1:1", is_dead=lambda _owner: False
    )
    assert lease is not None
    desk.register.release_logins([lease])
    desk.register.release(held)
    assert filer.file(theirs).outcome == "filed"
