"""Browser bots that file into legacy applications."""
