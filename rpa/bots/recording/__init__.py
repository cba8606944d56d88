"""The recorder's logic: from what a clerk did once to a ``bot.yaml``; knows no browser."""
