"""``rpa ledger``: the chain of everything that happened, shown and checked."""

from typing import Annotated

import typer

from rpa.cli.output import AsJson, print_json, print_table, say
from rpa.cli.rooms import tools_of
from rpa.cli.session import Home, register_of
from rpa.domain.errors import IntegrityError
from rpa.i18n import _
from rpa.steps.anchor import anchor_flaws, anchor_ledger

app = typer.Typer(no_args_is_help=True)


@app.command("show", help=_("Show the newest entries."))
def show_ledger(
    *,
    last: Annotated[int, typer.Option(min=1, max=100_000, help=_("How many."))] = 30,
    kind: Annotated[str | None, typer.Option(help=_("Only entries of this kind."))] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show the newest entries."""
    entries = register_of(home).entries(kind=kind, last=last)
    if as_json:
        print_json(entries)
        return
    rows = [
        (str(e.seq), e.at.strftime("%Y-%m-%d %H:%M:%S"), e.kind, e.case_id or "", e.actor)
        for e in entries
    ]
    print_table((_("Entry"), _("At (UTC)"), _("What"), _("Case"), _("Who")), rows)


@app.command("verify", help=_("Check the whole chain, the cases and the anchors against it."))
def verify_ledger(*, home: Home = None, as_json: AsJson = False) -> None:
    """Check the whole chain."""
    tools = tools_of(home)
    count, head = tools.register.head()
    flaws = [*tools.register.flaws(), *anchor_flaws(tools)]
    if as_json:
        print_json({"entries": count, "head": head, "flaws": flaws, "sound": not flaws})
    elif flaws:
        rows = [(str(f.seq), f.problem, f.detail) for f in flaws]
        print_table((_("Entry"), _("Problem"), _("Detail")), rows)
    else:
        say(_("{count} entries, all as they were written. Head {head}.", count=count, head=head))
    if flaws:
        raise IntegrityError(
            _("The ledger was tampered with in {count} places.", count=len(flaws)), code="ledger"
        )


@app.command("anchor", help=_("Have the head timestamped, so that a cut-off end is noticed."))
def anchor(*, home: Home = None) -> None:
    """Have the head timestamped."""
    anchored = anchor_ledger(tools_of(home))
    say(_("Entry {seq} anchored at {at}.", seq=anchored.count, at=anchored.at.isoformat()))
