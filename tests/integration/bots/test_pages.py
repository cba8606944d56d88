"""Pages of a small server of our own, for what the example application does not do."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psutil
import pytest

from rpa.bots.adapters.committing import Commit
from rpa.bots.api import FilingRequest, Target
from rpa.bots.errors import PageMismatchError
from rpa.domain.errors import OutcomeUnknownError, TargetRefusedError, TargetUnavailableError
from rpa.domain.form import FieldKind

pytestmark = pytest.mark.browser

FORM = """<form method="post" action="/commit"><input name="nom">
<input name="closed" disabled><input name="fixed" readonly><button>OK</button></form>"""
RECEIPT = "<p id=receipt>Merci Tremblay, dossier R-77</p>"


class Pages(ThreadingHTTPServer):
    """Serves pages by path over connections that are kept alive, and counts what is posted."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Page)
        self.pages = {"/": FORM, "/commit": RECEIPT}
        self.drops_posts = False
        self.posts = 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Page(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = self.server.pages.get(self.path, "").encode()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts += 1
        if self.server.drops_posts:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        else:
            self.do_GET()

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def pages():
    with Pages() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


BOT = """
file:
  - goto: "{url}/"
  STEPS
  - click: {button: OK, commits: true}
  - receipt: {selector: "#receipt", pattern: 'R-\\d+'}
"""


@pytest.fixture
def request_to(pages, tmp_path):
    def build(*steps, timeout_s=3):
        path = tmp_path / "bot.yaml"
        text = BOT.replace("  STEPS\n", "".join(f"  - {step}\n" for step in steps))
        path.write_text(text, encoding="utf-8")
        return FilingRequest(
            key="K-1",
            values={"nom": "Tremblay"},
            kinds={"nom": FieldKind.NAME},
            definition=path,
            target=Target(url=pages.url, username="", password="", timeout_s=timeout_s),
        )

    return build


def stopped(bot, request, error):
    screens = []
    with pytest.raises(error) as caught:
        bot.file(request, before_commit=screens.append)
    return caught.value.reason, len(screens)


def test_the_receipt_text_names_nobody(bot, request_to):
    request = request_to('fill: {name: nom, value: "{nom}"}')

    filed = bot.file(request, before_commit=lambda _screen: None)

    assert (filed.receipt.number, filed.receipt.text) == ("R-77", "Merci …, dossier R-77")


def test_a_commit_whose_answer_is_lost_is_not_sent_again_by_the_browser(bot, pages, request_to):
    pages.drops_posts = True
    request = request_to('goto: "{url}/"')  # a second page, over the connection kept alive

    reason, intents = stopped(bot, request, OutcomeUnknownError)

    assert (reason, intents, pages.posts) == ("connection", 1, 1)


def test_a_number_that_stood_there_before_the_commit_is_no_receipt(bot, pages, request_to):
    pages.pages["/"] = FORM + RECEIPT

    reason, intents = stopped(bot, request_to(timeout_s=1), OutcomeUnknownError)

    assert (reason, intents, pages.posts) == ("no-receipt", 1, 1)


@pytest.mark.parametrize(
    ("name", "reason"), [("closed", "disabled-element"), ("fixed", "read-only-element")]
)
def test_a_field_that_takes_nothing_is_told_at_once(bot, request_to, name, reason):
    request = request_to(f"fill: {{name: {name}, value: x}}", timeout_s=60)

    assert stopped(bot, request, PageMismatchError) == (reason, 0)


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ("click: {button: Annuler}", "no-element"),
        ("click: {selector: input}", "ambiguous-element"),
        ("frame: principal", "no-frame"),
    ],
)
def test_a_page_without_the_element_does_not_fit_the_definition(bot, request_to, step, reason):
    assert stopped(bot, request_to(step, timeout_s=1), PageMismatchError) == (reason, 0)


@pytest.mark.parametrize(
    ("script", "error"),
    [("alert('Tremblay !')", TargetRefusedError), ("confirm('Tremblay ?')", PageMismatchError)],
)
def test_a_dialog_nobody_expects_stops_the_bot_and_is_named_by_its_kind(
    bot, pages, request_to, script, error
):
    pages.pages["/"] = FORM + f"<script>{script}</script>"

    screens = []
    with pytest.raises(error) as caught:
        bot.file(request_to(), before_commit=screens.append)

    assert (caught.value.reason, screens, pages.posts) == ("unexpected-dialog", [], 0)
    assert script.partition("(")[0] in str(caught.value)
    assert "Tremblay" not in str(caught.value)


def test_a_dialog_with_other_words_than_expected_is_not_accepted(bot, pages, request_to):
    pages.pages["/"] = FORM.replace("<form", "<form onsubmit=\"return confirm('Supprimer ?')\"")
    request = request_to("dialog: {answer: accept, text: Envoyer}")

    assert stopped(bot, request, OutcomeUnknownError)[1] == 1
    assert pages.posts == 0


def test_the_browser_reaches_no_other_host_than_the_target(bot, request_to):
    request = request_to('goto: "http://localhost:9/"')  # the target is 127.0.0.1

    assert stopped(bot, request, TargetUnavailableError) == ("connection", 0)


def test_the_browser_dies_with_its_worker(bot, pages, request_to, tmp_path):
    program = tmp_path / "worker.py"
    program.write_text(
        "import sys, time\n"
        "from pathlib import Path\n"
        "from rpa.bots.adapters.playwright_bot import PlaywrightBot\n"
        "from rpa.bots.api import FilingRequest, Target\n"
        "def stay(screen):\n"
        "    print('here', flush=True)\n"
        "    time.sleep(60)\n"
        "request = FilingRequest('K', {}, {}, Path(sys.argv[2]), Target(sys.argv[3], '', ''))\n"
        "PlaywrightBot(executable=Path(sys.argv[1])).file(request, before_commit=stay)\n",
        encoding="utf-8",
    )
    command = [sys.executable, program, bot._executable, request_to().definition, pages.url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout.readline() == "here\n"
        family = psutil.Process(worker.pid).children(recursive=True)
        assert any("chrom" in process.name() for process in family)
        os.kill(worker.pid, signal.SIGKILL)

    deadline = time.monotonic() + 10
    while any(_lives(process) for process in family) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [process for process in family if _lives(process)] == []
    assert pages.posts == 0


def test_a_worker_that_sleeps_before_the_commit_sends_nothing_on_waking(
    bot, pages, request_to, monkeypatch
):
    monkeypatch.setattr("rpa.bots.adapters.workplace.COMMIT_S", 0.2)
    click = Commit._click

    def late(commit):
        time.sleep(0.5)
        click(commit)

    monkeypatch.setattr(Commit, "_click", late)

    reason, intents = stopped(bot, request_to(), OutcomeUnknownError)

    assert (reason, intents, pages.posts) == ("connection", 1, 0)


def _lives(process):
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
