"""Real legacy applications, what stands in front of them, and what is measured on them."""
