"""`[Cleared]` -> `Site` -> the pages to be made, each with all that it shows."""
