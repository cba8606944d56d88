"""The search for a case in the target, and what its list of hits means."""

from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Error as PlaywrightError

from rpa.bots.adapters import script
from rpa.bots.adapters.actions import translated, walk
from rpa.bots.adapters.clicking import click
from rpa.bots.adapters.page_script import ask, call
from rpa.bots.adapters.session import Session
from rpa.bots.looks import Cell, Hits
from rpa.bots.record import StepDone
from rpa.domain.filing import Finding, Presence, Receipt, found
from rpa.i18n import _

MOST_PAGES = 100
"""Pages of a list that are leafed through at most."""


def searched(session: Session) -> Finding:
    """Do the steps of ``find``, several times while nothing is found; changes nothing.

    Raises:
        RpaError: As :meth:`rpa.bots.api.Bot.file`, before the commit.
    """
    definition = session.job.definition
    finding = Finding(presence=Presence.UNKNOWN, detail=_("The bot has no “find” steps."))
    for number in range(definition.reads):
        if number:
            session.page.wait_for_timeout(definition.reads_wait_s * 1000)
        finding = _searched_once(session)
        if finding.presence is not Presence.ABSENT:
            break
    return finding


def _searched_once(session: Session) -> Finding:
    definition = session.job.definition
    session.choose(None)
    session.typed.clear()
    if session.job.written is not None:
        return _told(session, script.numbers_found(session), listed=None, is_cut=False)
    walk(session, definition.find[:-1], "find")
    try:
        return _finding(session, definition.hits())
    except PlaywrightError as exc:
        raise translated(session, exc) from None  # it may quote values


def _finding(session: Session, step: Hits) -> Finding:
    numbers: list[str] = []
    listed = 0
    altered = 0
    is_cut = False
    for page in _pages(session, step):
        listed += page["listed"]
        numbers += page["numbers"]
        altered += page["altered"]
        is_cut = is_cut or page["isCut"]
    finding = _told(session, numbers, listed=listed, is_cut=is_cut)
    return _doubtful(finding, altered) if altered and not numbers else finding


def _doubtful(finding: Finding, altered: int) -> Finding:
    """Believe in no absence where records hold the key, but differ from the case."""
    said = _(
        "{detail} {count} hold the key, but are not equal to the case: look at them.",
        detail=finding.detail,
        count=altered,
    )
    return finding.model_copy(update={"presence": Presence.UNKNOWN, "detail": said})


def _told(session: Session, numbers: list[str], *, listed: int | None, is_cut: bool) -> Finding:
    numbers = list(dict.fromkeys(numbers)) if all(numbers) else numbers
    detail = _(
        "The search showed {listed} entries, {exact} of them equal to the case.",
        listed="?" if listed is None else listed,
        exact=len(numbers),
    )
    if is_cut:
        detail = _("{detail} The list is cut off.", detail=detail)
    if not all(numbers):
        said = _("{detail} It shows no receipt number.", detail=detail)
        return Finding(presence=Presence.UNKNOWN, is_whole=not is_cut, detail=said)
    unique = session.job.definition.receipt().unique
    said = _("Found by its reference.")
    receipts = tuple(Receipt(number=one, text=said, unique=unique) for one in numbers)
    presence = found(len(numbers), is_whole=not is_cut)
    return Finding(presence=presence, receipts=receipts, is_whole=not is_cut, detail=detail)


def _pages(session: Session, step: Hits) -> Iterator[dict[str, Any]]:
    asked = {
        "rows": step.rows,
        "match": {column: session.texts.text(text) for column, text in step.match.items()},
        "reference": _cell(step.reference),
        "key": session.texts.request.key,
        "number": _cell(step.number),
        "more": step.more,
    }
    for _page in range(MOST_PAGES):
        yield call(session.scope(), "rpaHits", asked)
        if step.next is None or not _is_there(session, step):
            return
        click(session, step.next, StepDone(place="find", kind="click"))
    yield {"listed": 0, "numbers": [], "altered": 0, "isCut": True}


def _is_there(session: Session, step: Hits) -> bool:
    assert step.next is not None  # noqa: S101 - the caller looked
    asked = {"do": "ready", "spec": session.spec(step.next)}
    answers = ask(session.scope(), "rpaRun", [asked])
    return bool(answers and answers[0]["state"] == "ok")


def _cell(cell: Cell | None) -> dict[str, str] | None:
    return cell.model_dump(exclude_none=True) if cell else None
