"""`Article` -> `Cleared`: the only door to the site."""

from broadsheet.rights.ageing import era, next_change
from broadsheet.rights.case import Policy
from broadsheet.rights.gate import Cleared, Proof, check_days, check_page, clear
from broadsheet.rights.parts import Part, PartName, Status

__all__ = [
    "Cleared",
    "Part",
    "PartName",
    "Policy",
    "Proof",
    "Status",
    "check_days",
    "check_page",
    "clear",
    "era",
    "next_change",
]
