"""``rpa request list``, ``show``, ``deadlines``: who signs what, and where each of them stands."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from rpa.bootstrap.clock import clock
from rpa.cli.output import AsJson, print_json, print_table, say
from rpa.cli.session import Home, day_said, register_of, settings_of
from rpa.domain.errors import SetupError
from rpa.domain.ledger import LedgerEntry
from rpa.domain.moment_words import deadline_words, moment_words
from rpa.domain.notice import Notice, NoticeKind, NoticeState
from rpa.domain.person import PersonId
from rpa.domain.signature_request import (
    RequestedSigner,
    RequestId,
    RequestState,
    SignatureRequest,
)
from rpa.domain.words import request_state_word, signer_state_word
from rpa.i18n import _, current_language
from rpa.reporting.adapters.numbers import Numbers
from rpa.reporting.figures import Share
from rpa.steps.signature_requests.reach import OutOfReach, Reach, reason_words

app = typer.Typer(no_args_is_help=True)
RequestNumber = Annotated[
    str, typer.Argument(metavar="REQUEST", help=_("A request's number, S-2026-000042."))
]


@app.command("list", help=_("List signature requests, newest first."))
def list_requests(
    *,
    state: Annotated[
        list[RequestState] | None,
        typer.Option(help=_("Only requests in this state; may be repeated.")),
    ] = None,
    person: Annotated[
        str | None, typer.Option(help=_("Only requests that this person signs."))
    ] = None,
    most: Annotated[int, typer.Option(min=1, max=1000, help=_("At most so many."))] = 50,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """List signature requests."""
    settings, register = settings_of(home), register_of(home)
    found = register.requests(
        states=state or (), person=PersonId(person) if person else None, most=most
    )
    reach = Reach.of(register, has_mail=settings.mail is not None)
    if as_json:
        print_json([with_unreached(request, reach) for request in found])
        return
    zone = ZoneInfo(settings.timezone)
    heads = (_("Request"), _("Title"), _("State"), _("Waits for"), _("Deadline"), _("Not reached"))
    rows = [_request_row(request, reach, zone) for request in found]
    shown = len(heads) if any(row[-1] for row in rows) else len(heads) - 1
    print_table(heads[:shown], [row[:shown] for row in rows])


@app.command("show", help=_("Show a request: who signed, who is waited for, who was reminded."))
def show_request(request: RequestNumber, *, home: Home = None, as_json: AsJson = False) -> None:
    """Show a request."""
    settings, register = settings_of(home), register_of(home)
    zone = ZoneInfo(settings.timezone)
    found = register.request(RequestId(request))
    notices = register.notices_of(found.request_id)
    reach = Reach.of(register, has_mail=settings.mail is not None)
    if as_json:
        history = register.request_history(found.request_id)
        print_json(_facts(found, notices, history, reach))
        return
    print_request(found)
    print_table(
        (
            _("No."),
            _("Stage"),
            _("Person"),
            _("Role"),
            _("State"),
            _("Deadline"),
            _("Reminded"),
            _("Signed at"),
        ),
        [_signer_row(signer, notices, zone) for signer in found.signers],
    )
    _print_unsent(notices)
    for line in unreached_lines(found, reach):
        say(line)


@app.command("deadlines", help=_("How many deadlines of a period were reminded of by mail."))
def show_deadlines(
    *,
    first: Annotated[
        str | None, typer.Option("--from", help=_("First day; else the first of this year."))
    ] = None,
    last: Annotated[str | None, typer.Option("--to", help=_("Last day; else today."))] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Tell how many deadlines of a period got a digital reminder before."""
    zone = ZoneInfo(settings_of(home).timezone)
    today = clock().astimezone(zone).date()
    start = day_said(first) if first else today.replace(month=1, day=1)
    end = day_said(last) if last else today
    if end < start:
        raise SetupError(_("{last} is before {first}.", last=end, first=start))
    since, until = (datetime.combine(day, time(), zone) for day in (start, end + timedelta(days=1)))
    figure = register_of(home).deadlines(since, until)
    if as_json:
        print_json({"from": start.isoformat(), "to": end.isoformat(), **figure.model_dump()})
        return
    say(
        _(
            "{reminded} of {deadlines} deadlines from {first} to {last} were reminded of by mail "
            "before ({percent}).",
            reminded=figure.reminded,
            deadlines=figure.deadlines,
            first=start,
            last=end,
            percent=Numbers.of(current_language()).percent(
                Share(part=figure.reminded, whole=figure.deadlines)
            ),
        )
    )
    say(_("Of the others, {count} were met before they needed one.", count=figure.met_before))


def print_request(request: SignatureRequest) -> None:
    """Print what a request is about, and where it stands."""
    state = request_state_word(request.state)
    say(f"{request.request_id}  {state}  {request.title}")
    say(_("Document: SHA-256 {digest}", digest=request.current))
    say(_("Each signer says: {intent}", intent=request.intent))
    if request.case_id:
        say(_("Letter of case {case}.", case=request.case_id))
    if request.reason:
        say(_("Reason: {reason}", reason=request.reason))


def unreached_lines(request: SignatureRequest, reach: Reach) -> list[str]:
    """Return whom no notice reaches, a line for each reason."""
    by_reason: dict[OutOfReach, list[str]] = {}
    for one in reach.unreached_of(request):
        by_reason.setdefault(one.why, []).append(one.person)
    return [
        _(
            "No notice reaches {people}: {reason}.",
            people=", ".join(people),
            reason=reason_words(why),
        )
        for why, people in by_reason.items()
    ]


def with_unreached(request: SignatureRequest, reach: Reach) -> dict[str, Any]:
    """Return a request for programs, with those whom no notice reaches."""
    unreached = [asdict(one) for one in reach.unreached_of(request)]
    return {**request.model_dump(mode="json"), "unreached": unreached}


def _facts(
    request: SignatureRequest,
    notices: list[Notice],
    history: Sequence[LedgerEntry],
    reach: Reach,
) -> dict[str, Any]:
    unreached = [asdict(one) for one in reach.unreached_of(request)]
    told = {"notices": notices, "history": list(history), "unreached": unreached}
    return {"request": request, **told}


def _request_row(request: SignatureRequest, reach: Reach, zone: ZoneInfo) -> tuple[str, ...]:
    is_open = not request.state.is_final
    return (
        request.request_id,
        request.title,
        request_state_word(request.state),
        _waited_for(request),
        _deadline(request.next_deadline, zone) if is_open else "",
        ", ".join(one.person for one in reach.unreached_of(request)) if is_open else "",
    )


def _waited_for(request: SignatureRequest) -> str:
    if request.state.is_final:
        return ""
    return ", ".join(signer.person for signer in request.asked)


def _signer_row(signer: RequestedSigner, notices: list[Notice], zone: ZoneInfo) -> tuple[str, ...]:
    chain = "".join(f" ← {person}" for person in reversed(signer.asked_of))
    reminders = [
        _moment(notice.sent_at, zone)
        for notice in notices
        if notice.kind is NoticeKind.REMINDER and notice.position == signer.position
        if notice.sent_at is not None
    ]
    return (
        str(signer.position),
        str(signer.stage),
        f"{signer.person}{chain}",
        signer.role,
        signer_state_word(signer.state),
        _deadline(signer.deadline, zone) if signer.is_due else _moment(signer.deadline, zone),
        ", ".join(reminders),
        _moment(signer.signed_at, zone),
    )


def _print_unsent(notices: list[Notice]) -> None:
    unsent = [notice for notice in notices if notice.state is not NoticeState.SENT]
    for notice in unsent:
        words = _("given up") if notice.state is NoticeState.GIVEN_UP else _("not sent yet")
        why = f" ({notice.failure})" if notice.failure else ""
        say(
            _(
                "Mail to {person} ({kind}): {words}{why}",
                person=notice.recipient,
                kind=notice.kind.value,
                words=words,
                why=why,
            )
        )


def _deadline(at: datetime | None, zone: ZoneInfo) -> str:
    return deadline_words(at, now=clock(), zone=zone) if at else ""


def _moment(at: datetime | None, zone: ZoneInfo) -> str:
    return moment_words(at, zone=zone) if at else ""
