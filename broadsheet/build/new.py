"""The text of an article or a page that is only begun: every field that the gate will ask for, in its place."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from msgspec import Struct

from broadsheet.fingerprint import Fingerprint, dump, fingerprint
from broadsheet.reading.article import PLACEHOLDERS
from broadsheet.slug import slugify
from broadsheet.words import one_line

_ORIGIN = """\
origin:
  publisher: {publisher}
  url:                      # or unknown
  authors: []
  published:                # the original's date, or unknown
retrieved:
  from:                     # an address or a file name
  at: {now}
  sha256: {sha256}
  words: {words}
licence:                    # empty: what the register says of this publisher and date
credits: []                 # credit lines of the original, verbatim
changes: []
"""
_OF_CAPTURE = "                  # of the article's text; 'new article --captured FILE' works it out"
_ORIGINAL, _COMMENT, _QUOTATION, _OWN = PLACEHOLDERS
_BODIES = {
    "full": f"{_ORIGINAL}\n",
    "excerpt": f"{_COMMENT}\n\n> {_QUOTATION}\n",
    "link": f"{_COMMENT}\n",
    "own": f"{_OWN}\n",
}


class Begun(Struct, frozen=True):
    """A file to be."""

    path: str
    """Relative to the site's folder, with `/`."""
    text: str
    fingerprint: str = ""
    """Text of the file beside it; empty where no text was captured."""


def capture(data: bytes) -> Fingerprint:
    """What may be kept of an original's text, which may not. Raises UnicodeDecodeError where it is not UTF-8."""
    return fingerprint(data.decode("utf-8-sig"))


def article(title: str, kind: str, publisher: str, now: datetime, captured: Fingerprint | None) -> Begun | None:
    """A draft of an article dated `now`, or None where its title gives no address."""
    slug = slugify(title)
    origin = _ORIGIN.format(
        publisher=_quoted(publisher),
        now=f"{now:%Y-%m-%dT%H:%M:%SZ}",
        sha256=captured.sha256 if captured else _OF_CAPTURE,
        words=captured.words if captured else _OF_CAPTURE,
    )
    origin = "" if kind == "own" else origin
    # What has an origin is named by that; the digest's own may move as long as it carries its name with it.
    name = f"id: {uuid5(NAMESPACE_URL, f'{now.isoformat()} {title}').urn}\n" if kind == "own" else ""
    text = (
        f"---\ntitle: {_quoted(title)}\ndate: {now:%Y-%m-%dT%H:%M:%SZ}\nkind: {kind}\n{name}"
        f"summary:                    # one sentence in the digest's own words\ntopics: []\ndraft: true\n"
        f"{origin}---\n\n{_BODIES[kind]}"
    )
    stored = dump(captured) if captured else ""
    return Begun(f"content/articles/{now:%Y/%m}/{slug}.md", text, stored) if slug else None


def page(title: str) -> Begun | None:
    """A draft of a page, or None where its title gives no address."""
    slug = slugify(title)
    text = f"---\ntitle: {_quoted(title)}\nsummary:\ndraft: true\n---\n\n{_OWN}\n"
    return Begun(f"content/pages/{slug}.md", text) if slug else None


def _quoted(text: str) -> str:
    """A YAML double-quoted scalar; JSON's strings are such (YAML 1.2.2, section 1.2)."""
    return json.dumps(one_line(text), ensure_ascii=False) if text else ""
