"""The child process that opens documents, and what becomes of it."""

import io
import sys
import threading
import time
from pathlib import Path

import pytest
from PIL import Image

from rpa.domain.document import MediaType
from rpa.domain.errors import DocumentRefusedError, ToolTimeoutError, ToolUnavailableError
from rpa.i18n import speaking
from rpa.intake.adapters.contained import ContainedDecoder
from rpa.intake.adapters.decoding.limits import DecodeLimits
from rpa.testing.hostile_images import fax_page, fax_tiff
from rpa.testing.hostile_mail import mail_bytes
from rpa.testing.hostile_pdfs import one_page_pdf, pdf_bomb

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
        ContainedDecoder(DecodeLimits(time_s=1)).inspect(pdf_bomb())

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
    assert len(list(Path("/proc/self/fd").iterdir())) == before
