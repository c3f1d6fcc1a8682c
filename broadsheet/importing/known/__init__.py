"""What the site has already: the same text, nearly the same text, the same event."""
