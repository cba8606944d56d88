"""What a recording begins with and ends in: the sample case, the target's address, ``bot.yaml``."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from rpa.bots.adapters.recorder import Bar, recording
from rpa.bots.checking import check_alone, check_definition
from rpa.bots.recording.events import Event
from rpa.bots.recording.logging_in import username_of
from rpa.bots.recording.recorded import Recorded, recorded
from rpa.bots.recording.sample import (
    SAMPLE_KEY,
    Sample,
    kinds_of,
    read_sample,
    with_canonical_amounts,
)
from rpa.bots.recording.writing import to_confirm, written
from rpa.domain.errors import DefinitionError, RpaError
from rpa.domain.form import FieldDefinition, FieldKind, FormDefinition
from rpa.domain.reading import Method
from rpa.i18n import _
from rpa.ocr.verdict import native
from rpa.processes.folder import BOT_FILE, FORM_FILE, load_form, load_process
from rpa.settings import Settings

SAMPLES: Final = "samples"
FORMER: Final = "bot.yaml.before"
"""Where a definition goes that a new recording takes the place of."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A written definition, and what a person should look at."""

    path: Path
    to_confirm: tuple[str, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is recorded, and where to."""

    folder: Path
    sample: Sample
    home: str
    """The target's address: what ``{url}`` stands for."""
    form: FormDefinition | None = None
    """None: the bot stands alone, and declares its own target and fields."""


def plan_of(
    folder: Path, url: str, *, said: Path | None, key: str = "", settings: Settings | None = None
) -> Plan:
    """Return what a recording at ``url`` for a process or bot folder begins with.

    Raises:
        DefinitionError: There is no sample case, or a file is not right.
    """
    form = load_form(folder / FORM_FILE) if (folder / FORM_FILE).is_file() else None
    path = said or next(iter(sorted((folder / SAMPLES).glob("*.json"))), None)
    if path is None:
        raise DefinitionError(
            _("{folder} has no sample case: say one by --sample.", folder=folder), code="no-sample"
        )
    values, files = read_sample(path)
    sample = _sample(values, files, form, key or SAMPLE_KEY)
    return Plan(folder, sample, _home(folder, url, settings), form)


def _sample(
    values: dict[str, str], files: tuple[str, ...], form: FormDefinition | None, key: str
) -> Sample:
    if form is None:
        return Sample(with_canonical_amounts(values), kinds_of(values), files=files, key=key)
    fields = {field.name: field for field in form.all_fields()}
    strange = sorted(set(values) - set(fields))
    if strange:
        raise DefinitionError(
            _("The form has no field {field}.", field=strange[0]), code="unknown-field"
        )
    return Sample(
        {name: canonical(fields[name], text) for name, text in values.items()},
        {name: field.kind for name, field in fields.items()},
        {name: (field.label.fr, field.label.en) for name, field in fields.items()},
        {name: field.choices for name, field in fields.items()},
        files or ("document",),
        key,
    )


def canonical(field: FieldDefinition, text: str) -> str:
    """Return the canonical text of a sample's value, or the text itself where it has none."""
    return (native(field, text, Method.PERSON).value or text) if text else ""


def _home(folder: Path, url: str, settings: Settings | None) -> str:
    """Return the address of the process's target, where ``url`` is below it."""
    with suppress(RpaError):
        filing = load_process(folder).definition.filing
        target = settings.targets.get(filing.target) if settings and filing else None
        if target and url.startswith(target.url.rstrip("/")):
            return target.url.rstrip("/")
    return base_of(url)


def base_of(url: str) -> str:
    """Return the address of an application by that of one of its pages."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rpartition('/')[0]}"


def record(plan: Plan, url: str, *, executable: Path | None) -> list[Event]:
    """Let a person do the job in a browser, and return what was done.

    Raises:
        ToolUnavailableError: There is no Chromium that can show itself.
    """
    values = ((name, text) for name, text in plan.sample.values.items() if text)
    bar = Bar((("→", plan.sample.key), *values))
    with recording(url, executable=executable, bar=bar) as recorder:
        recorder.wait()
        return recorder.finish()


def write(plan: Plan, events: Sequence[Event]) -> Outcome:
    """Write what was recorded as the folder's ``bot.yaml``; a former one is kept beside it.

    Raises:
        DefinitionError: Nothing was done in the browser.
    """
    made = recorded(events, plan.sample, home=plan.home)
    if not made.file:
        raise DefinitionError(_("Nothing was done in the browser."), code="nothing-recorded")
    plan.folder.mkdir(parents=True, exist_ok=True)
    path = plan.folder / BOT_FILE
    if path.exists():
        path.replace(plan.folder / FORMER)
    path.write_text(_text(plan, made, events), encoding="utf-8")
    return Outcome(path, tuple(to_confirm(made)), (*made.remarks, *_problems(path, plan)))


def _text(plan: Plan, made: Recorded, events: Sequence[Event]) -> str:
    title = _("Recorded at {url}. Look at each line marked as to confirm.", url=plan.home)
    if plan.form is not None:
        return written(made, title=title)
    login = {"username": username_of(events), "password": "env:BOT_PASSWORD"}
    target = {"url": plan.home, "logins": [login]}
    secret = {draft.field_name for draft in made.file if draft.event.secret}
    return written(made, title=title, target=target, fields=_fields(plan.sample, secret))


def _fields(sample: Sample, secret: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return the fields that are more than plain texts; what passwords are is not to be seen."""
    kinds = {name: {"kind": kind.value} for name, kind in sample.kinds.items()}
    fields: dict[str, dict[str, Any]] = {
        name: said for name, said in kinds.items() if said["kind"] != FieldKind.TEXT
    }
    for name in sample.values:
        if name in secret:
            fields[name] = {**fields.get(name, {}), "sensitive": True}
    return fields


def _problems(path: Path, plan: Plan) -> tuple[str, ...]:
    """Return what the check says of the definition as it was written."""
    try:
        if plan.form is None:
            return check_alone(path)
        return check_definition(path, plan.sample.kinds)
    except DefinitionError as error:
        return (error.message,)
