"""What the pages of the console work with, as a toolbox is what the steps work with."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from rpa.documents.pictures import PagePictures
from rpa.signing.api import SignatureValidator
from rpa.steps.accounts import AccountTools
from rpa.steps.toolbox import Toolbox


@dataclass(frozen=True, slots=True)
class Desk:
    """The tools of every page; the same for all visitors."""

    accounts: AccountTools
    tools: Toolbox
    pictures: PagePictures
    validator: SignatureValidator
    """For files that anybody hands over."""
    draw_code: Callable[[str], str]
    """Draws a QR code as an ``<svg>`` element."""
    asks_passphrase: Callable[[str], bool]
    """Says whether a credential's passphrase is typed by whoever signs."""
    timezone: ZoneInfo
    address: str
    """The console's public address, without a slash at its end."""
    upload_bytes: int
    """The largest file that is taken."""
    checks_at_once: int = 1
    """So many files that anybody hands over are checked at once."""

    @property
    def is_secure(self) -> bool:
        """True where browsers reach the console by HTTPS alone."""
        return self.address.startswith("https://")

    def close(self) -> None:
        """End what was started."""
        self.pictures.close()
        self.tools.close()
