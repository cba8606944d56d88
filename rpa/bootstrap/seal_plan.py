"""How the documents of a folder are sealed; light, so that the command starts at once."""

from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from rpa.domain.signature import SignatureLevel
from rpa.i18n import Language
from rpa.signing.worker import Work, Worker


@dataclass(frozen=True, slots=True)
class SealPlan:
    """How the documents of a folder are sealed; plain data, so that workers can be told."""

    level: SignatureLevel | None
    """None is B-T where a time-stamping authority is known, else B-B."""
    language: Language
    home: Path | None = None
    credential: str = ""
    """Its name in the home's settings; empty where ``key`` is given."""
    key: Path | None = None
    passphrase: str = field(default="", repr=False)
    """A reference."""
    timestamp_url: str | None = None
    roots: tuple[Path, ...] = ()
    reason: str = ""
    visible: bool = True
    wait: bool = False


def sealing_worker(plan: SealPlan) -> Worker:
    """Return a worker whose process opens what seals; only there its tools are imported."""
    return Worker(partial(_opened, plan))


def _opened(plan: SealPlan) -> Work:
    opened: Any = import_module("rpa.bootstrap.sealing")
    work: Work = opened.open_sealer(plan)
    return work
