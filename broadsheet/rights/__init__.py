"""`Article` -> `Cleared`: the only door to the site."""

from broadsheet.rights.case import Policy
from broadsheet.rights.gate import Cleared, clear

__all__ = ["Cleared", "Policy", "clear"]
