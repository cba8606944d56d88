"""The parts of a CMS signature that no hash protects must at least be what RFC 5652 says.

A signature leaves its own envelope unsigned: versions, the set of digest algorithms, unsigned
attributes. PyHanko does not look at them, so a change there would go unseen.
"""

from typing import Final

from asn1crypto import cms, core

_ABSENT_OR_NULL: Final = (b"", b"\x05\x00")
_SIGNED_DATA_VERSIONS: Final = ("v1", "v3", "v4", "v5")
_PKCS_9: Final = "1.2.840.113549.1.9.16.2."
_EVIDENCE: Final = (_PKCS_9 + "49", _PKCS_9 + "50")
"""Evidence records over the signature, internal and external (RFC 4998, appendix A)."""
_STAMPED: Final = (*(_PKCS_9 + last for last in ("25", "26", "27", "48")), "0.4.0.1733.2.4")
"""The other timestamps of CAdES (RFC 5126, 6.3; ETSI TS 101 733, 6.4; EN 319 122-1, 5.5.3)."""
_TOKEN: Final = core.ObjectIdentifier("1.2.840.113549.1.9.16.1.4").dump()
"""What says that a SignedData is a time-stamp token (RFC 3161, 2.4.2)."""


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


def envelope_is_doubtful(signed: cms.SignedData) -> bool:
    """Say whether a sound envelope holds what keeps a judge from saying that all is known.

    An attribute of an unknown number changes nothing about what was signed (RFC 5652, 5.3), unless
    it is an evidence record (RFC 4998), whose hashes nobody here checks; or a timestamp under a
    number that is none of a timestamp's: then its name may have been changed. A set of digest
    algorithms without the signer's lets a verifier refuse (RFC 5652, 5.1).
    """
    known = [_name(algorithm) for algorithm in signed["digest_algorithms"]]
    return any(
        bool(known and _name(signer["digest_algorithm"]) not in known)
        or any(_is_doubtful(one) for one in _unsigned(signer))
        for signer in signed["signer_infos"]
    )


def _unsigned(signer: cms.SignerInfo) -> list[cms.CMSAttribute]:
    found = signer["unsigned_attrs"]
    return [] if isinstance(found, core.Void) else list(found)


def _is_doubtful(attribute: cms.CMSAttribute) -> bool:
    kind = attribute["type"]
    if kind.dotted in _EVIDENCE:
        return True
    if not kind.native[0].isdigit() or kind.dotted in _STAMPED:
        return False
    return any(_TOKEN in value.dump() for value in attribute["values"])


def _is_sound(signed: cms.SignedData) -> bool:
    if signed["version"].native not in _SIGNED_DATA_VERSIONS:
        return False
    if not all(_is_plain(algorithm) for algorithm in signed["digest_algorithms"]):
        return False
    return all(_signer_is_sound(signer) for signer in signed["signer_infos"])


def _signer_is_sound(signer: cms.SignerInfo) -> bool:
    by_serial = signer["sid"].name == "issuer_and_serial_number"
    if signer["version"].native != ("v1" if by_serial else "v3"):
        return False
    if not _is_plain(signer["digest_algorithm"]):
        return False
    unsigned = _unsigned(signer)
    stamps = [one for one in unsigned if one["type"].native == "signature_time_stamp_token"]
    return all(_is_sound(token["content"]) for stamp in stamps for token in stamp["values"])


def _is_plain(algorithm: core.Sequence) -> bool:
    return algorithm["parameters"].dump() in _ABSENT_OR_NULL


def _name(identifier: core.Sequence) -> str:
    return str(identifier["algorithm"].dotted)
