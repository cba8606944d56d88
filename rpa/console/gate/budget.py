"""How many bytes of forms and files are held at once, in memory or on the disk."""

from rpa.console.gate.places import CrowdedError


class Budget:
    """Bytes that may be held together; used in one event loop.

    Places are counted too (:mod:`rpa.console.gate.places`), but those who send slowly hold little,
    so many of them can be here: it is bytes that fill a disk.
    """

    def __init__(self, most: int, *, retry_after_s: int) -> None:
        """Begin with nothing held."""
        self._most, self._retry_after_s = most, retry_after_s
        self.held = 0

    def take(self, size: int) -> None:
        """Hold so many bytes more.

        Raises:
            CrowdedError: There would be too many; these are not held.
        """
        if self.held + size > self._most:
            raise CrowdedError(is_own=False, retry_after_s=self._retry_after_s)
        self.held += size

    def give_back(self, size: int) -> None:
        """Hold so many bytes less."""
        self.held -= size
