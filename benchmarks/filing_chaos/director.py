"""Makes things go wrong at points that it sees: at the proxy, in the register, never by guessing.

The proxy holds a commit's request or its answer while something is killed; the register, watched
from outside, shows the intent before the click, and is locked while a receipt must not be saved.
"""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.filing_chaos import deck as cards
from benchmarks.filing_chaos.crew import Crew, owner_of
from benchmarks.filing_chaos.deck import Deck, Incident
from benchmarks.filing_chaos.disk import Disk
from benchmarks.filing_chaos.evidence import Evidence, OpenIntent
from benchmarks.filing_chaos.sleepers import oversleep
from benchmarks.filing_chaos.targets import Target
from benchmarks.legacy.http_messages import Message
from benchmarks.legacy.proxy import CutError, Witness
from benchmarks.legacy.proxy_rules import Deed, Rule

LOOK_S = 0.002
FULL_S = 4.0
LATE_S = 1.2
OFFSETS_S = (-10_800, -600, -20, 0, 150, 7_200, 93_600)
GAP_S = (3.0, 9.0)
AFTER_A_KILL = (None, Rule(Deed.LATE, after_s=LATE_S), Rule(Deed.CUT_BEFORE))


@dataclass
class Stage:
    """What a campaign plays on."""

    target: Target
    crew: Crew
    evidence: Evidence
    disk: Disk
    deck: Deck
    chance: random.Random
    count: int
    log: Path


@dataclass
class Director(Witness):
    """Deals incidents to commits, and others at random moments."""

    stage: Stage
    happened: Counter[str] = field(default_factory=Counter)
    ways: Counter[str] = field(default_factory=Counter)
    commits: Counter[str] = field(default_factory=Counter)
    """Requests to commit that came to the proxy, by case."""
    killed: int = 0
    is_calm: bool = False
    _under_way: dict[int, Incident] = field(default_factory=dict)
    _passed: dict[int, threading.Event] = field(default_factory=dict)
    _armed: Incident | None = None
    _mark: int = 0
    _shot: tuple[str, int, Incident] | None = None
    _lock: threading.RLock = field(default_factory=threading.RLock)

    # ---- what the proxy sees -----------------------------------------------------------------

    def arrived(self, request: Message, port: int) -> Rule | None:
        """Hold a commit before the application gets it."""
        key = self.stage.target.committed(request)
        if not key or self.is_calm:
            return None
        with self._lock:
            self.commits[key] += 1
            self._catch(key, port)
            self._recount(key, port)
            incident = self.stage.deck.draw(self.stage.count - len(self.commits))
        return self._dealt(incident, request, port, key) if incident else None

    def _dealt(self, incident: Incident, request: Message, port: int, key: str) -> Rule | None:
        if incident.point == cards.BEFORE_CLICK:
            self._arm(incident)
        elif incident.point != cards.SENT:
            self._under_way[port] = incident
        elif incident.kind == "kill":
            self.kill(incident, key, owner_of(port))
            return self.stage.chance.choice(AFTER_A_KILL)
        elif incident.kind == "deed":
            return self._deed(incident, key)
        else:
            self._befall(incident, request, key)
        return None

    def answered(self, request: Message, port: int) -> None:
        """Hold the application's answer."""
        incident = self._under_way.get(port)
        if incident is None:
            return
        key = self.stage.target.committed(request)
        if incident.point == cards.UNSAVED:
            self._lock_register(incident, key, port)
        elif incident.point == cards.COMMITTED and incident.kind == "kill":
            if self.stage.target.held(key) == 0:
                incident = Incident("kill", "answered, nothing stored", incident.how)
            self.kill(incident, key, owner_of(port))
        elif incident.point == cards.COMMITTED:
            self._befall(incident, request, key)

    def passed(self, request: Message, port: int) -> None:
        """See that the answer is on its way to the browser."""
        incident = self._under_way.pop(port, None)
        if incident is not None and incident.point == cards.RECEIVED:
            self.kill(incident, self.stage.target.committed(request), owner_of(port))
        if port in self._passed:
            self._passed.pop(port).set()

    # ---- what goes wrong ---------------------------------------------------------------------

    def kill(self, incident: Incident, key: str, pid: int) -> bool:
        """Kill -9 now, and count it where somebody was there to die."""
        died = self.stage.crew.kill(incident.how, pid)
        self.note(incident, key=key, pid=pid, died=died)
        with self._lock:
            self.killed += 1 if died else 0
            self.ways[incident.how] += 1 if died else 0
            self.happened[incident.name if died else "kill -9, nobody there"] += 1
        return died > 0

    def note(self, incident: Incident, **told: Any) -> None:
        """Put down what was done."""
        line = {"at": round(time.time(), 3), "what": incident.name, "how": incident.how, **told}
        with self._lock, self.stage.log.open("a") as out:
            out.write(json.dumps(line) + "\n")

    def _count(self, incident: Incident, **told: Any) -> None:
        with self._lock:
            self.happened[incident.name] += 1
        self.note(incident, **told)

    def _deed(self, incident: Incident, key: str) -> Rule:
        self._count(incident, key=key)
        seconds = {"late": LATE_S, "delay": self.stage.target.timeout_s + 3, "504": 0.2}
        return Rule(Deed(incident.how), after_s=seconds.get(incident.how))

    def _befall(self, incident: Incident, request: Message | None, key: str) -> None:
        if incident.kind == "steal":
            self.stage.target.steal(request)
        elif incident.kind == "fault":
            self.stage.target.order(incident.how)
        elif incident.kind == "disk":
            _started_until_ready(self._fill_disk)
        self._count(incident, key=key)

    def _fill_disk(self, ready: threading.Event) -> None:
        with self.stage.disk.full():
            ready.set()
            time.sleep(FULL_S)

    def _lock_register(self, incident: Incident, key: str, port: int) -> None:
        """Kill when the receipt's picture is kept, or soon, while the register can't be written."""
        passed = self._passed[port] = threading.Event()
        pid = owner_of(port)

        def unsaved(ready: threading.Event) -> None:
            with self.stage.evidence.locked():
                ready.set()
                passed.wait(20)
                known, until = self.stage.evidence.pictures(), time.monotonic() + 15
                while self.stage.evidence.pictures() == known and time.monotonic() < until:
                    time.sleep(0.02)
                self.kill(incident, key, pid)

        _started_until_ready(unsaved)

    # ---- before the click --------------------------------------------------------------------

    def _arm(self, incident: Incident) -> None:
        with self._lock:
            if self._armed is None:
                self._mark, self._armed = self.stage.evidence.newest_intent(), incident
            else:
                self.stage.deck.put_back(incident)

    def watch_intents(self) -> None:
        """Wait for the next intent whenever it is asked for; ends with the crew."""
        while not self.stage.crew.ended.is_set():
            if self._armed is None:
                time.sleep(0.05)
                continue
            for intent in self.stage.evidence.intents_after(self._mark)[:1]:
                self._fire(intent)
            time.sleep(LOOK_S)

    def _fire(self, intent: OpenIntent) -> None:
        with self._lock:
            incident, self._armed = self._armed, None
            if incident is None:
                return
            if incident.kind == "kill":
                self._shot = (intent.key, intent.pid, incident)
                self.kill(incident, intent.key, intent.pid)
                return
        self._count(incident, key=intent.key, pid=intent.pid)

        def note(**told: Any) -> None:
            self.note(incident, key=intent.key, **told)

        threading.Thread(target=oversleep, args=(self.stage, intent, note)).start()

    def _catch(self, key: str, port: int) -> None:
        """Kill here where a commit came faster than its intent was seen: nothing passes on."""
        armed = self._armed
        if armed is None or armed.kind != "kill":
            return
        if any(intent.key == key for intent in self.stage.evidence.intents_after(self._mark)):
            self._armed = None
            self.kill(Incident("kill", cards.SENT, armed.how), key, owner_of(port))
            raise CutError

    def _recount(self, key: str, port: int) -> None:
        """Count a kill where it belongs whose victim had clicked already."""
        if self._shot is None or self._shot[0] != key:
            return
        (_key, pid, incident), self._shot = self._shot, None
        if owner_of(port) in {0, pid}:
            self.happened[incident.name] -= 1
            self.happened[Incident("kill", cards.SENT).name] += 1
            self.note(incident, key=key, pid=pid, did="had clicked")

    # ---- at random ---------------------------------------------------------------------------

    def trouble(self) -> None:
        """Let the incidents happen that belong to no commit; ends with the crew."""
        while self.stage.deck.at_random:
            if self.stage.crew.ended.wait(self.stage.chance.uniform(*GAP_S)):
                return
            workers = self.stage.crew.workers()
            if not workers:
                continue
            incident = self.stage.deck.at_random.pop()
            pid = self.stage.chance.choice(workers).pid
            if incident.kind == "kill":
                self.kill(incident, "", pid)
            elif incident.kind == "clock":
                self._set_clock(incident, pid)
            else:
                self._befall(incident, None, "")

    def _set_clock(self, incident: Incident, pid: int) -> None:
        """Put one worker's clock wrong, or everybody's."""
        name, seconds = self.stage.chance.choice(["all", str(pid)]), 0
        seconds = self.stage.chance.choice(OFFSETS_S)
        (self.stage.crew.work.clocks / name).write_text(str(seconds))
        self._count(incident, clock=name, seconds=seconds)


def _started_until_ready(work: Callable[[threading.Event], None]) -> None:
    ready = threading.Event()
    threading.Thread(target=work, args=(ready,), daemon=True).start()
    ready.wait(15)
