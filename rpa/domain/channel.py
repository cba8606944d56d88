"""Kinds of channels: how a document came to be with us."""

from enum import StrEnum

from rpa.domain.paperless import Medium


class ChannelKind(StrEnum):
    """How documents reach a channel."""

    FAX = "fax"
    SCAN = "scan"
    MAIL = "mail"
    COUNTER = "counter"
    EMAIL = "email"
    WEB = "web"

    @property
    def medium(self) -> Medium:
        """How what comes this way met paper: faxes, scans, letters and the counter's forms did."""
        return Medium.NATIVE if self in (ChannelKind.EMAIL, ChannelKind.WEB) else Medium.DIGITISED
