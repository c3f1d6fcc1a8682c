"""`Article` -> `Cleared`: the only door to the site."""

from broadsheet.rights.gate import Cleared, Policy, clear

__all__ = ["Cleared", "Policy", "clear"]
