"""The commit, and what proves that it arrived: from the click on, nothing else is certain."""

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import unquote

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Frame

from rpa.bots.adapters import script
from rpa.bots.adapters.actions import addresses, placed, translated
from rpa.bots.adapters.clicking import check_clickable, click
from rpa.bots.adapters.entering import check_kept, shown_by
from rpa.bots.adapters.finding import searched
from rpa.bots.adapters.page_script import ask
from rpa.bots.adapters.pictures import picture
from rpa.bots.adapters.session import Session, too_late
from rpa.bots.api import Filed, Seen
from rpa.bots.elements import Element
from rpa.bots.errors import ErrorShownError, PageMismatchError
from rpa.bots.looks import Receipt as ReceiptStep
from rpa.bots.record import StepDone
from rpa.domain.errors import OutcomeUnknownError, RpaError
from rpa.domain.filing import Presence, Receipt
from rpa.i18n import _

ANSWER_S: Final = 3.0
"""How long a click may take to send something; a page's script may wait a moment."""


class Commit:
    """A form that is filled, with the button that sends it."""

    def __init__(self, session: Session, present: Collection[str]) -> None:
        self._session = session
        self._present = frozenset(present)
        self._stale = frozenset[str]()

    def made_ready(self) -> Seen:
        """Make sure that the commit can be clicked, and keep what is on the screen just before.

        Raises:
            RpaError: As :meth:`rpa.bots.api.Bot.file`, before the commit.
        """
        session = self._session
        definition = session.job.definition
        place = ("file", len(definition.before_commit()), "click")
        step = definition.commit()
        done = self._done(place)
        try:
            check_clickable(session, step, done)
            check_kept(session)
            seen = Seen(picture(session), tuple(sorted(self._present)))
            self._stale = self._numbers_before(definition.receipt())
        except RpaError as exc:
            done.error = exc.reason
            raise placed(exc, place) from exc
        except PlaywrightError as exc:
            error = translated(session, exc)
            done.error = error.reason
            raise placed(error, place) from None  # it may quote values
        return seen

    def sent(self) -> Filed:
        """Click once, await the answer, and read the receipt.

        Raises:
            ErrorShownError: The target refused, and holds nothing.
            OutcomeUnknownError: Whatever else kept the receipt from being read.
        """
        session = self._session
        try:
            try:
                return self._answered()
            except ErrorShownError as refused:
                return self._refused(refused)
        except ErrorShownError:
            raise
        except OutcomeUnknownError:
            raise
        except RpaError as exc:
            raise _in_doubt(exc.message, exc.reason) from exc
        except PlaywrightError as exc:
            error = translated(session, exc)
            raise _in_doubt(error.message, error.reason) from None  # it may quote values

    def _answered(self) -> Filed:
        session = self._session
        session.watch.commit()
        self._click()
        self._await_answer()
        script.after_commit(session)
        receipt = self._receipt(session.job.definition.receipt())
        session.job.record.answers = tuple(session.watch.answers)
        return Filed(receipt=receipt, screen=picture(session))

    def _click(self) -> None:
        step = self._session.job.definition.commit()
        click(self._session, step, StepDone(place="file", kind="click"))

    def _await_answer(self) -> None:
        """Wait for the answer itself: a page that looks right may be the one from before."""
        session = self._session
        for _poll in session.polls(ANSWER_S):
            if session.watch.answers or session.watch.open_requests:
                break
        for _poll in session.polls(session.job.timeout_s):
            if not session.watch.open_requests:
                break
        else:
            raise too_late()
        session.settle()

    def _refused(self, refused: ErrorShownError) -> Filed:
        """Believe a refusal only where the target, asked, does not hold the case all the same."""
        session = self._session
        session.job.record.answers = tuple(session.watch.answers)
        if not session.job.definition.is_searchable:
            raise refused
        finding = searched(session).without(self._present)
        if finding.receipt is not None:
            return Filed(receipt=finding.receipt, screen=picture(session))
        if finding.presence is Presence.ABSENT:
            raise refused
        raise _in_doubt(f"{refused.message} {finding.detail}", refused.reason)

    def _receipt(self, step: ReceiptStep) -> Receipt:
        done = self._done(("file", len(self._session.job.definition.file) - 1, "receipt"))
        receipt = self._found_again() if step.find else self._read(step, done)
        done.value, done.used = receipt.number, done.used or done.element
        return receipt

    def _found_again(self) -> Receipt:
        session = self._session
        for _poll in session.polls(session.job.timeout_s):
            finding = searched(session).without(self._present)
            if finding.receipt is not None:
                return finding.receipt
            if finding.presence is not Presence.ABSENT:
                raise _in_doubt(finding.detail, finding.presence.value)
        raise _in_doubt(finding.detail, "not-found-yet")

    def _read(self, step: ReceiptStep, done: StepDone) -> Receipt:
        session = self._session
        pattern = step.url or step.pattern or ""
        for _poll in session.polls(session.job.timeout_s):
            for text in self._texts(step, done):
                found = re.search(pattern, text)
                number = found and (found[1] if found.re.groups else found[0]).strip()
                if number and number not in self._stale:
                    said = "" if step.url else session.job.masked(text, keep=number)
                    return Receipt(number=number, text=said, unique=step.unique)
        raise PageMismatchError(_("No receipt number was shown in time."), code="no-receipt")

    def _texts(self, step: ReceiptStep, done: StepDone) -> list[str]:
        session = self._session
        if step.url is not None:
            return addresses(session)
        frame = session.scope()
        if not step.ways():
            return [ask(frame, "rpaWholeText") or ""]
        if set(step.ways()) == {"selector"}:
            return ask(frame, "rpaTexts", step.selector) or []
        return [shown_by(session, step, done)]

    def _numbers_before(self, step: ReceiptStep) -> frozenset[str]:
        """Return receipt numbers that stood on the screen before: they prove nothing."""
        session = self._session
        pattern = step.url or step.pattern
        if step.find or not pattern:
            return frozenset()
        if step.url:
            written = [frame.url for frame in session.page.frames]
            texts = [*written, *map(unquote, written)]
        elif set(step.ways()) == {"selector"}:
            texts = [text for frame in session.page.frames for text in _texts(frame, step)]
        else:
            texts = [ask(frame, "rpaWholeText") or "" for frame in session.page.frames]
        found = (match for text in texts for match in re.finditer(pattern, text))
        return frozenset((one[1] if one.re.groups else one[0]).strip() for one in found)

    def _done(self, place: tuple[str, int, str]) -> StepDone:
        section, number, kind = place
        step = self._session.job.definition.file[number]
        told = step.described() if isinstance(step, Element) and step.ways() else ""
        done = StepDone(place=f"{section}/{number + 1}", kind=kind, element=told)
        self._session.job.record.steps.append(done)
        return done


def _texts(frame: Frame, step: ReceiptStep) -> list[str]:
    return ask(frame, "rpaTexts", step.selector) or []


def _in_doubt(problem: str, code: str) -> OutcomeUnknownError:
    return OutcomeUnknownError(
        _("The commit was sent, but no receipt came back: {problem}", problem=problem), code=code
    )
