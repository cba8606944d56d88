"""Documents kept by their SHA-256."""
