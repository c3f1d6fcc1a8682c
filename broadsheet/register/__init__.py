"""The two registers, as data that comes with the package: whose work it is, and under which terms it stands."""

from broadsheet.register.licence import Licence, Permission, Prohibition, Requirement
from broadsheet.register.publisher import Agency, Condition, Evidence, Index, Publisher, Terms
from broadsheet.register.register import Register, packaged

__all__ = [
    "Agency",
    "Condition",
    "Evidence",
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
