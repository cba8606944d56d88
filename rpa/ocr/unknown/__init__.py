"""Forms that nobody described: what stands beside what, without knowing what they ask."""
