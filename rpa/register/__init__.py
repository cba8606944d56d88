"""Cases, leases, intents and the ledger: the only truth about where a case stands."""
