"""`Article` -> `Cleared`: the only door to the site."""

from broadsheet.rights.case import Policy
from broadsheet.rights.gate import Cleared, check_page, clear

__all__ = ["Cleared", "Policy", "check_page", "clear"]
