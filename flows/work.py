"""The work loop: what waits in the channels is taken in, and every due case moved on.

A run takes a batch; each case is one task run that carries its number. The register knows where
every case stands: a run that dies leaves nothing that the next one does not find.
"""

from typing import Any

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_table_artifact
from prefect.client.schemas.objects import State, TaskRun
from prefect.futures import wait
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.tasks import Task

from flows.tools import toolbox
from rpa.domain.case import CaseState
from rpa.domain.errors import ApplicationError
from rpa.domain.model import CaseId
from rpa.steps.advance import advance
from rpa.steps.owners import is_dead
from rpa.steps.receive import receive


async def tool_failed(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Retry what may pass next time; never retry a wrong document."""
    return isinstance(await state.aresult(raise_on_failure=False), ApplicationError)


@task(
    name="receive",
    task_run_name="receive {channel}",
    retries=2,
    retry_delay_seconds=[2, 10],
    retry_condition_fn=tool_failed,
)
def receive_channel(channel: str, home: str) -> int:
    """Take in what waits in one channel; returns how many documents came."""
    return len(receive(channel, toolbox(home)))


@task(
    name="advance",
    task_run_name="{case_id}",
    retries=2,
    retry_delay_seconds=[2, 10],
    retry_condition_fn=tool_failed,
)
def advance_case(case_id: str, home: str) -> str:
    """Move one case as far as it goes; returns its state."""
    case = advance(CaseId(case_id), toolbox(home))
    return case.state.value if case else "held"


@flow(name="intake", task_runner=ThreadPoolTaskRunner(max_workers=2))  # type: ignore[arg-type]
def intake(home: str) -> int:
    """Take in what waits in every channel; returns how many documents came."""
    futures = [receive_channel.submit(name, home) for name in toolbox(home).channels]
    return sum(future.result() for future in futures)


@flow(name="work", task_runner=ThreadPoolTaskRunner(max_workers=2))  # type: ignore[arg-type]
def work(home: str, most: int = 50) -> dict[str, int]:
    """Take in what waits, then move up to ``most`` due cases; returns how many stand where."""
    tools = toolbox(home)
    wait([receive_channel.submit(name, home) for name in tools.channels])
    freed = tools.register.break_dead(is_dead)
    if freed:
        get_run_logger().warning("%s cases of dead workers taken over", len(freed))
    wait([advance_case.submit(case_id, home) for case_id in tools.register.due(most=most)])
    tools.close()
    counts = tools.register.counts()
    publish_cases(home)
    return {state.value: count for state, count in counts.items()}


def publish_cases(home: str) -> None:
    """Show the newest cases as an artifact of the run: numbers, states, times; no values."""
    rows: list[list[Any]] = [["case", "process", "state", "since"]]
    for summary in toolbox(home).register.cases(most=50):
        case = summary.case
        since = case.changed_at.isoformat(timespec="seconds")
        rows.append([case.case_id, case.process or "?", case.state.value, since])
    head, *body = rows
    table = [dict(zip(head, row, strict=True)) for row in body]
    waiting = sum(1 for row in body if CaseState(row[2]).waits_for_person)
    create_table_artifact(
        key="cases", table=table, description=f"{len(body)} cases, {waiting} wait for a person"
    )
