"""Notices: mails that tell people what waits for them, and how it ended."""
