"""``rpa archive signatures`` and ``renew``: how long the proof of what was signed still holds."""

from typing import Annotated

import typer

from rpa.cli.archive import app
from rpa.cli.output import AsJson, print_json, print_table, say
from rpa.cli.rooms import tools_of
from rpa.cli.session import Home
from rpa.domain.errors import ToolUnavailableError
from rpa.domain.upkeep import KeptSignature
from rpa.i18n import _
from rpa.steps.upkeep import find_signatures, look_after_signatures


@app.command("signatures", help=_("List signed documents: level, and when they are renewed."))
def signatures(
    *,
    lowered: Annotated[
        bool, typer.Option("--lowered", help=_("Only those below the level wanted."))
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """List signed documents."""
    tools = tools_of(home)
    find_signatures(tools)
    found = [
        document
        for document in tools.register.kept_signatures()
        if document.is_lowered or not lowered
    ]
    if as_json:
        print_json(found)
        return
    heads = (_("Case"), _("Document"), _("Level"), _("Wanted"), _("Due"), _("Why"), _("Problem"))
    print_table(heads, [_row(document) for document in found])


@app.command("renew", help=_("Raise lowered signatures and renew archive timestamps now."))
def renew(
    *,
    most: Annotated[int, typer.Option(min=1, help=_("At most so many documents."))] = 200,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Raise lowered signatures and renew archive timestamps."""
    done = look_after_signatures(tools_of(home), most=most)
    failed = [one for one in done if one.code]
    if as_json:
        facts = [{**one.document.model_dump(mode="json"), "code": one.code} for one in done]
        print_json(facts)
    else:
        say(
            _(
                "{count} documents raised or renewed, {failed} could not be.",
                count=len(done) - len(failed),
                failed=len(failed),
            )
        )
        print_table((_("Document"), _("Problem")), [(f.document.digest, f.code) for f in failed])
    if failed:
        raise ToolUnavailableError(
            _("Some signatures could not be looked after; they are tried again."),
            code="signatures-not-renewed",
        )


def _row(document: KeptSignature) -> tuple[str, ...]:
    return (
        document.case_id or document.request_id or "",
        document.role.value,
        document.level.value,
        document.wanted.value,
        document.due.date().isoformat() if document.due else "",
        document.cause,
        document.failure,
    )
