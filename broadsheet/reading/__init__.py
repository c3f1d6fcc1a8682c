"""Text -> `Article`: front matter, markdown, and the two together."""
