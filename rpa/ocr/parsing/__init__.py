"""Parsers by the meaning of what they read: words, numbers, days, places, identifiers."""
