"""The three older modules, their look-up window and the search by reference."""

from werkzeug import Request, Response
from werkzeug.exceptions import NotFound

from guichet import tables
from guichet.checks import Checked
from guichet.latin1 import decoded
from guichet.modules import FORMS, WIZARD
from guichet.office import Office, sent_form
from guichet.sessions import Session


class Forms:
    """The pages that lead to a receipt."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def address(self, request: Request, session: Session, *, page: int) -> Response:
        """Take one page of « Changement d'adresse » and show the next."""
        if not 1 <= page <= len(WIZARD):
            raise NotFound
        if request.method == "GET":
            session.carried = {}
            return self._office.form(request, session, "adresse1.html", answers={})
        form = sent_form(request)
        self._office.checked_state(session, f"adresse{page}.html", form)
        checked = WIZARD[page - 1](form.fields)
        answers = {**session.carried, **form.fields}
        if checked.errors:
            template, errors = f"adresse{page}.html", checked.errors
            return self._office.form(request, session, template, answers=answers, errors=errors)
        session.carried = answers
        if page < len(WIZARD):
            template = f"adresse{page + 1}.html"
            return self._office.form(request, session, template, answers=answers)
        return self._deposit_address(request, session)

    def _deposit_address(self, request: Request, session: Session) -> Response:
        answers = session.carried
        checks = [check(answers) for check in WIZARD]
        errors = [error for checked in checks for error in checked.errors]
        if errors:
            template = "adresse1.html"
            return self._office.form(request, session, template, answers=answers, errors=errors)
        whole = Checked(answers)
        for checked in checks:
            whole.values.update(checked.values)
        session.carried = {}
        return self._deposit(request, "adresse", whole)

    def form(self, request: Request, session: Session, *, module: str) -> Response:
        """Show a module's form, or take it."""
        title, check = FORMS[module]
        template = f"{module}.html"
        if request.method == "GET":
            return self._office.form(request, session, template, title=title, answers={})
        form = sent_form(request)
        self._office.checked_state(session, template, form)
        checked = check(form.fields)
        if checked.errors:
            told = {"answers": form.fields, "errors": checked.errors}
            return self._office.form(request, session, template, title=title, **told)
        return self._deposit(request, module, checked)

    def _deposit(self, request: Request, module: str, checked: Checked) -> Response:
        fields = {name: value for name, value in checked.values.items() if name != "ref"}
        reference = str(checked.values["ref"])
        deposits, clock = self._office.deposits, self._office.clock
        number = self._office.failing.around(
            request,
            lambda: deposits.add(module, reference=reference, fields=fields, at=clock()),
        )
        if self._office.failing.loses_session(request):
            return self._office.session_lost(request)
        return self._office.page("accuse.html", number=number, reference=reference)

    def municipalities(self, request: Request, _session: Session) -> Response:
        """Show the look-up window."""
        part = decoded(request.query_string).get("Q")
        found = tables.municipalities(part) if part else {}
        return self._office.page("municipalites.html", part=part, found=found)

    def search(self, request: Request, _session: Session) -> Response:
        """Search by a part of the reference."""
        reference = sent_form(request).fields.get("REF") if request.method == "POST" else None
        cutoff = self._office.index_cutoff(request)
        hits = self._office.deposits.search(reference, kept_by=cutoff) if reference else []
        return self._office.page("recherche.html", reference=reference, hits=hits)
