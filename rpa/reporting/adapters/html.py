"""The report as one HTML file: no script, no other file, nothing fetched."""

from datetime import timedelta
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from rpa.domain.evidence import POINTS
from rpa.domain.paperless import Level, Medium
from rpa.i18n import Language, _, speaking
from rpa.reporting import chart, words
from rpa.reporting.adapters.numbers import Numbers
from rpa.reporting.figures import Share
from rpa.reporting.report import PaperlessReport

_TEMPLATES: Final = Path(__file__).parent.parent / "templates"
_pages: Final = Environment(
    loader=FileSystemLoader(_TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def html(report: PaperlessReport, language: Language, *, links: bool = True) -> str:
    """Return the report in ``language``; ``links`` lead to the files written beside it.

    The same report gives the same text.
    """
    numbers = Numbers.of(language)
    with speaking(language):
        return _pages.get_template("report.html").render(
            _=_,
            report=report,
            ratio=report.ratio,
            language=language,
            links=links,
            numbers=numbers,
            words=words,
            Level=Level,
            Share=Share,
            points=POINTS,
            media_told=_media_told,
            seconds=lambda value: timedelta(seconds=value),
            fills={level.value: fill for level, fill in chart.FILLS.items()},
            css=Markup((_TEMPLATES / "report.css").read_text("utf-8")),  # noqa: S704 - our own file
            ratio_chart=Markup(chart.ratio_chart(report, numbers)),  # noqa: S704 - escaped there
            process_chart=Markup(chart.process_chart(report, numbers)),  # noqa: S704 - the same
        )


def _media_told(media: dict[Medium, int], numbers: Numbers) -> list[tuple[str, str]]:
    """Return each medium of a touchpoint and its label, the most frequent first."""
    whole = sum(media.values())
    told = sorted(media.items(), key=lambda pair: (-pair[1], pair[0]))
    if len(told) == 1:
        return [(told[0][0].value, words.medium_name(told[0][0]))]
    return [
        (
            medium.value,
            f"{words.medium_name(medium)} {numbers.percent(Share(part=cases, whole=whole))}",
        )
        for medium, cases in told
    ]
