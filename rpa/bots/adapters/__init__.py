"""The bots' tools: the only place of the room where Playwright is imported."""
