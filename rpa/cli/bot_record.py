"""``rpa bot record`` and ``rpa bot try``: a bot shown once by a clerk, then tried."""

import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated, Any, Final

import typer

from rpa.bootstrap.recording import Outcome, Plan, plan_of, write
from rpa.bootstrap.recording import record as record_in_browser
from rpa.bootstrap.trying import Trial, bot_at_work, trials_of
from rpa.bots.api import Bot, Exhibit
from rpa.cli.output import AsJson, print_json, print_table, say
from rpa.cli.session import Home
from rpa.doctor import browser_path
from rpa.domain.errors import DefinitionError, RpaError, SetupError
from rpa.domain.filing import Presence
from rpa.domain.model import ProcessId
from rpa.i18n import _
from rpa.processes.catalog import load_catalog
from rpa.settings import Settings, load_settings

RECORD: Final = "record.json"
BotNamed = Annotated[
    str, typer.Argument(metavar="BOT", help=_("A process, its folder, or a bot's folder."))
]


def record(
    url: Annotated[str, typer.Argument(metavar="URL", help=_("Where the application begins."))],
    *,
    process: Annotated[
        str | None, typer.Option("--process", help=_("The process, or its folder."))
    ] = None,
    bot: Annotated[
        Path | None, typer.Option("--bot", help=_("A folder for a bot without a process."))
    ] = None,
    sample: Annotated[
        Path | None, typer.Option("--sample", help=_("The case to key (JSON); else the first."))
    ] = None,
    key: Annotated[str, typer.Option("--key", help=_("The reference to type for the case."))] = "",
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Record a bot: the clerk does the job once in a browser."""
    settings = _settings(home)
    plan = plan_of(_folder(process, bot, settings), url, said=sample, key=key, settings=settings)
    if not as_json:
        _show_plan(plan)
    executable = browser_path(settings.browser if settings else None, headed=True)
    events = record_in_browser(plan, url, executable=executable)
    _show_outcome(write(plan, events), as_json=as_json)


def try_bot(
    bot: BotNamed,
    cases: Annotated[
        Path | None,
        typer.Argument(metavar="CASES", help=_("Cases (JSON lines), or one; else the samples.")),
    ] = None,
    *,
    commit: Annotated[
        bool, typer.Option("--commit", help=_("File for real; else all but the commit is done."))
    ] = False,
    headed: Annotated[bool, typer.Option("--headed", help=_("Show the browser."))] = False,
    keep: Annotated[
        Path | None, typer.Option("--keep", help=_("Where records and pictures go."))
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Try a bot on its samples, step by step."""
    settings = _settings(home)
    named = Path(bot)
    folder = named if named.is_dir() else _folder(bot, None, settings)
    trials = trials_of(folder.resolve(), cases=cases, settings=settings)
    into = keep or Path(mkdtemp(prefix="rpa-try-"))
    results = []
    with bot_at_work(settings, headed=headed) as worker:
        for trial in trials:
            results.append(_tried(worker, trial, into / trial.name, commit=commit))
            if not as_json:
                _show_trial(results[-1])
    if as_json:
        print_json(results)
    raise typer.Exit(max(result["status"] for result in results))


def _settings(home: Path | None) -> Settings | None:
    """Return the settings of the home; a bot's own folder needs none."""
    if home is not None:
        return load_settings(home)
    with suppress(SetupError):
        return load_settings(None)
    return None


def _folder(process: str | None, bot: Path | None, settings: Settings | None) -> Path:
    if (process is None) == (bot is None):
        raise SetupError(_("Say either --process or --bot."), code="usage")
    if bot is not None:
        return bot
    named = Path(process or "")
    if named.is_dir():
        return named
    if settings is None:
        raise SetupError(_("{name} is no folder, and there is no home.", name=named), code="usage")
    return load_catalog(settings.processes).get(ProcessId(str(named))).path


def _show_plan(plan: Plan) -> None:
    rows = [("→", plan.sample.key)]
    rows += [(name, text) for name, text in plan.sample.values.items() if text]
    print_table((_("Field"), _("Type this")), rows, title=_("The sample case"))
    say(
        _(
            "Log in, key this case once, send it off, look it up again by {key}. Then press"
            " “Done” in the bar, or close the window.",
            key=plan.sample.key,
        )
    )


def _show_outcome(outcome: Outcome, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "definition": str(outcome.path),
                "to_confirm": outcome.to_confirm,
                "remarks": outcome.remarks,
            }
        )
        return
    say(_("{file} is written.", file=outcome.path))
    for remark in outcome.remarks:
        say(f"! {remark}")
    if outcome.to_confirm:
        say(_("To confirm, each marked in the file:"))
    for line in outcome.to_confirm:
        say(f"? {line}")
    say(_("Then try it: rpa bot try {folder}", folder=outcome.path.parent))


def _tried(worker: Bot, trial: Trial, folder: Path, *, commit: bool) -> dict[str, Any]:
    kept: list[Exhibit] = []
    result: dict[str, Any] = {"case": trial.name, "key": trial.request.key, "status": 0}
    try:
        screen, told = _done(worker, trial, kept, commit=commit)
        result |= told
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "screen.png").write_bytes(screen)
        result["screen"] = str(folder / "screen.png")
    except RpaError as error:
        result |= {"status": error.exit_status, "code": error.reason, "message": error.message}
    result["steps"] = _steps(kept)
    for exhibit in kept:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / exhibit.name).write_bytes(exhibit.content)
        if exhibit.name == "failure.png":
            result["screen"] = str(folder / exhibit.name)
    return result


def _done(
    worker: Bot, trial: Trial, kept: list[Exhibit], *, commit: bool
) -> tuple[bytes, dict[str, Any]]:
    """Rehearse, or file and find again; return the picture and what came of it."""
    if not commit:
        return worker.rehearse(trial.request, keep=kept.append).screen, {"outcome": "rehearsed"}
    filed = worker.file(trial.request, before_commit=lambda _seen: None, keep=kept.append)
    looked: list[Exhibit] = []  # stays empty where nobody but a person can look
    found = worker.find(trial.request, keep=looked.append)
    is_same = found.receipt is not None and found.receipt.number == filed.receipt.number
    told: dict[str, Any] = {
        "outcome": "filed",
        "receipt": filed.receipt.number,
        "found": found.presence.value,
        "detail": found.detail,
    }
    if looked and (found.presence is not Presence.FOUND_ONCE or not is_same):
        told |= {"status": DefinitionError.exit_status, "code": "not-found-again"}
        told["message"] = _("It was filed, but not found again: {detail}", detail=found.detail)
    return filed.screen, told


def _steps(kept: Sequence[Exhibit]) -> list[dict[str, Any]]:
    records = [json.loads(exhibit.content) for exhibit in kept if exhibit.name == RECORD]
    return list(records[0]["steps"]) if records else []


def _show_trial(result: dict[str, Any]) -> None:
    say(f"{result['case']} ({result['key']})")
    for step in result["steps"]:
        say(f"  {_step_line(step)}")
    if result.get("receipt"):
        say(
            _(
                "  receipt {number}; found again: {found}",
                number=result["receipt"],
                found=result["found"],
            )
        )
    if result["status"]:
        say(f"  ✗ {result['code']}: {result['message']}")
    else:
        said = _("filed") if result["outcome"] == "filed" else _("all but the commit is done")
        say(f"  ✓ {said}")
    if result.get("screen"):
        say(f"  {result['screen']}")


def _step_line(step: dict[str, Any]) -> str:
    mark = "✗" if step["error"] else "✓"
    words = [mark, step["place"], step["kind"], step["element"] or step["used"]]
    if step["value"]:
        words.append(f"= {step['value']}")
    if step["fallback"]:
        words.append(_("[only found by {way}]", way=step["used"]))
    words.append(f"{step['ms']} ms")
    if step["error"]:
        words.append(step["error"])
    return " ".join(word for word in words if word)
