"""The deployments: which flow runs when, and the limits that guard the targets."""

from datetime import timedelta
from typing import Any, Final

from prefect import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectAlreadyExists
from prefect.flows import Flow
from prefect.schedules import Cron, Interval, Schedule
from prefect.types.entrypoint import EntrypointType

from flows.report import refresh, report
from flows.requests import requests
from flows.tools import limit_name, toolbox
from flows.work import intake, work
from rpa.bootstrap.toolbox import bot_warnings

WORK_EVERY: Final = timedelta(minutes=2)
REQUESTS_EVERY: Final = timedelta(minutes=5)
ONE_AT_A_TIME: Final = ConcurrencyLimitConfig(
    limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW
)


def deployments(home: str, *, timezone: str) -> list[RunnerDeployment]:
    """Return the deployments of a home, their schedules in ``timezone``."""
    every = Interval(WORK_EVERY, timezone=timezone)
    return [
        _deployment(intake, home, ()),
        _deployment(work, home, (every,)),
        _deployment(requests, home, (Interval(REQUESTS_EVERY, timezone=timezone),)),
        _deployment(report, home, (Cron("0 6 * * *", timezone=timezone),)),
        _deployment(refresh, home, (Cron("15 2 * * *", timezone=timezone),)),
    ]


def _deployment(
    flow: Flow[..., Any], home: str, schedules: tuple[Schedule, ...]
) -> RunnerDeployment:
    return RunnerDeployment.from_flow(
        flow,
        name=flow.name,
        parameters={"home": home},
        schedules=list(schedules),
        concurrency_limit=ONE_AT_A_TIME,
        entrypoint_type=EntrypointType.MODULE_PATH,
        tags=["paperless"],
    )


def ensure_limits(home: str) -> list[str]:
    """Create or set the concurrency limit of every target; returns their names."""
    limits: dict[str, int] = {}
    for process in toolbox(home).catalog:
        spec = process.definition.filing
        if spec is not None:
            held = limits.get(spec.target, spec.concurrency)
            limits[spec.target] = min(held, spec.concurrency)
    with get_client(sync_client=True) as client:
        for target, places in limits.items():
            client.upsert_global_concurrency_limit_by_name(limit_name(target), places)
    return [limit_name(target) for target in limits]


def check_bots(home: str) -> None:
    """Refuse to deploy a bot that is wrong, or of which nobody could tell what it filed.

    Raises:
        DefinitionError: Names the bot's file.
    """
    for process in toolbox(home).catalog:
        bot_warnings(process)


def deploy(home: str, *, pool: str, timezone: str) -> list[str]:
    """Create the work pool, the limits and the deployments on the server; returns their names."""
    with get_client(sync_client=True) as client:
        try:
            client.create_work_pool(WorkPoolCreate(name=pool, type="process"))
        except ObjectAlreadyExists:
            client.read_work_pool(pool)
    check_bots(home)
    names = ensure_limits(home)
    for deployment in deployments(home, timezone=timezone):
        deployment.apply(work_pool_name=pool)
        names.append(f"{deployment.flow_name}/{deployment.name}")
    return names
