"""Other people's articles -> drafts with provenance and licence. An importer is a function from capture to draft."""
