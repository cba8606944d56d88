"""The orders of a step: what it puts where, filled in with the values of the case."""

from rpa.bots.acts import Check, Choose, Date, Fill, Select
from rpa.bots.adapters.calendar import MONTHS
from rpa.bots.adapters.entering import Order, order
from rpa.bots.adapters.session import Session
from rpa.bots.fitting import template_of
from rpa.bots.steps import Step
from rpa.bots.templates import mapped
from rpa.bots.views import dated


def orders_of(session: Session, step: Step) -> list[Order] | None:
    """Return the orders of a step that only puts values into the page; None for another.

    Raises:
        RpaError: A value does not fit the step.
    """
    match step:
        case Fill(keys=False) | Select() | Choose():
            return [_taken(session, step)]
        case Check():
            text = session.texts.text(step.value)
            return [order(session, step, "check", on=text == "true", shown=text)]
        case Date(calendar=None):
            return _date_orders(session, step)
        case _other:
            return None


def _taken(session: Session, step: Fill | Select | Choose) -> Order:
    template = template_of(step)
    tables = session.job.definition.tables
    text = mapped(session.texts.text(template), step.map, tables, template)
    shown = session.job.shown(template, text)
    if isinstance(step, Select):
        by = "value" if step.value is not None else "option"
        return order(session, step, "select", text=text, by=by, shown=shown)
    if isinstance(step, Choose):
        value = text if step.value is not None else None
        return order(session, step, "choose", value=value, shown=shown)
    return order(session, step, "fill", text=text, shown=shown)


def _date_orders(session: Session, step: Date) -> list[Order]:
    value = session.texts.text(step.value)
    shown = session.job.shown(step.value, value)
    if step.ways():
        text = _reformatted(value, step.format) if value and step.format else value
        return [order(session, step, "fill", text=text, shown=shown)]
    year, month, day = value.split("-") if value else ("", "", "")
    names = [name for name, number in MONTHS.items() if value and number == int(month)]
    none: list[str] = []
    parts = ((step.year, year, none), (step.month, month, names), (step.day, day, none))
    return [
        order(session, part, "date_part", text=text, names=called, shown=shown)
        for part, text, called in parts
        if part
    ]


def _reformatted(value: str, pattern: str) -> str:
    return dated(pattern)(value)
