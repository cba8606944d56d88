"""One-time codes of log-ins in two steps."""

import pyotp

from rpa.domain.errors import SetupError
from rpa.i18n import _


def one_time_code(secret: str | None) -> str:
    """Return the code of this half minute (RFC 6238, six digits, SHA-1).

    Raises:
        SetupError: The target's login has no ``totp``, or it is not base 32.
    """
    if secret is None:
        raise SetupError(_("The login has no totp: add it to the target."), code="no-totp")
    try:
        return pyotp.TOTP(secret.replace(" ", "")).now()
    except ValueError:
        raise SetupError(
            _("The login's totp is no base 32 text."), code="no-totp"
        ) from None  # the cause quotes the secret
