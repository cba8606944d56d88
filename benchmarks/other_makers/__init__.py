"""Makers of signed files beside this product, and the files that they make."""
