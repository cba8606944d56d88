"""Process folders: loaded, checked and scaffolded."""
