"""``rpa up``: the server, the work loop and the channels, kept running until interrupted."""

import time
from pathlib import Path
from typing import Final

import requests

from flows.demo import start_legacy
from flows.servers import Servers, free_port, start_prefect
from rpa.bootstrap.register import open_register
from rpa.cli.output import say
from rpa.domain.errors import ToolUnavailableError
from rpa.i18n import _
from rpa.register.register import Register
from rpa.settings import Settings

LOOK_EVERY_S: Final = 2
ENDED: Final = frozenset({"COMPLETED", "FAILED", "CRASHED", "CANCELLED"})


class Trigger:
    """Starts the deployment ``work`` as soon as something waits, one run at a time.

    The schedule alone would do; this only saves the wait for it.
    """

    def __init__(self, api: str) -> None:
        """Ask the Prefect server at ``api``."""
        self._api = api
        self._run = ""

    def pull(self) -> None:
        """Start a run, unless the one started before still goes on."""
        try:
            if self._run and self._state() not in ENDED:
                return
            deployed = requests.get(f"{self._api}/deployments/name/work/work", timeout=10)
            if deployed.ok:
                start = f"{self._api}/deployments/{deployed.json()['id']}/create_flow_run"
                self._run = requests.post(start, json={}, timeout=10).json()["id"]
        except requests.RequestException:
            return  # the server is busy; the schedule comes anyway

    def _state(self) -> str:
        run = requests.get(f"{self._api}/flow_runs/{self._run}", timeout=10).json()
        return str((run.get("state") or {}).get("type", ""))


def waits(settings: Settings, register: Register) -> bool:
    """Say whether a document lies in a folder, or a case is due.

    Mailboxes and fax queues are left to the schedule: asking them this often would be a burden.
    """
    folders = [channel.folder for channel in settings.channels.values() if channel.folder]
    dropped = any(
        entry.is_file() and not entry.name.startswith(".")
        for folder in folders
        if folder.is_dir()
        for entry in folder.iterdir()
    )
    return dropped or bool(register.due(most=1))


def run_up(settings: Settings, *, examples: Path | None, port: int) -> None:
    """Keep everything running; Ctrl-C stops it all.

    Raises:
        ToolUnavailableError: A server did not start, or ended by itself.
    """
    register = open_register(settings)
    with Servers(settings.path("logs")) as servers:
        prefect_port = free_port(port)
        names = ["prefect", "serve", *_development(settings, servers, examples)]
        env = start_prefect(servers, settings.home, prefect_port)
        servers.wait_for("prefect", f"{env['PREFECT_API_URL']}/health")
        servers.start("serve", ["-m", "flows.run", "serve", str(settings.home)], env=env)
        _tell(settings, prefect_port)
        trigger = Trigger(env["PREFECT_API_URL"])
        try:
            while all(servers.is_alive(name) for name in names):
                if waits(settings, register):
                    trigger.pull()
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
        if channel.folder is not None:
            say(_("Channel {name}: drop documents into {folder}", name=name, folder=channel.folder))
        elif channel.mailbox is not None:
            host = channel.mailbox.host
            say(_("Channel {name}: send documents to the mailbox on {host}", name=name, host=host))
        elif channel.hylafax is not None:
            queue = channel.hylafax.recvq
            say(_("Channel {name}: faxes that come into {folder}", name=name, folder=queue))
    say(_("Everything runs. Stop with Ctrl-C."))
