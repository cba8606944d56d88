"""The console as a web application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from rpa.console import (
    accounts,
    delegation,
    entrance,
    reading,
    requests,
    signing,
    verifying,
)
from rpa.console.crowd import Crowd
from rpa.console.gate.places import CrowdedError
from rpa.console.rendering import STATIC, STATIC_HEADERS
from rpa.console.web import HEADERS, Door, crowded, lost
from rpa.steps.desk import Desk

DOORS: tuple[Door, ...] = (
    *entrance.DOORS,
    *accounts.DOORS,
    *requests.DOORS,
    *reading.DOORS,
    *signing.DOORS,
    *delegation.DOORS,
    *verifying.DOORS,
)


def console_app(desk: Desk) -> Starlette:
    """Return the application; closing it closes the desk."""

    @asynccontextmanager
    async def open_while(_app: Starlette) -> AsyncIterator[None]:
        yield
        await run_in_threadpool(desk.close)

    async def refused(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return await run_in_threadpool(lost, request, desk, status)

    async def crowd_told(request: Request, error: Exception) -> Response:
        if not isinstance(error, CrowdedError):
            raise error
        return await run_in_threadpool(crowded, request, desk, error)

    crowd = Crowd(checks_at_once=desk.checks_at_once, upload_bytes=desk.upload_bytes)
    return Starlette(
        routes=[
            *(door.route(desk, crowd) for door in DOORS),
            Route("/console.css", _style),
            Route("/icon.svg", _icon),
        ],
        exception_handlers={
            HTTPException: refused,
            CrowdedError: crowd_told,
            Exception: refused,
        },
        lifespan=open_while,
    )


async def _style(_request: Request) -> Response:
    headers = {**HEADERS, **STATIC_HEADERS}
    return FileResponse(STATIC / "console.css", media_type="text/css", headers=headers)


async def _icon(_request: Request) -> Response:
    headers = {**HEADERS, **STATIC_HEADERS}
    return FileResponse(STATIC / "icon.svg", media_type="image/svg+xml", headers=headers)
