"""Declared bots file cases into real legacy applications; the applications' own data are counted.

    python -m benchmarks.legacy.declared_bots [--apps sql-ledger ...] [--cases 50] [--workers N]

For each application: start it from nothing, run ``rpa bot file`` on its ``bots/…/bot.yaml``, and
say what its database holds. No Python belongs to any of the bots.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from benchmarks.legacy.apps import APPLICATIONS, running_application
from benchmarks.legacy.cases import lines
from benchmarks.legacy.oracles import flaws

BOTS = Path(__file__).parent / "bots"


@contextmanager
def work_folder(app: str, keep: Path | None) -> Iterator[Path]:
    """Give an application a folder of its own: under ``keep``, else one that goes at the end."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as own:
        folder = keep / app if keep else Path(own)
        folder.mkdir(parents=True, exist_ok=True)
        yield folder


def bot_folder(app: str, url: str, folder: Path, **target: object) -> Path:
    """Copy an application's bot, with the address that it has this time, and other settings."""
    said = yaml.safe_load((BOTS / app / "bot.yaml").read_text("utf-8"))
    said["target"]["url"] = url.removesuffix("/").removesuffix("/login.php")
    said["target"] |= target
    made = folder / "bot"
    made.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(said, allow_unicode=True, sort_keys=False)
    (made / "bot.yaml").write_text(text, "utf-8")
    return made


def file_all(app: str, running: Any, count: int, folder: Path, *, workers: int = 1) -> list[str]:
    """File cases; print what came of it; return what is wrong with what is stored."""
    bot, cases = bot_folder(app, running.url, folder), folder / "cases.jsonl"
    made = lines(app, count, folder)
    cases.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in made), "utf-8")
    start = time.monotonic()
    command = [sys.executable, "-m", "rpa", "bot", "file", str(bot), str(cases), "--json"]
    command += ["--register", str(folder / "register"), "--workers", str(workers)]
    known = {**os.environ, "LEGACY_PASSWORD": running.password}  # noqa: TID251 - for the child
    done = subprocess.run(command, env=known, capture_output=True, text=True, check=False)
    wall_s = time.monotonic() - start
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    found = list(flaws(app, running, made))
    states = dict(Counter(str(line.get("outcome")) for line in told))
    summary = {"app": app, "cases": count, "outcomes": states, "flaws": len(found)}
    print(json.dumps({**summary, "exit": done.returncode, "wall_s": round(wall_s, 1)}), flush=True)
    if done.returncode:
        print(done.stderr[-2000:])
    for line in [line for line in told if line.get("outcome") != "filed"][:3]:
        print(json.dumps(line, ensure_ascii=False)[:800])
    return found


def main() -> None:
    """File into each application."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--apps", nargs="+", choices=sorted(APPLICATIONS), default=[*APPLICATIONS])
    parser.add_argument("--cases", type=int, default=50)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for everything that is made")
    said = parser.parse_args()
    wrong = 0
    for app in said.apps:
        with (
            work_folder(app, said.keep) as folder,
            running_application(app, folder / "application") as running,
        ):
            found = file_all(app, running, said.cases, folder, workers=said.workers)
        wrong += len(found)
        print("\n".join(found[:10]))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
