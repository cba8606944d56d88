"""The parts of a CMS signature that no hash protects must at least be what RFC 5652 says.

A signature leaves its own envelope unsigned: versions, the set of digest algorithms, unsigned
attributes. PyHanko does not look at them, so a change there would go unseen.
"""

from typing import Final

from asn1crypto import cms, core

_ABSENT_OR_NULL: Final = (b"", b"\x05\x00")
_SIGNED_DATA_VERSIONS: Final = ("v1", "v3", "v4", "v5")


def envelope_is_sound(content: bytes) -> bool:
    """Say whether the DER or BER in ``content`` is one whole SignedData, sound in every part."""
    outer = core.load(content, strict=False)
    info = cms.ContentInfo.load(content)
    inner = info["content"]
    has_definite_length = content[1] != 0x80
    # The one SignedData must fill its envelope: a wrong length would hide bytes between them.
    is_full = not has_definite_length or content_ends_with(outer.dump(), inner.dump())
    return is_full and _is_sound(inner)


def content_ends_with(outer: bytes, inner: bytes) -> bool:
    """Say whether ``inner`` is what ``outer`` ends with."""
    return outer.endswith(inner)


def _is_sound(signed: cms.SignedData) -> bool:
    if signed["version"].native not in _SIGNED_DATA_VERSIONS:
        return False
    known = list(signed["digest_algorithms"])
    if not all(_is_plain(algorithm) for algorithm in known):
        return False
    names = [_name(algorithm) for algorithm in known]
    return all(
        _signer_is_sound(signer) and _name(signer["digest_algorithm"]) in names
        for signer in signed["signer_infos"]
    )


def _signer_is_sound(signer: cms.SignerInfo) -> bool:
    by_serial = signer["sid"].name == "issuer_and_serial_number"
    if signer["version"].native != ("v1" if by_serial else "v3"):
        return False
    if not _is_plain(signer["digest_algorithm"]):
        return False
    unsigned = signer["unsigned_attrs"]
    return isinstance(unsigned, core.Void) or _attributes_are_sound(list(unsigned))


def _attributes_are_sound(attributes: list[cms.CMSAttribute]) -> bool:
    # Vendors add attributes of their own numbers, but never as the only one: where nothing has a
    # known name, the name was changed.
    if attributes and all(one["type"].native[0].isdigit() for one in attributes):
        return False
    stamps = [one for one in attributes if one["type"].native == "signature_time_stamp_token"]
    return all(_is_sound(token["content"]) for stamp in stamps for token in stamp["values"])


def _is_plain(algorithm: core.Sequence) -> bool:
    return algorithm["parameters"].dump() in _ABSENT_OR_NULL


def _name(identifier: core.Sequence) -> str:
    return str(identifier["algorithm"].dotted)
