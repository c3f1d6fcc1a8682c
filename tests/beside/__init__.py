"""Tests on data that others wrote, which does not lie in this repository: each says where it is from."""
