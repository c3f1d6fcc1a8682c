"""A licence, described in the terms of ccREL: what it permits, requires and prohibits.

https://www.w3.org/Submission/ccREL/ (vocabulary `http://creativecommons.org/ns#`). Identifiers are SPDX's
(https://spdx.org/licenses/) or `LicenseRef-` ones of our own.
"""

from __future__ import annotations

import enum

from msgspec import Struct

from broadsheet.fields import Line, Verbatim, WebAddress


class Permission(enum.Enum):
    """ccREL `cc:permits`."""

    REPRODUCTION = "Reproduction"
    DISTRIBUTION = "Distribution"
    DERIVATIVE_WORKS = "DerivativeWorks"


class Requirement(enum.Enum):
    """ccREL `cc:requires`."""

    ATTRIBUTION = "Attribution"
    NOTICE = "Notice"
    SHARE_ALIKE = "ShareAlike"


class Prohibition(enum.Enum):
    """ccREL `cc:prohibits`."""

    COMMERCIAL_USE = "CommercialUse"


class Licence(Struct, frozen=True, kw_only=True):
    """What a work's terms let others do."""

    name: Line
    """For people, e.g. `Creative Commons Attribution 4.0`."""
    statement: Verbatim
    """One plain sentence on what a reader may do."""
    url: WebAddress | None = None
    """Of the licence itself; none for terms that have no address of their own."""
    rights_statement: WebAddress | None = None
    """At rightsstatements.org, which states a status and is no licence."""
    permits: tuple[Permission, ...] = ()
    requires: tuple[Requirement, ...] = ()
    prohibits: tuple[Prohibition, ...] = ()

    @property
    def permits_reprint(self) -> bool:
        """Whether a whole work may be copied and published."""
        return Permission.REPRODUCTION in self.permits and Permission.DISTRIBUTION in self.permits

    @property
    def permits_changes(self) -> bool:
        """Whether a changed work may be published."""
        return Permission.DERIVATIVE_WORKS in self.permits

    @property
    def permits_commercial_use(self) -> bool:
        """Whether a commercial site may publish it."""
        return Prohibition.COMMERCIAL_USE not in self.prohibits

    def grants_less_than(self, other: Licence) -> bool:
        """Whether every use that this licence allows is allowed by the other on no harder conditions, and not all."""
        mine = (set(self.permits), set(self.requires), set(self.prohibits))
        others = (set(other.permits), set(other.requires), set(other.prohibits))
        return mine != others and mine[0] <= others[0] and mine[1] >= others[1] and mine[2] >= others[2]
