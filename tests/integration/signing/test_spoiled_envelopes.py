"""A signature whose own bytes are spoiled at any tag ends in a verdict, and never a good one."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import cycle

import pytest
from asn1crypto.parser import parse

from rpa.domain.signature import Integrity, SignatureLevel
from rpa.signing.adapters.pyhanko_signer import PyHankoSigner
from rpa.signing.adapters.verification.given import ValidationData
from rpa.signing.adapters.verification.mathematics import verified
from rpa.signing.adapters.verification.proofs import claimed_time, embedded_data, stamps_of
from rpa.testing import signed_samples as samples
from rpa.testing.signatures import credential, signed_pdf, signing_request

CLASS, CONSTRUCTED, NUMBER = 0x40, 0x20, 0x02
"""The bits of a tag that are turned."""
RANGE = rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)"


def tags(der: bytes, start: int = 0) -> Iterator[int]:
    """Yield the place of each tag of a structure, of those inside it, too."""
    while start < len(der):
        _class, _method, _tag, header, content, trailer = parse(der[start:], strict=False)
        yield start
        inside = start + len(header)
        if der[start] & CONSTRUCTED:
            yield from (inside + place for place in tags(content))
        start = inside + len(content) + len(trailer)


@pytest.fixture(scope="module")
def envelope(pki, authority, now):
    """The bytes of a signature with a timestamp over it, and what it covers."""
    request = signing_request(samples.whole_pdf(), credential(pki), now, level=SignatureLevel.B_T)
    pdf = signed_pdf(PyHankoSigner(timestamp_url=authority), request)
    first, before, after, rest = map(int, re.search(RANGE, pdf).groups())
    contents = bytes.fromhex(pdf[before + 1 : after - 1].decode()).rstrip(b"\0")
    return contents, (pdf[first:before], pdf[after : after + rest])


def test_each_spoiled_tag_ends_in_a_verdict(envelope):
    contents, covered = envelope
    found = Counter()
    for place, bit in zip(tags(contents), cycle((CLASS, CONSTRUCTED, NUMBER)), strict=False):
        spoiled = contents[:place] + bytes([contents[place] ^ bit]) + contents[place + 1 :]
        read = verified(spoiled, covered, "ETSI.CAdES.detached")
        assert isinstance(embedded_data(read), ValidationData)
        assert claimed_time(read, b"D:20261124") is not None
        found.update([read.integrity, *(stamp.is_intact for stamp in stamps_of(read))])

    assert all(found[kind] for kind in (Integrity.INVALID, Integrity.VALID, True, False))
