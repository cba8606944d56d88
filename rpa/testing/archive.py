"""Converters for tests of the archive: one that is quick, one that fails."""

from collections.abc import Sequence

from rpa.domain.document import MediaType
from rpa.domain.errors import ToolUnavailableError


class QuickSearchablePdf:
    """Hands the original back unread: for tests that ask nothing of the text layer."""

    name = "QuickSearchablePdf"
    settings = ()

    def converted(self, original: bytes, media_type: MediaType, pages: Sequence[int] = ()) -> bytes:
        """Return the original's bytes behind a mark."""
        said = " ".join(map(str, pages)).encode()
        return b"%PDF-1.7 " + media_type.encode() + b"\n" + said + original


class UnavailableSearchablePdf:
    """A converter that is not installed."""

    name = "UnavailableSearchablePdf"
    settings = ()

    def converted(
        self, original: bytes, media_type: MediaType, _pages: Sequence[int] = ()
    ) -> bytes:
        """Fail as a missing program does."""
        raise ToolUnavailableError(f"no converter for {len(original)} bytes of {media_type}")
