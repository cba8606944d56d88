"""The gate before the console, over real sockets: whoever holds connections open stops nobody."""

import asyncio
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import uvicorn

from rpa.console.gate.limits import GateLimits, Pacing
from rpa.console.gate.server import GatedServer
from rpa.settings import HOME_FILE

HALF = b"GET /connexion HTTP/1.1\r\nHost: localhost\r\nX-Half: "
WHOLE = b"GET /2 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
BRISK = Pacing(
    headers_s=1.0, idle_s=1, grace_s=1.5, least_rate=10_000, most_s=6.0, linger_s=1.0, handshake_s=1
)
CROWD = 1_100
HONEST = "127.0.0.2"
LARGE = 20_000_000
SHORT_OF_DEADLINE_S = 8
"""Whoever only waits for the crowd to run into its deadline for headers (10 s) takes longer."""


async def echoing(scope, receive, send):
    """Answer once the body is there: with as many bytes as the path says."""
    if scope["type"] != "http":
        return
    if scope["path"] != "/early":
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            more = message["more_body"]
    body = b"x" * int(scope["path"].strip("/") or 2) if scope["path"] != "/early" else b"no"
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def thinking(_scope, _receive, send):
    """Take a while for an answer."""
    await asyncio.sleep(2)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@contextmanager
def serving(app=echoing, *, pacing=BRISK, most=400, each=32, proxies=(), **config):
    """Serve an application behind the gate; yields the port."""
    said = uvicorn.Config(
        app, lifespan="off", log_config=None, access_log=False, ws="none", **config
    )
    limits = GateLimits(connections=most, each=each, proxies=proxies, pacing=pacing)
    server, taken = GatedServer(said, limits), socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]})
    thread.start()
    try:
        while not server.started:
            time.sleep(0.02)
        yield taken.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()
        taken.close()


def caller(port, source="127.0.0.1", timeout=10):
    return socket.create_connection(("127.0.0.1", port), timeout, source_address=(source, 0))


def answered(port, request=WHOLE, source=HONEST):
    """Send a request; returns status, headers and body."""
    with caller(port, source) as sock:
        sock.sendall(request)
        return until_closed(sock)


def served(port, source=HONEST, within_s=4):
    """Send a whole request until it is answered, as a browser's reader does; fail if it takes long.

    Where the machine is busy, the crowd may not have been taken in yet when the reader comes.
    """
    began = time.monotonic()
    while time.monotonic() - began < within_s:
        if answered(port, source=source).startswith(b"HTTP/1.1 200 "):
            return True
        time.sleep(0.3)
    return False


def until_closed(sock):
    said = b""
    try:
        while more := sock.recv(65_536):
            said += more
    except ConnectionResetError:
        pass
    return said


def trickle(sock, *, each_s=0.1, most_s=8.0):
    """Send a byte now and then; returns after how long the server had enough, and what it said."""
    began = time.monotonic()
    sock.settimeout(each_s)
    said = b""
    while (now := time.monotonic() - began) < most_s:
        try:
            sock.sendall(b"x")
            if not (more := sock.recv(4096)):
                return now, said
            said += more
        except TimeoutError:
            continue
        except OSError:
            return now, said
    pytest.fail("still open")


def crowd(stack, port, count=CROWD, *, sources=("127.0.0.1",), start=HALF):
    """Open ``count`` connections and say half of something on each."""
    for number in range(count):
        sock = stack.enter_context(caller(port, sources[number % len(sources)]))
        try:
            sock.sendall(start)
        except OSError:
            continue


@pytest.fixture(scope="module")
def server():
    with serving() as port:
        yield port


def test_half_a_head_is_not_waited_for(server):
    with caller(server) as sock:
        sock.sendall(HALF)
        took, said = trickle(sock)

    assert took < 3.5
    assert said.startswith(b"HTTP/1.1 408 ")


def test_a_connection_that_says_nothing_is_ended(server):
    with caller(server) as sock:
        began = time.monotonic()
        assert until_closed(sock) == b""
        assert time.monotonic() - began < 3.5


def test_a_second_half_request_on_the_same_connection_is_not_waited_for(server):
    with caller(server) as sock:
        sock.sendall(WHOLE.replace(b"Connection: close\r\n", b""))
        time.sleep(0.2)
        assert sock.recv(4096).endswith(b"xx")
        sock.sendall(HALF)
        took, said = trickle(sock)

    assert took < 3.5
    assert said.startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("start", [POST % 60_000, POST % 30_000_000])
def test_a_body_of_a_byte_now_and_then_is_not_waited_for(server, start):
    with caller(server) as sock:
        sock.sendall(start)
        took, said = trickle(sock)

    assert took < 4
    assert said.startswith(b"HTTP/1.1 408 ")


def test_a_chunked_body_that_never_ends_is_not_waited_for(server):
    head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx"
    with caller(server) as sock:
        sock.sendall(head)
        took, _said = trickle(sock)

    assert took < 4


def test_a_slow_line_that_keeps_the_least_rate_is_waited_for(server):
    with caller(server) as sock:
        sock.sendall(POST % 60_000)
        for _part in range(30):  # 20 kB a second, for twice the grace
            time.sleep(0.1)
            sock.sendall(b"x" * 2_000)
        assert sock.recv(4096).startswith(b"HTTP/1.1 200 ")


def test_whoever_does_not_read_the_answer_is_hung_up_on(server):
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.settimeout(10)
        sock.connect(("127.0.0.1", server))
        sock.sendall(b"GET /%d HTTP/1.1\r\nHost: x\r\n\r\n" % LARGE)
        time.sleep(5)
        assert len(until_closed(sock)) < LARGE


def test_a_large_answer_that_is_read_is_read_whole(server):
    request = b"GET /%d HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % LARGE

    assert len(answered(server, request)) > LARGE


def test_what_comes_after_an_early_answer_is_not_taken_for_ever(server):
    head = b"POST /early HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000000\r\n\r\n"
    with caller(server) as sock:
        sock.sendall(head)
        took, said = trickle(sock)

    assert said.startswith(b"HTTP/1.1 200 ")
    assert took < 4


@pytest.mark.parametrize("start", [HALF, b"", POST % 9_999, b"\x16\x03\x01"])
def test_eleven_hundred_from_one_address_keep_nobody_else_waiting(start):
    with ExitStack() as stack:
        port = stack.enter_context(serving(pacing=Pacing()))
        crowd(stack, port, start=start)
        began = time.monotonic()
        said = answered(port, WHOLE)

        assert said.startswith(b"HTTP/1.1 200 ")
        assert time.monotonic() - began < SHORT_OF_DEADLINE_S


@pytest.mark.parametrize("start", [HALF, b"", POST % 9_999])
def test_even_at_the_same_address_whoever_sends_a_whole_request_is_answered(start):
    with ExitStack() as stack:
        port = stack.enter_context(serving(pacing=Pacing()))
        crowd(stack, port, start=start)
        assert served(port, source="127.0.0.1", within_s=2)


def test_while_a_flood_goes_on_whole_requests_from_its_own_address_are_answered():
    with ExitStack() as stack:
        port = stack.enter_context(serving(pacing=Pacing()))
        over = threading.Event()

        def flood():
            while not over.is_set():
                with ExitStack() as some:
                    crowd(some, port, 100)

        flooding = threading.Thread(target=flood)
        flooding.start()
        try:
            time.sleep(0.5)
            told = [answered(port, source="127.0.0.1")[:12] for _each in range(20)]
        finally:
            over.set()
            flooding.join()

    assert told.count(b"HTTP/1.1 200") >= 15


def test_a_crowd_of_many_addresses_makes_room_too():
    with ExitStack() as stack:
        port = stack.enter_context(serving(pacing=Pacing()))
        sources = [f"127.0.1.{number}" for number in range(1, 60)]
        crowd(stack, port, sources=sources)
        assert served(port, within_s=2)


def test_whoever_finds_no_room_is_told_when_to_come_again():
    with ExitStack() as stack:
        port = stack.enter_context(serving(app=thinking, pacing=Pacing(), each=4))
        crowd(stack, port, 4, start=WHOLE)
        time.sleep(0.3)
        said = answered(port, source="127.0.0.1").decode()

    assert said.startswith("HTTP/1.1 503 ")
    assert "Retry-After: 10" in said
    assert "Réessayez" in said
    assert "Try again" in said


def test_a_reverse_proxy_is_not_one_visitor():
    with ExitStack() as stack:
        port = stack.enter_context(serving(pacing=Pacing(), each=4, proxies=("127.0.0.0/24",)))
        crowd(stack, port, 40)

        assert answered(port, WHOLE, source="127.0.0.1").startswith(b"HTTP/1.1 200 ")


def test_requests_that_are_answered_are_not_broken_off_for_newcomers():
    with ExitStack() as stack:
        port = stack.enter_context(serving(pacing=Pacing(), most=16, each=16))
        reader = stack.enter_context(caller(port))
        reader.sendall(b"GET /%d HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % LARGE)
        got = reader.recv(65_536)
        crowd(stack, port, 64)
        time.sleep(1.1)
        crowd(stack, port, 64)
        got += until_closed(reader)

    assert len(got) > LARGE


def test_handshakes_that_never_end_are_counted(certificate):
    certfile, keyfile = certificate
    with ExitStack() as stack:
        port = stack.enter_context(
            serving(each=4, ssl_certfile=certfile, ssl_keyfile=keyfile, pacing=Pacing())
        )
        first = stack.enter_context(caller(port))
        crowd(stack, port, 4, start=b"")
        first.settimeout(2)
        assert until_closed(first) == b""  # it made room for the fifth


def test_a_handshake_is_not_waited_for_long(certificate):
    certfile, keyfile = certificate
    with serving(ssl_certfile=certfile, ssl_keyfile=keyfile) as port, caller(port) as sock:
        began = time.monotonic()
        assert until_closed(sock) == b""
        assert time.monotonic() - began < 3


def test_without_descriptors_it_says_so_and_serves_again_after():
    program = Path(__file__).parent / "starving_server.py"
    child = subprocess.Popen(
        [sys.executable, str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    def told(word):
        child.stdin.write(f"{word}\n")
        child.stdin.flush()
        return child.stdout.readline().strip()

    try:
        port = int(told("port"))
        assert answered(port).startswith(b"HTTP/1.1 200 ")
        assert told("starve") == "starved"
        began = time.monotonic()
        said = answered(port)
        assert said.startswith(b"HTTP/1.1 503 ")
        assert b"Retry-After" in said
        assert answered(port).startswith(b"HTTP/1.1 503 ")  # the reserve was had again
        assert time.monotonic() - began < 3
        with ExitStack() as stack:
            crowd(stack, port, 120)
        assert told("feed") == "fed"
        time.sleep(0.5)
        assert answered(port).startswith(b"HTTP/1.1 200 ")
        spent = float(told("cpu"))
        time.sleep(1)
        assert float(told("cpu")) - spent < 0.5  # it does not spin
    finally:
        child.stdin.close()
        child.stdout.close()
        assert child.wait(20) == 0


@pytest.fixture
def command(tmp_path):
    """``rpa console`` with as many descriptors as systems give by default; its port."""
    (tmp_path / HOME_FILE).write_text("organization: Ville\n", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = ["console", "--port", str(port), "--home", str(tmp_path)]
    child = subprocess.Popen(
        ["prlimit", "--nofile=1024:1024", sys.executable, "-m", "rpa", *words],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert str(port) in child.stdout.readline()
    yield port
    child.terminate()
    child.stdout.close()
    child.wait(20)


def test_the_console_itself_answers_behind_eleven_hundred_half_requests(command):
    page = WHOLE.replace(b"/2", b"/connexion")
    answered(command, page)  # the first page loads what pages need
    with ExitStack() as stack:
        crowd(stack, command)
        began = time.monotonic()
        said = answered(command, page)

        assert said.startswith(b"HTTP/1.1 200 ")
        assert b"motdepasse" in said
        assert time.monotonic() - began < SHORT_OF_DEADLINE_S
