"""A grammar of incremental updates to signed documents, and judges of another make than ours."""
