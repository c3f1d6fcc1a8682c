"""Planned pages -> bytes: templates, feeds, and what machines read."""
