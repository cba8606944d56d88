"""PAdES signatures, their validation, and a development PKI."""
