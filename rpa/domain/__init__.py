"""The words of the field as frozen values, and the error tree. Imports nothing of ours."""
