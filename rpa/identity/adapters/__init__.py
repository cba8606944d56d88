"""The tools behind the proofs."""
