"""Workers that file a list together: one process each, so that a death takes no other along.

The command gives each worker one line at a time and reads one result; the register keeps them, and
other commands, apart. A worker that dies is replaced, and its line given out again: the register
knows how far it came.
"""

import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from pydantic import ValidationError

from rpa.bootstrap.filing_desk import FilingPlan, open_desk
from rpa.domain.errors import RpaError
from rpa.domain.model import Value
from rpa.environment import environment_language
from rpa.i18n import _, choose_language
from rpa.steps.case_lines import CaseLine
from rpa.steps.file_list import HELD, ListFiler
from rpa.steps.listed_case import Desk, Result

DEATHS: Final = 5
"""Workers that one line may cost before it is reported and the next one is taken."""


class Errand(Value):
    """A line to be filed; first without waiting for other commands that work on it."""

    line: CaseLine
    waits: bool = False

    def comes_back(self, result: Result) -> bool:
        """Say whether another command works on the case, and the others are to be tried first."""
        return result.code == HELD and not self.waits

    def patient(self) -> "Errand":
        """Return the errand to wait for."""
        return Errand(line=self.line, waits=True)


def filed_here(desk: Desk, lines: Iterable[CaseLine]) -> Iterator[Result]:
    """File lines one after another in this process."""
    filer = ListFiler(desk)
    rest = deque(Errand(line=line) for line in lines)
    while rest:
        errand = rest.popleft()
        result = filer.file(errand.line, waits=errand.waits)
        if errand.comes_back(result):
            rest.append(errand.patient())
        else:
            yield result


def filed_by_workers(plan: FilingPlan, lines: Sequence[CaseLine], count: int) -> Iterator[Result]:
    """File lines in ``count`` processes, and yield each result as it comes."""
    team = _Team(plan, deque(Errand(line=line) for line in lines))
    threads = [threading.Thread(target=team.employ, daemon=True) for _worker in range(count)]
    for thread in threads:
        thread.start()
    try:
        for _line in lines:
            yield team.results.get()
    finally:
        team.errands.clear()
        for thread in threads:
            thread.join()


@dataclass(slots=True)
class _Team:
    """What the threads that look after one worker each share."""

    plan: FilingPlan
    errands: deque[Errand]
    results: "queue.SimpleQueue[Result]" = field(default_factory=queue.SimpleQueue)

    def employ(self) -> None:
        """Give lines to a worker until none is left; one that dies is replaced."""
        worker: _Worker | None = None
        while (errand := self._next()) is not None:
            result, deaths = None, 0
            while result is None and deaths < DEATHS:
                worker = worker or _Worker(self.plan)
                result = worker.filed(errand)
                if result is None:
                    worker.ended()
                    deaths, worker = deaths + 1, None
            if result is not None and errand.comes_back(result):
                self.errands.append(errand.patient())
            else:
                self.results.put(result or _died(errand.line))
        if worker is not None:
            worker.ended()

    def _next(self) -> Errand | None:
        try:
            return self.errands.popleft()
        except IndexError:
            return None


class _Worker:
    """A process that files what it is given."""

    def __init__(self, plan: FilingPlan) -> None:
        command = [sys.executable, "-m", "rpa.bootstrap.filing_workers"]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self._say(plan.model_dump_json())

    def filed(self, errand: Errand) -> Result | None:
        """Return what became of a line; None where the worker died on it."""
        self._say(errand.model_dump_json())
        assert self._process.stdout is not None  # noqa: S101 - asked for above
        told = self._process.stdout.readline()
        try:
            return Result.model_validate_json(told)
        except ValidationError:
            return None

    def ended(self) -> None:
        """Let it end, and wait until it has."""
        assert self._process.stdin is not None  # noqa: S101 - asked for above
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait()

    def _say(self, text: str) -> None:
        assert self._process.stdin is not None  # noqa: S101 - asked for above
        with suppress(BrokenPipeError):  # it died; the answer will be missing, too
            self._process.stdin.write(text + "\n")
            self._process.stdin.flush()


def _died(line: CaseLine) -> Result:
    return Result(
        case=line.case,
        line=line.line,
        outcome="application-error",
        code="worker-died",
        message=_("The worker died {count} times on this line.", count=DEATHS),
    )


def work() -> None:
    """Be a worker: read the plan and then lines, and answer each with its result."""
    choose_language(environment_language())
    told = iter(sys.stdin.readline, "")
    plan = FilingPlan.model_validate_json(next(told))
    try:
        desk = open_desk(plan)
    except RpaError as error:
        for text in told:
            _answer(_not_opened(Errand.model_validate_json(text).line, error))
        return
    filer = ListFiler(desk)
    try:
        for text in told:
            errand = Errand.model_validate_json(text)
            _answer(filer.file(errand.line, waits=errand.waits))
    finally:
        desk.close()


def _answer(result: Result) -> None:
    sys.stdout.write(result.model_dump_json() + "\n")
    sys.stdout.flush()


def _not_opened(line: CaseLine, error: RpaError) -> Result:
    return Result(
        case=line.case,
        line=line.line,
        outcome="application-error",
        code=error.reason,
        message=error.message,
    )


if __name__ == "__main__":
    work()
