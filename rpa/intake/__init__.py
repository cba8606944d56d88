"""Where documents come in, and what they are."""
