"""Broadsheet: a static site generator for curated news digests that publishes only what it may."""

__version__ = "0.1.0"
