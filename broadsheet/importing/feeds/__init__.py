"""Feeds -> drafts: RSS, RDF Site Summary, Atom, JSON Feed; and lists of feeds."""
