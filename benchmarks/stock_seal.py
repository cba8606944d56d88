"""Sign a folder with pyHanko's plain API, in one process, as its documentation shows.

The other side of ``bench_start.py``. ``--tsa`` and ``--root`` make it B-LTA.
"""

import argparse
import logging
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko_certvalidator import ValidationContext


def main() -> None:
    """Sign every PDF of a folder into another."""
    logging.disable(logging.WARNING)
    told = argparse.ArgumentParser(description=__doc__)
    for name in ("source", "out", "key", "phrase"):
        told.add_argument(name, type=Path)
    told.add_argument("--tsa")
    told.add_argument("--root", type=Path)
    said = told.parse_args()
    said.out.mkdir()
    phrase = said.phrase.read_text(encoding="utf-8").strip()
    signer = SimpleSigner.load_pkcs12(str(said.key), passphrase=phrase.encode())
    for path in sorted(said.source.iterdir()):
        signed = _signed(path.read_bytes(), signer, said.tsa, said.root)
        (said.out / path.name).write_bytes(signed)


def _signed(pdf: bytes, signer: SimpleSigner, tsa: str | None, root: Path | None) -> bytes:
    metadata = PdfSignatureMetadata(
        field_name="Signature1",
        subfilter=SigSeedSubFilter.PADES,
        embed_validation_info=root is not None,
        use_pades_lta=root is not None,
        validation_context=_context(root) if root else None,
    )
    stamper = HTTPTimeStamper(tsa) if tsa else None
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    return bytes(PdfSigner(metadata, signer, timestamper=stamper).sign_pdf(writer).getvalue())


def _context(root: Path) -> ValidationContext:
    return ValidationContext(
        trust_roots=[load_cert_from_pemder(str(root))],
        allow_fetching=True,
        revocation_mode="hard-fail",
        # The example authority's lists are made on demand, a moment after the context.
        time_tolerance=timedelta(minutes=5),
    )


if __name__ == "__main__":
    main()
