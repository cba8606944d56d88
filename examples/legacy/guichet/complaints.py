"""« Registre des plaintes »: a form that posts back for everything, and a list of what is kept."""

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from werkzeug import Request, Response
from werkzeug.exceptions import NotFound

from guichet.calendar_grid import day_of, month_of
from guichet.checks import Checked
from guichet.latin1 import Form, Upload
from guichet.office import Office, sent_form
from guichet.sessions import Session
from guichet.tables import CHANNELS, PROVINCES, REGIONS

MODULE = "plainte"
FORM, LIST = "plainte.html", "registre.html"
SAVE, CANCEL, ERASE = "ctl00$LB1", "ctl00$LB2", "ctl00$IB2.x"
CALENDAR, PAGER, SEARCH = "ctl00$Cal1", "ctl00$GV1", "ctl00$B1"
NAMES = {
    "ref": "ctl00$T1", "nom": "ctl00$T2", "prenom": "ctl00$T3", "telephone": "ctl00$T4",
    "province": "ctl00$D1", "region": "ctl00$D2", "mode": "ctl00$R1", "confidentiel": "ctl00$C1",
    "urgent": "ctl00$C2", "reponse": "ctl00$C3", "expose": "ctl00$T5", "piece": "ctl00$F1",
}  # fmt: skip
"""HTML names, which say nothing, by what they hold."""
PER_PAGE = 10
LARGEST_PIECE = 2_000_000
KINDS_OF_PIECE = (".pdf", ".jpg", ".jpeg", ".png", ".tif", ".txt")


@dataclass(slots=True)
class Entry:
    """A complaint as it stands on the page."""

    answers: Mapping[str, str] = field(default_factory=dict)
    month: date | None = None
    day: date | None = None

    def shown(self) -> dict[str, str]:
        """Return what the page state carries."""
        dates = {"mois": self.month, "jour": self.day}
        return {name: day.isoformat() if day else "" for name, day in dates.items()}


class Complaints:
    """The pages of the register."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def form(self, request: Request, session: Session) -> Response:
        """Show the form, or take what was posted back; a save is answered with an empty form."""
        if request.method == "GET":
            return self._shown(request, session, Entry())
        form = sent_form(request)
        shown = self._office.taken_state(session, FORM, form)
        answers = {name: form.fields.get(key, "") for name, key in NAMES.items()}
        entry = Entry(answers, *(_day(shown[name]) for name in ("mois", "jour")))
        event = form.fields.get("__EVENTTARGET", "")
        if saves(form):
            return self._saved(request, session, entry, form)
        if event == CANCEL or ERASE in form.fields:
            entry = Entry()
        elif event == CALENDAR:
            _turn(entry, form.fields.get("__EVENTARGUMENT", ""))
        return self._shown(request, session, entry)

    def _saved(self, request: Request, session: Session, entry: Entry, form: Form) -> Response:
        checked = _checked(entry)
        piece = form.uploads.get(NAMES["piece"])
        pieces = [piece] if piece and piece.name else []
        checked.errors.extend(error for one in pieces for error in _wrong_with(one))
        if checked.errors:
            return self._shown(request, session, entry, checked.errors)
        reference = str(checked.values.pop("ref"))
        deposits, clock = self._office.deposits, self._office.clock
        self._office.failing.around(
            request,
            lambda: deposits.add(
                MODULE, reference=reference, fields=checked.values, at=clock(), pieces=pieces
            ),
        )
        if self._office.failing.loses_session(request):
            return self._office.session_lost(request)
        return self._shown(request, session, Entry())

    def _shown(
        self, request: Request, session: Session, entry: Entry, errors: list[str] | None = None
    ) -> Response:
        today = datetime.fromtimestamp(self._office.clock(), tz=UTC).date()
        entry.month = entry.month or today.replace(day=1)
        regions = REGIONS.get(entry.answers.get("province", ""), ())
        return self._office.form(
            request,
            session,
            FORM,
            shown=entry.shown(),
            month=month_of(entry.month, entry.day),
            answers=entry.answers,
            regions=regions,
            names=NAMES,
            errors=errors,
        )

    def list(self, request: Request, session: Session) -> Response:
        """Show the register, ten lines at a time, oldest first."""
        part, page = "", 1
        if request.method == "POST":
            form = sent_form(request)
            shown = self._office.taken_state(session, LIST, form)
            part, page = shown["q"], int(shown["page"])
            event = form.fields.get("__EVENTTARGET", "")
            if event == PAGER:
                page = _page(form.fields.get("__EVENTARGUMENT", ""), page)
            else:
                part, page = form.fields.get("ctl00$T1", ""), 1
        lines = self._office.deposits.complaints(part, kept_by=self._office.index_cutoff(request))
        pages = max(1, -(-len(lines) // PER_PAGE))
        page = min(max(1, page), pages)
        return self._office.form(
            request,
            session,
            LIST,
            shown={"q": part, "page": str(page)},
            lines=lines[(page - 1) * PER_PAGE : page * PER_PAGE],
            part=part,
            current=page,
            pages=pages,
        )

    def detail(self, _request: Request, _session: Session, *, number: str) -> Response:
        """Show one complaint."""
        line = self._office.deposits.complaint(number)
        if line is None:
            raise NotFound
        return self._office.page("detail.html", line=line, channels=CHANNELS)

    def piece(self, _request: Request, _session: Session, *, number: str, rank: int) -> Response:
        """Send a complaint's file back."""
        piece = self._office.deposits.piece(number, rank)
        if piece is None:
            raise NotFound
        kind = mimetypes.guess_type(piece.name)[0] or "application/octet-stream"
        name = piece.name.encode("ascii", "replace").decode().replace('"', "'")
        told = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(piece.content, content_type=kind, headers=told)


def saves(form: Form) -> bool:
    """Say whether a form was sent to be kept, by either of its buttons."""
    event = form.fields.get("__EVENTTARGET", "")
    return event == SAVE or (event == "" and ERASE not in form.fields)


def _turn(entry: Entry, argument: str) -> None:
    try:
        day = day_of(argument)
    except ValueError:
        return
    entry.month = day.replace(day=1)
    if not argument.startswith("V"):
        entry.day = day


def _checked(entry: Entry) -> Checked:
    checked = Checked(entry.answers)
    checked.text("ref", "Réf. externe", longest=40)
    checked.text("nom", "Nom")
    checked.text("prenom", "Prénom", required=False)
    checked.pattern("telephone", "Téléphone", shape=r"\d{3} \d{3}-\d{4}", required=False)
    province = checked.code("province", "Province", table=PROVINCES)
    regions = {name: name for name in REGIONS.get(province, ())}
    checked.code("region", "Région", table=regions)
    checked.code("mode", "Mode de réception", table=CHANNELS)
    for tick in ("confidentiel", "urgent", "reponse"):
        checked.values[tick] = bool(entry.answers.get(tick))
    checked.text("expose", "Exposé des faits", longest=2000)
    checked.values["jour"] = entry.day.isoformat() if entry.day else ""
    if entry.day is None:
        checked.errors.append("Date de l'événement : choisir un jour.")
    return checked


def _wrong_with(piece: Upload) -> list[str]:
    errors = []
    if not piece.name.lower().endswith(KINDS_OF_PIECE):
        errors.append("Pièce : ce type de fichier n'est pas accepté.")
    if not 0 < len(piece.content) <= LARGEST_PIECE:
        errors.append("Pièce : fichier vide ou de plus de 2 Mo.")
    return errors


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _page(argument: str, page: int) -> int:
    wanted = argument.removeprefix("Page$")
    if wanted == "Next":
        return page + 1
    return int(wanted) if wanted.isdecimal() else page
