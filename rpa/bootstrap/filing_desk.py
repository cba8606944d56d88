"""What ``rpa bot file`` needs, opened from what its command line says: no home, no server."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationError

from rpa.bootstrap.register import clock
from rpa.bootstrap.targets import declared
from rpa.bots.adapters.playwright_bot import PlaywrightBot
from rpa.bots.checking import check_fits, kinds_alone
from rpa.bots.definition import BotDefinition
from rpa.bots.finding_again import check_found_again, definition_of
from rpa.bots.written import WrittenDefinition
from rpa.doctor import browser_path
from rpa.domain.errors import DefinitionError, SetupError
from rpa.domain.model import Value
from rpa.domain.reading import Method
from rpa.domain.target import LoginSpec, TargetSpec
from rpa.i18n import _
from rpa.ocr.verdict import native
from rpa.processes.folder import BOT_FILE, WRITTEN_BOT_FILE
from rpa.register.database import Database
from rpa.register.register import Register
from rpa.settings import HOME_FILE
from rpa.steps.case_lines import LineRules
from rpa.steps.listed_case import Desk
from rpa.steps.owners import is_dead, this_worker
from rpa.steps.targets import DeclaredTarget, Logins
from rpa.steps.timer import Timer
from rpa.store.folder import FolderStore

DATABASE: Final = "register.db"
STORE: Final = "store"
LEASE_S: Final = 300.0


class FilingPlan(Value):
    """What was said on the command line; plain, so that a worker can be told it."""

    bot: Path
    """The definition's file."""
    cases: Path
    kept_in: str = ""
    """The register: a folder, a ``.db`` file, a database; beside the cases if not said."""
    store: Path | None = None
    url: str | None = None
    logins: tuple[LoginSpec, ...] = ()
    retries: int = 3
    patience_s: float = 600.0
    grace_s: float = 10.0
    timezone: str = "America/Toronto"
    dry_run: bool = False
    headed: bool = False

    @property
    def place(self) -> str:
        """Where the register is."""
        return self.kept_in or str(self.cases.with_suffix(".filing"))


def definition_at(bot: Path) -> Path:
    """Return the file of a bot that is named by it or by its folder.

    Raises:
        SetupError: There is none.
    """
    path = bot
    if bot.is_dir():
        written = bot / WRITTEN_BOT_FILE
        path = written if written.is_file() else bot / BOT_FILE
    if not path.is_file():
        raise SetupError(_("{bot}: there is no bot here.", bot=bot), code="no-bot")
    return path.resolve()


def login_said(said: str) -> LoginSpec:
    """Return the log-in of ``USER=env:NAME`` or ``USER=file:PATH``.

    Raises:
        SetupError: It is not written so; never shows what follows the name.
    """
    username, _equals, password = said.partition("=")
    try:
        return LoginSpec(username=username, password=password)
    except ValidationError:
        raise SetupError(
            _("--login {user}: write USER=env:NAME or USER=file:PATH.", user=username),
            code="usage",
        ) from None  # it quotes what may be a password


def checked_definition(plan: FilingPlan) -> BotDefinition:
    """Read the bot's definition, and refuse one that cannot tell what it filed.

    Raises:
        DefinitionError: It is wrong, or files without a way to find a case again.
    """
    definition = definition_of(plan.bot)
    check_found_again(definition, plan.bot)
    check_fits(definition, kinds_alone(definition), path=plan.bot)
    return definition


def rules_of(definition: BotDefinition) -> LineRules:
    """Return what the bot wants of a line; what code does with other fields, nobody knows."""
    required = {name for name, spec in definition.fields.items() if spec.required}
    return LineRules(
        kinds=kinds_alone(definition),
        check=lambda field, text: native(field, text, Method.PERSON),
        required=frozenset(required),
        is_closed=not isinstance(definition, WrittenDefinition),
    )


def open_desk(plan: FilingPlan) -> Desk:
    """Open register, store, log-ins and bot; the browser starts when it is needed.

    Raises:
        SetupError: Something said is wrong, or missing.
        ToolUnavailableError: The register cannot be opened.
    """
    definition = checked_definition(plan)
    target = _target(plan, definition)
    address, store = _places(plan)
    register = Register(Database(address), now=clock, lease_s=LEASE_S)
    owner, timer = this_worker(), Timer()
    fields = definition.fields.items()
    return Desk(
        now=clock,
        timezone=_zone(plan.timezone),
        register=register,
        store=FolderStore(store),
        bot=PlaywrightBot(
            executable=browser_path(None, headed=plan.headed), headless=not plan.headed
        ),
        logins=Logins(register, owner=owner, is_dead=is_dead, timer=timer),
        timer=timer,
        retries=plan.retries,
        actor=owner,
        target=target,
        definition=plan.bot,
        kinds=kinds_alone(definition),
        sensitive=frozenset(name for name, spec in fields if spec.sensitive),
        grace_s=plan.grace_s,
        patience_s=plan.patience_s,
        dry_run=plan.dry_run,
    )


def _target(plan: FilingPlan, definition: BotDefinition) -> DeclaredTarget:
    spec = definition.target
    if spec is None and not (plan.url and plan.logins):
        raise DefinitionError(
            _("{file} has no “target”: say it there, or --url and --login.", file=plan.bot),
            code="no-target",
        )
    said: dict[str, str | Sequence[LoginSpec]] = {}
    if plan.url:
        said["url"] = plan.url
    if plan.logins:
        said["logins"] = plan.logins
    spec = spec.model_copy(update=said) if spec else TargetSpec.model_validate(said)
    target = declared(spec.url.rstrip("/"), spec, folder=plan.bot.parent)
    for login in spec.logins:  # a secret that is not there is told before anything is opened
        target.open(login)
    return target


def _places(plan: FilingPlan) -> tuple[str, Path]:
    """Return the register's address and the store's folder, made where they are folders of ours."""
    said = plan.place
    if "://" in said:
        if plan.store is None:
            raise SetupError(_("A register in a database goes with --store FOLDER."), code="usage")
        return said, plan.store
    path = Path(said)
    if path.suffix in (".db", ".sqlite"):
        _made(path.resolve().parent)
        return f"sqlite:///{path.resolve()}", plan.store or path.with_suffix(".store")
    _made(path)
    _make_home(path)
    return f"sqlite:///{path.resolve() / DATABASE}", plan.store or path / STORE


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(
            _("{folder} cannot be made: {cause}.", folder=folder, cause=error.strerror),
            code="register-folder",
        ) from error


def _make_home(folder: Path) -> None:
    """Let ``rpa case show --home`` and ``settle`` work here, too."""
    settings = folder / HOME_FILE
    if not settings.exists():
        settings.write_text(f"database: sqlite:///{DATABASE}\n", encoding="utf-8")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SetupError(_("{name} is no time zone.", name=name)) from error
