"""The built site, read again: whether it keeps the promise."""
