"""Paper processes made digital, without touching the old systems."""

__version__ = "0.1.0"
