"""A worker sleeps through its lease right before its commit, and wakes when another has filed."""

import json
import subprocess
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from benchmarks.filing_chaos.crew import stopped, woken
from benchmarks.filing_chaos.evidence import OpenIntent
from benchmarks.filing_chaos.targets import write_list

if TYPE_CHECKING:
    from benchmarks.filing_chaos.director import Stage

LATER_S = 200_000
"""How far ahead the clock of the one who takes over is: every lease has run out."""
PATIENCE_S = 150


def oversleep(stage: "Stage", intent: OpenIntent, note: Callable[..., None]) -> None:
    """Stop a worker, let another command file its case by a later clock, and wake it."""
    whole = stage.chance.random() < 0.5
    halted = stopped(intent.pid, whole=whole)
    try:
        said = _taken_over(stage, intent.key)
    finally:
        held = stage.target.held(intent.key)
        woken(halted)
    told = {key: said.get(key) for key in ("outcome", "how", "code", "receipt")}
    note(did="taken over", whole=whole, stopped=len(halted), held=held, **told)


def _taken_over(stage: "Stage", key: str) -> dict[str, Any]:
    work = stage.crew.work
    clocks = work.clocks.with_name(f"{work.clocks.name}-later")
    clocks.mkdir(exist_ok=True)
    (clocks / "all").write_text(str(LATER_S))
    line = [one for one in stage.target.cases() if one["case"] == key]
    cases = write_list(line, work.folder / f"taken-over-{key}.jsonl")
    try:
        done = subprocess.run(
            work.command(cases, 1), env=work.environment(clocks), capture_output=True, text=True,
            start_new_session=True,
            timeout=PATIENCE_S, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return {"outcome": "not in time"}
    lines = done.stdout.splitlines()
    return dict(json.loads(lines[0])) if lines else {"outcome": f"exit {done.returncode}"}
