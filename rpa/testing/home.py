"""A home for tests: settings, channels, development keys, and a timestamp authority that runs."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from rpa.domain.errors import ToolUnavailableError
from rpa.settings import HOME_FILE, Settings, load_settings
from rpa.signing.devpki import create_development_pki
from rpa.testing.clock import FrozenClock
from rpa.testing.legacy import EXAMPLES

QUICK = {"settle_s": 0, "patience_s": 0}


def make_test_home(
    home: Path, *, target: str, timestamp_url: str, pki: Path, processes: list[Path]
) -> Settings:
    """Make a home in ``home`` whose channels wait for nothing; returns its settings."""
    channels = {
        "fax": {"kind": "fax", "folder": "fax", **QUICK},
        "numerisation": {"kind": "scan", "folder": "numerisation", **QUICK},
        "courriel": {"kind": "email", "folder": "courriel", **QUICK},
    }
    for channel in channels.values():
        (home / str(channel["folder"])).mkdir(parents=True)
    (home / "password").write_text("papier", encoding="utf-8")
    said = {
        "organization": "Ville de Val-des-Érables",
        "language": "en",
        "processes": [str(path) for path in processes],
        "inventory": str(EXAMPLES / "inventory.yaml"),
        "channels": channels,
        "targets": {
            "ancien-systeme": {"url": target, "username": "commis", "password": "file:password"}
        },
        "archive": {"seal": "sceau"},
        "signing": {
            "timestamp_url": timestamp_url,
            "trust": [str(pki / "root.pem")],
            "credentials": {
                name: {"file": str(pki / f"{name}.p12"), "passphrase": f"file:{pki}/{name}.pass"}
                for name in ("sceau", "superviseur")
            },
        },
    }
    (home / HOME_FILE).write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
    return load_settings(home)


def copied_processes(folder: Path, *, grace_s: float = 0.2) -> Path:
    """Copy the example processes, with a short grace after a commit without an answer."""
    copied = folder / "processes"
    shutil.copytree(EXAMPLES / "processes", copied)
    for path in copied.glob("*/process.yaml"):
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
        if "filing" in said:
            said["filing"]["grace_s"] = grace_s
        path.write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
    return copied


@contextmanager
def running_pki(folder: Path) -> Iterator[str]:
    """Make a development PKI in ``folder`` and run its timestamp authority; yields its address."""
    create_development_pki(folder, now=FrozenClock()())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = (
        "import sys, pathlib; from rpa.signing.devpki import serve_development_pki as serve; "
        "serve(pathlib.Path(sys.argv[1]), port=int(sys.argv[2]))"
    )
    command = [sys.executable, "-c", program, str(folder), str(port)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:  # noqa: S603
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}/tsa"
        finally:
            process.terminate()


def _wait_for(port: int) -> None:
    for _look in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise ToolUnavailableError("the timestamp authority did not start")
