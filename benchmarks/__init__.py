"""Measurements, run by hand: each file says what it measures and how to run it."""
