"""Spoiled documents, a few of the thousands that benchmarks/bench_fuzz.py opens."""

from itertools import islice

import pytest

from rpa.domain.errors import DocumentRefusedError
from rpa.intake.adapters.contained import ContainedDecoder
from rpa.intake.adapters.decoding.limits import DecodeLimits
from rpa.intake.media import DOCUMENTS, kind_of
from rpa.intake.refusals import WHY
from rpa.testing.hostile_images import fax_tiff
from rpa.testing.mutations import MUTATIONS, dice_of, mutated
from rpa.testing.scans import drawn_documents

DRAWN = list(drawn_documents())
ROUNDS = 4


@pytest.fixture(scope="module")
def decoder():
    return ContainedDecoder(DecodeLimits(time_s=20))


def outcome(decoder, content):
    try:
        decoder.inspect(content)
        assert decoder.pages(content).images
    except DocumentRefusedError as refused:
        return refused.reason
    return "read"


def test_drawn_documents_are_of_every_kind_and_whole(decoder):
    kinds = {kind_of(content) for _name, content in DRAWN}

    assert kinds >= DOCUMENTS - {"heic"}
    assert {outcome(decoder, content) for _name, content in DRAWN} == {"read"}


@pytest.mark.parametrize(("name", "content"), DRAWN, ids=[name for name, _content in DRAWN])
def test_spoiled_documents_are_read_or_refused_with_a_code(name, content, decoder):
    dice = dice_of(f"20261124 {name}")

    for _round in range(ROUNDS):
        assert outcome(decoder, mutated(content, dice)) in {"read", *WHY}
    assert decoder.inspect(fax_tiff()).pages == 1


def test_the_same_dice_spoil_the_same_way_and_each_kind_of_damage_changes_something():
    content = DRAWN[0][1]

    assert mutated(content, dice_of(5)) == mutated(content, dice_of(5))
    for change in MUTATIONS:
        dice = dice_of(7)
        spoiled = [bytearray(content) for _try in range(5)]
        for one in spoiled:
            change(one, dice)
        assert any(bytes(one) != content for one in islice(spoiled, 5))
