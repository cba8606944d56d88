"""Draws: which document, which changes, written how; the same seed and number, the same bytes."""

import random
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from benchmarks.update_grammar.bases import Base, base
from benchmarks.update_grammar.document import KINDS, Document, Layout
from benchmarks.update_grammar.graph_changes import GRAPH
from benchmarks.update_grammar.honest import HONEST, is_permitted
from benchmarks.update_grammar.lying import LYING
from benchmarks.update_grammar.mismatches import MISMATCHES
from benchmarks.update_grammar.part_changes import PARTS
from benchmarks.update_grammar.reader_changes import READERS
from benchmarks.update_grammar.scene import ODD, Operation, Scene
from benchmarks.update_grammar.signing import identity, sealed
from benchmarks.update_grammar.syntax import SYNTAX

POOL: Final = 240
"""How many documents a seed has."""
_PREPARED: Final = {"prepared", "one-list", "two-pages"}
"""Documents whose maker left objects with two roles: nothing done to them is told as honest."""
MALICE: Final[Mapping[str, Operation]] = {
    **LYING,
    **MISMATCHES,
    **GRAPH,
    **PARTS,
    **READERS,
}
ALL: Final[Mapping[str, Operation]] = {**HONEST, **MALICE}


@dataclass(frozen=True)
class Plan:
    """What is to be done: groups of changes, each group one update."""

    seed: str
    number: int
    base: str
    groups: tuple[tuple[str, ...], ...]
    kinds: tuple[str, ...]
    """How each update is written."""
    syntax: str = ""
    """An oddity of the last update's text, if any."""


@dataclass(frozen=True)
class Draw:
    """A document with what was appended."""

    plan: Plan
    base: Base
    content: bytes
    done: tuple[str, ...]
    """The changes that found something to change."""
    is_honest: bool
    """Whether only what sound programs do was done, all of it permitted."""
    lies: bool


@lru_cache(maxsize=POOL)
def _base(seed: str) -> Base:
    return base(seed)


def plan(seed: int, number: int, only: str = "") -> Plan:
    """Return the plan of a draw."""
    dice = random.Random(f"{seed}-{number}")  # noqa: S311 - repeatable, not secret
    honest, malice = _counts(dice, is_bound=bool(only))
    names = [dice.choice(sorted(HONEST)) for _one in range(honest)]
    names += [only or _malice(dice) for _one in range(malice)]
    dice.shuffle(names)
    groups = _grouped(names, dice)
    if malice and dice.random() < 0.12:
        groups.append(["sign-unseen"])
    return Plan(
        seed=f"{seed}-{number}",
        number=number,
        base=f"{seed}-base-{dice.randrange(POOL)}",
        groups=tuple(tuple(one) for one in groups),
        kinds=tuple(dice.choice(KINDS) for _one in groups),
        syntax=dice.choice(sorted(SYNTAX)) if malice and dice.random() < 0.12 else "",
    )


def _counts(dice: random.Random, *, is_bound: bool) -> tuple[int, int]:
    roll = dice.random() if not is_bound else 0.15 + 0.85 * dice.random()
    if roll < 0.15:
        return dice.randint(1, 3), 0
    if roll < 0.68:
        return dice.choice((1, 1, 2)), 1
    if roll < 0.84:
        return 0, 1
    return dice.randint(0, 1), dice.randint(2, 3)


def _malice(dice: random.Random) -> str:
    (family,) = dice.choices((LYING, MISMATCHES, GRAPH, PARTS, READERS), weights=(5, 4, 7, 8, 5))
    return dice.choice(sorted(family))


def _grouped(names: list[str], dice: random.Random) -> list[list[str]]:
    if len(names) < 2 or dice.random() < 0.6:
        return [names]
    cut = dice.randrange(1, len(names))
    return [names[:cut], names[cut:]]


def made(plan: Plan, *, is_twin: bool = False, without: frozenset[int] = frozenset()) -> Draw:
    """Carry a plan out; leave changes out by their place, to find which one matters."""
    start = _base(plan.base)
    document = start.document.copy()
    done: list[str] = []
    needs: list[tuple[int, str]] = []
    lies, place = False, 0
    for index, group in enumerate(plan.groups):
        scene = Scene(start, document, random.Random(), is_twin=is_twin)  # noqa: S311
        for name in group:
            place += 1
            if place in without:
                continue
            scene.dice = random.Random(f"{plan.seed}-{place}")  # noqa: S311
            changed = _changed(scene, name)
            if changed is not None:
                scene = changed
                done.append(name)
        document = scene.document
        lies |= scene.lies
        needs += scene.needs
        is_last = index == len(plan.groups) - 1
        _written(scene, plan, index, plan.syntax if is_last else "")
    judged = Scene(start, document, random.Random(), needs=needs)  # noqa: S311
    is_honest = bool(done) and all(one in HONEST for one in done) and not plan.syntax
    is_honest = is_honest and not _PREPARED & {*start.name.split("+")}
    return Draw(
        plan, start, document.content, tuple(done), is_honest and is_permitted(judged), lies
    )


def _changed(scene: Scene, name: str) -> Scene | None:
    """Return the scene after a change; honest ones keep to what is permitted, mostly."""
    wants_permitted = name in HONEST and scene.dice.random() < 0.95
    for _try in range(4):
        trial = Scene(
            scene.base, scene.document.copy(), scene.dice, scene.is_twin, list(scene.needs),
            scene.lies, scene.signature,
        )  # fmt: skip
        try:
            ALL[name](trial)
        except ODD:
            continue
        if not wants_permitted or is_permitted(trial):
            return trial
    return None


def _written(scene: Scene, plan: Plan, index: int, syntax: str) -> None:
    document: Document = scene.document
    settings: dict[str, Any] = {"kind": plan.kinds[index]}
    if syntax:
        scene.dice = random.Random(f"{plan.seed}-syntax")  # noqa: S311
        with suppress(*ODD):
            settings |= SYNTAX[syntax](scene)
    layout = Layout(**settings)
    if scene.signature is not None:
        sealed(document, scene.signature, identity("Second"), layout)
    elif document.touched or syntax:
        document.save(layout)
