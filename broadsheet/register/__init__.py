"""The two registers, as data that comes with the package: whose work it is, and under which terms it stands."""

from broadsheet.register.licence import Licence, Permission, Prohibition, Requirement
from broadsheet.register.publisher import (
    Agency,
    Canonical,
    Certainty,
    Condition,
    Evidence,
    Exclusion,
    Index,
    Publisher,
    Terms,
)
from broadsheet.register.register import Register, packaged

__all__ = [
    "Agency",
    "Canonical",
    "Certainty",
    "Condition",
    "Evidence",
    "Exclusion",
    "Index",
    "Licence",
    "Permission",
    "Prohibition",
    "Publisher",
    "Register",
    "Requirement",
    "Terms",
    "packaged",
]
