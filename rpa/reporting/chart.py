"""Charts as SVG, drawn on the server: no script, readable in print and without color."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from rpa.domain.paperless import Level
from rpa.i18n import _, current_language
from rpa.reporting.adapters.numbers import Numbers
from rpa.reporting.figures import ProcessFigure, Share
from rpa.reporting.report import PaperlessReport
from rpa.reporting.words import level_name

WIDTH: Final = 960
_ROW: Final = 50
_LABEL: Final = 22
_BAR: Final = 16
_TOP: Final = 30
INK: Final = "#16222e"
FILLS: Final = {Level.END_TO_END: "#0f3f66", Level.INSIDE: "#5a93bd", Level.PAPER: "#ffffff"}
_LINE: Final = "#a4262c"
_FONT: Final = "'Liberation Sans','Nimbus Sans','Helvetica Neue',Arial,sans-serif"


@dataclass(frozen=True, slots=True)
class Row:
    """One bar: what it is, what is said at its end, and its two filled parts in percent."""

    name: str
    remark: str
    end_to_end: Decimal
    inside: Decimal


@dataclass(frozen=True, slots=True)
class Mark:
    """A line across all bars: a target or a threshold."""

    percent: Decimal
    label: str


def ratio_chart(report: PaperlessReport, numbers: Numbers) -> str:
    """Draw the ratio by processes and by cases against the target."""
    ratio = report.ratio
    rows = [
        _ratio_row(_("Processes"), ratio.end_to_end, ratio.paperless, numbers),
        _ratio_row(
            _("Weighted by cases"), ratio.weighted_end_to_end, ratio.weighted_paperless, numbers
        ),
    ]
    target = numbers.percent(report.target.percent)
    mark = Mark(report.target.percent, _("Target {percent}", percent=target))
    return _drawn(rows, mark, _("Processes without paper, against the target"))


def process_chart(report: PaperlessReport, numbers: Numbers) -> str:
    """Draw the cases of each process by level, against the share that a level needs."""
    rows = [_process_row(figure) for figure in report.processes]
    needed = numbers.percent(report.rules.reach_percent)
    mark = Mark(report.rules.reach_percent, _("Needed {percent}", percent=needed))
    return _drawn(rows, mark, _("Cases of each process, by level"))


def _ratio_row(name: str, whole: Share, paperless: Share, numbers: Numbers) -> Row:
    return Row(name, numbers.percent(paperless), *_parts(whole, paperless))


def _process_row(figure: ProcessFigure) -> Row:
    parts = _parts(figure.end_to_end, figure.paperless)
    return Row(figure.name.into(current_language()), level_name(figure.level), *parts)


def _parts(whole: Share, paperless: Share) -> tuple[Decimal, Decimal]:
    first = whole.percent or Decimal(0)
    return first, (paperless.percent or Decimal(0)) - first


def _drawn(rows: Sequence[Row], mark: Mark, title: str) -> str:
    height = _TOP + _ROW * len(rows) + 4
    told = "; ".join(f"{row.name}: {row.remark}" for row in rows)
    label = quoteattr(f"{title}. {mark.label}. {told}")
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label={label} '
        f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'font-family="{_FONT}" font-size="15">'
    )
    bars = (piece for place, row in enumerate(rows) for piece in _row(row, _TOP + place * _ROW))
    return "".join(
        [opening, f"<title>{escape(title)}</title>", *bars, *_mark(mark, len(rows)), "</svg>"]
    )


def _row(row: Row, top: int) -> Iterable[str]:
    yield _text(row.name, 0, top + 14, "start", weight=600)
    yield _text(row.remark, WIDTH, top + 14, "end")
    bar = top + _LABEL
    yield (
        f'<rect x="0.5" y="{bar + 0.5}" width="{WIDTH - 1}" height="{_BAR - 1}" '
        f'fill="{FILLS[Level.PAPER]}" stroke="#6b7782"/>'
    )
    start = Decimal(0)
    for level, percent in ((Level.END_TO_END, row.end_to_end), (Level.INSIDE, row.inside)):
        if percent > 0:
            yield (
                f'<rect x="{_x(start)}" y="{bar}" width="{_x(percent)}" height="{_BAR}" '
                f'fill="{FILLS[level]}"/>'
            )
        start += percent


def _mark(mark: Mark, rows: int) -> Iterable[str]:
    """Draw the line across each bar only: names and remarks stay readable."""
    x = _x(mark.percent)
    anchor = "end" if mark.percent > 50 else "start"
    yield _text(mark.label, x, 15, anchor, color=_LINE, weight=600)
    for row in range(rows):
        bar = _TOP + row * _ROW + _LABEL
        yield (
            f'<rect x="{x - 2}" y="{bar}" width="4" height="{_BAR + 6}" fill="#ffffff"/>'
            f'<rect x="{x - 1}" y="{bar}" width="2" height="{_BAR + 6}" fill="{_LINE}"/>'
        )


def _text(
    text: str, x: Decimal | int, y: int, anchor: str, *, color: str = INK, weight: int = 400
) -> str:
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{color}" font-weight="{weight}">'
        f"{escape(text)}</text>"
    )


def _x(percent: Decimal) -> Decimal:
    return (percent * WIDTH / 100).quantize(Decimal("0.1"))
