"""``rpa up``: the server, the work loop and the channels, kept running until interrupted."""

import time
from pathlib import Path
from typing import Final

from flows.demo import start_legacy
from flows.servers import Servers, free_port, start_prefect
from rpa.bootstrap.register import open_register
from rpa.cli.output import say
from rpa.domain.errors import ToolUnavailableError
from rpa.i18n import _, choose_language
from rpa.settings import Settings

LOOK_EVERY_S: Final = 2


def run_up(settings: Settings, *, examples: Path | None, port: int) -> None:
    """Keep everything running; Ctrl-C stops it all.

    Raises:
        ToolUnavailableError: A server did not start, or ended by itself.
    """
    choose_language(settings.language)
    open_register(settings)
    with Servers(settings.path("logs")) as servers:
        prefect_port = free_port(port)
        names = ["prefect", "serve", *_development(settings, servers, examples)]
        env = start_prefect(servers, settings.home, prefect_port)
        servers.wait_for("prefect", f"{env['PREFECT_API_URL']}/health")
        servers.start("serve", ["-m", "flows.run", "serve", str(settings.home)], env=env)
        _tell(settings, prefect_port)
        try:
            while all(servers.is_alive(name) for name in names):
                time.sleep(LOOK_EVERY_S)
        except KeyboardInterrupt:
            say(_("Stopping…"))
            return
        ended = next(name for name in names if not servers.is_alive(name))
        log = settings.path("logs", f"{ended}.log")
        raise ToolUnavailableError(_("{name} ended by itself; see {log}.", name=ended, log=log))


def _development(settings: Settings, servers: Servers, examples: Path | None) -> list[str]:
    """Start the example application and the development PKI, where they were asked for."""
    if examples is None:
        return []
    legacy = int(settings.targets["ancien-systeme"].url.rsplit(":", 1)[1].strip("/"))
    start_legacy(servers, examples, settings.home, legacy)
    stamp = (settings.signing.timestamp_url or "").removesuffix("/tsa")
    tsa = stamp.rsplit(":", 1)[1]
    servers.start("pki", ["-m", "rpa", "pki", "serve", "--home", str(settings.home), "--port", tsa])
    servers.wait_for("legacy", f"http://127.0.0.1:{legacy}/")
    servers.wait_for("pki", f"{stamp}/tsa")
    return ["legacy", "pki"]


def _tell(settings: Settings, port: int) -> None:
    say(_("Prefect: http://127.0.0.1:{port}  (its page also asks an analytics host)", port=port))
    for name, channel in settings.channels.items():
        say(_("Channel {name}: drop documents into {folder}", name=name, folder=channel.folder))
    say(_("Everything runs. Stop with Ctrl-C."))
