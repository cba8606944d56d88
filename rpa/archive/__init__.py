"""Archive packages: PDF/A, manifest, transfer record, retention."""
