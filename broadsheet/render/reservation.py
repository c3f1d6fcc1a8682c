"""`Reserved` -> RSL 1.0 and tdmrep.json."""

from __future__ import annotations

import json
from html import escape

from broadsheet.site.reservation import Reserved, TdmRep, reserves_mining


def rsl(record: Reserved) -> bytes:
    """An RSL document with one `content` for each of the digest's own pages."""
    uses = [f'<prohibits type="usage">{use.value}</prohibits>' for use in record.terms.prohibits]
    uses += [f'<permits type="usage">{use.value}</permits>' for use in record.terms.permits]
    licence = f"<license>{''.join(uses)}</license>"
    contents = [f'<content url="{escape(address)}">{licence}</content>' for address in record.addresses]
    head = ['<?xml version="1.0" encoding="UTF-8"?>', '<rsl xmlns="https://rslstandard.org/rsl">']
    return "\n".join([*head, *contents, "</rsl>", ""]).encode()


def tdmrep(record: TdmRep) -> bytes:
    """The reservation of text and data mining, for each of the digest's own pages."""
    terms = record.reserved.terms
    flag: dict[str, object] = {"tdm-reservation": int(reserves_mining(terms))}
    policy: dict[str, object] = {"tdm-policy": terms.policy} if terms.policy else {}
    entries = [{"location": path, **flag, **policy} for path in record.reserved.paths]
    return (json.dumps(entries, indent=1) + "\n").encode()
