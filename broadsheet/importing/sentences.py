"""Where sentences end. News abbreviates much; a full stop after an abbreviation or an initial ends none."""

from __future__ import annotations

import re

_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)")
_ABBREVIATED = re.compile(
    r"(?:\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Col|Lt|Sgt|Capt|Adm|Maj|Rev|Hon|St|Ste|Mt|Ft|Jr|Sr|Inc|Corp|Co|Ltd|"
    r"No|Nos|vs|etc|al|ca|approx|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun|a\.m|p\.m|"
    r"e\.g|i\.e|z\.B|u\.a|bzw|Nr|Hr|Fr|art|Ph\.D)|(?:\b[A-Za-z]\.)+[A-Za-z])\.\Z"
)
_OPENS = re.compile(r"[\"'“‘«(\[]?[A-Z0-9À-ÖØ-Þ]")
_LONGEST = 12
"""Characters before a full stop in which an abbreviation is looked for."""


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph in order; joined by spaces they are the paragraph. White space is single spaces."""
    found, start = [], 0
    for match in _END.finditer(text):
        end = match.end()
        if not _OPENS.match(text, end + 1) or _ABBREVIATED.search(text[max(start, end - _LONGEST) : end]):
            continue
        found.append(text[start:end])
        start = end + 1
    rest = text[start:]
    return [*found, rest] if rest else found
