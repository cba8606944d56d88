"""The tools that the report is written with: Babel, Jinja, PyYAML and WeasyPrint."""
