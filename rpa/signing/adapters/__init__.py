"""Signing's tools: pyHanko, qpdf, tokens and services, fonts; nothing else imports them."""

from rpa.late import late_packages

late_packages(
    "pyhanko.sign",
    "pyhanko.sign.signers",
    "pyhanko.sign.timestamps",
    "pyhanko.sign.validation",
    "pyhanko_certvalidator",
)
