"""Every input of the catalogue, from the folder to its expected end; then a good one."""

import datetime as dt
import resource
import time
from concurrent.futures import ThreadPoolExecutor

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


@pytest.fixture(scope="module")
def ends(tmp_path_factory):
    folders = {entry: tmp_path_factory.mktemp("bad") for entry in BAD_INPUTS}
    for entry, folder in folders.items():
        # Before any child is forked: one forked in mid-write holds the file open until its exec,
        # and a file that is open for writing is left alone.
        entry.plant(folder / entry.filename)
    decoder = ContainedDecoder()
    with ThreadPoolExecutor(2) as pool:
        running = {entry: pool.submit(end_of, folder, decoder) for entry, folder in folders.items()}
        return {entry: result.result() for entry, result in running.items()}


def test_the_catalogue_names_each_of_its_many_inputs_once():
    names = [(entry.name, entry.filename) for entry in BAD_INPUTS]

    assert len(BAD_INPUTS) >= 40
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("entry", BAD_INPUTS, ids=lambda entry: entry.name)
def test_each_ends_as_it_must_and_soon(ends, entry):
    outcome, seconds = ends[entry]

    assert outcome == entry.expected
    assert seconds < LIMIT_S


@pytest.mark.usefixtures("ends")
def test_neither_a_child_nor_the_parent_took_more_memory_than_allowed():
    child_kb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    parent_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    assert child_kb * 1024 < ContainedDecoder().limits.memory_bytes
    assert parent_kb * 1024 < 1_000_000_000


@pytest.mark.usefixtures("ends")
def test_a_good_document_after_all_of_them_goes_through():
    assert opened(fax_tiff(), ContainedDecoder()) == ACCEPTED
