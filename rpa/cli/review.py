"""``rpa review``: what a person is asked, and their answers."""

from typing import Annotated

import typer

from rpa.cli.cases import CaseNumber
from rpa.cli.output import AsJson, print_json, print_table, say
from rpa.cli.rooms import tools_of
from rpa.cli.session import Home, Person, person_named, register_of
from rpa.domain.case import Case
from rpa.domain.document import DocumentRole
from rpa.domain.errors import SetupError
from rpa.domain.model import CaseId
from rpa.domain.problem_words import problem_words
from rpa.domain.reading import FieldValue
from rpa.domain.words import state_word
from rpa.i18n import _
from rpa.steps.decide import answer
from rpa.steps.toolbox import Toolbox
from rpa.steps.values import reading_of

app = typer.Typer(no_args_is_help=True)


@app.command("list", help=_("List the open questions, oldest first."))
def list_questions(*, home: Home = None, as_json: AsJson = False) -> None:
    """List the open questions."""
    items = register_of(home).review_items()
    if as_json:
        print_json(items)
        return
    rows = [
        (
            i.case_id,
            i.field,
            problem_words(i.problem),
            i.asked_at.astimezone().strftime("%Y-%m-%d %H:%M"),
        )
        for i in items
    ]
    print_table((_("Case"), _("Field"), _("Problem"), _("Since")), rows)


@app.command("show", help=_("Show what was read in a case, and what is asked."))
def show_questions(case: CaseNumber, *, home: Home = None, as_json: AsJson = False) -> None:
    """Show what was read."""
    tools = tools_of(home)
    shown = tools.register.get(CaseId(case))
    items = tools.register.review_items(case_id=shown.case_id)
    fields = _fields(shown, tools)
    if as_json:
        print_json({"case": shown.case_id, "questions": items, "fields": fields})
        return
    say(f"{shown.case_id}  {shown.process or '?'}  {state_word(shown.state)}\n  {shown.reason}")
    asked = {item.field: problem_words(item.problem) for item in items}
    rows = [
        (f.name, f.reading, f.value or "", f"{f.confidence:.2f}", asked.pop(f.name, ""))
        for f in fields
    ]
    rows += [(name, "", "", "", problem) for name, problem in asked.items()]
    heads = (_("Field"), _("Read"), _("Value"), _("Confidence"), _("Asked because"))
    print_table(heads, rows)
    say(_("Answer with: rpa review answer {case} FIELD=VALUE …", case=shown.case_id))


@app.command("answer", help=_("Answer every question of a case: FIELD=VALUE, or process=ID."))
def answer_questions(
    case: CaseNumber,
    answers: Annotated[list[str], typer.Argument(metavar="FIELD=VALUE…")],
    *,
    person: Person = None,
    home: Home = None,
) -> None:
    """Answer every question of a case."""
    tools = tools_of(home)
    said = dict(_pair(text) for text in answers)
    moved = answer(CaseId(case), said, person=person_named(person), tools=tools)
    say(f"{moved.case_id}  {state_word(moved.state)}  {moved.reason}")


def _fields(case: Case, tools: Toolbox) -> tuple[FieldValue, ...]:
    return reading_of(case, tools).fields if case.has(DocumentRole.READING) else ()


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise SetupError(_("An answer looks like FIELD=VALUE."), code="answer-form")
    return name.strip(), value
