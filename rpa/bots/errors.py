"""What can go wrong on the way through a definition, told more exactly than the error tree does."""

from rpa.domain.errors import DefinitionError, TargetRefusedError, TargetUnavailableError
from rpa.i18n import _


class PageMismatchError(DefinitionError):
    """The page is not as the definition says."""

    code = "page-mismatch"


class LoginRefusedError(DefinitionError):
    """The target refused the user name or the password; trying again may lock the account."""

    code = "login-refused"


def login_refused() -> LoginRefusedError:
    """Return the error to raise where the target does not let the bot in."""
    return LoginRefusedError(
        _("The target refused the user name or the password: correct them in the targets.")
    )


class LoggedOutError(TargetUnavailableError):
    """The target asks to log in again."""

    code = "logged-out"


class ErrorShownError(TargetRefusedError):
    """The target shows what the definition declares to be its error."""

    code = "target-refused"
