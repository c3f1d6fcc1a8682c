"""A web page, saved or fetched -> `Draft`: what its text, its head and its linked data say, and where they agree."""

from broadsheet.importing.page.page import read

__all__ = ["read"]
