"""How the application is run."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line says."""

    database: Path
    username: str = "commis"
    password: str = "papier"
    session_s: float = 1200
    misbehave: bool = False
    single_session: bool = False
    """A log-in ends the user's earlier sessions without a word."""
    page_state: bool = False
    """Every form asks for its page state, not only that of the complaints."""
    basic: str = ""
    """``user:password`` of HTTP Basic in front of everything."""
    totp: str = ""
    """Base32 secret of the second step of a log-in."""
    totp_once: bool = False
    """A one-time code opens once, as RFC 6238 (5.2) asks."""
    index_delay_s: float = 0
    """Seconds until a search shows what was kept."""
