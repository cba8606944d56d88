"""The paperless ratio and what stands behind it."""
