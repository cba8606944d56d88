from datetime import timedelta

import pytest

from rpa.domain.case import CaseState
from rpa.domain.errors import SetupError
from rpa.steps.advance import advance
from rpa.steps.paper import destroy_paper, due_paper
from rpa.testing.toolbox import FakeArchive

RULE = {
    "procedure": "Procédure, version 2",
    "approved_by": "Secrétaire générale",
    "approved_on": "2026-09-15",
    "paper": "destroy",
    "method": "P-4",
    "keep_days": 30,
}
MONTH_S = 31 * 24 * 3600


class OtherCopy(FakeArchive):
    """Makes copies that show something else."""

    def likeness(self, _source, _copy):
        return 0.2


def archived(tools, deliver):
    case = advance(deliver(tools), tools)
    assert case.state is CaseState.ARCHIVED
    return case.case_id


def destroyed(tools, *cases, on=None):
    day = on or tools.now().astimezone(tools.timezone).date()
    return destroy_paper(cases, on=day, method="P-4", person="marie", tools=tools)


def test_paper_is_due_once_its_days_have_passed(world, deliver, clock):
    tools = world({"transfer": RULE})
    case_id = archived(tools, deliver)

    before = due_paper(tools)
    clock.pass_by(MONTH_S)

    assert before == []
    assert [paper.case_id for paper in due_paper(tools)] == [case_id]


def test_that_paper_is_gone_is_recorded_once(world, deliver, clock):
    tools = world({"transfer": RULE})
    case_id = archived(tools, deliver)
    clock.pass_by(MONTH_S)

    destroyed(tools, case_id)

    assert due_paper(tools) == []
    entry = tools.register.history(case_id)[-1]
    assert (entry.kind, entry.actor) == ("paper-destroyed", "person:marie")
    assert entry.data["method"] == "P-4"
    with pytest.raises(SetupError, match="recorded as destroyed"):
        destroyed(tools, case_id)


def test_paper_is_not_let_go_too_early_nor_in_the_future(world, deliver, clock):
    tools = world({"transfer": RULE})
    case_id = archived(tools, deliver)
    clock.pass_by(MONTH_S)
    today = tools.now().date()

    for day in (today - timedelta(days=20), today + timedelta(days=1)):
        with pytest.raises(SetupError, match="may be destroyed from"):
            destroyed(tools, case_id, on=day)


@pytest.mark.parametrize(
    ("changes", "chosen"), [({}, {}), ({"transfer": RULE}, {"archive": OtherCopy()})]
)
def test_without_rules_or_with_a_failed_check_paper_is_kept(world, deliver, clock, changes, chosen):
    tools = world(changes, **chosen)
    case_id = archived(tools, deliver)
    clock.pass_by(MONTH_S)

    assert due_paper(tools) == []
    with pytest.raises(SetupError, match="must be kept"):
        destroyed(tools, case_id)


def test_one_case_that_must_keep_its_paper_stops_them_all(world, deliver, clock):
    tools = world({"transfer": RULE})
    case_id = archived(tools, deliver)
    clock.pass_by(MONTH_S)
    waiting = deliver(tools, b"another", "b.tif")

    with pytest.raises(SetupError, match="until it is archived"):
        destroyed(tools, case_id, waiting)

    assert [paper.case_id for paper in due_paper(tools)] == [case_id]
