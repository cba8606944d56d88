"""One-time codes by time, RFC 6238: SHA-1, steps of 30 seconds, six digits."""

import base64
import hmac

STEP_S = 30
DIGITS = 6


def code_of(secret: str, step: int) -> str:
    """Return the code of a base32 ``secret`` in a step of time (RFC 4226, 5.3)."""
    padded = secret.upper().replace(" ", "") + "=" * (-len(secret.replace(" ", "")) % 8)
    digest = hmac.digest(base64.b32decode(padded), step.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def matching_step(secret: str, code: str, *, at: float) -> int | None:
    """Return the step whose code this is: the one of ``at``, or one beside it (RFC 6238, 5.2)."""
    now = int(at) // STEP_S
    steps = (now, now - 1, now + 1)
    return next((step for step in steps if hmac.compare_digest(code_of(secret, step), code)), None)
