"""Verification for anybody takes its share of the machine and no more."""

import asyncio
import dataclasses
import re
import threading

import httpx
import pytest

from rpa.console.app import console_app
from rpa.console.visit import FORM_FIELD
from rpa.signing.adapters.verification.contained import WORKERS
from rpa.testing.console import titled_pdf

TOKEN = re.compile(rf'name="{FORM_FIELD}" value="([0-9a-f]{{64}})"')
PDF = titled_pdf("Un")
HERE = "http://localhost"


class SlowValidator:
    """Checks nothing until it is let; counts how many wait in it at once."""

    def __init__(self, checks):
        self._checks, self._lock = checks, threading.Lock()
        self.let, self.now, self.most = threading.Event(), 0, 0

    def validate(self, pdf, *, at):
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self.let.wait(30)
        with self._lock:
            self.now -= 1
        return self._checks.validate(pdf, at=at)


class Room:
    """A console in this process, reached from many addresses."""

    def __init__(self, desk):
        self.validator, self.upload_bytes = SlowValidator(desk.validator), desk.upload_bytes
        self.app = console_app(dataclasses.replace(desk, validator=self.validator))

    def visitor(self, address):
        transport = httpx.ASGITransport(self.app, client=(address, 5000))
        return httpx.AsyncClient(transport=transport, base_url=HERE, timeout=60)

    async def verify(self, address, content=PDF):
        async with self.visitor(address) as visitor:
            mark = TOKEN.search((await visitor.get("/verifier")).text).group(1)
            files = {"pdf": ("a.pdf", content, "application/pdf")}
            return await visitor.post("/verifier", data={FORM_FIELD: mark}, files=files)

    async def begun(self, *addresses):
        tasks = [asyncio.create_task(self.verify(address)) for address in addresses]
        await asyncio.sleep(0.5)
        return tasks

    async def ended(self, tasks):
        self.validator.let.set()
        return [answer.status_code for answer in await asyncio.gather(*tasks)]


@pytest.fixture
def room(console):
    return Room(console.desk)


def test_what_strangers_hand_over_gives_way_to_those_who_sign(console):
    theirs, ours = console.desk.validator._limits, console.desk.tools.validator._limits

    assert theirs.nice > ours.nice
    assert console.desk.checks_at_once < WORKERS


def test_others_are_checked_one_after_the_other_and_pages_do_not_wait(room):
    async def told():
        begun = await room.begun(*[f"192.0.2.{number}" for number in range(1, 9)])
        async with room.visitor("192.0.2.99") as visitor:
            page = await asyncio.wait_for(visitor.get("/connexion"), 2)
        return page.status_code, await room.ended(begun)

    assert asyncio.run(told()) == (200, [200] * 8)
    assert room.validator.most == 1


def test_an_address_has_few_in_hand_and_is_told_so(room):
    async def told():
        begun = await room.begun(*["198.51.100.7"] * 3)
        fourth = await room.verify("198.51.100.7")
        return fourth, await room.ended(begun)

    fourth, others = asyncio.run(told())
    assert fourth.status_code == 429
    assert int(fourth.headers["retry-after"]) >= 1
    assert "votre adresse" in fourth.text
    assert others == [200] * 3


def test_addresses_of_one_64_are_one_visitor(room):
    async def told():
        begun = await room.begun(*[f"2001:db8:5:6:{number}::1" for number in range(3)])
        return await room.verify("2001:db8:5:6:ffff::1"), await room.ended(begun)

    assert asyncio.run(told())[0].status_code == 429


def test_where_the_queue_is_full_one_is_told_when_to_come_again(room):
    async def told():
        begun = await room.begun(*[f"203.0.113.{number}" for number in range(1, 14)])
        late = await room.verify("203.0.113.200")
        async with room.visitor("203.0.113.201") as english:
            english.cookies.set("rpa_langue", "en")
            mark = TOKEN.search((await english.get("/verify")).text).group(1)
            files = {"pdf": ("a.pdf", PDF, "application/pdf")}
            again = await english.post("/verifier", data={FORM_FIELD: mark}, files=files)
        return late, again, await room.ended(begun)

    late, again, others = asyncio.run(told())
    assert (late.status_code, again.status_code) == (503, 503)
    assert int(late.headers["retry-after"]) >= 1
    assert "Trop de personnes" in late.text
    assert "Too many people" in again.text
    assert late.headers["content-security-policy"]
    assert others == [200] * 13


class Sending:
    """A form that comes in: some of it at once, and nothing more until it hangs up."""

    HEAD = b'--B\r\nContent-Disposition: form-data; name="pdf"; filename="a"\r\n\r\n'

    def __init__(self, room, address, size):
        self._room, self._address = room, address
        self._first = self.HEAD + b"x" * size
        self.gone, self.answers = asyncio.Event(), []

    async def receive(self):
        if self._first:
            some, self._first = self._first, b""
            return {"type": "http.request", "body": some, "more_body": True}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        self.answers.append(message.get("status"))

    async def run(self):
        headers = [(b"content-type", b"multipart/form-data; boundary=B"), (b"host", b"localhost")]
        scope = {"type": "http", "method": "POST", "path": "/verifier", "headers": headers}
        scope |= {"query_string": b"", "client": (self._address, 1), "server": ("localhost", 80)}
        scope |= {"scheme": "http", "http_version": "1.1", "root_path": ""}
        await self._room.app(scope, self.receive, self.send)


async def besieged(room, count, size):
    """Let many send some of a file and stop; returns who was refused, and an honest answer."""
    forms = [Sending(room, f"198.18.0.{number}", size) for number in range(count)]
    begun = [asyncio.create_task(form.run()) for form in forms]
    await asyncio.sleep(0.5)
    refused = [form for form in forms if 503 in form.answers]
    room.validator.let.set()
    for form in refused:
        form.gone.set()
    honest = await room.verify("203.0.113.77")
    for form in forms:
        form.gone.set()
    await asyncio.gather(*begun)
    return len(refused), honest.status_code


def test_a_hundred_who_send_a_file_slowly_keep_nobody_from_sending_theirs(room):
    assert asyncio.run(besieged(room, 100, 20_000)) == (0, 200)


def test_files_that_come_in_would_fill_no_disk(room):
    assert asyncio.run(besieged(room, 20, room.upload_bytes)) == (3, 200)


def test_whoever_hangs_up_in_mid_form_is_no_fault_of_ours(room, caplog):
    async def told():
        form = Sending(room, "192.0.2.1", 10)
        form.gone.set()
        await form.run()
        return form.answers[0]

    assert asyncio.run(told()) == 400
    assert caplog.text == ""
