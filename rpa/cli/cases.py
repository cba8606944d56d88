"""``rpa case list`` and ``show``: where each case stands."""

from pathlib import Path
from typing import Annotated

import typer

from rpa.cli.output import AsJson, print_json, print_table, say
from rpa.cli.session import Home, register_of, settings_of
from rpa.domain.case import Case, CaseState
from rpa.domain.document import DocumentRef
from rpa.domain.model import CaseId, ProcessId
from rpa.domain.words import state_word
from rpa.i18n import _
from rpa.register.register import Register
from rpa.register.rows import CaseSummary
from rpa.steps.case_folder import save_case
from rpa.store.folder import FolderStore

app = typer.Typer(no_args_is_help=True)
SaveTo = Annotated[
    Path | None,
    typer.Option(
        "--save",
        "--open",
        metavar="FOLDER",
        help=_("Write its documents and evidence here, with a page to look at them."),
    ),
]
CaseNumber = Annotated[str, typer.Argument(metavar="CASE", help=_("A case number, 2026-000042."))]


@app.command("list", help=_("List cases, newest first."))
def list_cases(
    *,
    state: Annotated[
        list[CaseState] | None, typer.Option(help=_("Only cases in this state; may be repeated."))
    ] = None,
    process: Annotated[str | None, typer.Option(help=_("Only cases of this process."))] = None,
    waiting: Annotated[
        bool, typer.Option("--waiting", help=_("Only cases that wait for a person."))
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help=_("At most so many."))] = 50,
    before: Annotated[str | None, typer.Option(help=_("Page on from this case."))] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """List cases."""
    states = list(state or [])
    if waiting:
        states += [s for s in CaseState if s.waits_for_person]
    found = register_of(home).cases(
        states=states,
        process=ProcessId(process) if process else None,
        most=limit,
        before=CaseId(before) if before else None,
    )
    if as_json:
        print_json([_facts(summary) for summary in found])
        return
    heads = (_("Case"), _("Process"), _("State"), _("Since"), _("Why"))
    print_table(heads, [_row(summary.case) for summary in found])


@app.command("show", help=_("Show one case: its documents, its questions, its history."))
def show_case(
    case: CaseNumber, *, save: SaveTo = None, home: Home = None, as_json: AsJson = False
) -> None:
    """Show one case."""
    register = register_of(home)
    shown = register.get(CaseId(case))
    if save is not None:
        store = FolderStore(settings_of(home).path("store"))
        page = save_case(shown, save, register=register, store=store)
        if not as_json:
            say(str(page))
            return
    if as_json:
        history = register.history(shown.case_id)
        items = register.review_items(case_id=shown.case_id)
        print_json({"case": shown, "questions": items, "history": history})
        return
    _print_case(shown, register)


def _print_case(case: Case, register: Register) -> None:
    say(f"{case.case_id}  {case.process or '?'}  {state_word(case.state)}")
    say(f"  {case.reason}")
    documents = [
        (d.role.value, d.name, _pages(d), d.media_type.value, d.digest) for d in case.documents
    ]
    heads = (_("Role"), _("Name"), _("Pages"), _("Type"), "SHA-256")
    print_table(heads, documents, title=_("Documents"))
    items = register.review_items(case_id=case.case_id)
    if items:
        asked = [(item.field, item.problem) for item in items]
        print_table((_("Field"), _("Problem")), asked, title=_("Questions"))
    history = [
        (str(e.seq), e.at.strftime("%Y-%m-%d %H:%M:%S"), e.kind, e.actor)
        for e in register.history(case.case_id)
    ]
    print_table((_("Entry"), _("At (UTC)"), _("What"), _("Who")), history, title=_("History"))


def _pages(document: DocumentRef) -> str:
    """Return which pages are the case's, where they aren't all of the document's."""
    told = (
        ("", document.pages),
        (_("blank:"), document.blank_pages),
        (_("separators:"), document.separators),
    )
    return "\n".join(
        " ".join([name, *map(str, numbers)]).strip() for name, numbers in told if numbers
    )


def _facts(summary: CaseSummary) -> dict[str, object]:
    held = {"attempts": summary.attempts, "held_by": summary.held_by}
    return {**summary.case.model_dump(mode="json", exclude={"documents"}), **held}


def _row(case: Case) -> tuple[str, str, str, str, str]:
    since = case.changed_at.astimezone().strftime("%Y-%m-%d %H:%M")
    return (case.case_id, case.process or "?", state_word(case.state), since, case.reason)
