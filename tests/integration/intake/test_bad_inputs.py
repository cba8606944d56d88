"""Every input of the catalogue, from the folder to its expected end; then a good one."""

import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rpa.domain.document import MediaType
from rpa.domain.errors import DocumentRefusedError
from rpa.intake.adapters.contained import ContainedDecoder
from rpa.intake.adapters.folder import FolderChannel
from rpa.testing.bad_inputs import ACCEPTED, BAD_INPUTS, IGNORED
from rpa.testing.hostile_images import fax_tiff

LIMIT_S = 30.0
FAR_AHEAD = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


def end_of(folder, decoder):
    """Return the code that what is planted in ``folder`` ends in, and the seconds it took."""
    channel = FolderChannel("fax", folder, clock=lambda: FAR_AHEAD)
    started = time.monotonic()
    outcome = IGNORED
    for delivery in channel.deliveries():
        outcome = delivery.refused_code or opened(delivery.content, decoder)
        channel.settle(delivery)
    assert list(channel.deliveries()) == []
    return outcome, time.monotonic() - started


def opened(content, decoder):
    try:
        facts = decoder.inspect(content)
        if facts.media_type is MediaType.EML:
            for attachment in decoder.attachments(content):
                decoder.inspect(attachment.content)
        else:
            assert decoder.pages(content).facts == facts
    except DocumentRefusedError as refused:
        return refused.reason
    return ACCEPTED


def memory_of_this_process(kind):
    """Return bytes that this process holds (``VmRSS``), or held at most (``VmHWM``)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(f"{kind}:")).split()[1]) * 1024


@pytest.fixture(scope="module")
def decoder():
    return ContainedDecoder()


@pytest.fixture(scope="module")
def ends(decoder, tmp_path_factory):
    """How each input ended, and by how much this process had grown at most meanwhile."""
    folders = {entry: tmp_path_factory.mktemp("bad") for entry in BAD_INPUTS}
    for entry, folder in folders.items():
        # Before any child is forked: one forked in mid-write holds the file open until its exec,
        # and a file that is open for writing is left alone.
        entry.plant(folder / entry.filename)
    Path("/proc/self/clear_refs").write_text("5")  # forget what earlier tests held at most
    before = memory_of_this_process("VmRSS")
    with ThreadPoolExecutor(2) as pool:
        running = {entry: pool.submit(end_of, folder, decoder) for entry, folder in folders.items()}
        ended = {entry: result.result() for entry, result in running.items()}
    return ended, memory_of_this_process("VmHWM") - before


def test_the_catalogue_names_each_of_its_many_inputs_once():
    names = [(entry.name, entry.filename) for entry in BAD_INPUTS]

    assert len(BAD_INPUTS) >= 40
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("entry", BAD_INPUTS, ids=lambda entry: entry.name)
def test_each_ends_as_it_must_and_soon(ends, entry):
    outcome, seconds = ends[0][entry]

    assert outcome == entry.expected
    assert seconds < LIMIT_S


def test_neither_a_child_nor_the_parent_took_more_memory_than_allowed(ends, decoder):
    _ended, growth = ends

    assert 10_000_000 < decoder.peak_bytes < decoder.limits.memory_bytes
    assert growth < 300_000_000


@pytest.mark.usefixtures("ends")
def test_a_good_document_after_all_of_them_goes_through(decoder):
    assert opened(fax_tiff(), decoder) == ACCEPTED
