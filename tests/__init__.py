"""Tests that read like a specification. `tests/heavy` needs a browser and Java, and runs in .ci/run."""
