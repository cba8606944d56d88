"""What a bot is tried on: the samples of its process, or a list of cases, under trial keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from rpa.bootstrap.recording import SAMPLES, canonical
from rpa.bootstrap.targets import declared, target_named
from rpa.bots.adapters.playwright_bot import PlaywrightBot
from rpa.bots.api import Bot, FilingRequest, Target
from rpa.bots.checking import kinds_alone
from rpa.bots.definition import load_definition
from rpa.bots.recording.sample import read_sample
from rpa.doctor import browser_path
from rpa.domain.errors import DefinitionError
from rpa.domain.form import FieldKind, FormDefinition
from rpa.domain.reading import Method
from rpa.i18n import _
from rpa.ocr.verdict import native
from rpa.processes.folder import BOT_FILE, FORM_FILE, load_form, load_process
from rpa.settings import Settings
from rpa.steps.case_lines import BadLine, CaseLine, LineRules, read_lines
from rpa.steps.file import DOCUMENT


@dataclass(frozen=True, slots=True)
class Trial:
    """One case to try, and how it is called."""

    name: str
    request: FilingRequest


@contextmanager
def bot_at_work(settings: Settings | None, *, headed: bool) -> Iterator[Bot]:
    """Open a bot, in a browser that shows itself where ``headed``; closed at the end."""
    said = settings.browser if settings else None
    bot = PlaywrightBot(executable=browser_path(said, headed=headed), headless=not headed)
    try:
        yield bot
    finally:
        bot.close()


def trials_of(folder: Path, *, cases: Path | None, settings: Settings | None) -> list[Trial]:
    """Return what the bot of a process or bot folder is tried on.

    Raises:
        DefinitionError: There is nothing to try it on, or a file is not right.
        SetupError: Its target, or the target's secret, is not there.
    """
    form = load_form(folder / FORM_FILE) if (folder / FORM_FILE).is_file() else None
    target = _target(folder, settings)
    if cases is not None and cases.suffix == ".jsonl":
        found = list(_of_lines(folder, cases, form, target))
    else:
        paths = [cases] if cases else sorted((folder / SAMPLES).glob("*.json"))
        found = [_of_sample(folder, path, form, target) for path in paths]
    if not found:
        raise DefinitionError(
            _("{folder} has no samples to try the bot on: name a file of cases.", folder=folder),
            code="no-samples",
        )
    return found


def _target(folder: Path, settings: Settings | None) -> Target:
    spec = load_definition(folder / BOT_FILE).target
    if spec is not None:
        here = declared(folder.name, spec, folder=folder)
        return here.open(spec.logins[0])
    filing = load_process(folder).definition.filing
    if filing is None or settings is None:
        raise DefinitionError(
            _("{folder}: neither the bot nor the process names a target.", folder=folder),
            code="no-target",
        )
    known = target_named(settings, filing.target)
    return known.open(known.spec.logins[0])


def _kinds(folder: Path, form: FormDefinition | None) -> dict[str, FieldKind]:
    if form is not None:
        return {field.name: field.kind for field in form.all_fields()}
    return kinds_alone(load_definition(folder / BOT_FILE))


def _of_sample(folder: Path, path: Path, form: FormDefinition | None, target: Target) -> Trial:
    values, _names = read_sample(path)
    if form is not None:
        known = {field.name: field for field in form.all_fields()}
        values = {n: canonical(known[n], text) for n, text in values.items() if n in known}
    document = next(_documents(path), None)
    request = FilingRequest(
        key=_key(),
        values=values,
        kinds={**dict.fromkeys(values, FieldKind.TEXT), **_kinds(folder, form)},
        definition=folder / BOT_FILE,
        target=target,
        files={DOCUMENT: document} if document else {},
        sensitive=_sensitive(form),
    )
    return Trial(path.stem, request)


def _documents(path: Path) -> Iterator[Path]:
    """Yield the documents that a sample's truth belongs to."""
    for other in path.parent.glob(f"{path.stem}.*"):
        if other.suffix != ".json":
            yield other


def _of_lines(
    folder: Path, path: Path, form: FormDefinition | None, target: Target
) -> Iterator[Trial]:
    kinds = _kinds(folder, form)
    rules = LineRules(kinds, lambda field, text: native(field, text, Method.PERSON))
    for line in read_lines(path, rules):
        if isinstance(line, BadLine):
            raise DefinitionError(f"{path}: {line.message}", code=line.code)
        yield Trial(line.case, _line_request(line, folder, kinds, target, _sensitive(form)))


def _line_request(
    line: CaseLine,
    folder: Path,
    kinds: dict[str, FieldKind],
    target: Target,
    sensitive: frozenset[str],
) -> FilingRequest:
    return FilingRequest(
        key=_key(),
        values=line.values,
        kinds=kinds,
        definition=folder / BOT_FILE,
        target=target,
        files={name: file.path for name, file in line.files.items()},
        sensitive=sensitive,
    )


def _sensitive(form: FormDefinition | None) -> frozenset[str]:
    fields = form.all_fields() if form else ()
    return frozenset(field.name for field in fields if field.sensitive)


def _key() -> str:
    """Return a key that no case has, and no trial before."""
    return f"ESSAI-{token_hex(4)}"
