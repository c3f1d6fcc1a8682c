"""A plain text, as it was copied or saved -> `Draft`: headline, byline and date at its beginning, then paragraphs."""

from broadsheet.importing.text.text import read

__all__ = ["read"]
