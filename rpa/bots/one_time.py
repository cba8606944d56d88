"""One-time codes of log-ins in two steps."""

import base64
import binascii
import time
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from rpa.domain.errors import SetupError
from rpa.i18n import _

DIGITS: Final = 6
STEP_S: Final = 30


def one_time_code(secret: str | None) -> str:
    """Return the code of this half minute (RFC 6238: six digits, SHA-1, the machine's clock).

    Raises:
        SetupError: The target's login has no ``totp``, or it is not base 32.
    """
    if secret is None:
        raise SetupError(_("The login has no totp: add it to the target."), code="no-totp")
    text = "".join(secret.split()).upper()
    try:
        key = base64.b32decode(text + "=" * (-len(text) % 8))
    except binascii.Error:
        raise SetupError(
            _("The login's totp is no base 32 text."), code="no-totp"
        ) from None  # the cause quotes the secret
    # Many issuers still give out secrets of 80 bits, shorter than RFC 4226 (R6) asks for.
    codes = TOTP(key, DIGITS, SHA1(), STEP_S, enforce_key_length=False)  # noqa: S303 - as issued
    return codes.generate(int(time.time())).decode()
