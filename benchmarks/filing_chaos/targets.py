"""The applications that chaos files into: what a commit looks like, and what their data say."""

import json
import re
import urllib.parse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Protocol

import httpx
import yaml

from benchmarks.legacy.apps import running_application
from benchmarks.legacy.cases import FIRST, LAST, Line, lines
from benchmarks.legacy.declared_bots import bot_folder
from benchmarks.legacy.http_messages import Message
from benchmarks.legacy.oracles import flaws
from benchmarks.legacy.web_forms import Visitor
from rpa.testing.filings import PROCESSES
from rpa.testing.legacy import Legacy, running_legacy

CIRCUIT = {"failures": 6, "pause_s": 2}
REASONS = {"Vacances": "VA", "Maladie": "MA", "Obligations familiales": "OF", "Formation": "FO"}
FAULTS = (
    "lost-answer", "cut", "500", "500-after", "fatal", "fatal-after", "session", "session-after",
    "late-commit", "hang", "slow-index", "stolen",
)  # fmt: skip


class Target(Protocol):
    """An application with its bot and its cases."""

    @property
    def port(self) -> int:
        """Where the application itself listens, behind the proxy."""

    @property
    def password(self) -> tuple[str, str]:
        """The variable of the log-ins' password, and its value."""

    @property
    def timeout_s(self) -> float:
        """How long the bot waits for a page."""

    @property
    def faults(self) -> Sequence[str]:
        """Faults of its own that can be ordered."""

    def cases(self) -> list[Line]:
        """Return the cases to file."""

    def bot(self, folder: Path, proxy_port: int) -> Path:
        """Make the bot's folder, for the application as the proxy shows it."""

    def committed(self, request: Message) -> str:
        """Return the key of the case that a request commits; nothing if it commits none."""

    def steal(self, request: Message | None) -> None:
        """Log in from elsewhere as the user of a request, or as any."""

    def order(self, fault: str) -> None:
        """Order a fault for the next commit."""

    def held(self, key: str) -> int:
        """Return how often it holds a case."""

    def flaws(self) -> Iterator[str]:
        """Yield what is lost, twice, strange, or wrong in a field."""


@dataclass
class SqlLedger:
    """SQL-Ledger's customers, counted in PostgreSQL."""

    running: Any
    port: int
    count: int
    folder: Path
    timeout_s: float = 12.0
    faults: Sequence[str] = ()
    _turn: int = 0

    @property
    def password(self) -> tuple[str, str]:
        """The variable of the log-ins' password, and its value."""
        return "LEGACY_PASSWORD", str(self.running.password)

    def cases(self) -> list[Line]:
        """Return customers of ten fields and more."""
        return lines("sql-ledger", self.count, self.folder)

    def bot(self, folder: Path, proxy_port: int) -> Path:
        """Make the declared bot's folder."""
        made = bot_folder("sql-ledger", f"http://127.0.0.1:{proxy_port}/sql-ledger", folder)
        path = made / "bot.yaml"
        said = yaml.safe_load(path.read_text("utf-8"))
        said["target"] |= {"timeout_s": self.timeout_s, "circuit": CIRCUIT}
        path.write_text(yaml.safe_dump(said, allow_unicode=True, sort_keys=False), "utf-8")
        return made

    def committed(self, request: Message) -> str:
        """Return the key of the customer that a request saves."""
        form = _form(request)
        if not request.start[1].endswith("ct.pl") or form.get("action") != "Save":
            return ""
        number = form.get("customernumber", "").removeprefix("C-")
        return f"SL-{int(number) - 1:04d}" if number.isdigit() else ""

    def steal(self, request: Message | None) -> None:
        """Log in from elsewhere; the session that was there is over."""
        logins = self.running.logins[1:]
        self._turn += 1
        login = logins[self._turn % len(logins)]
        if request is not None:
            login = _form(request).get("login", login)
        query = {"path": "bin/mozilla", "login": login, "password": self.running.password}
        with Visitor(f"http://127.0.0.1:{self.port}/sql-ledger/") as thief:
            thief.open("login.pl", action="login", js="1", **query)

    def order(self, fault: str) -> None:
        """Have none."""

    def held(self, key: str) -> int:
        """Count a customer in PostgreSQL."""
        number = f"C-{int(key.removeprefix('SL-')) + 1}"
        query = f"select id from customer where trim(customernumber) = '{number}'"  # noqa: S608
        return len(self.running.database.rows(query, "office"))

    def flaws(self) -> Iterator[str]:
        """Compare PostgreSQL with the cases."""
        return flaws("sql-ledger", self.running, self.cases())


@dataclass
class Guichet:
    """The example application at its worst, counted in its SQLite file."""

    running: Legacy
    count: int
    timeout_s: float = 8.0
    faults: Sequence[str] = FAULTS
    password: tuple[str, str] = ("GUICHET", "papier")

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.running.url.rpartition(":")[2])

    def cases(self) -> list[Line]:
        """Return notices of absence."""
        return [_absence(number) for number in range(self.count)]

    def bot(self, folder: Path, proxy_port: int) -> Path:
        """Make the folder of the example process's bot."""
        said = yaml.safe_load((PROCESSES / "avis-absence" / "bot.yaml").read_text("utf-8"))
        said["target"] = {
            "url": f"http://127.0.0.1:{proxy_port}",
            "logins": [{"username": "commis", "password": "env:GUICHET"}],
            "timeout_s": self.timeout_s,
            "circuit": CIRCUIT,
        }
        said["fields"] = {name: {"kind": "date", "required": True} for name in ("debut", "fin")}
        made = folder / "bot"
        made.mkdir(parents=True, exist_ok=True)
        text = yaml.safe_dump(said, allow_unicode=True, sort_keys=False)
        (made / "bot.yaml").write_text(text, "utf-8")
        return made

    def committed(self, request: Message) -> str:
        """Return the reference of the notice that a request sends."""
        is_post = request.start[0] == "POST" and request.start[1].startswith("/absence")
        return _form(request).get("REF", "") if is_post else ""

    def steal(self, request: Message | None) -> None:
        """Log in from elsewhere."""
        del request
        form = {"USAGER": "commis", "MDP": "papier"}
        httpx.post(f"{self.running.url}/ouverture", data=form, timeout=30, trust_env=False)

    def order(self, fault: str) -> None:
        """Order one of its faults once."""
        seconds = 1.5 if fault in {"late-commit", "slow-index"} else 3
        self.running.misbehave(fault, seconds=seconds)

    def held(self, key: str) -> int:
        """Count the deposits of a reference."""
        return len(self.running.deposits(key))

    def flaws(self) -> Iterator[str]:
        """Compare its deposits with the cases."""
        wanted = {line["case"]: line["fields"] for line in self.cases()}
        found = self.running.deposits()
        counted = Counter(one.reference for one in found)
        yield from (f"{key}: lost" for key in wanted if not counted[key])
        yield from (f"{key}: {times} times" for key, times in counted.items() if times > 1)
        yield from (f"{key}: not one of ours" for key in counted if key not in wanted)
        for one in found:
            yield from _unequal(one.reference, one.fields, wanted.get(one.reference, {}))


def _unequal(key: str, found: Mapping[str, object], said: Mapping[str, str]) -> Iterator[str]:
    for name, value in said.items():
        expected = REASONS.get(value, value)
        shown = str(found.get(name, "")).replace("\r\n", "\n")
        if shown != expected:
            yield f"{key}: {name} is {shown!r}, not {expected!r}"


def _absence(number: int) -> Line:
    first = date(2026, 1, 3) + timedelta(days=number * 3)
    fields = {
        "nom": LAST[number % 6], "prenom": FIRST[number % len(FIRST)],
        "matricule": f"{300000 + number}", "debut": first.isoformat(),
        "fin": (first + timedelta(days=number % 9)).isoformat(),
        "motif": [*REASONS][number % len(REASONS)], "remarques": f"Été n° {number} : « à suivre »",
    }  # fmt: skip
    return {"case": f"AB-{number:04d}", "fields": fields}


def _form(request: Message) -> dict[str, str]:
    if request.start[0] != "POST":
        return {}
    charset = "latin-1" if re.search(rb"%[89A-F][0-9A-F]", request.body) else "utf-8"
    text = request.body.decode("latin-1")
    return dict(urllib.parse.parse_qsl(text, encoding=charset, errors="replace"))


@contextmanager
def running_target(name: str, count: int, folder: Path, port: int) -> Iterator[Target]:
    """Run one of the applications from nothing; its proxy will be seen at ``port + 1``."""
    with ExitStack() as stack:
        if name == "guichet":
            own = folder / "guichet"
            own.mkdir()
            worse = ("--single-session", "--keep-alive")
            yield Guichet(stack.enter_context(running_legacy(own, options=worse)), count)
            return
        running = stack.enter_context(
            running_application("sql-ledger", folder / "application", port, seen_at=port + 1)
        )
        yield SqlLedger(running, port, count, folder)


def write_lists(cases: Sequence[Line], folder: Path) -> list[Path]:
    """Write the same cases in one order and in the other."""
    paths = [folder / "cases.jsonl", folder / "backwards.jsonl"]
    for path, order in zip(paths, (list(cases), list(reversed(cases))), strict=True):
        write_list(order, path)
    return paths


def write_list(cases: Sequence[Line], path: Path) -> Path:
    """Write cases as ``rpa bot file`` reads them."""
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in cases)
    path.write_text(text, "utf-8")
    return path
