"""The child process that opens documents, and what becomes of it."""

import io
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from PIL import Image

from rpa.domain.document import MediaType
from rpa.domain.errors import DocumentRefusedError, ToolTimeoutError, ToolUnavailableError
from rpa.domain.pages import Mark, Sheet
from rpa.i18n import speaking
from rpa.intake.adapters.contained import ContainedDecoder
from rpa.intake.adapters.decoding.limits import DecodeLimits
from rpa.testing.hostile_images import fax_page, fax_tiff
from rpa.testing.hostile_mail import mail_bytes
from rpa.testing.hostile_pdfs import locked_pdf, one_page_pdf, pdf_bomb, pdf_that_takes_long
from rpa.testing.scans import page, scanned_pdf
from rpa.testing.sheets import patch_sheet

CRASHING = """
import os, signal
from rpa.intake.adapters.decoding import from_image, readers, server
whole = readers.read_image
def crash(work):
    return os.kill(os.getpid(), signal.SIGSEGV) if work.kind == "png" else whole(work)
readers.read_image = crash
server.main()
"""


def interpreter(tmp_path, script):
    path = tmp_path / "python"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_a_fax_is_told_and_opened_with_its_pixels():
    decoder = ContainedDecoder()
    facts = decoder.inspect(fax_tiff(2))
    opened = decoder.pages(fax_tiff(2))

    assert (facts.media_type, facts.pages) == (MediaType.TIFF, 2)
    assert opened.facts == facts
    assert [(page.dpi, page.bilevel) for page in opened.images] == [(204.0, True)] * 2
    with Image.open(io.BytesIO(opened.images[0].png)) as image:
        assert (image.mode, image.width) == ("L", 1728)


def test_a_pdf_is_opened_with_its_words():
    opened = ContainedDecoder().pages(one_page_pdf())

    assert opened.facts.pixels_digest is None
    assert [word.text for word in opened.words[0]] == ["Formulaire"]
    assert opened.images[0].dpi == 300


def test_a_blank_page_is_kept():
    out = io.BytesIO()
    blank = Image.new("1", (1728, 1146), 1)
    fax_page().save(out, "TIFF", compression="group4", save_all=True, append_images=[blank])

    assert ContainedDecoder().inspect(out.getvalue()).pages == 2


def test_attachments_come_out_with_safe_names():
    decoder = ContainedDecoder()
    content = mail_bytes(("../../a.pdf", "application/pdf", one_page_pdf()))

    [attachment] = decoder.attachments(content)

    assert (attachment.name, attachment.content) == ("a.pdf", one_page_pdf())
    assert decoder.inspect(content).media_type is MediaType.EML
    assert decoder.attachments(mail_bytes()) == ()


def test_a_message_has_no_pages_and_a_fax_no_attachments():
    decoder = ContainedDecoder()
    with pytest.raises(DocumentRefusedError) as pages:
        decoder.pages(mail_bytes())
    with pytest.raises(DocumentRefusedError) as attachments:
        decoder.attachments(fax_tiff())

    assert (pages.value.reason, attachments.value.reason) == ("message", "unknown-kind")


def test_processor_time_is_limited():
    with pytest.raises(DocumentRefusedError) as refused:
        ContainedDecoder(DecodeLimits(time_s=1)).inspect(pdf_that_takes_long())

    assert refused.value.reason == "too-slow"


def test_memory_is_limited():
    with pytest.raises(DocumentRefusedError) as refused:
        ContainedDecoder(DecodeLimits(memory_bytes=600_000_000)).inspect(pdf_bomb())

    assert refused.value.reason == "too-demanding"


def test_output_is_limited():
    with pytest.raises(DocumentRefusedError) as refused:
        ContainedDecoder(DecodeLimits(max_output_bytes=5_000)).pages(fax_tiff())

    assert refused.value.reason == "too-demanding"


def test_a_busy_machine_is_not_the_documents_fault(tmp_path):
    slow = interpreter(tmp_path, "sleep 30")

    with pytest.raises(ToolTimeoutError):
        ContainedDecoder(interpreter=slow, start_s=0.2).inspect(fax_tiff())


def test_what_a_child_started_is_killed_with_it(tmp_path):
    left = tmp_path / "left"
    slow = interpreter(tmp_path, f"sleep 30 & echo $! > {left}; exit 0")

    with pytest.raises(ToolUnavailableError):
        ContainedDecoder(interpreter=slow).inspect(fax_tiff())

    assert is_gone_soon(Path(f"/proc/{left.read_text().strip()}/stat"))


def is_gone_soon(state):
    for _step in range(200):
        if not state.exists() or state.read_text().split()[2] == "Z":
            return True
        time.sleep(0.01)
    return False


@pytest.mark.parametrize("script", ["exit 1", "kill -9 $$"])
def test_a_child_that_does_not_start_is_not_the_documents_fault(tmp_path, script):
    with pytest.raises(ToolUnavailableError):
        ContainedDecoder(interpreter=interpreter(tmp_path, script)).inspect(fax_tiff())


def test_a_missing_interpreter_is_told(tmp_path):
    with pytest.raises(ToolUnavailableError):
        ContainedDecoder(interpreter=str(tmp_path / "none")).inspect(fax_tiff())


def test_a_child_that_crashes_on_a_document_refuses_it_and_the_next_goes_through(tmp_path):
    """The program is our own, but its children die by a signal once they have the document."""
    decoder = ContainedDecoder(interpreter=with_crashing_reader(tmp_path))
    with pytest.raises(DocumentRefusedError) as refused:
        decoder.inspect(b"\x89PNG\r\n\x1a\n")

    assert refused.value.reason == "damaged"
    assert decoder.inspect(fax_tiff()).pages == 1


def with_crashing_reader(tmp_path):
    program = tmp_path / "crashing.py"
    program.write_text(CRASHING)
    return interpreter(tmp_path, f'for at; do :; done; exec "{sys.executable}" {program} "$at"')


def test_a_nursery_that_died_is_started_again():
    decoder = ContainedDecoder()
    decoder.inspect(fax_tiff())
    decoder._nursery._end.peek()[2][1].kill()
    decoder._nursery._end.peek()[2][1].wait()

    assert decoder.inspect(fax_tiff()).pages == 1


def test_a_file_beyond_the_limit_never_reaches_a_child(tmp_path):
    decoder = ContainedDecoder(
        DecodeLimits(max_bytes=1_000_000), interpreter=str(tmp_path / "none")
    )

    with speaking("en"), pytest.raises(DocumentRefusedError) as refused:
        decoder.inspect(bytes(1_000_001))

    assert "1 MB" in refused.value.message


def test_several_threads_open_documents_at_once_and_leave_nothing_open():
    decoder = ContainedDecoder()
    decoder.inspect(fax_tiff())
    before = len(list(Path("/proc/self/fd").iterdir()))
    pages = []
    threads = [
        threading.Thread(target=lambda: pages.append(decoder.inspect(fax_tiff(2)).pages))
        for _number in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert pages == [2, 2, 2, 2]
    assert len(list(Path("/proc/self/fd").iterdir())) <= before


def test_sheets_tell_marks_and_blank_pages():
    blank = Image.new("L", (1700, 2200), 255)
    content = scanned_pdf([page(), patch_sheet(), blank], dpi=(200, 200))

    text, separator, empty = ContainedDecoder().sheets(content)

    assert text == Sheet(is_blank=False)
    assert separator == Sheet(is_blank=False, marks=(Mark("patch", "T"),))
    assert empty == Sheet(is_blank=True)


@pytest.mark.parametrize("ask", ["sheets", "pages", "inspect"])
def test_every_question_is_held_to_the_same_limits(ask):
    decoder = ContainedDecoder(DecodeLimits(time_s=1))

    with pytest.raises(DocumentRefusedError) as refused:
        getattr(decoder, ask)(pdf_that_takes_long())

    assert refused.value.reason == "too-slow"


def test_a_locked_pdf_is_unlocked_and_nothing_else_is():
    decoder = ContainedDecoder()
    with pytest.raises(DocumentRefusedError) as refused:
        decoder.unlocked(fax_tiff(), ["a"])

    assert refused.value.reason == "encrypted"
    assert decoder.inspect(decoder.unlocked(locked_pdf(user="a"), ["b", "a"])).pages == 1


def test_a_password_never_stands_where_other_users_can_see_it():
    decoder = ContainedDecoder()
    decoder.unlocked(locked_pdf(user="s3same"), ["s3same"])

    seen = b"".join(said(path) for path in Path("/proc").glob("[0-9]*/cmdline"))
    assert b"s3same" not in seen


def said(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""  # it ended meanwhile


def test_only_sides_of_one_kind_are_joined():
    decoder = ContainedDecoder()
    for sides in ((fax_tiff(), one_page_pdf()), (mail_bytes(), mail_bytes())):
        with pytest.raises(DocumentRefusedError) as refused:
            decoder.joined(*sides)
        assert refused.value.reason == "other-side"

    assert decoder.inspect(decoder.joined(fax_tiff(2), fax_tiff(1))).pages == 3
    assert decoder.inspect(decoder.joined(one_page_pdf(), one_page_pdf())).pages == 2


def test_a_message_has_no_sheets():
    with pytest.raises(DocumentRefusedError) as refused:
        ContainedDecoder().sheets(mail_bytes())

    assert refused.value.reason == "message"


def test_a_closed_decoder_ends_its_process_and_starts_again_when_asked():
    decoder = ContainedDecoder()
    decoder.inspect(fax_tiff())
    process = decoder._nursery._end.peek()[2][1]

    decoder.close()

    assert process.returncode is not None
    assert decoder.inspect(fax_tiff()).pages == 1


def test_what_a_child_cost_is_told():
    decoder = ContainedDecoder()
    decoder.pages(fax_tiff())

    assert 0 < decoder.cpu_s < 30
    assert 10_000_000 < decoder.peak_bytes < decoder.limits.memory_bytes


PARENT = """
import sys
from rpa.intake.adapters.contained import ContainedDecoder
from rpa.testing.hostile_images import fax_tiff
decoder = ContainedDecoder()
decoder.inspect(fax_tiff())
print(decoder._nursery._end.peek()[2][1].pid, flush=True)
sys.stdin.read()
"""


def test_the_nursery_ends_with_a_program_that_is_killed():
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with parent:
        nursery = parent.stdout.readline().decode().strip()
        parent.kill()

    assert is_gone_soon(Path(f"/proc/{nursery}/stat"))


def test_a_forked_program_has_a_nursery_of_its_own():
    decoder = ContainedDecoder()
    decoder.inspect(fax_tiff())
    child = os.fork()
    if not child:
        status = 1
        try:
            status = 0 if decoder.inspect(fax_tiff()).pages == 1 else 2
        finally:
            os._exit(status)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert decoder.inspect(fax_tiff()).pages == 1
