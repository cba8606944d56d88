"""The one reader of the environment; light, so that a command that needs no home starts at once."""

import locale
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rpa.domain.errors import SetupError
from rpa.i18n import Language, _, language_of
from rpa.late import late

if TYPE_CHECKING:
    from platformdirs import user_cache_path, user_data_path
else:  # asked only where nobody names a folder
    user_cache_path = late("platformdirs", "user_cache_path")
    user_data_path = late("platformdirs", "user_data_path")

HOME_VARIABLE: Final = "RPA_HOME"
ASK: Final = "ask"
"""In place of a reference: whoever signs types the secret, and nobody keeps it."""


def secret_behind(reference: str, *, folder: Path) -> str:
    """Return the secret behind ``env:NAME`` or ``file:PATH``, which is relative to ``folder``.

    Raises:
        SetupError: It is not there; the message names the reference, never a secret.
    """
    kind, _colon, name = reference.partition(":")
    try:
        if kind == "env":
            return os.environ[name]
        if kind == "file":
            return (folder / name).read_text(encoding="utf-8").strip()
    except (OSError, KeyError, UnicodeDecodeError) as error:
        raise SetupError(
            _("The secret {reference} is not there.", reference=reference), code="secret-missing"
        ) from error
    raise SetupError(
        _("A secret is named by a reference, env:NAME or file:PATH, and never written itself."),
        code="secret-in-clear",
    )


def default_home() -> Path:
    """Return the home named by ``RPA_HOME``, else the user's data folder."""
    named = os.environ.get(HOME_VARIABLE)
    return Path(named) if named else user_data_path("paperless-rpa")


def cache_folder() -> Path:
    """Return the user's folder for what can be made again at any time."""
    return user_cache_path("paperless-rpa")


def environment_language() -> Language:
    """Return the language of the user's locale: French where it is French, else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return language_of(os.environ[name])
    return language_of(locale.getlocale()[0] or "en")


def quiet_tools() -> None:
    """Set what this program's tools and child programs must find in the environment.

    Tesseract's OpenMP threads cost about four times the processor time and gain nothing. Pydantic
    looks for plugins in every package that is installed, and none is wanted here.
    """
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    os.environ.setdefault("DO_NOT_TRACK", "1")


def environment_with(**values: str) -> dict[str, str]:
    """Return this program's environment with ``values`` set, for a child program."""
    return {**os.environ, **values}
