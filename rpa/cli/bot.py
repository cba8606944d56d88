"""``rpa bot``: bots recorded, tried, checked, and run on lists of cases."""

import typer

from rpa.cli.bot_check import check_bot
from rpa.cli.bot_file import file_cases
from rpa.cli.bot_record import record, try_bot
from rpa.i18n import _

app = typer.Typer(no_args_is_help=True)
app.command("record", help=_("Record a bot: do the job once in a browser."))(record)
app.command("try", help=_("Try a bot on its samples and say step by step what happened."))(try_bot)
app.command("file", help=_("File a list of cases, each exactly once."))(file_cases)
app.command("check", help=_("Find every mistake in a bot, with its line."))(check_bot)
