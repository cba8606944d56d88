"""Many draws in a few processes, each judged; a process that dies costs one draw, not the run."""

import logging
import multiprocessing
import signal
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

from benchmarks.update_grammar.draws import Draw, Plan, made, plan
from benchmarks.update_grammar.judge import Judge, lie_reasons
from rpa.bootstrap.verifying import open_validator
from rpa.domain.signature import Integrity
from rpa.signing.api import SignatureValidator

AT: Final = datetime(2026, 11, 28, tzinfo=UTC)
LONGEST_S: Final = 120
"""What one draw may take before its process is given up."""


@dataclass(frozen=True)
class Order:
    """What is to be tried."""

    seed: int
    numbers: Sequence[int]
    only: str = ""
    keep: Path | None = None


@dataclass(frozen=True)
class Result:
    """What came of one draw."""

    number: int
    base: str
    lock: str
    done: tuple[str, ...]
    syntax: str
    answer: str
    is_honest: bool
    reasons: tuple[str, ...] = ()
    """Why the answer is wrong."""
    culprits: tuple[str, ...] = ()
    """The changes without which it would not be."""
    check_s: float = 0.0
    """CPU seconds of the check alone."""
    draw_s: float = 0.0
    """CPU seconds of the making."""

    @property
    def kind(self) -> str:
        """What tells breaches apart."""
        return "+".join(sorted({*self.culprits, *([self.syntax] if self.syntax else [])}))


class Trial:
    """Draws, checks and judges, one after the other."""

    def __init__(self) -> None:
        """Open the validator; trust nobody, since only integrity is asked."""
        self._validator: SignatureValidator = open_validator(roots=[], contained=False)
        self._judge = Judge()

    def result(self, order: Order, number: int) -> Result:
        """Return what came of one draw."""
        began = time.process_time()
        draw = made(plan(order.seed, number, order.only))
        drawn = time.process_time()
        answer, reasons = self.judged(draw)
        checked = time.process_time()
        culprits = self._culprits(draw.plan) if reasons else ()
        if reasons and order.keep is not None:
            name = f"{order.seed}-{number}.pdf"
            (order.keep / name).write_bytes(draw.content)
        return Result(
            number, draw.base.name, draw.base.lock, draw.done, draw.plan.syntax, answer,
            draw.is_honest, tuple(reasons), culprits, checked - drawn, drawn - began,
        )  # fmt: skip

    def judged(self, draw: Draw) -> tuple[str, list[str]]:
        """Return the answer on a draw, with why it is wrong."""
        report = self._validator.validate(draw.content, at=AT)
        if report.integrity is not Integrity.VALID:
            return report.integrity.value, []
        reasons = self._judge.reasons(draw.base, draw.content, report)
        return report.integrity.value, [*reasons, *lie_reasons(draw)]

    def _culprits(self, whole: Plan) -> tuple[str, ...]:
        """Leave changes out, one at a time, as long as the answer stays wrong."""
        names = [name for group in whole.groups for name in group]
        without: frozenset[int] = frozenset()
        for place in range(1, len(names) + 1):
            tried = without | {place}
            if len(tried) < len(names) and self.judged(made(whole, without=tried))[1]:
                without = tried
        return made(whole, without=without).done


def results(order: Order, workers: int) -> Iterator[Result]:
    """Yield what came of every draw, in no order."""
    crew = _Crew(order)
    for place in range(workers):
        crew.start(list(order.numbers[place::workers]))
    while crew.running:
        for pipe in [one for one in wait(list(crew.running)) if isinstance(one, Connection)]:
            try:
                result: Result = pipe.recv()
            except EOFError:
                yield from crew.ended(pipe)
                continue
            crew.running[pipe][1].pop(0)
            yield result


class _Crew:
    """The processes, each with the numbers that it has still to try."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._context = multiprocessing.get_context("fork")
        self.running: dict[Connection, tuple[BaseProcess, list[int]]] = {}

    def start(self, numbers: list[int]) -> None:
        mine, theirs = self._context.Pipe(duplex=False)
        share = replace(self._order, numbers=numbers)
        process = self._context.Process(target=_work, args=(share, theirs), daemon=True)
        process.start()
        theirs.close()
        self.running[mine] = (process, numbers)

    def ended(self, pipe: Connection) -> Iterator[Result]:
        """Go on behind the draw at which a process died, if it did."""
        process, left = self.running.pop(pipe)
        process.join()
        if left:
            yield Result(left[0], "", "", (), "", "died", is_honest=False)
            self.start(left[1:])


def _work(order: Order, pipe: Connection) -> None:
    logging.disable(logging.ERROR)  # readers say much of odd files
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    trial = Trial()
    for number in order.numbers:
        signal.alarm(LONGEST_S)
        pipe.send(trial.result(order, number))
    signal.alarm(0)
    pipe.close()
