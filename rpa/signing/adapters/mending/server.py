"""The process whose children mend damaged PDFs."""

from typing import Any

from rpa.signing.adapters.forking.server import serve
from rpa.signing.adapters.mending.program import Refused, mended


def mend(head: dict[str, Any], pdf: bytes) -> tuple[dict[str, Any], bytes]:
    """Return what was mended and the mended PDF, or the code of why it can't be."""
    try:
        result = mended(pdf, head["password"])
    except Refused as refusal:
        return {"refused": refusal.code}, b""
    except MemoryError:
        return {"refused": "pdf-too-demanding"}, b""
    return {"marks": result.marks}, result.pdf


if __name__ == "__main__":
    serve(mend)
