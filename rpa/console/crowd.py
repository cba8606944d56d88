"""What goes on at once behind the pages: pages themselves, files that come in, checks, passwords.

Files that anybody hands over are checked by few at a time, and never by all of the workers, so
that the signers' own pages don't wait for strangers.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from rpa.console.gate.budget import Budget
from rpa.console.gate.places import CrowdedError, Places, Share
from rpa.i18n import _

PAGES: Final = Share(at_once=32, each=8, queue=500, queue_each=64, patience_s=20)
"""Fewer than there are threads."""
FILES: Final = Share(at_once=128, each=4, queue=32, queue_each=4, patience_s=20)
"""Files that come in, however slowly,"""
FILES_HELD: Final = 16
"""and together hold no more than so many of the largest would."""
PASSWORDS: Final = Share(at_once=2, each=2, queue=64, queue_each=8, patience_s=20)
"""Each takes 64 MiB, and four threads, while it is hashed."""
FORM_BYTES: Final = 64 * 1024
"""The largest form without a file."""
CHECKS_WAITING: Final = 12
CHECKS_PATIENCE_S: Final = 45.0
CHECKED_A_SECOND: Final = 5_000_000
"""Bytes of a large file; measured on a busy machine."""


class Crowd:
    """The places of one console; used in one event loop."""

    def __init__(self, *, checks_at_once: int, upload_bytes: int) -> None:
        """Begin with all of them free."""
        self.incoming = Budget(
            FILES_HELD * (upload_bytes + FORM_BYTES), retry_after_s=round(FILES.patience_s)
        )
        self.pages = Places(PAGES)
        self._files = Places(FILES)
        self._passwords = Places(PASSWORDS)
        self._checks = Places(
            Share(
                at_once=checks_at_once,
                each=1,
                queue=CHECKS_WAITING,
                queue_each=2,
                patience_s=CHECKS_PATIENCE_S,
            )
        )

    @asynccontextmanager
    async def coming_in(self, address: str, *, is_file: bool) -> AsyncIterator[None]:
        """Hold a place for a form that comes in; one without a file is small and needs none."""
        if not is_file:
            yield
            return
        async with self._files.place(address):
            yield

    @asynccontextmanager
    async def check(self, address: str, size: int) -> AsyncIterator[None]:
        """Hold a place for the check of a file of so many bytes."""
        async with self._checks.place(address, cost_s=size / CHECKED_A_SECOND):
            yield

    @asynccontextmanager
    async def form(self, address: str, *, is_proof: bool) -> AsyncIterator[None]:
        """Hold a place for what any other form asks for."""
        async with (self._passwords if is_proof else self.pages).place(address):
            yield


def crowded_words(error: CrowdedError) -> str:
    """Return what somebody is told who finds no place."""
    if error.is_own:
        return _(
            "Too much was asked from your address at once. Nothing was done. Wait for the other "
            "answers, then try again."
        )
    return _(
        "Too many people ask for this at the moment. Nothing was done, and nothing was kept. Try "
        "again in {count} s.",
        count=error.retry_after_s,
    )
