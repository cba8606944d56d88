"""Proofs of who somebody is: passwords, one-time codes, sealed secrets."""
